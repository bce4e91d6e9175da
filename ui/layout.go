package ui

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"sbwatch/model"
	"sbwatch/model/profile"
	"sbwatch/ui/action"
	"sbwatch/ui/screen"
)

// How the user lays out the columns of the table.

// columnStep is by how many cells a column gets narrower or wider at once.
const columnStep = 2

// layoutActions lists the actions that lay out columns.
func (t *itemsTab) layoutActions() action.Table {
	inCells := t.table.len() > 0 && !t.itemCovers()
	several := inCells && t.table.columns.len() > 1
	column := func(id, title, key string, enabled bool, run func() tea.Cmd) action.Action {
		return action.Action{ID: "column." + id, Group: action.GroupColumns, Title: title, Keys: []string{key}, Enabled: enabled, Run: run}
	}
	return action.Table{
		column("go-to", "jump to a column", "c", inCells, action.Do(t.chooseColumn)),
		column("hide", "hide the column", "-", several, t.hideColumn),
		column("show", "show a hidden column", "=", inCells && len(t.table.columns.hiddenPaths()) > 0, t.showColumn),
		column("move-left", "move the column left", "H", several, func() tea.Cmd { return t.moveColumn(-1) }),
		column("move-right", "move the column right", "L", several, func() tea.Cmd { return t.moveColumn(1) }),
		column("narrower", "narrower", ",", inCells, func() tea.Cmd { return t.widenColumn(-columnStep) }),
		column("wider", "wider", ".", inCells, func() tea.Cmd { return t.widenColumn(columnStep) }),
		column("fit", "as wide as what it holds", "_", inCells, t.fitColumn),
		column("freeze", "freeze up to this column", "z", several, t.freezeColumns),
		column("key", "mark as the items' key", "!", inCells, t.markKey),
		column("open-nested", "open nested values", "(", inCells, t.openNested),
		column("close-nested", "close them again", ")", inCells && t.onPart(), t.closeNested),
	}
}

// laidOut is to be called when the layout has changed: the cursor goes to column i, and the layout is remembered.
func (t *itemsTab) laidOut(i int) tea.Cmd {
	t.table.column = i
	t.table.clamp()
	t.arrangeTable()
	return t.layoutChanged()
}

// chooseColumn asks for the name of a column and puts the cursor there. One that is hidden shows again.
func (t *itemsTab) chooseColumn() {
	paths := t.table.columns.paths()
	var choices []choice
	for i, path := range paths {
		choices = append(choices, choice{name: path.Name(), id: i})
	}
	for _, path := range t.table.columns.hiddenPaths() {
		choices = append(choices, choice{name: path.Name(), note: "hidden", id: len(paths)})
		paths = append(paths, path)
	}
	t.choose("column", choices, func(c choice) tea.Cmd { return t.goToColumn(paths[c.id]) })
}

// goToColumn puts the cursor on a column, which shows from then on.
func (t *itemsTab) goToColumn(path model.Path) tea.Cmd {
	var changed tea.Cmd
	if t.table.columns.place(path) < 0 {
		t.table.columns.show(path)
		changed = t.layoutChanged()
	}
	if place := t.table.columns.place(path); place >= 0 {
		t.table.column = place
	}
	t.table.clamp()
	t.arrangeTable()
	return changed
}

func (t *itemsTab) hideColumn() tea.Cmd {
	name := columnName(t.table.columns.path(t.table.column).Name())
	if !t.table.columns.hide(t.table.column) {
		return t.env.Say("the only column stays")
	}
	return tea.Batch(t.laidOut(t.table.column), t.env.Say("hid "+t.env.Painter.Cut(name, 30)+": = shows it again"))
}

// showColumn shows the hidden column; where there are several it asks which.
func (t *itemsTab) showColumn() tea.Cmd {
	hidden := t.table.columns.hiddenPaths()
	if len(hidden) == 1 {
		return t.goToColumn(hidden[0])
	}
	choices := []choice{{name: model.NewText("all of them"), id: -1}}
	for i, path := range hidden {
		choices = append(choices, choice{name: path.Name(), id: i})
	}
	t.choose("show", choices, func(c choice) tea.Cmd {
		if c.id >= 0 {
			return t.goToColumn(hidden[c.id])
		}
		for _, path := range hidden {
			t.table.columns.show(path)
		}
		return t.laidOut(t.table.column)
	})
	return nil
}

func (t *itemsTab) moveColumn(by int) tea.Cmd {
	return t.laidOut(t.table.columns.move(t.table.column, by))
}

func (t *itemsTab) widenColumn(by int) tea.Cmd {
	w, _ := t.tableSize()
	for _, shown := range t.table.columnsFrom(t.env.Painter, t.table.left, w) {
		if shown.index == t.table.column {
			t.table.columns.widen(shown.index, shown.width, by)
		}
	}
	return t.laidOut(t.table.column)
}

// fitColumn makes the cursor's column as wide as what it holds; where it is that already, as wide as is usual.
func (t *itemsTab) fitColumn() tea.Cmd {
	w, h := t.tableSize()
	i := t.table.column
	if whole := t.table.wholeWidth(t.env.Painter, i, w, h); t.table.columns.at(i).width != whole {
		t.table.columns.at(i).width = whole
	} else {
		t.table.columns.at(i).width = 0
	}
	return t.laidOut(i)
}

