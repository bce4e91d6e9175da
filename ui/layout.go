package ui

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"sbwatch/model"
	"sbwatch/model/profile"
	"sbwatch/ui/action"
	"sbwatch/ui/cell"
	"sbwatch/ui/widget/picker"
	"sbwatch/ui/widget/table"
)

// How the user lays out the columns of the table.

// columnStep is by how many cells a column gets narrower or wider at once.
const columnStep = 2

// layoutActions lists the actions that lay out columns.
func (a *App) layoutActions() action.Table {
	inCells := a.table.Len() > 0 && !a.itemCovers()
	several := inCells && a.table.ColumnCount() > 1
	column := func(id, title, key string, enabled bool, run func() tea.Cmd) action.Action {
		return action.Action{ID: "column." + id, Group: action.GroupColumns, Title: title, Keys: []string{key}, Enabled: enabled, Run: run}
	}
	return action.Table{
		column("go-to", "jump to a column", "c", inCells, action.Do(a.chooseColumn)),
		column("hide", "hide the column", "-", several, a.hideColumn),
		column("show", "show a hidden column", "=", inCells && len(a.table.HiddenPaths()) > 0, a.showColumn),
		column("move-left", "move the column left", "H", several, func() tea.Cmd { return a.moveColumn(-1) }),
		column("move-right", "move the column right", "L", several, func() tea.Cmd { return a.moveColumn(1) }),
		column("narrower", "narrower", ",", inCells, func() tea.Cmd { return a.widenColumn(-columnStep) }),
		column("wider", "wider", ".", inCells, func() tea.Cmd { return a.widenColumn(columnStep) }),
		column("fit", "as wide as what it holds", "_", inCells, a.fitColumn),
		column("freeze", "freeze up to this column", "z", several, a.freezeColumns),
		column("key", "mark as the items' key", "!", inCells, a.markKey),
		column("open-nested", "open nested values", "(", inCells, a.openNested),
		column("close-nested", "close them again", ")", inCells && a.table.IsNested(), a.closeNested),
	}
}

// laidOut is to be called when the layout has changed, so that it is remembered.
func (a *App) laidOut() tea.Cmd {
	a.arrangeTable()
	return a.layoutChanged()
}

// chooseColumn asks for the name of a column and puts the cursor there. One that is hidden shows again.
func (a *App) chooseColumn() {
	paths := a.table.Paths()
	var choices []picker.Choice
	for i, path := range paths {
		choices = append(choices, picker.Choice{Name: path.Name(), ID: i})
	}
	for _, path := range a.table.HiddenPaths() {
		choices = append(choices, picker.Choice{Name: path.Name(), Note: "hidden", ID: len(paths)})
		paths = append(paths, path)
	}
	a.pick("column", choices, func(c picker.Choice) tea.Cmd { return a.goToColumn(paths[c.ID]) })
}

// goToColumn puts the cursor on a column, which shows from then on.
func (a *App) goToColumn(path model.Path) tea.Cmd {
	var changed tea.Cmd
	if !a.table.Shows(path) {
		a.table.Show(path)
		changed = a.layoutChanged()
	}
	a.table.SelectPath(path)
	a.arrangeTable()
	return changed
}

func (a *App) hideColumn() tea.Cmd {
	name := cell.Name(a.table.ColumnPath(a.table.Column()).Name())
	if !a.table.Hide() {
		return a.say("the only column stays")
	}
	return tea.Batch(a.laidOut(), a.say("hid "+a.painter.Cut(name, 30)+": = shows it again"))
}

// showColumn shows the hidden column; where there are several it asks which.
func (a *App) showColumn() tea.Cmd {
	hidden := a.table.HiddenPaths()
	if len(hidden) == 1 {
		return a.goToColumn(hidden[0])
	}
	choices := []picker.Choice{{Name: model.NewText("all of them"), ID: -1}}
	for i, path := range hidden {
		choices = append(choices, picker.Choice{Name: path.Name(), ID: i})
	}
	a.pick("show", choices, func(c picker.Choice) tea.Cmd {
		if c.ID >= 0 {
			return a.goToColumn(hidden[c.ID])
		}
		for _, path := range hidden {
			a.table.Show(path)
		}
		return a.laidOut()
	})
	return nil
}

func (a *App) moveColumn(by int) tea.Cmd {
	a.table.MoveColumn(by)
	return a.laidOut()
}

