package overview

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"sbwatch/model/parse"
	"sbwatch/monitor"
	"sbwatch/ui/draw"
)

// sortKey is a column to sort by.
type sortKey struct {
	field    field
	reversed bool
}

// mark returns "↓" for descending order and "↑" for ascending order. If reversed is false, numbers are in descending
// order and names in ascending order.
func (k sortKey) mark() string {
	if k.field.isNumber() != k.reversed {
		return "↓"
	}
	return "↑"
}

// compare compares two values of the key's column. Unknown values are last in both directions.
func (k sortKey) compare(v, w value) int {
	switch {
	case !v.isKnown || !w.isKnown:
		return boolOrder(w.isKnown, v.isKnown)
	case v.isText:
		return signed(parse.CompareNatural([]byte(v.text), []byte(w.text)), k.reversed)
	default:
		return signed(cmp.Compare(v.number, w.number), k.field.isNumber() != k.reversed)
	}
}

func signed(order int, isReversed bool) int {
	if isReversed {
		return -order
	}
	return order
}

// boolOrder compares two booleans. false is less than true.
func boolOrder(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	default:
		return 1
	}
}

// entry is a line of the overview: a run, or the heading of a group of runs.
type entry struct {
	row       *row
	group     *group
	isInGroup bool // the run is listed below the heading of its group
}

// group holds the runs of one recipe.
type group struct {
	recipe string
	rows   []*row
}

// holdTime is how long the order stays the same after a key press. Lines must not move while the user selects a run.
const holdTime = 5 * time.Second

// hold keeps the order for holdTime.
func (s *Screen) hold() { s.heldUntil = s.env.Now.Add(holdTime) }

// order sorts the visible runs again. The cursor stays on its run. If isForced is false, order does not sort within
// holdTime after a key press. After that time it sorts and, if possible, keeps the run at the cursor on its line of the
// screen.
func (s *Screen) order(isForced bool) {
	s.sum()
	if !isForced && s.env.Now.Before(s.heldUntil) {
		s.isStale = true
		return
	}
	s.isStale = false
	rows := finder{s}.filtered()
	s.kept = len(rows)
	for _, r := range rows {
		r.keys = r.keys[:0]
		for _, key := range s.sorted {
			r.keys = append(r.keys, r.value(key.field, s.env.Now))
		}
	}
	slices.SortFunc(rows, s.compare)
	s.entries = s.entries[:0]
	if s.isGrouped {
		s.addGroups(rows)
	} else {
		for _, r := range rows {
			s.entries = append(s.entries, entry{row: r})
		}
	}
	s.list.SetLen(len(s.entries))
	switch at := s.find(s.at); {
	case s.heldUntil.IsZero():
		s.list.Select(0) // the first lines stay visible until the user moves the cursor to a run
	case isForced:
		s.list.Select(at)
	default:
		s.list.MoveTo(at)
	}
	s.list.Follow(s.listHeight())
	s.notePosition()
	finder{s}.findMatches()
}

// compare orders two runs by the sort keys. Of two runs with equal keys, the run that needs more attention comes first.
// If they need the same attention, the run that was added earlier comes first.
func (s *Screen) compare(a, b *row) int {
	for i, key := range s.sorted {
		if order := key.compare(a.keys[i], b.keys[i]); order != 0 {
			return order
		}
	}
	return cmp.Or(cmp.Compare(a.attention, b.attention), cmp.Compare(a.key, b.key))
}

// addGroups adds the runs to entries, grouped by recipe. Groups are in the order of their first run. A recipe with a
// single run gets no heading.
func (s *Screen) addGroups(rows []*row) {
	groups := map[string]*group{}
	var order []*group
	for _, r := range rows {
		recipe := r.watch.RecipeID().String()
		if groups[recipe] == nil {
			groups[recipe] = &group{recipe: recipe}
			order = append(order, groups[recipe])
		}
		groups[recipe].rows = append(groups[recipe].rows, r)
	}
	for _, g := range order {
		if len(g.rows) == 1 {
			s.entries = append(s.entries, entry{row: g.rows[0]})
			continue
		}
		s.entries = append(s.entries, entry{group: g})
		if s.folded[g.recipe] {
			continue
		}
		for _, r := range g.rows {
			s.entries = append(s.entries, entry{row: r, isInGroup: true})
		}
	}
}

// position is what the cursor is on: a run, or the heading of a group.
type position struct {
	run    monitor.RunKey // 0 if the cursor is on a heading
	recipe string
}

func (e entry) position() position {
	if e.group != nil {
		return position{recipe: e.group.recipe}
	}
	return position{run: e.row.key, recipe: e.row.watch.RecipeID().String()}
}

// find returns the index of the line of the run in p. If the run has no line, because its group is folded, find returns
// the line of the group. If the group has no line either, find returns the line of the cursor.
func (s *Screen) find(p position) int {
	heading := -1
	for i, e := range s.entries {
		switch {
		case e.row != nil && e.row.key == p.run:
			return i
		case e.group != nil && e.group.recipe == p.recipe:
			heading = i
		}
	}
	if heading >= 0 {
		return heading
	}
	return min(s.list.Cursor(), max(0, len(s.entries)-1))
}

// notePosition stores the position of the cursor, so that the cursor can stay on its run.
func (s *Screen) notePosition() {
	if i := s.list.Cursor(); i < len(s.entries) {
		s.at = s.entries[i].position()
	}
}

// current returns the run at the cursor. If the cursor is on the heading of a group, it returns the first run of the
// group. It returns false if there are no runs.
func (s *Screen) current() (*row, bool) {
	i := s.list.Cursor()
	switch {
	case i >= len(s.entries):
		return nil, false
	case s.entries[i].group != nil:
		return s.entries[i].group.rows[0], true
	default:
		return s.entries[i].row, true
	}
}

// groupLine draws the heading of a group, with totals of its runs.
func (s view) groupLine(g *group) string {
	p := s.env.Painter
	sign := "▾ "
	if s.folded[g.recipe] {
		sign = "▸ "
	}
	parts := make([]string, len(s.layout.fields))
	for i, f := range s.layout.fields {
		w := s.layout.widths[i]
		switch f {
		case fieldRecipe:
			parts[i] = p.Accent.Render(p.Fit(sign+orDash(g.recipe), w))
		case fieldRun:
			parts[i] = p.Muted.Render(p.Fit(runsText(len(g.rows)), w))
		case fieldStatus:
			shown, style := s.cell(g.neediest(), f)
			parts[i] = style.Render(p.Fit(shown, w))
		case fieldNote:
			parts[i] = p.Muted.Render(p.Cut(stateCounts(countStates(g.rows)), w))
		default:
			shown := total(g.rows, f, s.env.Now)
			if f.isCount() && p.Width(shown) > w {
				sum, _, _ := addUp(g.rows, f, s.env.Now)
				shown = shortNumber(sum)
			}
			parts[i] = p.Strong.Render(p.FitRight(shown, w))
		}
	}
	return strings.TrimRight(strings.Join(parts, draw.Spaces(columnGap)), " ")
}

// neediest returns the run of the group that needs the most attention.
func (g *group) neediest() *row {
	return slices.MinFunc(g.rows, func(a, b *row) int { return cmp.Compare(a.attention, b.attention) })
}
