package ui

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"sbwatch/model/item"
	"sbwatch/model/profile"
	"sbwatch/model/text"
)

// How the user lays out the columns of the table.

// columnStep is by how many cells a column gets narrower or wider at once.
const columnStep = 2

// laidOut is to be called when the layout has changed: the cursor goes to column i, and the layout is remembered.
func (a *App) laidOut(i int) tea.Cmd {
	a.table.column = i
	a.table.clamp()
	a.arrangeTable()
	return a.layoutChanged()
}

// chooseColumn asks for the name of a column and puts the cursor there. One that is hidden shows again.
func (a *App) chooseColumn() {
	paths := a.table.columns.paths()
	var choices []choice
	for i, path := range paths {
		choices = append(choices, choice{name: path.Name(), id: i})
	}
	for _, path := range a.table.columns.hiddenPaths() {
		choices = append(choices, choice{name: path.Name(), note: "hidden", id: len(paths)})
		paths = append(paths, path)
	}
	a.chooser = newChooser("column", choices, func(c choice) tea.Cmd { return a.goToColumn(paths[c.id]) })
}

// goToColumn puts the cursor on a column, which shows from then on.
func (a *App) goToColumn(path item.Path) tea.Cmd {
	var changed tea.Cmd
	if a.table.columns.place(path) < 0 {
		a.table.columns.show(path)
		changed = a.layoutChanged()
	}
	if place := a.table.columns.place(path); place >= 0 {
		a.table.column = place
	}
	a.table.clamp()
	a.arrangeTable()
	return changed
}

func (a *App) hideColumn() tea.Cmd {
	name := columnName(a.table.columns.path(a.table.column).Name())
	if !a.table.columns.hide(a.table.column) {
		return a.say("the only column stays")
	}
	return tea.Batch(a.laidOut(a.table.column), a.say("hid "+a.look.cut(name, 30)+": = shows it again"))
}

// showColumn shows the hidden column; where there are several it asks which.
func (a *App) showColumn() tea.Cmd {
	hidden := a.table.columns.hiddenPaths()
	if len(hidden) == 1 {
		return a.goToColumn(hidden[0])
	}
	choices := []choice{{name: text.NewText("all of them"), id: -1}}
	for i, path := range hidden {
		choices = append(choices, choice{name: path.Name(), id: i})
	}
	a.chooser = newChooser("show", choices, func(c choice) tea.Cmd {
		if c.id >= 0 {
			return a.goToColumn(hidden[c.id])
		}
		for _, path := range hidden {
			a.table.columns.show(path)
		}
		return a.laidOut(a.table.column)
	})
	return nil
}

func (a *App) moveColumn(by int) tea.Cmd {
	return a.laidOut(a.table.columns.move(a.table.column, by))
}

func (a *App) widenColumn(by int) tea.Cmd {
	w, _ := a.tableSize()
	for _, shown := range a.table.columnsFrom(a.look, a.table.left, w) {
		if shown.index == a.table.column {
			a.table.columns.widen(shown.index, shown.width, by)
		}
	}
	return a.laidOut(a.table.column)
}

// fitColumn makes the cursor's column as wide as what it holds; where it is that already, as wide as is usual.
func (a *App) fitColumn() tea.Cmd {
	w, h := a.tableSize()
	i := a.table.column
	if whole := a.table.wholeWidth(a.look, i, w, h); a.table.columns.at(i).width != whole {
		a.table.columns.at(i).width = whole
	} else {
		a.table.columns.at(i).width = 0
	}
	return a.laidOut(i)
}

func (a *App) freezeColumns() tea.Cmd {
	w, _ := a.tableSize()
	if i := a.table.column; a.table.columns.frozen != i+1 && !a.table.canFreeze(a.look, i, w) {
		return a.say("so many columns leave no room for others: make some narrower, or hide them")
	}
	a.table.columns.freeze(a.table.column)
	words := "no column is frozen"
	if n := a.table.columns.frozen; n > 0 {
		words = text.Counted(int64(n), "column") + " frozen"
	}
	return tea.Batch(a.laidOut(a.table.column), a.say(words))
}

// markKey marks the cursor's column as what tells items apart, or no longer.
func (a *App) markKey() tea.Cmd {
	path := a.table.path()
	if a.table.key == path && a.table.hasKey {
		a.table.key, a.table.hasKey = item.Path{}, false
	} else {
		a.table.key, a.table.hasKey = path, true
	}
	cmds := []tea.Cmd{a.laidOut(a.table.column), a.findKeyed()}
	switch {
	case !a.table.hasKey:
		cmds = append(cmds, a.say("no column is the key"))
	case !a.watch.Over():
		cmds = append(cmds, a.say("it is looked at when all items have come"))
	}
	return tea.Batch(cmds...)
}

// onPart tells whether the cursor is in a column that came of opening another.
func (a *App) onPart() bool {
	return a.table.columns.len() > 0 && a.table.columns.at(a.table.column).part
}

// partsMsg are the parts of a column, and how they fit.
type partsMsg struct {
	generation int
	path       item.Path
	parts      item.Parts
	fits       columnFits
}

// openNested looks for all the parts that the values of the cursor's column have.
func (a *App) openNested() tea.Cmd {
	path := a.table.path()
	ctx, _, generation := a.parting.begin(a.ctx, a.now, "looking into "+a.look.cut(columnName(path.Name()), 30))
	items, l := a.table.items, a.look
	return tea.Batch(func() tea.Msg {
		parts := items.Parts(path, func() bool { return ctx.Err() != nil })
		return unlessOver(ctx, partsMsg{generation, path, parts, fitPaths(l, items, parts.Paths)})
	}, a.nextTick())
}

// opened shows the parts of a column in its place, unless that no longer shows. The column stays beside them where it has plain
// values too, which would not be seen otherwise.
func (a *App) opened(msg partsMsg) tea.Cmd {
	if !a.parting.done(msg.generation) {
		return nil
	}
	place := a.table.columns.place(msg.path)
	switch {
	case place < 0:
		return nil
	case len(msg.parts.Paths) == 0:
		return a.say("no item has an object or a list in this column")
	}
	under := a.table.path()
	a.table.fits.add(msg.fits)
	a.table.columns.open(place, msg.parts)
	if under == msg.path {
		return a.laidOut(place)
	}
	return a.laidOut(max(0, a.table.columns.place(under)))
}

func (a *App) closeNested() tea.Cmd {
	return a.laidOut(a.table.columns.close(a.table.column))
}

// emptyMsg tells where the next empty cell of a column is; row is -1 where there is none.
type emptyMsg struct{ generation, row int }

// findEmpty looks for the next cell of the cursor's column that is empty, or with -1 for the one before.
func (a *App) findEmpty(by int) tea.Cmd {
	path := a.table.path()
	ctx, _, generation := a.emptying.begin(a.ctx, a.now, "looking for an empty cell")
	rows, from := a.table.rowsNow(), a.table.row
	return tea.Batch(func() tea.Msg {
		return unlessOver(ctx, emptyMsg{generation, rows.nextEmpty(ctx, path, from, by)})
	}, a.nextTick())
}

func (a *App) foundEmpty(msg emptyMsg) tea.Cmd {
	switch {
	case !a.emptying.done(msg.generation):
		return nil
	case msg.row < 0:
		return a.say("no other empty cell there")
	}
	a.table.row = msg.row
	a.arrangeTable()
	return a.followItem()
}

// tableRows are the rows of a table at one moment, for a command to read.
type tableRows struct {
	items item.Table
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
func (r tableRows) nextEmpty(ctx context.Context, path item.Path, from, by int) int {
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
