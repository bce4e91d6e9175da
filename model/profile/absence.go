package profile

import (
	"math"
	"strconv"
	"strings"

	"sbwatch/model/item"
	"sbwatch/model/text"
)

// Limits for findings about absent values.
const (
	// maxChance is a probability. A series of adjacent absent values that is less probable is not considered random.
	maxChance = 1e-3
	// smallSample is the number of items below which findings are based on counts instead of shares.
	smallSample = 20
	// highCoverage is the minimum coverage of a column that is nearly complete. A column with less than rareCoverage is
	// probably optional.
	highCoverage, rareCoverage = 0.98, 0.2
)

// findAbsence adds findings about where values of a column are absent.
func (p *Profile) findAbsence(column int) {
	c := &p.Columns[column]
	absent := c.Holders - c.Covered()
	if c.Place.IsElements() {
		absent = c.Of - c.Covered()
	}
	if absent <= 0 || c.Of == 0 {
		return
	}
	if c.Covered() == 0 {
		p.findEmpty(column)
		return
	}
	if !c.Place.InList() && c.segments != nil && p.isCounted(c) {
		explained := p.findStop(column) + p.findStart(column) + p.findMissingPages(column)
		if explained*5 >= absent*4 {
			return
		}
	}
	p.findLowCoverage(column, absent)
}

// isCounted reports whether the profile knows, for each segment of rows, how many items could have a value. For a
// nested column, it knows this only if all values of its parent are objects.
func (p *Profile) isCounted(c *Column) bool {
	return c.Parent < 0 || p.Columns[c.Parent].segments != nil && p.Columns[c.Parent].Types[Object] == p.Columns[c.Parent].Covered()
}

func (p *Profile) findEmpty(column int) {
	c := &p.Columns[column]
	severity := Error
	seen := c.Of - c.Presence[item.Missing]
	switch {
	case c.Place.InList() && c.Of < smallSample:
		severity = Note
	case c.Of < 3 || seen*2 < p.items.Len():
		severity = Warning
	}
	what, of := "item", p.items.Len()
	if c.Place.InList() {
		what, of = "element", c.Of
	} else if c.Level > 0 {
		what, of = "item", c.Holders
	}
	where := " is empty in all " + text.Counted(int64(of), what)
	if of == 1 {
		where = " is empty in the only " + what
	}
	if c.Level > 0 && !c.Place.InList() {
		where += " with " + p.Columns[c.Parent].name()
	}
	p.add(Finding{
		Kind: EmptyColumn, Severity: severity, Column: column, Count: of, Of: of, Text: c.name() + where + c.breakdown(of),
		Rows: []int{c.firstAbsent(0)}, filter: p.without(c), weight: float64(of),
	})
}

// breakdown lists the kinds of absent values: " (3 null, 2 missing)".
func (c *Column) breakdown(of int) string {
	var parts []string
	seen := c.Covered()
	for presence := item.Null; presence < item.Missing; presence++ {
		seen += c.Presence[presence]
		if n := c.Presence[presence]; n > 0 {
			parts = append(parts, text.Count(int64(n))+" "+presence.String())
		}
	}
	if missing := of - seen; missing > 0 {
		parts = append(parts, text.Count(int64(missing))+" "+item.Missing.String())
	}
	return " (" + strings.Join(parts, ", ") + ")"
}

// firstAbsent returns the index of the first item whose value is null, blank or empty, or fallback if there is none.
// Items whose value is missing are not recorded.
func (c *Column) firstAbsent(fallback int) int {
	first := math.MaxInt
	for presence := item.Null; presence < item.Missing; presence++ {
		if c.Presence[presence] > 0 {
			first = min(first, c.presenceFirst[presence])
		}
	}
	if first == math.MaxInt {
		return fallback
	}
	return first
}

// findLowCoverage adds a finding for a column that is absent in some items.
func (p *Profile) findLowCoverage(column, absent int) {
	c := &p.Columns[column]
	of, what := c.Holders, "items"
	if c.Place.InList() {
		of, what = c.Of, "objects"
		if c.Place.IsElements() {
			what = "elements"
		}
	} else if c.Level > 0 {
		what = "items with " + p.Columns[c.Parent].name()
	}
	share := float64(c.Covered()) / float64(of)
	severity := Warning
	switch {
	case of < smallSample:
		if absent*2 < of || of < 5 {
			severity = Note
		}
	case share >= highCoverage || share < rareCoverage:
		severity = Note
	}
	if c.Parent < 0 && of >= smallSample && share < rareCoverage {
		p.rare = append(p.rare, column)
	}
	text := c.name() + " is empty in " + text.Count(int64(absent)) + " of " + text.Count(int64(of)) + " " + what
	if of >= smallSample {
		text += ", " + Percent(c.Covered(), of) + " covered"
	}
	p.add(Finding{
		Kind: LowCoverage, Severity: severity, Column: column, Count: absent, Of: of, Text: text + c.breakdown(of),
		Rows: []int{p.firstGap(c)}, filter: p.without(c), weight: 1 - share,
	})
}

// Percent formats the share of n in total as a percentage: "61%", "under 1%", "over 99%". The result is 0% or 100% only
// if the share is exactly that.
func Percent(n, total int) string {
	if total == 0 {
		return "0%"
	}
	share := 100 * float64(n) / float64(total)
	switch {
	case n > 0 && share < 1:
		return "under 1%"
	case n < total && share > 99:
		return "over 99%"
	default:
		return strconv.Itoa(int(share+0.5)) + "%"
	}
}

// firstGap returns the first item of the first segment in which values are absent. If values are not counted by
// segment, it returns the first item whose value is null, blank or empty. It returns 0 if there is no such item.
func (p *Profile) firstGap(c *Column) int {
	for segment, n := range c.segments {
		if int(n) < p.eligible(c, segment) {
			return p.segments.from[segment]
		}
	}
	return c.firstAbsent(0)
}

// eligible returns how many items of a segment could have a value of the column. For a top-level column, these are all
// items; for a nested column, those that have a value of the parent column.
func (p *Profile) eligible(c *Column, segment int) int {
	if c.Parent >= 0 && p.Columns[c.Parent].segments != nil {
		return int(p.Columns[c.Parent].segments[segment])
	}
	return p.segments.from[segment+1] - p.segments.from[segment]
}

// eligibleIn returns how many of the items in [from, to) could have a value of the column. For nested columns, from and
// to must be segment boundaries.
func (p *Profile) eligibleIn(c *Column, from, to int) int {
	if c.Parent < 0 {
		return to - from
	}
	n := 0
	first, end := p.segments.ofRows(from, to)
	for segment := first; segment < end; segment++ {
		n += p.eligible(c, segment)
	}
	return n
}

// isSignificantGap reports whether a gap is too long to be random. absent is the number of items in the gap, others is
// the number of items outside the gap, and covered is the number of items outside the gap that have a value. Columns
// with few values rarely have a significant gap.
func isSignificantGap(absent, covered, others int) bool {
	there := (float64(covered) + 0.5) / (float64(others) + 1)
	return absent > 0 && float64(absent)*math.Log1p(-min(there, 1-1e-9)) < math.Log(maxChance)
}
