package items

import (
	tea "charm.land/bubbletea/v2"

	"sbwatch/model/item"
	"sbwatch/model/numeral"
	"sbwatch/model/optional"
	"sbwatch/model/text"
	"sbwatch/ui/action"
	"sbwatch/ui/cell"
	"sbwatch/ui/screen"
	"sbwatch/ui/screen/items/formulas"
	"sbwatch/ui/widget/picker"
	"sbwatch/ui/widget/table"
)

// columnStep is the number of cells by which a key press changes the width of a column.
const columnStep = 2

// arranger changes the layout of the table's columns and saves it for the recipe.
type arranger struct {
	*browser

	layouts Layouts
	given   *formulas.Given
	recipe  text.Text
	// edited is called after the user has changed the layout.
	edited func()
	// isComplete reports whether all items have arrived.
	isComplete bool
	expanding  screen.Job
	remembered remembered
}

func (a *arranger) layoutActions() action.Table {
	inCells := a.table.Len() > 0 && !a.itemCovers()
	several := inCells && a.table.ColumnCount() > 1
	column := func(id, title, key string, enabled bool, run func() tea.Cmd) action.Action {
		return action.Action{ID: "column." + id, Group: action.GroupColumns, Title: title, Keys: []string{key}, Enabled: enabled, Run: run}
	}
	goTo := column("go-to", "go to column", "c", inCells, action.Do(a.chooseColumn))
	goTo.Targets = a.columnTargets
	format := column("format", "next number format", "%", inCells, func() tea.Cmd { return a.setFormat(table.CellsOf(&a.table).Format().Next()) })
	format.Targets = a.formatTargets
	return action.Table{
		goTo, format,
		column("hide", "hide column", "-", several, a.hideColumn),
		column("show", "choose columns", "=", inCells, action.Do(a.chooseColumns)),
		column("move-left", "move column left", "H", several, func() tea.Cmd { return a.moveColumn(-1) }),
		column("move-right", "move column right", "L", several, func() tea.Cmd { return a.moveColumn(1) }),
		column("narrower", "narrower", ",", inCells, func() tea.Cmd { return a.widenColumn(-columnStep) }),
		column("wider", "wider", ".", inCells, func() tea.Cmd { return a.widenColumn(columnStep) }),
		column("fit", "fit to content", "_", inCells, a.fitColumn),
		column("wrap", "wrap cells", "w", inCells, func() tea.Cmd { return a.wrap("cells", table.Cells.Taller) }),
		column("wrap-column", "wrap this column", "|", inCells, func() tea.Cmd { return a.wrap("this column", table.Cells.TallerColumn) }),
		column("freeze", "freeze up to here", "z", several, a.freezeColumns),
		column("key", "mark as unique key", "!", inCells, a.markKey),
		column("open-nested", "expand nested values", "(", inCells, a.openNested),
		column("close-nested", "collapse nested values", ")", inCells && a.table.IsNested(), a.closeNested),
	}
}

// layoutEdited updates the screen after the user has changed the layout. It returns a command that saves the layout.
func (a *arranger) layoutEdited() tea.Cmd {
	a.Arrange()
	return a.layoutChanged()
}

// chooseColumn opens a picker of all columns and moves the cursor to the chosen column. If that column is hidden, it is
// shown again.
func (a *arranger) chooseColumn() {
	paths := a.table.Paths()
	var choices []picker.Choice
	for i, path := range paths {
		choices = append(choices, picker.Choice{Name: path.Name(), ID: i})
	}
	for _, path := range a.table.HiddenPaths() {
		choices = append(choices, picker.Choice{Name: path.Name(), Note: "hidden", ID: len(paths)})
		paths = append(paths, path)
	}
	pick(a.env.Env, "column", choices, func(c picker.Choice) tea.Cmd { return a.goToColumn(paths[c.ID]) })
}

// columnTargets returns one action for each column. The action moves the cursor to its column.
func (a *arranger) columnTargets() action.Table {
	var table action.Table
	for _, path := range append(a.table.Paths(), a.table.HiddenPaths()...) {
		table = append(table, action.Action{
			ID: "column", Group: action.GroupColumns, Title: "column " + path.Name().Raw(), Enabled: true,
			Run: func() tea.Cmd { return a.goToColumn(path) },
		})
	}
	return table
}

// goToColumn moves the cursor to a column. If the column is hidden, it is shown again.
func (a *arranger) goToColumn(path item.Path) tea.Cmd {
	var changed tea.Cmd
	if !a.table.Shows(path) {
		a.table.Show(path)
		changed = a.layoutChanged()
	}
	a.table.SelectPath(path)
	a.Arrange()
	return changed
}

func (a *arranger) hideColumn() tea.Cmd {
	name := cell.Name(a.table.ColumnPath(a.table.Column()).Name())
	if !a.table.Hide() {
		return a.env.Say("the only column cannot be hidden")
	}
	return tea.Batch(a.layoutEdited(), a.env.Say("hid "+a.env.Painter.Cut(name, 30)+"; press = to choose columns"))
}

