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

// Export describes a file to write.
type Export struct {
	Items item.Table
	// Rows are the indexes of the items to write, in order. nil means all items.
	Rows []uint32
	// Columns are the fields of each item to write. nil means all fields.
	Columns []item.Path
	// Name is the file name as the user typed it. Its extension selects the format.
	Name string
	// Overwrite allows replacing an existing file.
	Overwrite bool
	// CSVSafe escapes values that a spreadsheet would treat as formulas.
	CSVSafe bool
}

// Exporter writes items to files. The extension of the file name selects the format. Errors are shown to the user
// unchanged, so they must be printable and say what to do.
type Exporter interface {
	// Extensions returns the supported extensions in a few words.
	Extensions() string
	// IsCSV reports whether a file with this name is written as CSV.
	IsCSV(name string) bool
	// Check returns an error if an export cannot be written. exists is true if the only problem is that the file
	// already exists. Check must return quickly.
	Check(Export) (exists bool, err error)
	// Write writes the file and updates progress.
	Write(ctx context.Context, e Export, progress *work.Progress) (Written, error)
}

// Written describes a file that was written.
type Written struct {
	// Size is the size of the file in bytes.
	Size int64
	// Changes are sentences about values that were changed because the format cannot represent them.
	Changes []string
}

// exportDialog is the dialog that asks for the file name and the options of an export. It floats above the screen.
type exportDialog struct {
	writer    Exporter
	input     line.Line
	proposed  bool // the name is a suggestion, which typing replaces
	fields    []exportField
	at        int // index of the field that has the focus; 0 is the name
	problem   string
	overwrite bool // the user was warned that the file exists
}

// exportField is an option with several values.
type exportField struct {
	label  string
	values []string
	at     int // index of the selected value
}

// change selects the next value (by = 1) or the previous value (by = -1).
func (f *exportField) change(by int) { f.at = (f.at + by + len(f.values)) % len(f.values) }

// The choices for the rows to export.
const (
	rowsAll = iota
	rowsShown
	rowsMarked // only if items are marked
)

// The option fields, in the order of display.
const (
	fieldRows = iota
	fieldColumns
	fieldSafe
)

// exports shows the export dialog and writes the files.
type exports struct {
	*filterer

	writer      Exporter
	recipe, run text.Text
	// dialog is the open dialog. It is nil if the dialog is closed.
	dialog  *exportDialog
	writing screen.Job
	// writtenTo is the name of the file that was written last.
	writtenTo string
}

func (x *exports) open() {
	name := x.exportName()
	if x.writtenTo != "" {
		name = x.writtenTo
	}
	input := line.New(name)
	all, shown := text.Counted(int64(x.table.Items().Len()), "item"), x.shownItems()
	columns := int64(len(x.table.Items().Columns()))
	laidOut := len(x.table.HiddenPaths()) > 0 || x.table.ColumnCount() != len(x.table.Items().Columns())
	x.dialog = &exportDialog{writer: x.writer, input: input, proposed: true, fields: []exportField{
		fieldRows:    {"rows", []string{rowsAll: "all " + all + ", original order", rowsShown: shown}, intOf(!x.showsAll())},
		fieldColumns: {"columns", []string{"all " + text.Count(columns), text.Count(int64(x.table.ColumnCount())) + " visible, in this order"}, intOf(laidOut)},
		fieldSafe:    {"CSV", []string{"unchanged", "safe to open in a spreadsheet"}, 0},
	}}
	if n := x.marks.Len(); n > 0 {
		rows := &x.dialog.fields[fieldRows]
		rows.values, rows.at = append(rows.values, text.Counted(int64(n), "marked item")+", in this order"), rowsMarked
	}
	x.env.Layers.Open(exportLayer{x})
}

// intOf returns 1 for true and 0 for false.
func intOf(is bool) int {
	if is {
		return 1
	}
	return 0
}

func (x *exports) close() {
	x.dialog = nil
	x.env.Layers.Close(exportLayer{x})
}

type exportLayer struct{ x *exports }

// Place returns PlaceBox, because the dialog floats above the screen.
func (exportLayer) Place() screen.Place { return screen.PlaceBox }

// Actions returns nil because the dialog handles all keys itself.
func (exportLayer) Actions() action.Table { return nil }

// Update handles key presses and pasted text.
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

