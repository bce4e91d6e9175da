package items

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"sbwatch/model"
	"sbwatch/model/profile"
	"sbwatch/ui/action"
	"sbwatch/ui/cell"
	"sbwatch/ui/screen"
	"sbwatch/ui/widget/picker"
	"sbwatch/ui/widget/table"
)

// How the user lays out the columns of the table.

// columnStep is by how many cells a column gets narrower or wider at once.
const columnStep = 2

// layoutActions lists the actions that lay out columns.
func (t *Tab) layoutActions() action.Table {
	inCells := t.table.Len() > 0 && !t.itemCovers()
	several := inCells && t.table.ColumnCount() > 1
	column := func(id, title, key string, enabled bool, run func() tea.Cmd) action.Action {
		return action.Action{ID: "column." + id, Group: action.GroupColumns, Title: title, Keys: []string{key}, Enabled: enabled, Run: run}
	}
	return action.Table{
		column("go-to", "jump to a column", "c", inCells, action.Do(t.chooseColumn)),
		column("hide", "hide the column", "-", several, t.hideColumn),
		column("show", "show a hidden column", "=", inCells && len(t.table.HiddenPaths()) > 0, t.showColumn),
		column("move-left", "move the column left", "H", several, func() tea.Cmd { return t.moveColumn(-1) }),
		column("move-right", "move the column right", "L", several, func() tea.Cmd { return t.moveColumn(1) }),
		column("narrower", "narrower", ",", inCells, func() tea.Cmd { return t.widenColumn(-columnStep) }),
		column("wider", "wider", ".", inCells, func() tea.Cmd { return t.widenColumn(columnStep) }),
		column("fit", "as wide as what it holds", "_", inCells, t.fitColumn),
		column("freeze", "freeze up to this column", "z", several, t.freezeColumns),
		column("key", "mark as the items' key", "!", inCells, t.markKey),
		column("open-nested", "open nested values", "(", inCells, t.openNested),
		column("close-nested", "close them again", ")", inCells && t.table.IsNested(), t.closeNested),
	}
}

// laidOut is to be called when the layout has changed, so that it is remembered.
func (t *Tab) laidOut() tea.Cmd {
	t.Arrange()
	return t.layoutChanged()
}

// chooseColumn asks for the name of a column and puts the cursor there. One that is hidden shows again.
func (t *Tab) chooseColumn() {
	paths := t.table.Paths()
	var choices []picker.Choice
	for i, path := range paths {
		choices = append(choices, picker.Choice{Name: path.Name(), ID: i})
	}
	for _, path := range t.table.HiddenPaths() {
		choices = append(choices, picker.Choice{Name: path.Name(), Note: "hidden", ID: len(paths)})
		paths = append(paths, path)
	}
	t.pick("column", choices, func(c picker.Choice) tea.Cmd { return t.goToColumn(paths[c.ID]) })
}

// goToColumn puts the cursor on a column, which shows from then on.
func (t *Tab) goToColumn(path model.Path) tea.Cmd {
	var changed tea.Cmd
	if !t.table.Shows(path) {
		t.table.Show(path)
		changed = t.layoutChanged()
	}
	t.table.SelectPath(path)
	t.Arrange()
	return changed
}

func (t *Tab) hideColumn() tea.Cmd {
	name := cell.Name(t.table.ColumnPath(t.table.Column()).Name())
	if !t.table.Hide() {
		return t.env.Say("the only column stays")
	}
	return tea.Batch(t.laidOut(), t.env.Say("hid "+t.env.Painter.Cut(name, 30)+": = shows it again"))
}

// showColumn shows the hidden column; where there are several it asks which.
func (t *Tab) showColumn() tea.Cmd {
	hidden := t.table.HiddenPaths()
	if len(hidden) == 1 {
		return t.goToColumn(hidden[0])
	}
	choices := []picker.Choice{{Name: model.NewText("all of them"), ID: -1}}
	for i, path := range hidden {
		choices = append(choices, picker.Choice{Name: path.Name(), ID: i})
	}
	t.pick("show", choices, func(c picker.Choice) tea.Cmd {
		if c.ID >= 0 {
			return t.goToColumn(hidden[c.ID])
		}
		for _, path := range hidden {
			t.table.Show(path)
		}
		return t.laidOut()
	})
	return nil
}

