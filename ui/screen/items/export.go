package items

import (
	"context"
	"errors"
	"image"
	"strings"

	tea "charm.land/bubbletea/v2"

	"sbwatch/model/item"
	"sbwatch/model/run"
	"sbwatch/model/text"
	"sbwatch/ui/action"
	"sbwatch/ui/draw"
	"sbwatch/ui/line"
	"sbwatch/ui/screen"
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
	input     line.Line
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

// exports writes items to files, as a dialog asks for.
type exports struct {
	*filterer

	writer      Exporter
	recipe, run text.Text
	// dialog asks what to write where; nil while it does not.
	dialog  *exportDialog
	writing screen.Job
	// writtenTo is the name of the file that was written last.
	writtenTo string
}

// open opens the dialog.
func (x *exports) open() {
	name := x.exportName()
	if x.writtenTo != "" {
		name = x.writtenTo
	}
	input := line.New(name)
	all, shown := text.Counted(int64(x.table.Items().Len()), "item"), x.shownItems()
	columns := int64(len(x.table.Items().Columns()))
	laidOut := len(x.table.HiddenPaths()) > 0 || x.table.ColumnCount() != len(x.table.Items().Columns())
	x.dialog = &exportDialog{input: input, proposed: true, fields: []exportField{
		fieldRows:    {"rows", [2]string{"all " + all + ", as they came", "the " + shown + " that show, as they do"}, !x.showsAll()},
		fieldColumns: {"columns", [2]string{"all " + text.Count(columns), "the " + text.Count(int64(x.table.ColumnCount())) + " that show"}, laidOut},
		fieldSafe:    {"CSV", [2]string{"as it is", "safe to open in a spreadsheet"}, false},
	}}
	x.env.Layers.Open(exportLayer{x})
}

func (x *exports) close() {
	x.dialog = nil
	x.env.Layers.Close(exportLayer{x})
}

// exportLayer is the dialog of the tab of items, which floats above the screen.
type exportLayer struct{ x *exports }

// Place returns the middle of the screen.
func (exportLayer) Place() screen.Place { return screen.PlaceBox }

// Actions lists nothing: the dialog has all keys.
func (exportLayer) Actions() action.Table { return nil }

// Update handles what is typed and pasted.
func (l exportLayer) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case tea.KeyPressMsg:
		return l.x.press(msg)
	case tea.PasteMsg:
		if l.x.dialog.at == 0 {
			l.x.dialog.edit(msg)
		}
	}
	return nil
}

// View draws the dialog, as large as it needs to be.
func (l exportLayer) View(area image.Rectangle) []string {
	return l.x.dialog.view(l.x.env.Painter, area.Dx())
}

// renew brings an open dialog up to date with what shows.
func (x *exports) renew() {
	if x.dialog == nil {
		return
	}
	x.dialog.fields[fieldRows].values[1] = "the " + x.shownItems() + " that show, as they do"
	if x.dialog.trouble == stillWorking && !x.ordering.Runs() {
		x.dialog.trouble = ""
	}
}

// shownItems counts the items that show.
func (x *exports) shownItems() string {
	if x.isPartial {
		return text.Count(int64(x.table.Len())) + "+ items"
	}
	return text.Counted(int64(x.table.Len()), "item")
}

// stillWorking is said where an export would write less than will show.
const stillWorking = "what shows is still being worked out: try again in a moment"

