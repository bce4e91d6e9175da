package ui

import (
	"context"
	"errors"
	"strings"

	tea "charm.land/bubbletea/v2"

	"sbwatch/model/item"
	"sbwatch/model/run"
	"sbwatch/model/text"
	"sbwatch/work"
)

// Export is what is to be written, and where.
type Export struct {
	Items item.Table
	// Rows are the numbers of the items, in their order; nil: all of them.
	Rows []uint32
	// Columns are what is written of each item; nil: all of it.
	Columns []item.Path
	// Name is the file's, as it was typed. Its ending tells the format.
	Name string
	// Overwrite allows the file to be there already.
	Overwrite bool
	// CSVSafe disarms what a spreadsheet would take for a formula.
	CSVSafe bool
}

// Exporter writes items to files, in formats of which it knows the endings. Its errors are shown as they are, printable,
// and tell what to do.
type Exporter interface {
	// Check tells what is wrong with an export before it is begun; exists is true where nothing is but that the file is
	// there already. It is quick.
	Check(Export) (exists bool, err error)
	// Write writes the file, and tells its size in bytes.
	Write(ctx context.Context, e Export, progress *work.Progress) (size int64, err error)
}

// exportDialog asks what to write where. It floats above the screen.
type exportDialog struct {
	input     line
	proposed  bool // the name is the one that was proposed: what is typed takes its place
	fields    []exportField
	at        int // the field that keys go to; 0 is the name
	trouble   string
	overwrite bool // the user was told that the file exists
}

// exportField is a choice of two.
type exportField struct {
	label  string
	values [2]string
	second bool
}

// The fields behind the name, in their order.
const (
	fieldRows = iota
	fieldColumns
	fieldSafe
)

// openExport opens the dialog.
func (a *App) openExport() {
	name := a.exportName()
	if a.exportedTo != "" {
		name = a.exportedTo
	}
	input := newLine(name)
	all, shown := text.Counted(int64(a.table.items.Len()), "item"), a.shownItems()
	columns := int64(len(a.table.items.Columns()))
	laidOut := len(a.table.columns.hiddenPaths()) > 0 || a.table.columns.len() != len(a.table.items.Columns())
	a.export = &exportDialog{input: input, proposed: true, fields: []exportField{
		fieldRows:    {"rows", [2]string{"all " + all + ", as they came", "the " + shown + " that show, as they do"}, !a.find.plain()},
		fieldColumns: {"columns", [2]string{"all " + text.Count(columns), "the " + text.Count(int64(a.table.columns.len())) + " that show"}, laidOut},
		fieldSafe:    {"CSV", [2]string{"as it is", "safe to open in a spreadsheet"}, false},
	}}
}

// renewExport brings an open dialog up to date with what shows.
func (a *App) renewExport() {
	if a.export == nil {
		return
	}
	a.export.fields[fieldRows].values[1] = "the " + a.shownItems() + " that show, as they do"
	if a.export.trouble == stillWorking && !a.find.ordering.runs() {
		a.export.trouble = ""
	}
}

// shownItems counts the items that show.
func (a *App) shownItems() string {
	if a.find.partial {
		return text.Count(int64(a.table.len())) + "+ items"
	}
	return text.Counted(int64(a.table.len()), "item")
}

// stillWorking is said where an export would write less than will show.
const stillWorking = "what shows is still being worked out: try again in a moment"

// exportName proposes a file.
func (a *App) exportName() string {
	name := "items"
	if recipe := fileSafe(a.watch.RecipeID().Raw()); recipe != "" {
		name = recipe
	}
	if run := fileSafe(a.watch.RunID().Raw()); run != "" {
		name += "-" + run
	}
	return name + ".csv"
}

// fileSafe is an id that may be part of a file's name; empty for one that is not plain letters and digits.
func fileSafe(id string) string {
	const most = 40
	plain := func(r rune) bool {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '_' || r == '-'
	}
	if len(id) > most || strings.ContainsFunc(id, func(r rune) bool { return !plain(r) }) || strings.HasPrefix(id, "-") {
		return ""
	}
	return id
}

// pressExport lets the dialog have a key.
func (a *App) pressExport(msg tea.KeyPressMsg) tea.Cmd {
	d := a.export
	switch key := msg.String(); {
	case key == "esc":
		a.export = nil
	case key == "enter":
		return a.enterExport()
	case key == "tab" || key == "down":
		d.at = (d.at + 1) % (1 + d.fieldsNow())
	case key == "shift+tab" || key == "up":
		d.at = (d.at + d.fieldsNow()) % (1 + d.fieldsNow())
	case d.at > 0:
		if key == "space" || key == "left" || key == "right" || key == "h" || key == "l" {
			d.fields[d.at-1].second = !d.fields[d.at-1].second
		}
	default:
		d.edit(msg)
	}
	return nil
}

// fieldsNow is how many fields there are behind the name: the last is for CSV only.
func (d *exportDialog) fieldsNow() int {
	name := strings.ToLower(d.input.text())
	for _, ending := range []string{".gz", ".zst"} {
		name = strings.TrimSuffix(name, ending)
	}
	if strings.HasSuffix(name, ".csv") {
		return len(d.fields)
	}
	return fieldSafe
}

