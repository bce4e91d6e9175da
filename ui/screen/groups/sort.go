package groups

import (
	"cmp"
	"math"
	"slices"

	tea "charm.land/bubbletea/v2"

	"sbwatch/model/group"
	"sbwatch/model/item"
	"sbwatch/model/parse"
	"sbwatch/ui/cell"
	"sbwatch/ui/screen"
)

// The indexes of the column of values and of the column of counts. The columns with numbers have higher indexes.
const (
	columnValue = iota
	columnCount
)

// aggregate is a way to summarize the numbers of a group.
type aggregate int

const (
	aggregateMean aggregate = iota
	aggregateSum
	aggregateMin
	aggregateMax
	aggregates // number of aggregates
)

// String returns the name of the aggregate.
func (a aggregate) String() string {
	return [...]string{aggregateMean: "mean", aggregateSum: "sum", aggregateMin: "min", aggregateMax: "max"}[a]
}

// next returns the aggregate after this one. After the last comes the first.
func (a aggregate) next() aggregate { return (a + 1) % aggregates }

// compute returns the aggregate of the numbers of a group. The result is NaN if the group has no numbers.
func (a aggregate) compute(n group.Numbers) float64 {
	switch {
	case n.Count == 0:
		return math.NaN()
	case a == aggregateSum:
		return n.Sum
	case a == aggregateMin:
		return n.Min
	case a == aggregateMax:
		return n.Max
	default:
		return n.Mean()
	}
}

type order struct {
	column       int
	by           aggregate // only used if the column has numbers
	isDescending bool
}

// title returns the title of the column by which the groups are sorted.
func (o order) title(s *Screen) string {
	switch o.column {
	case columnValue:
		return cell.Name(s.config.By.Name())
	case columnCount:
		return "items"
	default:
		return o.by.String() + " of " + cell.Name(s.numbers[o.column-columnCount-1].Name())
	}
}

// arrow returns " ↑" or " ↓" for the title of the column by which the groups are sorted, and "" for any other column.
// The parameter shows is the aggregate that a column with numbers shows.
func (o order) arrow(column int, shows aggregate) string {
	switch {
	case o.column != column || column > columnCount && o.by != shows:
		return ""
	case o.isDescending:
		return " ↓"
	default:
		return " ↑"
	}
}

// sort sorts by the column at the cursor. If the groups are already sorted by it, sort reverses the order. Counts and
// aggregates start with the largest.
func (s *Screen) sort() tea.Cmd {
	next := order{column: s.column, isDescending: s.column != columnValue}
	if s.column > columnCount {
		next.by = s.shows
	}
	if next.column == s.order.column && next.by == s.order.by {
		next.isDescending = !s.order.isDescending
	}
	_, _, generation := s.job.Begin(s.env, "sorting")
	groups, items, by := slices.Clone(s.groups), s.config.Items, s.config.By
	return screen.ToLayer(s, func() tea.Msg {
		next.sort(groups, items, by)
		return sortedMsg{generation, groups, next}
	})
}

func (s *Screen) sorted(msg sortedMsg) {
	if !s.job.Done(msg.generation) {
		return
	}
	s.groups, s.order = msg.groups, msg.order
	s.list.Select(0)
	s.setRows()
}

// sort sorts groups. Groups that have no value or number in the sort column come last.
func (o order) sort(groups []group.Group, items item.Table, by item.Path) {
	sign := 1
	if o.isDescending {
		sign = -1
	}
	if o.column == columnValue {
		sortByValue(groups, items, by, sign)
		return
	}
	slices.SortStableFunc(groups, func(a, b group.Group) int {
		if o.column == columnCount {
			return sign * cmp.Compare(a.Count, b.Count)
		}
		x, y := o.by.compute(a.Numbers[o.column-columnCount-1]), o.by.compute(b.Numbers[o.column-columnCount-1])
		if math.IsNaN(x) || math.IsNaN(y) {
			return isNaN(x) - isNaN(y)
		}
		return sign * cmp.Compare(x, y)
	})
}

func isNaN(x float64) int {
	if math.IsNaN(x) {
		return 1
	}
	return 0
}

// sortByValue sorts groups by their values in natural order, so that 9 comes before 10. The parameter sign is 1 for
// ascending and -1 for descending order.
func sortByValue(groups []group.Group, items item.Table, by item.Path, sign int) {
	type keyed struct {
		group group.Group
		text  []byte
		none  int // 1 if the group has no value, and 0 otherwise
	}
	all := make([]keyed, len(groups))
	for i, g := range groups {
		value := items.At(g.First, by)
		all[i] = keyed{group: g, text: []byte(value.Preview(cell.PreviewSize).Raw())}
		if value.Presence() != item.Present {
			all[i].none = 1
		}
	}
	slices.SortStableFunc(all, func(a, b keyed) int {
		if a.none != b.none || a.none == 1 {
			return a.none - b.none
		}
		return sign * parse.CompareNatural(a.text, b.text)
	})
	for i := range all {
		groups[i] = all[i].group
	}
}