func (t *Tab) moveColumn(by int) tea.Cmd {
	t.table.MoveColumn(by)
	return t.laidOut()
}

func (t *Tab) widenColumn(by int) tea.Cmd {
	w, _ := t.tableSize()
	t.table.Widen(t.env.Painter, by, w)
	return t.laidOut()
}

// fitColumn makes the cursor's column as wide as what it holds; where it is that already, as wide as usual.
func (t *Tab) fitColumn() tea.Cmd {
	w, h := t.tableSize()
	t.table.FitColumn(t.env.Painter, w, h)
	return t.laidOut()
}

func (t *Tab) freezeColumns() tea.Cmd {
	w, _ := t.tableSize()
	if !t.table.Freeze(t.env.Painter, w) {
		return t.env.Say("so many columns leave no room for others: make some narrower, or hide them")
	}
	words := "no column is frozen"
	if n := t.table.Frozen(); n > 0 {
		words = model.Counted(int64(n), "column") + " frozen"
	}
	return tea.Batch(t.laidOut(), t.env.Say(words))
}

// markKey marks the cursor's column as what tells items apart, or no longer.
func (t *Tab) markKey() tea.Cmd {
	path := model.Some(t.table.Path())
	if t.table.Key() == path {
		path = model.Optional[model.Path]{}
	}
	t.table.SetKey(path)
	cmd := tea.Batch(t.laidOut(), t.env.Send(KeyMarkedMsg{}))
	switch {
	case !path.Known():
		t.env.Say("no column is the key")
	case !t.isComplete:
		t.env.Say("it is looked at when all items have come")
	}
	return cmd
}

// partsMsg are the parts of a column, and how they fit.
type partsMsg struct {
	generation int
	path       model.Path
	parts      model.Parts
	fits       table.Fits
}

// openNested looks for all the parts that the values of the cursor's column have.
func (t *Tab) openNested() tea.Cmd {
	path := t.table.Path()
	ctx, _, generation := t.parting.Begin(t.env.Env, "looking into "+t.env.Painter.Cut(cell.Name(path.Name()), 30))
	items, p := t.table.Items(), t.env.Painter
	return t.env.Cmd(func() tea.Msg {
		parts := items.Parts(path, func() bool { return ctx.Err() != nil })
		return screen.UnlessOver(ctx, partsMsg{generation, path, parts, table.FitPaths(p, items, parts.Paths)})
	})
}

// opened shows the parts of a column in its place, unless that no longer shows. The column stays beside them where it has plain
// values too, which would not be seen otherwise.
func (t *Tab) opened(msg partsMsg) tea.Cmd {
	if !t.parting.Done(msg.generation) {
		return nil
	}
	switch {
	case !t.table.Shows(msg.path):
		return nil
	case len(msg.parts.Paths) == 0:
		return t.env.Say("no item has an object or a list in this column")
	}
	t.table.AddFits(msg.fits)
	t.table.Expand(msg.path, msg.parts)
	return t.laidOut()
}

func (t *Tab) closeNested() tea.Cmd {
	t.table.Collapse()
	return t.laidOut()
}

// emptyMsg tells where the next empty cell of a column is; row is -1 where there is none.
type emptyMsg struct{ generation, row int }

// findEmpty looks for the next cell of the cursor's column that is empty, or with -1 for the one before.
func (t *Tab) findEmpty(by int) tea.Cmd {
	path := t.table.Path()
	ctx, _, generation := t.emptying.Begin(t.env.Env, "looking for an empty cell")
	rows, from := t.table.Rows(), t.table.Row()
	return t.env.Cmd(func() tea.Msg {
		return screen.UnlessOver(ctx, emptyMsg{generation, nextEmpty(ctx, rows, path, from, by)})
	})
}

func (t *Tab) foundEmpty(msg emptyMsg) tea.Cmd {
	switch {
	case !t.emptying.Done(msg.generation):
		return nil
	case msg.row < 0:
		return t.env.Say("no other empty cell there")
	}
	t.table.SelectRow(msg.row)
	t.Arrange()
	return t.followItem()
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