// edit changes the name.
func (d *exportDialog) edit(msg tea.Msg) {
	if key, isKey := msg.(tea.KeyPressMsg); d.proposed && (!isKey || key.Text != "") {
		d.input.set("", 0)
	}
	d.proposed = false
	before := d.input.text()
	d.input.update(msg)
	if d.input.text() != before {
		d.trouble, d.overwrite = "", false
	}
}

// exportedMsg tells what became of an export.
type exportedMsg struct {
	generation int
	name       text.Text
	items      int
	size       int64
	err        error
}

// exportOf is what the dialog asks for.
func (a *App) exportOf(d *exportDialog) Export {
	e := Export{
		Items: a.table.items, Name: d.input.text(), Overwrite: d.overwrite,
		CSVSafe: d.fields[fieldSafe].second && d.fieldsNow() > fieldSafe,
	}
	if d.fields[fieldRows].second {
		e.Rows = a.table.order
	}
	if d.fields[fieldColumns].second {
		e.Columns = a.table.columns.paths()
	}
	return e
}

// checkedMsg tells whether an export can be written.
type checkedMsg struct {
	dialog *exportDialog
	export Export
	exists bool
	err    error
}

// enterExport looks whether the file can be written.
func (a *App) enterExport() tea.Cmd {
	d := a.export
	switch {
	case a.exporting.runs():
		d.trouble = "another file is being written: wait for its end, or close this and give it up with esc"
		return nil
	case d.fields[fieldRows].second && a.find.ordering.runs():
		d.trouble = stillWorking
		return nil
	}
	exporter, e := a.config.Exporter, a.exportOf(d)
	return func() tea.Msg {
		exists, err := exporter.Check(e)
		return checkedMsg{d, e, exists, err}
	}
}

// checked writes the file; where one is there already it asks first.
func (a *App) checked(msg checkedMsg) tea.Cmd {
	d := msg.dialog
	switch {
	case a.export != d || d.input.text() != msg.export.Name:
		return nil // it was closed meanwhile, or has another name
	case msg.err != nil:
		d.trouble = msg.err.Error()
		return nil
	case msg.exists && !msg.export.Overwrite:
		d.overwrite = true
		d.trouble = "there is such a file already: enter once more overwrites it"
		return nil
	}
	a.export, a.exportedTo = nil, msg.export.Name
	return a.exportCmd(msg.export)
}

func (a *App) exportCmd(e Export) tea.Cmd {
	ctx, progress, generation := a.exporting.begin(a.ctx, a.now, "writing "+a.look.cut(text.Printable(e.Name), 40))
	exporter := a.config.Exporter
	items := e.Items.Len()
	if e.Rows != nil {
		items = len(e.Rows)
	}
	return tea.Batch(func() tea.Msg {
		size, err := exporter.Write(ctx, e, progress)
		return exportedMsg{generation, text.NewText(e.Name), items, size, err}
	}, a.nextTick())
}

func (a *App) exported(msg exportedMsg) tea.Cmd {
	if !a.exporting.done(msg.generation) {
		return nil
	}
	switch {
	case errors.Is(msg.err, context.Canceled):
		return a.say("the export was given up: no file was written")
	case msg.err == nil:
		return a.say("wrote " + text.Counted(int64(msg.items), "item") + " to " + a.look.cut(msg.name.String(), 50) +
			" (" + bytesText(int(msg.size)) + ")")
	}
	words := "not written: " + failureOf(msg.err)
	if a.export == nil && a.chooser == nil && !a.prompt.open() {
		a.openExport() // where it stays until it is read
		a.export.trouble = words
		return nil
	}
	return a.say(words)
}

// failureOf says why nothing was written, without the name of the file.
func failureOf(err error) string {
	problem, ok := errors.AsType[*run.Problem](err)
	if !ok {
		return text.Printable(err.Error())
	}
	if problem.NextStep.IsEmpty() {
		return text.Printable(problem.Reason())
	}
	return text.Printable(problem.Reason()) + ": " + problem.NextStep.String()
}

// view draws the dialog: a box at most w cells wide.
func (d *exportDialog) view(l look, w int) []string {
	const label = 9
	room := min(64, w-4)
	name := prompt{kind: promptExport, input: d.input}
	d.at = min(d.at, d.fieldsNow())
	lines := []string{l.Accent.Render("export"), ""}
	lines = append(lines, l.row(l.fit("file", label)+name.field(l, room-label-2, d.at == 0), d.at == 0))
	for i, field := range d.fields[:d.fieldsNow()] {
		value := field.values[0]
		if field.second {
			value = field.values[1]
		}
		shown := l.Plain.Render(l.cut(value, room-label-2))
		if d.at == i+1 {
			shown = l.Strong.Render(l.cut("‹ "+value+" ›", room-label-2))
		}
		lines = append(lines, l.row(l.fit(field.label, label)+shown, d.at == i+1))
	}
	lines = append(lines, "")
	words := "by its ending: .csv .json .ndjson, with .gz or .zst behind it; .parquet"
	style := l.Muted
	if d.trouble != "" {
		words, style = d.trouble, l.Bad
	}
	lines = append(lines, styled(style, l.wrap(words, room))...)
	lines = append(lines, l.Muted.Render(l.cut("enter write   tab next   space change   esc cancel", room)))
	return l.box(lines, room)
}