func (a *App) widenColumn(by int) tea.Cmd {
	w, _ := a.tableSize()
	a.table.Widen(a.painter, by, w)
	return a.laidOut()
}

// fitColumn makes the cursor's column as wide as what it holds; where it is that already, as wide as usual.
func (a *App) fitColumn() tea.Cmd {
	w, h := a.tableSize()
	a.table.FitColumn(a.painter, w, h)
	return a.laidOut()
}

func (a *App) freezeColumns() tea.Cmd {
	w, _ := a.tableSize()
	if !a.table.Freeze(a.painter, w) {
		return a.say("so many columns leave no room for others: make some narrower, or hide them")
	}
	words := "no column is frozen"
	if n := a.table.Frozen(); n > 0 {
		words = model.Counted(int64(n), "column") + " frozen"
	}
	return tea.Batch(a.laidOut(), a.say(words))
}

// markKey marks the cursor's column as what tells items apart, or no longer.
func (a *App) markKey() tea.Cmd {
	path := model.Some(a.table.Path())
	if a.table.Key() == path {
		path = model.Optional[model.Path]{}
	}
	a.table.SetKey(path)
	cmds := []tea.Cmd{a.laidOut(), a.findKeyed()}
	switch {
	case !path.Known():
		cmds = append(cmds, a.say("no column is the key"))
	case !a.watch.Over():
		cmds = append(cmds, a.say("it is looked at when all items have come"))
	}
	return tea.Batch(cmds...)
}

// partsMsg are the parts of a column, and how they fit.
type partsMsg struct {
	generation int
	path       model.Path
	parts      model.Parts
	fits       table.Fits
}

// openNested looks for all the parts that the values of the cursor's column have.
func (a *App) openNested() tea.Cmd {
	path := a.table.Path()
	ctx, _, generation := a.parting.begin(a.ctx, a.now, "looking into "+a.painter.Cut(cell.Name(path.Name()), 30))
	items, p := a.table.Items(), a.painter
	return tea.Batch(func() tea.Msg {
		parts := items.Parts(path, func() bool { return ctx.Err() != nil })
		return unlessOver(ctx, partsMsg{generation, path, parts, table.FitPaths(p, items, parts.Paths)})
	}, a.nextTick())
}

// opened shows the parts of a column in its place, unless that no longer shows. The column stays beside them where it has plain
// values too, which would not be seen otherwise.
func (a *App) opened(msg partsMsg) tea.Cmd {
	if !a.parting.done(msg.generation) {
		return nil
	}
	switch {
	case !a.table.Shows(msg.path):
		return nil
	case len(msg.parts.Paths) == 0:
		return a.say("no item has an object or a list in this column")
	}
	a.table.AddFits(msg.fits)
	a.table.Expand(msg.path, msg.parts)
	return a.laidOut()
}

func (a *App) closeNested() tea.Cmd {
	a.table.Collapse()
	return a.laidOut()
}

// emptyMsg tells where the next empty cell of a column is; row is -1 where there is none.
type emptyMsg struct{ generation, row int }

// findEmpty looks for the next cell of the cursor's column that is empty, or with -1 for the one before.
func (a *App) findEmpty(by int) tea.Cmd {
	path := a.table.Path()
	ctx, _, generation := a.emptying.begin(a.ctx, a.now, "looking for an empty cell")
	rows, from := a.table.Rows(), a.table.Row()
	return tea.Batch(func() tea.Msg {
		return unlessOver(ctx, emptyMsg{generation, nextEmpty(ctx, rows, path, from, by)})
	}, a.nextTick())
}

func (a *App) foundEmpty(msg emptyMsg) tea.Cmd {
	switch {
	case !a.emptying.done(msg.generation):
		return nil
	case msg.row < 0:
		return a.say("no other empty cell there")
	}
	a.table.SelectRow(msg.row)
	a.arrangeTable()
	return a.followItem()
}

// nextEmpty returns the nearest row from another on, forwards or backwards with -1, whose cell has no value. It returns -1
// where there is none, or when ctx ends.
func nextEmpty(ctx context.Context, r table.Rows, path model.Path, from, by int) int {
	const rowsBetweenStops = 4096
	reader := r.Items.Reader(path)
	for row := from + by; row >= 0 && row < r.Len(); row += by {
		if row%rowsBetweenStops == 0 && ctx.Err() != nil {
			return -1
		}
		if profile.PresenceOf(reader.Cell(r.Item(row))) != profile.Present {
			return row
		}
	}
	return -1
}