// View draws the dialog.
func (l exportLayer) View(area image.Rectangle) []string {
	return l.x.dialog.view(l.x.env.Painter, area.Dx(), area.Dy())
}

// refresh updates the open dialog after the visible items have changed.
func (x *exports) refresh() {
	if x.dialog == nil {
		return
	}
	x.dialog.fields[fieldRows].values[rowsShown] = x.shownItems()
	if x.dialog.problem == notReady && !x.ordering.Runs() {
		x.dialog.problem = ""
	}
}

// shownItems returns a description of the visible items, such as "66 filtered items, in this order".
func (x *exports) shownItems() string {
	noun := "item"
	if len(x.filters) > 0 {
		noun = "filtered item"
	}
	if x.isPartial {
		return text.Count(int64(x.table.Len())) + "+ filtered items, in this order"
	}
	return text.Counted(int64(x.table.Len()), noun) + ", in this order"
}

// notReady is the message if the user exports while filtering or sorting is in progress.
const notReady = "Filtering or sorting is still in progress. Try again in a moment."

// exportName returns the file name that the dialog suggests.
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

// fileSafe returns id if it is safe in a file name, that is, if it consists only of letters and digits. Otherwise it
// returns "".
func fileSafe(id string) string {
	const maxLength = 40
	plain := func(r rune) bool {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '_' || r == '-'
	}
	if len(id) > maxLength || strings.ContainsFunc(id, func(r rune) bool { return !plain(r) }) || strings.HasPrefix(id, "-") {
		return ""
	}
	return id
}

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
		switch key {
		case "space", "right", "l":
			d.fields[d.at-1].change(1)
		case "left", "h":
			d.fields[d.at-1].change(-1)
		}
	default:
		d.edit(msg)
	}
	return nil
}

// fieldsNow returns the number of options. CSV has one more option than other formats: whether to escape formulas.
func (d *exportDialog) fieldsNow() int {
	if d.writer.IsCSV(d.input.Text()) {
		return len(d.fields)
	}
	return fieldSafe
}

// edit changes the file name with a key press or pasted text.
func (d *exportDialog) edit(msg tea.Msg) {
	if key, isKey := msg.(tea.KeyPressMsg); d.proposed && (!isKey || key.Text != "") {
		d.input.Set("", 0)
	}
	d.proposed = false
	if d.input.Update(msg) {
		d.problem, d.overwrite = "", false
	}
}

type exportedMsg struct {
	generation int
	name       text.Text
	items      int
	written    Written
	err        error
}

// exportOf returns the export that the dialog describes. The field Rows of the export is not set if the user chose the
// marked items.
func (x *exports) exportOf(d *exportDialog) Export {
	e := Export{
		Items: x.table.Items(), Name: d.input.Text(), Overwrite: d.overwrite,
		CSVSafe: d.fields[fieldSafe].at == 1 && d.fieldsNow() > fieldSafe,
	}
	if d.fields[fieldRows].at == rowsShown {
		e.Rows = x.table.Rows().Order
	}
	if d.fields[fieldColumns].at == 1 {
		e.Columns = x.table.Paths()
	}
	return e
}

// checkedMsg reports whether an export can be written.
type checkedMsg struct {
	dialog *exportDialog
	export Export
	exists bool
	err    error
}

// enterExport returns a command that checks whether the file can be written.
func (x *exports) enterExport() tea.Cmd {
	d := x.dialog
	switch {
	case x.writing.Runs():
		d.problem = "Another export is in progress. Wait, or close this dialog and press Esc to cancel it."
		return nil
	case d.fields[fieldRows].at != rowsAll && x.ordering.Runs():
		d.problem = notReady
		return nil
	}
	exporter, e := x.writer, x.exportOf(d)
	var marked selection
	if d.fields[fieldRows].at == rowsMarked {
		marked = x.chosen()
	}
	life := x.env.Life
	return x.env.Cmd(func() tea.Msg {
		if marked.marked != nil {
			e.Rows = marked.rows(func(int) bool { return life.Err() == nil }).Order
		}
		exists, err := exporter.Check(e)
		return checkedMsg{d, e, exists, err}
	})
}

