package profile

import (
	"math"
	"strconv"
	"strings"

	"sbwatch/model/text"
)

// Limits of what is called suspicious.
const (
	// chanceLeast is how improbable it must be that values are missing side by side by chance.
	chanceLeast = 1e-3
	// few items are judged by their number, not by a share.
	few = 20
	// A column that is covered at least so far is nearly whole; one that is covered less than the other is rather one
	// that few items are meant to have.
	nearlyWhole, rarelyThere = 0.98, 0.2
)

// findAbsence notes what is wrong with where a column is present and where not.
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

// isCounted tells whether it is known in which segments a value could be: for a nested column, where what holds it is
// always an object.
func (p *Profile) isCounted(c *Column) bool {
	return c.Parent < 0 || p.Columns[c.Parent].segments != nil && p.Columns[c.Parent].Types[Object] == p.Columns[c.Parent].Covered()
}

// findEmpty notes a column with nothing in it.
func (p *Profile) findEmpty(column int) {
	c := &p.Columns[column]
	severity := Bad
	seen := c.Of - c.Presence[Missing]
	switch {
	case c.Place.InList() && c.Of < few:
		severity = Note
	case c.Of < 3 || seen*2 < p.items.Len():
		severity = Doubtful
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

// breakdown tells in which ways values are not there, of so many.
func (c *Column) breakdown(of int) string {
	var parts []string
	seen := c.Covered()
	for presence := Null; presence < Missing; presence++ {
		seen += c.Presence[presence]
		if n := c.Presence[presence]; n > 0 {
			parts = append(parts, text.Count(int64(n))+" "+presence.String())
		}
	}
	if missing := of - seen; missing > 0 {
		parts = append(parts, text.Count(int64(missing))+" "+Missing.String())
	}
	return " (" + strings.Join(parts, ", ") + ")"
}

// firstAbsent is the first item that is known to have something empty; fallback where none is.
func (c *Column) firstAbsent(fallback int) int {
	first := math.MaxInt
	for presence := Null; presence < Missing; presence++ {
		if c.Presence[presence] > 0 {
			first = min(first, c.presenceFirst[presence])
		}
	}
	if first == math.MaxInt {
		return fallback
	}
	return first
}

// findLowCoverage notes a column that is not everywhere.
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
	severity := Doubtful
	switch {
	case of < few:
		if absent*2 < of || of < 5 {
			severity = Note
		}
	case share >= nearlyWhole || share < rarelyThere:
		severity = Note
	}
	if c.Parent < 0 && of >= few && share < rarelyThere {
		p.rare = append(p.rare, column)
	}
	text := c.name() + " is not there in " + text.Count(int64(absent)) + " of " + text.Count(int64(of)) + " " + what
	if of >= few {
		text += ", " + Percent(c.Covered(), of) + " covered"
	}
	p.add(Finding{
		Kind: LowCoverage, Severity: severity, Column: column, Count: absent, Of: of, Text: text + c.breakdown(of),
		Rows: []int{p.firstGap(c)}, filter: p.without(c), weight: 1 - share,
	})
}

// Percent writes a share, never rounded to an end that it has not reached: "61%", "under 1%", "over 99%".
func Percent(n, of int) string {
	if of == 0 {
		return "0%"
	}
	share := 100 * float64(n) / float64(of)
	switch {
	case n > 0 && share < 1:
		return "under 1%"
	case n < of && share > 99:
		return "over 99%"
	default:
		return strconv.Itoa(int(share+0.5)) + "%"
	}
}

// firstGap is an item near which the column is not present.
func (p *Profile) firstGap(c *Column) int {
	for segment, n := range c.segments {
		if int(n) < p.eligible(c, segment) {
			return p.segments.from[segment]
		}
	}
	return c.firstAbsent(0)
}

// eligible is how many items of a segment could have a value.
func (p *Profile) eligible(c *Column, segment int) int {
	if c.Parent >= 0 && p.Columns[c.Parent].segments != nil {
		return int(p.Columns[c.Parent].segments[segment])
	}
	return p.segments.from[segment+1] - p.segments.from[segment]
}

// eligibleIn is how many items from one up to, but not, another could have a value. For nested columns both must be where
// segments begin or end.
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

// isNoChance tells whether so many absent values side by side are no chance, in a column that otherwise has so many present
// of so many. A column with few values proves little.
func isNoChance(absent, covered, of int) bool {
	there := (float64(covered) + 0.5) / (float64(of) + 1)
	return absent > 0 && float64(absent)*math.Log1p(-min(there, 1-1e-9)) < math.Log(chanceLeast)
}
