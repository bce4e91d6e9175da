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
	p.findStray(column, Invisible, c.Invisible)
	p.findOtherUnits(column)
	p.findRanges(column)
	p.findOutliers(column)
	p.findConstant(column)
}

func (p *Profile) findMixedTypes(column int) {
	c := &p.Columns[column]
	main := c.usualType()
	others := c.Covered() - c.Types[main]
	if others == 0 {
		return
	}
	severity, is := c.mixedSeverity(main)
	if !is {
		return
	}
	first := c.Last
	for t := range Type(Types) {
		if t != main && c.Types[t] > 0 {
			first = min(first, c.typeFirst[t])
		}
	}
	says := c.name() + " has values of several types: " + c.TypeCounts()
	if misfits := c.Covered() - c.fitting(main); misfits > 0 {
		says += "; " + Percent(misfits, c.Covered()) + " are not " + main.plural()
	}
	p.add(Finding{
		Kind: MixedTypes, Severity: severity, Column: column, Count: others, Of: c.Covered(),
		Text: says,
		Rows: []int{first}, weight: float64(c.Types[main]) / float64(c.Covered()),
		filter: c.withTypes(c.name()+" not "+main.String(), func(t Type) bool { return t != main }),
	})
}

// usualType is like MainType, but treats numbers in text like numbers.
func (c *Column) usualType() Type {
	main, count := c.MainType()
	if c.Types[Number]+c.Types[NumberInText] <= count {
		return main
	}
	if c.Types[Number] > c.Types[NumberInText] {
		return Number
	}
	return NumberInText
}

// fitting returns the number of values that have the given type. Numbers in text count as numbers.
func (c *Column) fitting(main Type) int {
	if main == Number || main == NumberInText {
		return c.Types[Number] + c.Types[NumberInText]
	}
	return c.Types[main]
}

// TypeCounts formats how many values are of each type: "97 number in text, 3 text".
func (c *Column) TypeCounts() string {
	var counts []string
	for t := range Type(Types) {
		if n := c.Types[t]; n > 0 {
			counts = append(counts, text.Count(int64(n))+" "+t.String())
		}
	}
	return strings.Join(counts, ", ")
}

// Misfits returns the number of values that do not have the usual type of the column, and the plural name of that type,
// such as "numbers".
func (c *Column) Misfits() (count int, plural string) {
	main := c.usualType()
	return c.Covered() - c.fitting(main), main.plural()
}

// Limits for values that do not have the usual type.
const (
	fewMisfits      = 3   // up to this number of values of another type are normal in a small sample
	maxNumbersShare = 0.2 // maximum share of numbers and dates in a column of text for which there is no finding
)

// mixedSeverity returns the severity of a finding about several types in a column. It returns false if the mix is
// normal.
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
		return Note, true // the other type is, for example, the text "12" among numbers
	default:
		return Warning, true
	}
	if texts == 0 {
		return Warning, true // two JSON types, neither of them a string
	}
	share := float64(c.fitting(main)) / float64(covered)
	misfits := covered - c.fitting(main)
	switch {
	case main == Text: // text may be anything, but this column may be meant to have only numbers or dates
		return Note, misfits > fewMisfits && float64(numbersInText+c.Types[Date]) >= maxNumbersShare*float64(covered)
	case covered < smallSample && misfits <= fewMisfits:
		return Note, false
	case covered < smallSample || share < 0.95:
		return Note, true
	default:
		return Warning, true
	}
}

func (p *Profile) findRanges(column int) {
	c := &p.Columns[column]
	if c.Ranges.Count == 0 {
		return
	}
	covered := text.Counted(int64(c.Covered()), "value")
	p.add(Finding{
		Kind: Ranges, Severity: Note, Column: column, Count: c.Ranges.Count, Of: c.Covered(),
		Text: c.name() + " is a range in " + text.Count(int64(c.Ranges.Count)) + " of " + covered + ", sorted and filtered by the low end",
		Rows: []int{c.Ranges.Row}, filter: c.WithStray(Range), weight: share(c.Ranges.Count, c.Covered()),
	})
}

// findOtherUnits adds a finding for texts that are not read as numbers because of their unit.
func (p *Profile) findOtherUnits(column int) {
	c := &p.Columns[column]
	numbers := c.OtherUnits.Count + c.Types[Number] + c.Types[NumberInText]
	if c.OtherUnits.Count == 0 || numbers*2 < c.Covered() { // names may start with numbers
		return
	}
	verb := " are"
	if c.OtherUnits.Count == 1 {
		verb = " is"
	}
	p.add(Finding{
		Kind: MixedUnits, Severity: Note, Column: column, Count: c.OtherUnits.Count, Of: numbers,
		Text: c.name() + " mixes units, so " + text.Count(int64(c.OtherUnits.Count)) + " of " + text.Counted(int64(numbers), "number") + verb + " read as text",
		Rows: []int{c.OtherUnits.Row}, filter: c.WithStray(OtherUnit), weight: share(c.OtherUnits.Count, numbers),
	})
}

// findStray adds a finding if texts of a column have the peculiarity stray, such as markup.
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
	if stray == Spaces || stray == Markup && mark.Count*2 > texts { // most likely a column of HTML
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
		Rows: []int{mark.Row}, filter: c.WithStray(stray), weight: float64(mark.Count) / float64(texts),
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
	text := name + " has outliers: " + Amount{out.count, out.about}.String() + " of " + text.Counted(int64(c.Numbers.Count), "number") +
		" (" + text.Number(c.Numbers.Min) + " to " + text.Number(c.Numbers.Max) + ", median " + text.Number(c.Numbers.Median) + ")"
	p.add(Finding{
		Kind: Outliers, Severity: Warning, Column: column, Count: out.count, Of: c.Numbers.Count, Text: text,
		Rows: out.rows[:min(len(out.rows), maxExamples)], examples: complete,
		filter: outside(c.Place, out.fence, c.style, name+" outside "+usual), weight: 1 / float64(out.count),
	})
}

// constantFrom is the minimum number of present values for the finding "all values are equal".
const constantFrom = 10

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
