package profile

import (
	"strings"

	"sbwatch/model/text"
)

// findInValues adds findings about the present values of a column.
func (p *Profile) findInValues(column int) {
	c := &p.Columns[column]
	if c.Covered() == 0 {
		return
	}
	p.findMixedTypes(column)
	p.findStray(column, Markup, c.Markup)
	p.findStray(column, Entities, c.Entities)
	p.findStray(column, Spaces, c.Spaces)
	p.findOutliers(column)
	p.findConstant(column)
}

// findMixedTypes adds a finding for a column with values of several types.
func (p *Profile) findMixedTypes(column int) {
	c := &p.Columns[column]
	main, count := c.MainType()
	others := c.Covered() - count
	if others == 0 {
		return
	}
	severity, is := c.mixedSeverity(main)
	if !is {
		return
	}
	var kinds []string
	first := c.Last
	for t := range Type(Types) {
		if n := c.Types[t]; n > 0 {
			kinds = append(kinds, text.Count(int64(n))+" "+t.String())
			if t != main {
				first = min(first, c.typeFirst[t])
			}
		}
	}
	p.add(Finding{
		Kind: MixedTypes, Severity: severity, Column: column, Count: others, Of: c.Covered(),
		Text: c.name() + " has values of several types: " + strings.Join(kinds, ", "),
		Rows: []int{first}, weight: float64(count) / float64(c.Covered()),
		filter: c.withTypes(c.name()+" not "+main.String(), func(t Type) bool { return t != main }),
	})
}

// mixedSeverity returns how serious the mix of types in a column is, and false if it is normal.
func (c *Column) mixedSeverity(main Type) (Severity, bool) {
	texts, numbersInText := 0, c.Types[NumberInText]
	for t := range Type(Types) {
		if t.IsText() {
			texts += c.Types[t]
		}
	}
	covered := c.Covered()
	switch {
	case texts == 0 || texts == covered:
	case c.Types[Number]+numbersInText == covered:
		return Note, true // "12" is read as the number 12
	default:
		return Warning, true
	}
	if texts == 0 {
		return Warning, true // two JSON types other than strings
	}
	// A column of text can contain anything. But among nearly all prices, a text that is no price is suspicious.
	share := float64(c.Types[main]) / float64(covered)
	switch {
	case main == Text || covered < smallSample || share < 0.8:
		return Note, false
	case share < 0.95:
		return Note, true
	default:
		return Warning, true
	}
}

// findStray adds a finding for texts with stray text.
func (p *Profile) findStray(column int, stray Stray, mark Mark) {
	if mark.Count == 0 {
		return
	}
	c := &p.Columns[column]
	texts := 0
	for t := range Type(Types) {
		if t.IsText() {
			texts += c.Types[t]
		}
	}
	severity := Warning
	if stray == Spaces || stray == Markup && mark.Count*2 > texts { // probably a column of HTML
		severity = Note
	}
	verb := " has "
	if stray == Spaces {
		verb = " has white space at the ends"
	} else {
		verb += stray.String()
	}
	p.add(Finding{
		Kind: StrayText, Severity: severity, Column: column, Count: mark.Count, Of: texts,
		Text: c.name() + verb + " in " + text.Count(int64(mark.Count)) + " of " + text.Counted(int64(texts), "text"),
		Rows: []int{mark.Row}, filter: WithStray(c.Place, stray), weight: float64(mark.Count) / float64(texts),
	})
}

// findOutliers adds a finding for numbers far from all others.
func (p *Profile) findOutliers(column int) {
	c := &p.Columns[column]
	out := c.outliers
	if out.count == 0 {
		return
	}
	name := c.name()
	usual := text.Number(out.fence.low) + " to " + text.Number(out.fence.high)
	text := name + " is far from all others in " + Amount{out.count, out.about}.String() + " of " + text.Counted(int64(c.Numbers.Count), "number") +
		" (" + text.Number(c.Numbers.Min) + " to " + text.Number(c.Numbers.Max) + ", median " + text.Number(c.Numbers.Median) + ")"
	p.add(Finding{
		Kind: Outliers, Severity: Warning, Column: column, Count: out.count, Of: c.Numbers.Count, Text: text,
		Rows: out.rows[:min(len(out.rows), maxExamples)], examples: complete,
		filter: outside(c.Place, out.fence, c.style, name+" outside "+usual), weight: 1 / float64(out.count),
	})
}

// constantFrom is the minimum number of equal values for a finding.
const constantFrom = 10

// findConstant adds a finding for a column with a single value.
func (p *Profile) findConstant(column int) {
	c := &p.Columns[column]
	if c.Distinct != (Amount{N: 1}) || c.Covered() < constantFrom || c.Place.InList() || c.Types[Object] > 0 || len(c.Top) == 0 {
		return
	}
	value := c.Top[0]
	p.add(Finding{
		Kind: Constant, Severity: Note, Column: column, Count: c.Covered(), Of: c.Of,
		Text: c.name() + " is always " + value.String(),
		Rows: []int{value.Row}, examples: complete, filter: value.Filter(), weight: float64(c.Covered()),
	})
}