// exportName proposes a file.
func (x *exports) exportName() string {
	name := "items"
	if recipe := fileSafe(x.recipe.Raw()); recipe != "" {
		name = recipe
	}
	if run := fileSafe(x.run.Raw()); run != "" {
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

// press lets the dialog have a key.
func (x *exports) press(msg tea.KeyPressMsg) tea.Cmd {
	d := x.dialog
	switch key := msg.String(); {
	case key == "esc":
		x.close()
	case key == "enter":
		return x.enterExport()
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
	name := strings.ToLower(d.input.Text())
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
		d.input.Set("", 0)
	}
	d.proposed = false
	if d.input.Update(msg) {
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
func (x *exports) exportOf(d *exportDialog) Export {
	e := Export{
		Items: x.table.Items(), Name: d.input.Text(), Overwrite: d.overwrite,
		CSVSafe: d.fields[fieldSafe].second && d.fieldsNow() > fieldSafe,
	}
	if d.fields[fieldRows].second {
		e.Rows = x.table.Rows().Order
	}
	if d.fields[fieldColumns].second {
		e.Columns = x.table.Paths()
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
func (x *exports) enterExport() tea.Cmd {
	d := x.dialog
	switch {
	case x.writing.Runs():
		d.trouble = "another file is being written: wait for its end, or close this and give it up with esc"
		return nil
	case d.fields[fieldRows].second && x.ordering.Runs():
		d.trouble = stillWorking
		return nil
	}
	exporter, e := x.writer, x.exportOf(d)
	return x.env.Cmd(func() tea.Msg {
		exists, err := exporter.Check(e)
		return checkedMsg{d, e, exists, err}
	})
}

// checked writes the file; where one is there already it asks first.
func (x *exports) checked(msg checkedMsg) tea.Cmd {
	d := msg.dialog
	switch {
	case x.dialog != d || d.input.Text() != msg.export.Name:
		return nil // it was closed meanwhile, or has another name
	case msg.err != nil:
		d.trouble = msg.err.Error()
		return nil
	case msg.exists && !msg.export.Overwrite:
		d.overwrite = true
		d.trouble = "there is such a file already: enter once more overwrites it"
		return nil
	}
	x.close()
	x.writtenTo = msg.export.Name
	return x.exportCmd(msg.export)
}

func (x *exports) exportCmd(e Export) tea.Cmd {
	ctx, progress, generation := x.writing.Begin(x.env.Env, "writing "+x.env.Painter.Cut(text.Printable(e.Name), 40))
	exporter := x.writer
	items := e.Items.Len()
	if e.Rows != nil {
		items = len(e.Rows)
	}
	return x.env.Cmd(func() tea.Msg {
		size, err := exporter.Write(ctx, e, progress)
		return exportedMsg{generation, text.NewText(e.Name), items, size, err}
	})
}

func (x *exports) exported(msg exportedMsg) tea.Cmd {
	if !x.writing.Done(msg.generation) {
		return nil
	}
	switch {
	case errors.Is(msg.err, context.Canceled):
		return x.env.Say("the export was given up: no file was written")
	case msg.err == nil:
		return x.env.Say("wrote " + text.Counted(int64(msg.items), "item") + " to " + x.env.Painter.Cut(msg.name.String(), 50) +
			" (" + screen.BytesText(int(msg.size)) + ")")
	}
	words := "not written: " + failureOf(msg.err)
	if x.env.Layers.IsTyping() {
		return x.env.Say(words)
	}
	x.open() // where it stays until it is read
	x.dialog.trouble = words
	return nil
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

// View draws the dialog: a box at most w cells wide.
func (d *exportDialog) view(p draw.Painter, w int) []string {
	const label = 9
	room := min(64, w-4)
	d.at = min(d.at, d.fieldsNow())
	lines := []string{p.Accent.Render("export"), ""}
	lines = append(lines, p.Row(p.Fit("file", label)+d.input.View(p, room-label-2, d.at == 0, line.Span{}), d.at == 0))
	for i, field := range d.fields[:d.fieldsNow()] {
		value := field.values[0]
		if field.second {
			value = field.values[1]
		}
		shown := p.Plain.Render(p.Cut(value, room-label-2))
		if d.at == i+1 {
			shown = p.Strong.Render(p.Cut("‹ "+value+" ›", room-label-2))
		}
		lines = append(lines, p.Row(p.Fit(field.label, label)+shown, d.at == i+1))
	}
	lines = append(lines, "")
	words := "by its ending: .csv .json .ndjson, with .gz or .zst behind it; .parquet"
	style := p.Muted
	if d.trouble != "" {
		words, style = d.trouble, p.Bad
	}
	lines = append(lines, draw.Styled(style, p.Wrap(words, room))...)
	lines = append(lines, p.Muted.Render(p.Cut("enter write   tab next   space change   esc cancel", room)))
	return p.Box(lines, room)
}