// chooseColumns opens a picker of all columns and then shows only the columns that are checked.
func (a *arranger) chooseColumns() {
	paths := a.table.Paths()
	shown := len(paths)
	paths = append(paths, a.table.HiddenPaths()...)
	var choices []picker.Choice
	for i, path := range paths {
		choices = append(choices, picker.Choice{Name: path.Name(), ID: i, IsChecked: i < shown})
	}
	o := picker.Options{Title: "columns", Choices: choices, Enter: "show only these"}
	pickSeveral(a.env.Env, o, func(checked []int) tea.Cmd {
		if len(checked) == 0 {
			return a.env.Say("select at least one column")
		}
		keep := make([]item.Path, 0, len(checked))
		var gained []item.Path
		for _, id := range checked {
			keep = append(keep, paths[id])
			if id >= shown {
				gained = append(gained, paths[id])
			}
		}
		a.table.ShowOnly(keep)
		if len(gained) == 1 {
			a.table.SelectPath(gained[0])
		}
		return a.layoutEdited()
	})
}

func (a *arranger) moveColumn(by int) tea.Cmd {
	a.table.MoveColumn(by)
	return a.layoutEdited()
}

func (a *arranger) widenColumn(by int) tea.Cmd {
	w, _ := a.tableSize()
	a.table.Widen(a.env.Painter, by, w)
	return a.layoutEdited()
}

// fitColumn makes the column at the cursor as wide as its content. If it already has this width, fitColumn gives it its
// automatic width again.
func (a *arranger) fitColumn() tea.Cmd {
	w, h := a.tableSize()
	a.table.FitColumn(a.env.Painter, w, h)
	return a.layoutEdited()
}

// wrap changes the maximum number of lines of each table cell. The function taller makes the change and returns the new
// maximum. The parameter what names the cells in the message, such as "this column".
func (a *arranger) wrap(what string, taller func(table.Cells) int) tea.Cmd {
	lines := taller(table.CellsOf(&a.table))
	words := what + ": one line"
	if lines > 1 {
		words = what + ": up to " + text.Count(int64(lines)) + " lines"
	}
	return tea.Batch(a.layoutEdited(), a.env.Say(words))
}

// setFormat sets the number format of the column at the cursor.
func (a *arranger) setFormat(format numeral.Format) tea.Cmd {
	cells := table.CellsOf(&a.table)
	words := a.env.Painter.Cut(cell.Name(a.table.Path().Name()), 30) + ": " + format.String()
	if !cells.HasNumbers() {
		if cells.Format().IsZero() {
			return a.env.Say("most values of this column are not numbers")
		}
		format, words = numeral.Format{}, "no number format"
	}
	cells.SetFormat(format)
	return tea.Batch(a.layoutEdited(), a.fitParts(), a.env.Say(words))
}

// formatTargets returns one action for each number format.
func (a *arranger) formatTargets() action.Table {
	var formats action.Table
	for _, format := range numeral.Formats() {
		formats = append(formats, action.Action{
			ID: "column.format", Group: action.GroupColumns, Title: "number format " + format.String(), Enabled: true,
			Run: func() tea.Cmd { return a.setFormat(format) },
		})
	}
	return formats
}

func (a *arranger) freezeColumns() tea.Cmd {
	w, _ := a.tableSize()
	if !a.table.Freeze(a.env.Painter, w) {
		return a.env.Say("too many frozen columns: hide some or make them narrower")
	}
	words := "no frozen columns"
	if n := a.table.Frozen(); n > 0 {
		words = text.Counted(int64(n), "column") + " frozen"
	}
	return tea.Batch(a.layoutEdited(), a.env.Say(words))
}

// markKey marks the column at the cursor as the unique key. If this column is already marked, markKey removes the mark.
func (a *arranger) markKey() tea.Cmd {
	path := optional.Some(a.table.Path())
	if a.table.Key() == path {
		path = optional.Value[item.Path]{}
	}
	a.table.SetKey(path)
	cmd := tea.Batch(a.layoutEdited(), a.env.Send(KeyMarkedMsg{}))
	switch {
	case !path.Known():
		a.env.Say("unique key removed")
	case !a.isComplete:
		a.env.Say("duplicates are checked when all items have arrived")
	}
	return cmd
}

// partsMsg has the nested fields of a column, with their widths.
type partsMsg struct {
	generation int
	path       item.Path
	parts      item.Parts
	fits       table.Fits
}

// openNested returns a command that finds all nested fields in the values of the column at the cursor.
func (a *arranger) openNested() tea.Cmd {
	path := a.table.Path()
	ctx, _, generation := a.expanding.Begin(a.env.Env, "expanding "+a.env.Painter.Cut(cell.Name(path.Name()), 30))
	items, p := a.table.Items(), a.env.Painter
	return a.env.Cmd(func() tea.Msg {
		parts := items.Parts(path, func() bool { return ctx.Err() != nil })
		return screen.UnlessOver(ctx, partsMsg{generation, path, parts, table.FitPaths(p, items, parts.Paths)})
	})
}

// opened handles a partsMsg: it shows the nested fields of a column in place of the column. If the column also has
// plain values, the column stays visible beside the fields. If the column has been hidden in the meantime, opened does
// nothing.
func (a *arranger) opened(msg partsMsg) tea.Cmd {
	if !a.expanding.Done(msg.generation) {
		return nil
	}
	switch {
	case !a.table.Shows(msg.path):
		return nil
	case len(msg.parts.Paths) == 0:
		return a.env.Say("this column has no objects or lists")
	}
	a.table.AddFits(msg.fits)
	a.table.Expand(msg.path, msg.parts)
	return a.layoutEdited()
}

func (a *arranger) closeNested() tea.Cmd {
	a.table.Collapse()
	return a.layoutEdited()
}
