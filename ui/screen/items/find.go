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
	"sbwatch/ui/widget/picker"
)

// filterer chooses which of the items show, and in which order.
type filterer struct {
	*searcher

	filters []item.Filter
	cache   *query.Cache
	// changed is called when other items show.
	changed func()

	ordering screen.Job
	// asked is where the cursor was when the order was asked for that is being worked out.
	asked asked
	// isPartial: only the first of the items that a new filter chooses show; the others are still looked for.
	isPartial bool
	// isBehind: items have come since the order was asked for.
	isBehind bool
}

// showsAll reports whether all items show in their own order.
func (f *filterer) showsAll() bool { return len(f.filters) == 0 && len(f.table.Sorted()) == 0 }

// sort sorts by the cursor's column alone; where that is so already, the other way round.
func (f *filterer) sort() tea.Cmd {
	path := f.table.Path()
	key := order.Key{Path: path}
	if len(f.table.Sorted()) == 1 && f.table.Sorted()[0].Path == path {
		key.Descending = !f.table.Sorted()[0].Descending
	}
	return f.sortBy([]order.Key{key})
}

// sortAlso sorts what is the same so far by the cursor's column; where that counts already, the other way round.
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

// addFilter keeps, of what shows, what the filter chooses.
func (f *filterer) addFilter(filter item.Filter) tea.Cmd {
	f.filters = append(slices.Clip(f.filters), filter)
	return f.reorder("filtering", toItem, true)
}

// liftFilter takes filter i away.
func (f *filterer) liftFilter(i int) tea.Cmd {
	title := f.filters[i].Title()
	f.filters = slices.Delete(slices.Clone(f.filters), i, i+1)
	return tea.Batch(f.reorder("filtering", toItem, true), f.env.Say("lifted "+f.env.Painter.Cut(title, 40)))
}

// chooseFilter asks which filter is to be lifted.
func (f *filterer) chooseFilter() {
	var choices []picker.Choice
	for i, filter := range slices.Backward(f.filters) {
		choices = append(choices, picker.Choice{Name: text.NewText(filter.Title()), ID: i})
	}
	pick(f.env.Env, "lift", choices, func(c picker.Choice) tea.Cmd { return f.liftFilter(c.ID) })
}

// showOnly lets only those items show that a filter chooses: the way from a finding to its items.
func (f *filterer) showOnly(filter item.Filter, column optional.Value[item.Path]) tea.Cmd {
	replaced := len(f.filters)
	f.filters = []item.Filter{filter}
	if path, known := column.Get(); known {
		f.table.Show(path)
		f.table.SelectPath(path)
	}
	cmd := f.reorder("filtering", toFirstRow, true)
	if replaced > 0 {
		f.env.Say("in place of " + text.Counted(int64(replaced), "filter"))
	}
	return cmd
}

// strip tells, above the table, which items show and what was found; none where there is nothing to tell.
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

// filterNames name the filters on w cells. Where there is no room for all, the newest stay, which esc lifts first.
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
		name := p.Faint.Render(" › ") + p.Doubtful.Render(filter.Title())
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
