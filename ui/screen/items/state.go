package items

import (
	"sbwatch/model/item"
	"sbwatch/model/optional"
	"sbwatch/model/search"
	"sbwatch/ui/screen/items/marks"
	"sbwatch/ui/screen/items/views"
	"sbwatch/ui/widget/prompt"
	"sbwatch/ui/widget/tree"
)

// Filters returns the active filters, the newest last.
func (t *Tab) Filters() []item.Filter { return t.filter.filters }

// Search returns the active search. isDone reports whether all its matches are known.
func (t *Tab) Search() (q search.Query, isDone bool) { return t.filter.query, t.filter.isDone }

// OpenItem returns the row and the fields of the open item. isOpen is false if no item is open.
func (t *Tab) OpenItem() (row int, fields *tree.Tree, isOpen bool) {
	return t.item.row, &t.item.tree, t.item.open
}

// Prompt returns the open prompt. It returns false if no prompt is open.
func (t *Tab) Prompt() (*prompt.Prompt, bool) { return &t.prompts.line.Prompt, t.prompts.line.isOpen() }

// ExportProblem returns the error that the export dialog shows. isOpen is false if the dialog is closed.
func (t *Tab) ExportProblem() (problem string, isOpen bool) {
	if t.exports.dialog == nil {
		return "", false
	}
	return t.exports.dialog.problem, true
}

// State is what the user has set up in a tab, such as the filters. If the program frees the memory of the items and
// reads them again later, the new tab can start with the state of the old tab. The state does not hold the items.
type State struct {
	view  views.View
	views views.History
	query search.Query
	marks marks.Set
	place place
	// isKnown is false for the zero State, and true for a State that [Tab.State] has returned.
	isKnown bool
}

// place is the position of the cursor.
type place struct {
	item   int // index of the item
	line   int // line of the item below the headers
	column item.Path
}

// State returns the current state. While a tab has no items, it returns the state with which the tab started.
func (t *Tab) State() State {
	if t.table.Items().Len() == 0 {
		return t.config.State
	}
	s := State{view: t.view(t.filter.filters), views: t.views, query: t.filter.query, marks: *t.marks.Clone(), isKnown: true}
	s.place = place{line: t.table.Row() - t.table.Top(), column: t.table.Path()}
	if returning, isPending := t.filter.returning.Get(); isPending {
		s.place = returning
	} else if t.table.Len() > 0 {
		s.place.item = t.table.Item(t.table.Row())
	}
	return s
}

// start sets up the tab with the state s. The column layout and the position of the cursor are applied when the items
// arrive.
func (t *Tab) start(s State) {
	if !s.isKnown {
		return
	}
	t.filter.filters = s.view.Filters
	t.filter.setSearch(s.query)
	t.filter.returning = optional.Some(s.place)
	t.table.SetSorted(s.view.Sort)
	*t.marks, t.views = *s.marks.Clone(), s.views
	t.columns.remembered.waiting = optional.Some(s.view.Layout)
	t.columns.remembered.changes, t.columns.remembered.saved = 1, 1 // the saved layout is not newer
}

// goBack moves the cursor back to its stored position once the item at this position has arrived. Once all items have
// arrived, goBack moves the cursor there again, because the height of the table may have changed. It does nothing if
// the user has moved the cursor in the meantime, or if the items are filtered or sorted: the reordering then moves the
// cursor.
func (t *Tab) goBack() {
	f := t.filter
	to, isPending := f.returning.Get()
	switch {
	case !isPending:
	case t.table.Row() != f.placed:
		f.returning = optional.Value[place]{}
	case f.showsAll() && to.item < t.table.Items().Len():
		if t.columns.isComplete {
			f.returning = optional.Value[place]{}
		}
		t.table.ScrollTo(to.item - to.line)
		t.table.SelectRow(to.item)
		f.placed = t.table.Row()
		t.table.SelectPath(to.column)
	}
}
