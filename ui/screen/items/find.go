package items

import (
	"slices"

	tea "charm.land/bubbletea/v2"

	"sbwatch/model/item"
	"sbwatch/model/optional"
	"sbwatch/model/order"
	"sbwatch/model/text"
	"sbwatch/query"
	"sbwatch/ui/screen"
)

// filterer selects and orders the visible items.
type filterer struct {
	*searcher

	filters []item.Filter
	cache   *query.Cache
	// changed is called after the visible items have changed.
	changed func()
	// edited is called after the user has changed the filters or the sort keys.
	edited func()

	// replaced holds the filters that showOnly has replaced. isShown reports whether the filter that showOnly has set
	// is still active.
	replaced []item.Filter
	isShown  bool

	ordering screen.Job
	// preparing is the job that fills the cache with columns, so that queries of these columns are fast. The footer
	// does not show it.
	preparing screen.Job
	// asked is the position of the cursor when the current reordering started.
	asked asked
	// returning is the position to which the cursor returns when the items have arrived.
	returning optional.Value[place]
	// placed is the row on which the program has put the cursor. If the cursor is on another row, the user has moved
	// it.
	placed int
	// isComplete reports whether all items have arrived.
	isComplete bool
	// shownSort holds the sort keys of the visible rows while they are sorted by other keys. It is unknown if the current
	// reordering has another reason.
	shownSort optional.Value[[]order.Key]
	// isPartial reports whether only the first matches of a new filter are visible. The search for the other matches is
	// still in progress.
	isPartial bool
	// isOutdated reports whether items have arrived since the reordering started.
	isOutdated bool
}

// showsAll reports whether all items are visible in their original order.
func (f *filterer) showsAll() bool { return len(f.filters) == 0 && len(f.table.Sorted()) == 0 }

// sort sorts by the column at the cursor. If the items are already sorted by it, sort reverses the direction.
func (f *filterer) sort() tea.Cmd {
	path := f.table.Path()
	key := order.Key{Path: path}
	if len(f.table.Sorted()) == 1 && f.table.Sorted()[0].Path == path {
		key.Descending = !f.table.Sorted()[0].Descending
	}
	return f.sortBy([]order.Key{key})
}

// sortAlso adds the column at the cursor as the last sort key. If the column is already a sort key, sortAlso reverses
// the direction of this key.
func (f *filterer) sortAlso() tea.Cmd {
	path := f.table.Path()
	keys := slices.Clone(f.table.Sorted())
	if i := slices.IndexFunc(keys, func(k order.Key) bool { return k.Path == path }); i >= 0 {
		keys[i].Descending = !keys[i].Descending
	} else {
		keys = append(keys, order.Key{Path: path})
	}
	return f.sortBy(keys)
}

func (f *filterer) sortBy(keys []order.Key) tea.Cmd {
	shown := f.table.Sorted()
	if f.isSorting() {
		shown, _ = f.shownSort.Get()
	}
	f.table.SetSorted(keys)
	f.edited()
	cmd := f.reorder("sorting", toFirstRow, false)
	f.shownSort = optional.Some(shown)
	f.ordering.Note("   esc cancel")
	return cmd
}

// isSorting reports whether the items are being sorted because the user has changed the sort keys.
func (f *filterer) isSorting() bool {
	_, isSort := f.shownSort.Get()
	return isSort && f.ordering.Runs()
}

// cancelSort restores the sort keys of the visible rows.
func (f *filterer) cancelSort() tea.Cmd {
	shown, _ := f.shownSort.Get()
	f.table.SetSorted(shown)
	f.edited()
	return f.reorder("sorting", toItem, false)
}

func (f *filterer) addFilter(filter item.Filter) tea.Cmd {
	f.filters = append(slices.Clip(f.filters), filter)
	f.edited()
	return f.reorder("filtering", toItem, true)
}

func (f *filterer) removeFilter(i int) tea.Cmd {
	title := f.filters[i].Title()
	f.filters = slices.Delete(slices.Clone(f.filters), i, i+1)
	f.isShown = f.isShown && i > 0
	f.edited()
	return tea.Batch(f.reorder("filtering", toItem, true), f.env.Say("removed "+f.env.Painter.Cut(title, 40)))
}

func (f *filterer) replaceFilter(i int, filter item.Filter) tea.Cmd {
	f.filters = slices.Clone(f.filters)
	f.filters[i] = filter
	f.edited()
	return f.reorder("filtering", toItem, true)
}

// showOnly replaces all filters with filter and moves the cursor to column.
func (f *filterer) showOnly(filter item.Filter, column optional.Value[item.Path]) tea.Cmd {
	replaced := len(f.filters)
	f.replaced, f.isShown = f.filters, true
	f.filters = []item.Filter{filter}
	if path, known := column.Get(); known {
		f.table.Show(path)
		f.table.SelectPath(path)
	}
	f.edited()
	cmd := f.reorder("filtering", toFirstRow, true)
	if replaced > 0 {
		f.env.Say("replaced " + text.Counted(int64(replaced), "filter"))
	}
	return cmd
}

// showsOnly reports whether the filter that showOnly has set is the only filter.
func (f *filterer) showsOnly() bool { return f.isShown && len(f.filters) == 1 }

// restore undoes showOnly: it sets the previous filters again.
func (f *filterer) restore() tea.Cmd {
	f.filters, f.replaced, f.isShown = f.replaced, nil, false
	f.edited()
	return f.reorder("filtering", toItem, true)
}

func (f *filterer) setFilters(filters []item.Filter) tea.Cmd {
	f.filters, f.replaced, f.isShown = filters, nil, false
	f.edited()
	return f.reorder("filtering", toItem, true)
}

// strip draws the line above the table with the filters and the search. It returns nil if there are no filters and no
// search.
func (f *filterer) strip(w int) []string {
	p := f.env.Painter
	if len(f.filters) == 0 && f.query.IsEmpty() {
		return nil
	}
	right := ""
	if !f.query.IsEmpty() {
		right = p.Accent.Render(f.env.Painter.Cut(f.query.Title(), w/2)) + " " + p.Muted.Render(f.matchCount())
	}
	return []string{p.Between(f.filterNames(w-p.Width(right)-2), right, w)}
}

// filterNames lists the filters on w cells. If not all filters fit, it lists the newest filters, because Esc removes
// the newest filter first.
func (f *filterer) filterNames(w int) string {
	p := f.env.Painter
	if len(f.filters) == 0 {
		return ""
	}
	counts := text.Count(int64(f.table.Len()))
	if f.isPartial {
		counts += "+"
	}
	of := " of " + text.Count(int64(f.table.Items().Len()))
	room := w - p.Width(counts) - p.Width(of)
	names := ""
	for i, filter := range slices.Backward(f.filters) {
		name := p.Faint.Render(" › ") + p.Warning.Render(filter.Title())
		if width := p.Width(name); width > room && names != "" {
			names = p.Faint.Render(" › …") + names
			break
		}
		name = p.Cut(name, max(8, room))
		room -= p.Width(name)
		if i > 0 {
			room -= p.Width(" › …")
		}
		names = name + names
	}
	return p.Strong.Render(counts) + p.Muted.Render(of) + names
}
