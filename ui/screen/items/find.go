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

	// replaced are the filters that showOnly replaced; isShown reports that its filter is set.
	replaced []item.Filter
	isShown  bool

	ordering screen.Job
	// asked is the cursor position when the current reordering started.
	asked asked
	// isPartial reports that only the first matches of a new filter are visible; the search for the others is still
	// running.
	isPartial bool
	// isOutdated reports that items have arrived since the reordering started.
	isOutdated bool
}

// showsAll reports whether all items are visible in their original order.
func (f *filterer) showsAll() bool { return len(f.filters) == 0 && len(f.table.Sorted()) == 0 }

// sort sorts by the cursor's column only. If that is already the sort key, sort reverses the direction.
func (f *filterer) sort() tea.Cmd {
	path := f.table.Path()
	key := order.Key{Path: path}
	if len(f.table.Sorted()) == 1 && f.table.Sorted()[0].Path == path {
		key.Descending = !f.table.Sorted()[0].Descending
	}
	return f.sortBy([]order.Key{key})
}

// sortAlso adds the cursor's column as a secondary sort key. If it is already a sort key, sortAlso reverses its
// direction.
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
	f.table.SetSorted(keys)
	return f.reorder("sorting", toFirstRow, false)
}

// addFilter adds a filter to those already set.
func (f *filterer) addFilter(filter item.Filter) tea.Cmd {
	f.filters = append(slices.Clip(f.filters), filter)
	return f.reorder("filtering", toItem, true)
}

// removeFilter removes filter i.
func (f *filterer) removeFilter(i int) tea.Cmd {
	title := f.filters[i].Title()
	f.filters = slices.Delete(slices.Clone(f.filters), i, i+1)
	f.isShown = f.isShown && i > 0
	return tea.Batch(f.reorder("filtering", toItem, true), f.env.Say("removed "+f.env.Painter.Cut(title, 40)))
}

// replaceFilter replaces filter i.
func (f *filterer) replaceFilter(i int, filter item.Filter) tea.Cmd {
	f.filters = slices.Clone(f.filters)
	f.filters[i] = filter
	return f.reorder("filtering", toItem, true)
}

// showOnly replaces all filters with filter. It is used to go from a finding to its items.
func (f *filterer) showOnly(filter item.Filter, column optional.Value[item.Path]) tea.Cmd {
	replaced := len(f.filters)
	f.replaced, f.isShown = f.filters, true
	f.filters = []item.Filter{filter}
	if path, known := column.Get(); known {
		f.table.Show(path)
		f.table.SelectPath(path)
	}
	cmd := f.reorder("filtering", toFirstRow, true)
	if replaced > 0 {
		f.env.Say("replaced " + text.Counted(int64(replaced), "filter"))
	}
	return cmd
}

// showsOnly reports whether the only filter is the one of showOnly.
func (f *filterer) showsOnly() bool { return f.isShown && len(f.filters) == 1 }

// restore replaces the filter of showOnly with the filters before it.
func (f *filterer) restore() tea.Cmd {
	f.filters, f.replaced, f.isShown = f.replaced, nil, false
	return f.reorder("filtering", toItem, true)
}

// strip draws the line above the table that shows filters and search results. It returns no lines if there is nothing
// to show.
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

// filterNames lists the filters on w cells. If there is no room for all of them, it keeps the newest, which Esc removes
// first.
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
