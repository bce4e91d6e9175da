// Package items implements the Items tab. It shows the items of a run as a table with filters, sorting and search. It
// can also show one item in full, copy items and export them.
//
// [Tab] combines several parts, each with its own state: the browser shows the table and the open item, the filterer
// and the searcher select rows, the arranger changes columns, and exports writes files. All of them share the browser.
package items

import (
	"slices"

	tea "charm.land/bubbletea/v2"

	"sbwatch/model/item"
	"sbwatch/model/optional"
	"sbwatch/model/text"
	"sbwatch/query"
	"sbwatch/ui/action"
	"sbwatch/ui/screen"
	"sbwatch/ui/screen/items/formulas"
	"sbwatch/ui/screen/items/marks"
	"sbwatch/ui/screen/items/views"
	"sbwatch/ui/screen/picture"
	"sbwatch/ui/widget/table"
)

// Config configures the tab.
type Config struct {
	Layouts Layouts
	// Computed are computed columns that the user gave before the items are shown.
	Computed Computed
	Filters  Filters
	Exporter Exporter
	OpenURL  func(url string) error
	// State is the state with which the tab starts. It may be the zero state.
	State State
	// FetchImage fetches the image at a URL. If it is nil, images cannot be shown.
	FetchImage picture.Fetch
	// ImagesInTmux reports whether the terminal in which tmux runs can show images. It is nil outside tmux.
	ImagesInTmux picture.InTmux
}

// Computed are computed columns that the user gave before the items are shown.
type Computed = formulas.Given

// Tab is the Items tab of a run.
type Tab struct {
	*browser

	config  Config
	filter  *filterer
	columns *arranger
	prompts *prompts
	exports *exports
	copies  *copier
	marking *marker
	pins    *pins
	views   views.History
	// formulas adds computed columns.
	formulas *formulas.Formulas
}

// New returns the tab for a run.
func New(env screen.RunEnv, config Config) *Tab {
	b := &browser{env: env, marks: new(marks.Set)}
	b.table.Marked = b.marks.Has
	f := &filterer{searcher: &searcher{browser: b}, cache: new(query.Cache)}
	x := &exports{filterer: f, writer: config.Exporter}
	x.writing.Note("   esc cancel")
	f.searching.Note("   esc cancel")
	b.strip = f.strip
	f.changed = x.refresh
	t := &Tab{
		browser: b, config: config, filter: f, exports: x,
		columns: &arranger{browser: b, layouts: config.Layouts, given: &config.Computed},
		prompts: &prompts{filterer: f, edited: -1},
		pins:    &pins{filterer: f, store: config.Filters},
		copies:  &copier{browser: b}, marking: &marker{filterer: f, open: config.OpenURL},
	}
	t.formulas = formulas.New(env, &b.table, t.columns.given, t.compute)
	if len(config.Computed.Columns) > 0 {
		t.table.SetLayout(t.columns.given.AddTo(item.Layout{}))
	}
	f.edited, t.columns.edited = t.recordView, t.recordView
	t.start(config.State)
	return t
}

// ComputedMsg reports that the computed columns have changed. The owner of the tab must then set the items again and
// move the cursor to Column.
type ComputedMsg struct{ Column item.Path }

// compute applies a layout with changed computed columns and moves the cursor to column.
func (t *Tab) compute(layout item.Layout, column item.Path) tea.Cmd {
	t.table.SetLayout(layout)
	return tea.Batch(t.columns.layoutEdited(), t.env.Send(ComputedMsg{column}))
}

// WithComputed returns items with the computed columns of the layout. Pass its result to [Tab.SetItems]. The same items
// and columns always give the same table.
func (t *Tab) WithComputed(items item.Table) item.Table { return t.formulas.Apply(items) }

// SelectColumn moves the cursor to a column if it is visible.
func (t *Tab) SelectColumn(path item.Path) {
	t.table.SelectPath(path)
	t.Arrange()
}

// KeyMarkedMsg reports that the user has set or removed the unique key.
type KeyMarkedMsg struct{}

// Update handles the results of the tab's commands.
func (t *Tab) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case itemLinesMsg:
		t.itemDrawn(msg)
	case valuesMsg:
		t.valuesRead(msg)
	case browsedMsg:
		return t.browsed(msg)
	case markedMsg:
		return t.marking.marked(msg)
	case urlsMsg:
		return t.marking.askToOpen(msg)
	case openedMsg:
		return t.marking.openedAll(msg)
	case pinnedMsg:
		return t.pins.loaded(msg)
	case contentMsg:
		return t.copies.copied(msg)
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
		defer t.syncView()
		return t.columns.recallLayout(msg)
	case refreshedMsg:
		t.columns.refreshed(msg)
		t.syncView()
	case fitsMsg:
		t.table.AddFits(msg.fits)
		table.CellsOf(&t.table).AddFits(msg.formats)
		t.Arrange()
	case saveMsg:
		return t.columns.saveLayout(msg.changes)
	case checkedMsg:
		return t.exports.checked(msg)
	case exportedMsg:
		return t.exports.exported(msg)
	default:
		return t.updatePrompt(msg)
	}
	return nil
}

