// Package items is the tab that shows the items of a run: their table, filtered, sorted and searched, one item whole, and
// what is done with them.
package items

import (
	tea "charm.land/bubbletea/v2"

	"sbwatch/model/item"
	"sbwatch/model/optional"
	"sbwatch/model/text"
	"sbwatch/query"
	"sbwatch/ui/action"
	"sbwatch/ui/screen"
	"sbwatch/ui/widget/table"
)

// Config is what the tab of items is made of.
type Config struct {
	Layouts  Layouts
	Exporter Exporter
	OpenURL  func(url string) error
}

// Tab is the tab that shows the items of a run. What it does is shared among its parts, each of which has the state for it.
type Tab struct {
	*browser

	config  Config
	filter  *filterer
	columns *arranger
	prompts *prompts
	exports *exports
}

// New makes the tab of a run.
func New(env screen.RunEnv, config Config) *Tab {
	b := &browser{env: env}
	f := &filterer{searcher: &searcher{browser: b}, cache: new(query.Cache)}
	x := &exports{filterer: f, writer: config.Exporter}
	x.writing.Note("   esc gives it up")
	b.strip = f.strip
	f.changed = x.renew
	return &Tab{
		browser: b, config: config, filter: f, exports: x,
		columns: &arranger{browser: b, layouts: config.Layouts},
		prompts: &prompts{filterer: f},
	}
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
		return t.filter.ordered(msg)
	case matchesMsg:
		return t.filter.found(msg)
	case jumpMsg:
		return t.filter.jumped(msg)
	case emptyMsg:
		return t.filter.foundEmpty(msg)
	case partsMsg:
		return t.columns.opened(msg)
	case layoutMsg:
		return t.columns.recallLayout(msg)
	case renewedMsg:
		t.columns.renewed(msg)
	case fitsMsg:
		t.table.AddFits(msg.fits)
		t.Arrange()
	case saveMsg:
		return t.columns.saveLayout(msg.changes)
	case checkedMsg:
		return t.exports.checked(msg)
	case exportedMsg:
		return t.exports.exported(msg)
	case completedMsg:
		t.prompts.completed(msg)
	}
	return nil
}

// Actions lists what the user can do.
func (t *Tab) Actions() action.Table {
	table := append(t.itemActions(), t.findActions()...)
	return append(table, t.columns.layoutActions()...)
}

// SetRun sets the names of the run, and whether no more items will come.
func (t *Tab) SetRun(recipe, run text.Text, isComplete bool) {
	t.columns.recipe, t.columns.isComplete = recipe, isComplete
	t.exports.recipe, t.exports.run = recipe, run
}

// SetItems shows other items, or more of the same.
func (t *Tab) SetItems(items item.Table, fits table.Fits) { t.filter.setItems(items, fits) }

// ShowOnly shows only the items that a filter chooses, with the cursor in a column.
func (t *Tab) ShowOnly(filter item.Filter, column optional.Value[item.Path]) tea.Cmd {
	return t.filter.showOnly(filter, column)
}

// AskLayout asks for the layout of the recipe's columns that is remembered, once.
func (t *Tab) AskLayout() tea.Cmd { return t.columns.askLayout() }

// Flush returns the command that saves what is not saved yet; nil where all is.
func (t *Tab) Flush() tea.Cmd { return t.columns.flush() }

// Arrive shows the items that have come of an answer that is still arriving.
func (t *Tab) Arrive() tea.Cmd { return tea.Batch(t.columns.applyLayout(), t.filter.itemsChanged()) }

// Complete begins what waits for all items to be there.
func (t *Tab) Complete() tea.Cmd {
	return tea.Batch(t.Arrive(), t.columns.fitParts(), t.columns.renewParts())
}

// Exporting returns the work of writing a file.
func (t *Tab) Exporting() *screen.Job { return &t.exports.writing }

// Table returns the table of the items.
func (t *Tab) Table() *table.Table { return &t.table }

// Jobs returns the work that may go on, but for the export.
func (t *Tab) Jobs() []*screen.Job {
	return []*screen.Job{&t.filter.ordering, &t.filter.searching, &t.filter.emptying, &t.columns.parting}
}
