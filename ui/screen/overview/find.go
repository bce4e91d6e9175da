package overview

import (
	"encoding/json"
	"math"
	"strconv"
	"strings"

	tea "charm.land/bubbletea/v2"

	"sbwatch/model/filter"
	"sbwatch/model/item"
	"sbwatch/model/search"
	"sbwatch/model/text"
	"sbwatch/monitor"
	"sbwatch/ui/line"
	"sbwatch/ui/screen"
	"sbwatch/ui/widget/prompt"
)

// Runs are filtered and searched with the same code as items: each run is an item of a table.

// finder filters and searches the runs.
type finder struct{ *Screen }

// table returns a table in which each run is an item. Its columns are the columns of the overview and "state".
func (s finder) table(rows []*row) item.Table {
	var b item.Builder
	var text []byte
	for _, r := range rows {
		text = append(text[:0], '{')
		for f := fieldRecipe; f <= fieldState; f++ {
			if f == fieldTrend || f == fields {
				continue
			}
			text = append(strconv.AppendQuote(text, f.name()), ':')
			text = append(r.value(f, s.env.Now).appendJSON(text), ',')
		}
		text[len(text)-1] = '}'
		_, _ = b.Append(append(text, ' ')) // the JSON is always valid
	}
	return b.Items()
}

// appendJSON appends the value as JSON to text. An unknown value becomes null, so that the table has the column even if
// all its values are unknown.
func (v value) appendJSON(text []byte) []byte {
	switch {
	case !v.isKnown || !v.isText && (math.IsNaN(v.number) || math.IsInf(v.number, 0)):
		return append(text, "null"...)
	case v.isText:
		quoted, _ := json.Marshal(v.text) // a string can always be marshaled
		return append(text, quoted...)
	default:
		return strconv.AppendFloat(text, v.number, 'f', -1, 64)
	}
}

// matching returns the rows that match a filter.
func (s finder) matching(rows []*row, f item.Filter) []*row {
	numbers := make([]uint32, len(rows))
	for i := range numbers {
		numbers[i] = uint32(i)
	}
	var kept []*row
	for _, i := range f.Picker(s.table(rows)).Pick(nil, numbers) {
		kept = append(kept, rows[i])
	}
	return kept
}

// filtered returns the runs that match all filters.
func (s finder) filtered() []*row {
	rows := append([]*row(nil), s.rows...)
	for _, one := range s.filters {
		rows = s.matching(rows, one)
	}
	return rows
}

// findMatches finds the visible runs that match the search.
func (s finder) findMatches() {
	s.matches = nil
	if s.search.IsEmpty() {
		return
	}
	var rows []*row
	for _, e := range s.entries {
		if e.row != nil {
			rows = append(rows, e.row)
		}
	}
	s.matches = map[monitor.RunKey]bool{}
	for _, r := range s.matching(rows, s.search) {
		s.matches[r.key] = true
	}
}

// walk moves the cursor to the nearest match, starting at the line with the index start and going down (by = 1) or up
// (by = -1). It continues at the other end of the list.
func (s finder) walk(start, by int) tea.Cmd {
	n := len(s.entries)
	for i := range n {
		at := ((start+i*by)%n + n) % n
		if r := s.entries[at].row; r != nil && s.matches[r.key] {
			s.hold()
			s.list.Select(at)
			s.list.Follow(s.listHeight())
			s.notePosition()
			return nil
		}
	}
	return s.env.Say("no match for " + s.env.Painter.Cut(s.search.Title(), 40))
}

func (s finder) setSearch(q search.Query) {
	s.search = q
	s.findMatches()
	s.arrange()
}

func (s finder) addFilter(one item.Filter) {
	s.filters = append(s.filters, one)
	s.order(true)
	s.arrange()
}

// removeFilter removes the newest filter.
func (s finder) removeFilter() {
	s.filters = s.filters[:len(s.filters)-1]
	s.order(true)
	s.arrange()
}

// strip draws the line above the runs with the filters and the search.
func (s view) strip(w int) string {
	p := s.env.Painter
	left, right := "", ""
	if len(s.filters) > 0 {
		var names []string
		for _, one := range s.filters {
			names = append(names, p.Warning.Render(one.Title()))
		}
		left = p.Strong.Render(text.Count(int64(s.kept))) + p.Muted.Render(" of "+runsText(len(s.rows))) +
			p.Faint.Render(" › ") + strings.Join(names, p.Faint.Render(" › "))
	}
	if !s.search.IsEmpty() {
		right = p.Accent.Render(p.Cut(s.search.Title(), w/2)) + " " + p.Muted.Render(matchCount(len(s.matches)))
	}
	return p.Between(left, right, w)
}

func matchCount(n int) string {
	switch n {
	case 0:
		return "no match"
	case 1:
		return "1 match"
	default:
		return text.Count(int64(n)) + " matches"
	}
}

// parseFilter parses the text of a prompt as a filter. If that fails, the prompt shows the error, and parseFilter
// returns false.
func (s finder) parseFilter(p *prompt.Prompt) (filter.Expr, bool) {
	expr, err := filter.Parse(p.Text())
	if err == nil {
		err = expr.Check(s.table(s.rows))
	}
	if err == nil {
		return expr, true
	}
	p.SetProblem(screen.LineProblem(err))
	return expr, false
}

// complete shows completions for a filter in the prompt.
func (s finder) complete(p *prompt.Prompt) {
	from, to, candidates := filter.Complete(p.Text(), p.Cursor(), s.table(s.rows))
	p.SetCompletions(screen.Completions(candidates), line.Span{From: from, To: to})
}