// updatePrompt handles the results of commands of the open prompt.
func (t *Tab) updatePrompt(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case formulas.PreviewMsg:
		t.formulas.Previewed(msg)
	case completedMsg:
		t.prompts.completed(msg)
	case countMsg:
		return t.prompts.count(msg)
	case countedMsg:
		t.prompts.counted(msg)
	}
	return nil
}

// Actions lists the available actions.
func (t *Tab) Actions() action.Table {
	table := slices.Concat(t.itemActions(), t.findActions(), t.pins.actions(), t.marking.markActions(), t.undoActions())
	table = append(table, t.columns.layoutActions()...)
	return append(table, t.formulas.Actions(t.table.Len() > 0 && !t.itemCovers())...)
}

// SetRun sets the ids of the recipe and the run. isComplete reports whether all items have arrived.
func (t *Tab) SetRun(recipe, run text.Text, isComplete bool) {
	t.columns.recipe, t.columns.isComplete = recipe, isComplete
	t.filter.isComplete = isComplete
	t.exports.recipe, t.exports.run = recipe, run
	t.pins.recipe = recipe
}

// SetItems replaces the items. If the new items start with the current items, the filters and the cursor stay.
func (t *Tab) SetItems(items item.Table, fits table.Fits) {
	t.marking.clearMarks(items)
	t.filter.setItems(items, fits)
	t.syncView()
}

// ShowOnly replaces all filters with filter and moves the cursor to column.
func (t *Tab) ShowOnly(filter item.Filter, column optional.Value[item.Path]) tea.Cmd {
	return t.filter.showOnly(filter, column)
}

// ShowsOnly reports whether the tab still shows the result of [Tab.ShowOnly]. It returns false if an item is open, if
// the filters have changed, or during an export. While it returns true, Esc goes back to the previous tab.
func (t *Tab) ShowsOnly() bool {
	return t.filter.showsOnly() && !t.item.open && !t.exports.writing.Runs()
}

// Restore undoes [Tab.ShowOnly].
func (t *Tab) Restore() tea.Cmd { return t.filter.restore() }

// AskLayout returns a command that loads the saved column layout and the pinned filters of the recipe. It does so once.
func (t *Tab) AskLayout() tea.Cmd { return tea.Batch(t.columns.askLayout(), t.pins.load()) }

// Flush returns a command that saves unsaved changes. It returns nil if there are none.
func (t *Tab) Flush() tea.Cmd { return t.columns.flush() }

// Uncomputed returns the reason for each column that cannot be computed, by the name of the column. items are all items
// with the computed columns.
func Uncomputed(t *Tab, items item.Table) map[string]string { return t.formulas.Uncomputed(items) }

// Arrive updates the tab after some items of an answer have arrived.
func (t *Tab) Arrive() tea.Cmd {
	defer t.syncView()
	laidOut := t.columns.applyLayout()
	t.goBack()
	return tea.Batch(laidOut, t.filter.itemsChanged())
}

// Complete updates the tab after all items have arrived.
func (t *Tab) Complete() tea.Cmd {
	defer func() { t.formulas.CheckGiven(t.table.Items()) }()
	return tea.Batch(t.Arrive(), t.columns.fitParts(), t.columns.refreshParts())
}

// Prepare returns a command that speeds up later queries of the given columns.
func (t *Tab) Prepare(paths []item.Path) tea.Cmd { return t.filter.prepare(paths) }

// Cache returns the cache of the queries that filter and sort the items.
func (t *Tab) Cache() *query.Cache { return t.filter.cache }

// Exporting returns the job that writes a file.
func (t *Tab) Exporting() *screen.Job { return &t.exports.writing }

// Table returns the table of items.
func (t *Tab) Table() *table.Table { return &t.table }

// Jobs returns the tab's background jobs, except the export.
func (t *Tab) Jobs() []*screen.Job {
	return []*screen.Job{&t.filter.ordering, &t.filter.searching, &t.filter.emptySearch, &t.columns.expanding, &t.prompts.counting, &t.copies.copying, &t.marking.job, &t.laying, &t.values.job}
}
