// Package items is the tab that shows the items of a run: their table, filtered, sorted and searched, one item whole, and
// what is done with them.
package items

import (
	"image"

	tea "charm.land/bubbletea/v2"

	"sbwatch/model"
	"sbwatch/query"
	"sbwatch/ui/action"
	"sbwatch/ui/cursor"
	"sbwatch/ui/draw"
	"sbwatch/ui/layout"
	"sbwatch/ui/screen"
	"sbwatch/ui/widget/prompt"
	"sbwatch/ui/widget/table"
)

// Config is what the tab of items is made of.
type Config struct {
	Layouts  Layouts
	Exporter Exporter
	OpenURL  func(url string) error
}

// Tab is the tab that shows the items of a run: their table, filtered, sorted and searched, and one item whole.
type Tab struct {
	env    screen.RunEnv
	config Config
	recipe model.Text
	run    model.Text
	// isComplete reports that no more items will come.
	isComplete bool
	area       image.Rectangle

	table  table.Table
	find   finder
	item   item
	prompt openPrompt
	// What was typed into prompts.
	searchHistory, filterHistory prompt.History
	// asked is the generation of questions for completions.
	asked int
	// emptying looks for an empty cell, parting for the parts of nested values.
	emptying, parting screen.Job
	remembered        remembered
	// export asks what to write where; nil while it does not.
	export    *exportDialog
	exporting screen.Job
	// exportedTo is the name of the file that was written last.
	exportedTo string
}

// New makes the tab of a run.
func New(env screen.RunEnv, config Config) Tab {
	t := Tab{env: env, config: config}
	t.find.cache = new(query.Cache)
	t.exporting.Note("   esc gives it up")
	return t
}

// KeyMarkedMsg says that the user has marked a column as the one that tells items apart, or that no column does any more.
type KeyMarkedMsg struct{}

// Update handles what commands have found out.
func (t *Tab) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case itemLinesMsg:
		t.itemDrawn(msg)
	case browsedMsg:
		return t.browsed(msg)
	case orderedMsg:
		return t.ordered(msg)
	case matchesMsg:
		return t.found(msg)
	case jumpMsg:
		return t.jumped(msg)
	case emptyMsg:
		return t.foundEmpty(msg)
	case partsMsg:
		return t.opened(msg)
	case layoutMsg:
		return t.recallLayout(msg)
	case renewedMsg:
		t.renewed(msg)
	case fitsMsg:
		t.table.AddFits(msg.fits)
		t.Arrange()
	case saveMsg:
		return t.saveLayout(msg.changes)
	case checkedMsg:
		return t.checked(msg)
	case exportedMsg:
		return t.exported(msg)
	case completedMsg:
		t.completed(msg)
	}
	return nil
}

// Actions lists what the user can do.
func (t *Tab) Actions() action.Table {
	table := append(t.itemActions(), t.findActions()...)
	return append(table, t.layoutActions()...)
}

// SetRun sets the names of the run, and whether no more items will come.
func (t *Tab) SetRun(recipe, run model.Text, isComplete bool) {
	t.recipe, t.run, t.isComplete = recipe, run, isComplete
}

// Arrive shows the items that have come of an answer that is still arriving.
func (t *Tab) Arrive() tea.Cmd { return tea.Batch(t.applyLayout(), t.itemsChanged()) }

// Complete begins what waits for all items to be there.
func (t *Tab) Complete() tea.Cmd { return tea.Batch(t.Arrive(), t.fitParts(), t.renewParts()) }

// Exporting returns the work of writing a file.
func (t *Tab) Exporting() *screen.Job { return &t.exporting }

// Table returns the table of the items.
func (t *Tab) Table() *table.Table { return &t.table }

// Jobs returns the work that may go on, but for the export.
func (t *Tab) Jobs() []*screen.Job {
	return []*screen.Job{&t.find.ordering, &t.find.searching, &t.emptying, &t.parting}
}

// SetArea sets where the tab stands on the screen.
func (t *Tab) SetArea(area image.Rectangle) { t.area = area }