func (t *itemsTab) freezeColumns() tea.Cmd {
	w, _ := t.tableSize()
	if i := t.table.column; t.table.columns.frozen != i+1 && !t.table.canFreeze(t.env.Painter, i, w) {
		return t.env.Say("so many columns leave no room for others: make some narrower, or hide them")
	}
	t.table.columns.freeze(t.table.column)
	words := "no column is frozen"
	if n := t.table.columns.frozen; n > 0 {
		words = model.Counted(int64(n), "column") + " frozen"
	}
	return tea.Batch(t.laidOut(t.table.column), t.env.Say(words))
}

// markKey marks the cursor's column as what tells items apart, or no longer.
func (t *itemsTab) markKey() tea.Cmd {
	path := t.table.path()
	if t.table.key == path && t.table.hasKey {
		t.table.key, t.table.hasKey = model.Path{}, false
	} else {
		t.table.key, t.table.hasKey = path, true
	}
	cmd := tea.Batch(t.laidOut(t.table.column), t.env.Send(keyMarkedMsg{}))
	switch {
	case !t.table.hasKey:
		t.env.Say("no column is the key")
	case !t.isComplete:
		t.env.Say("it is looked at when all items have come")
	}
	return cmd
}

// onPart tells whether the cursor is in a column that came of opening another.
func (t *itemsTab) onPart() bool {
	return t.table.columns.len() > 0 && t.table.columns.at(t.table.column).part
}

// partsMsg are the parts of a column, and how they fit.
type partsMsg struct {
	generation int
	path       model.Path
	parts      model.Parts
	fits       columnFits
}

// openNested looks for all the parts that the values of the cursor's column have.
func (t *itemsTab) openNested() tea.Cmd {
	path := t.table.path()
	ctx, _, generation := t.parting.Begin(t.env.Env, "looking into "+t.env.Painter.Cut(columnName(path.Name()), 30))
	items, p := t.table.items, t.env.Painter
	return t.env.Cmd(func() tea.Msg {
		parts := items.Parts(path, func() bool { return ctx.Err() != nil })
		return screen.UnlessOver(ctx, partsMsg{generation, path, parts, fitPaths(p, items, parts.Paths)})
	})
}

// opened shows the parts of a column in its place, unless that no longer shows. The column stays beside them where it has plain
// values too, which would not be seen otherwise.
func (t *itemsTab) opened(msg partsMsg) tea.Cmd {
	if !t.parting.Done(msg.generation) {
		return nil
	}
	place := t.table.columns.place(msg.path)
	switch {
	case place < 0:
		return nil
	case len(msg.parts.Paths) == 0:
		return t.env.Say("no item has an object or a list in this column")
	}
	under := t.table.path()
	t.table.fits.add(msg.fits)
	t.table.columns.open(place, msg.parts)
	if under == msg.path {
		return t.laidOut(place)
	}
	return t.laidOut(max(0, t.table.columns.place(under)))
}

func (t *itemsTab) closeNested() tea.Cmd {
	return t.laidOut(t.table.columns.close(t.table.column))
}

// emptyMsg tells where the next empty cell of a column is; row is -1 where there is none.
type emptyMsg struct{ generation, row int }

// findEmpty looks for the next cell of the cursor's column that is empty, or with -1 for the one before.
func (t *itemsTab) findEmpty(by int) tea.Cmd {
	path := t.table.path()
	ctx, _, generation := t.emptying.Begin(t.env.Env, "looking for an empty cell")
	rows, from := t.table.rowsNow(), t.table.row
	return t.env.Cmd(func() tea.Msg {
		return screen.UnlessOver(ctx, emptyMsg{generation, rows.nextEmpty(ctx, path, from, by)})
	})
}

func (t *itemsTab) foundEmpty(msg emptyMsg) tea.Cmd {
	switch {
	case !t.emptying.Done(msg.generation):
		return nil
	case msg.row < 0:
		return t.env.Say("no other empty cell there")
	}
	t.table.row = msg.row
	t.arrangeTable()
	return t.followItem()
}

// tableRows are the rows of a table at one moment, for a command to read.
type tableRows struct {
	items model.Items
	order []uint32
}

func (t *table) rowsNow() tableRows { return tableRows{t.items, t.order} }

func (r tableRows) len() int {
	if r.order != nil {
		return len(r.order)
	}
	return r.items.Len()
}

func (r tableRows) item(row int) int {
	if r.order != nil {
		return int(r.order[row])
	}
	return row
}

// nextEmpty is the nearest row from another on, forwards or backwards, whose cell is not covered; -1 where there is none, or
// ctx has ended.
func (r tableRows) nextEmpty(ctx context.Context, path model.Path, from, by int) int {
	const rowsBetweenStops = 4096
	reader := r.items.Reader(path)
	for row := from + by; row >= 0 && row < r.len(); row += by {
		if row%rowsBetweenStops == 0 && ctx.Err() != nil {
			return -1
		}
		if profile.PresenceOf(reader.Cell(r.item(row))) != profile.Present {
			return row
		}
	}
	return -1
}