// checked handles a checkedMsg: it writes the file. If the file exists, it asks for confirmation instead.
func (x *exports) checked(msg checkedMsg) tea.Cmd {
	d := msg.dialog
	switch {
	case x.dialog != d || d.input.Text() != msg.export.Name:
		return nil // the dialog was closed, or the name has changed
	case msg.err != nil:
		d.problem = msg.err.Error()
		return nil
	case msg.exists && !msg.export.Overwrite:
		d.overwrite = true
		d.problem = "File exists. Enter again to overwrite"
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
		written, err := exporter.Write(ctx, e, progress)
		return exportedMsg{generation, text.NewText(e.Name), items, written, err}
	})
}

func (x *exports) exported(msg exportedMsg) tea.Cmd {
	if !x.writing.Done(msg.generation) {
		return nil
	}
	switch {
	case errors.Is(msg.err, context.Canceled):
		return x.env.Say("export canceled: no file was written")
	case msg.err == nil:
		return x.env.Say("wrote " + text.Counted(int64(msg.items), "item") + " to " + x.env.Painter.Cut(msg.name.String(), 50) +
			" (" + screen.BytesText(int(msg.written.Size)) + ")" + changesText(msg.written.Changes))
	}
	words := "not written: " + failureOf(msg.err)
	if x.env.Layers.IsTyping() {
		return x.env.Say(words)
	}
	x.open() // the dialog shows the error until the user closes it
	x.dialog.problem = words
	return nil
}

// changesText joins sentences about values that were changed. It puts "; " before each sentence, so that the result can
// be appended to another sentence.
func changesText(sentences []string) string {
	if len(sentences) == 0 {
		return ""
	}
	return "; " + strings.Join(sentences, "; ")
}

// failureOf returns the reason why an export failed, without the file name.
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

// borderLines is the number of lines of the border of a box.
const borderLines = 2

// exportLabel is the width of the labels in the dialog, in cells.
const exportLabel = 9

// exportRoom returns the width of the content of the dialog, and the width of a value in it, in cells. The dialog is at
// most w cells wide.
func exportRoom(w int) (room, values int) {
	room = min(64, w-4)
	return room, room - exportLabel - 2
}

// click handles a click at a cell of the dialog, which is at most w cells wide. A click on the file name moves the
// cursor in the name. A click on an option selects it, and a click on the selected option changes its value.
func (d *exportDialog) click(p draw.Painter, w int, at image.Point) {
	const firstLine, firstCell = 3, 2 + 2 + exportLabel // behind the border, the marker and the label
	field := at.Y - firstLine
	if field < 0 || field > d.fieldsNow() {
		return
	}
	isSelected := d.at == field
	switch d.at = field; {
	case field == 0:
		_, values := exportRoom(w)
		d.input.Click(p, values, at.X-firstCell)
		d.proposed = false
	case isSelected:
		d.fields[field-1].change(1)
	}
}

// view draws the dialog as a box of at most w by h cells. If there is little room, it leaves out the list of
// extensions.
func (d *exportDialog) view(p draw.Painter, w, h int) []string {
	room, values := exportRoom(w)
	d.at = min(d.at, d.fieldsNow())
	lines := []string{p.Accent.Render("export"), ""}
	lines = append(lines, p.Row(p.Fit("file", exportLabel)+d.input.View(p, values, d.at == 0, line.Span{}), d.at == 0))
	for i, field := range d.fields[:d.fieldsNow()] {
		value := field.values[field.at]
		shown := p.Plain.Render(p.Cut(value, values))
		if d.at == i+1 {
			shown = p.Strong.Render(p.Cut("‹ "+value+" ›", values))
		}
		lines = append(lines, p.Row(p.Fit(field.label, exportLabel)+shown, d.at == i+1))
	}
	words := "by extension: " + d.writer.Extensions()
	style := p.Muted
	if d.problem != "" {
		words, style = d.problem, p.Error
	}
	notes := draw.Styled(style, p.Wrap(words, room))
	if spare := h - len(lines) - borderLines - 2; len(notes) > spare && d.problem == "" {
		notes = nil
	} else if len(notes) > spare {
		notes = notes[:max(1, spare)]
	}
	lines = append(append(lines, ""), notes...)
	hints := "enter write   tab next   space change   esc cancel"
	if p.Width(hints) > room {
		hints = "enter write   tab next   esc cancel"
	}
	lines = append(lines, p.Muted.Render(p.Cut(hints, room)))
	return p.Box(lines, room)
}