// itemCovers reports whether an open item stands in the table's place.
func (t *Tab) itemCovers() bool { return t.item.open && t.env.Width() < besideFrom }

// tabLayout are the parts of the tab.
type tabLayout struct{ strip, table, item image.Rectangle }

// layout divides the tab: an item stands in the table's place or, where there is room, beside it.
func (t *Tab) layout() tabLayout {
	var l tabLayout
	l.strip, l.table = layout.Below(t.area, len(t.strip(t.area.Dx())))
	switch {
	case !t.item.open:
	case t.itemCovers():
		l.item = t.area
	default:
		l.table, l.item = layout.Beside(l.table, t.area.Dx()*2/5, 3)
	}
	return l
}

// tableSize returns the room of the table in cells.
func (t *Tab) tableSize() (w, h int) {
	area := t.layout().table
	return area.Dx(), max(1, area.Dy())
}

// itemWidth returns the room of an open item in cells.
func (t *Tab) itemWidth() int { return t.layout().item.Dx() }

// Arrange keeps the table's cursor and the open item on the screen.
func (t *Tab) Arrange() {
	if t.item.row >= t.table.Len() {
		t.item = item{}
	}
	if t.env.Frame.IsTooSmall {
		return // what showed before shows again when there is room
	}
	w, h := t.tableSize()
	t.table.Follow(t.env.Painter, w, h)
	if t.item.open && !t.itemIsLarge() {
		t.item.pager.SetLines(itemLines(t.env.Painter, t.table.Items(), t.table.Item(t.item.row), t.itemWidth(), t.table.Marker()))
	}
}

// move moves the cursor of the table, or scrolls the open item.
func (t *Tab) move(m cursor.Move) tea.Cmd {
	switch {
	case t.itemCovers():
		return t.moveInItem(m)
	case t.item.open && m.IsPage():
		t.item.pager.Move(m, t.area.Dy()-1)
		return nil
	default:
		w, h := t.tableSize()
		t.table.Move(t.env.Painter, m, w, h)
		return t.followItem()
	}
}

// Position describes where the cursor is.
func (t *Tab) Position() string {
	switch {
	case t.itemCovers():
		return t.item.pager.Position(t.area.Dy() - 1)
	case t.table.Items().Len() == 0:
		return ""
	default:
		w, _ := t.tableSize()
		return t.table.Position(t.env.Painter, w)
	}
}

// View draws the table, an open item beside it or in its place.
func (t *Tab) View() []string {
	p := t.env.Painter
	parts := t.layout()
	if t.itemCovers() {
		return append([]string{t.itemTitle(parts.item.Dx())}, t.item.pager.View(parts.item.Dy()-1)...)
	}
	lines := t.strip(t.area.Dx())
	w, h := t.tableSize()
	switch {
	case t.table.Len() == 0:
		return append(lines, "", p.Muted.Render(p.Cut("no item is left: esc lifts the newest filter", t.area.Dx())))
	case !t.item.open:
		return append(lines, t.table.View(p, w, h)...)
	}
	left := draw.Exactly(t.table.View(p, w, h), h)
	right := draw.Exactly(append([]string{t.itemTitle(parts.item.Dx())}, t.item.pager.View(h-1)...), h)
	for i := range left {
		lines = append(lines, p.Fit(left[i], w)+" "+p.Faint.Render("│")+" "+right[i])
	}
	return lines
}

// itemTitle names the open item.
func (t *Tab) itemTitle(w int) string {
	p := t.env.Painter
	item := t.table.Item(t.item.row)
	title := "item " + model.Count(int64(item+1)) + " of " + model.Count(int64(t.table.Items().Len()))
	if page := t.table.Items().Page(item); page > 0 {
		title += " · page " + model.Count(int64(page))
	}
	where := ""
	if !t.itemCovers() {
		where = p.Muted.Render(t.item.pager.Position(t.area.Dy() - 1))
	}
	return p.Between(p.Table.HeaderCursor.Render(title), where, w)
}
