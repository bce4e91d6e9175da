package columns

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"sbwatch/ui/cursor"

	"sbwatch/model/item"
	"sbwatch/model/numeral"
	"sbwatch/model/profile"
	"sbwatch/model/text"
	"sbwatch/ui/draw"
	"sbwatch/ui/widget/chart"
)

// typeText returns the names of the types of a column's values, the most common first.
func typeText(c *profile.Column) string {
	main, n := c.MainType()
	switch {
	case c.Covered() == 0:
		return "–"
	case n == c.Covered():
		return main.String()
	}
	second := profile.Type(-1)
	for t := range profile.Type(profile.Types) {
		if t != main && c.Types[t] > 0 && (second < 0 || c.Types[t] > c.Types[second]) {
			second = t
		}
	}
	return main.String() + ", " + second.String()
}

// maxCounted is the maximum number of items for which coverage is shown as a count, such as "18 of 61". If there are
// more items, coverage is shown as a percentage.
const maxCounted = 10_000

// coveredText returns how many items have a value in a column, such as "18 of 61" or "94%".
func coveredText(c *profile.Column) string {
	if c.Of > maxCounted {
		return profile.Percent(c.Covered(), c.Of)
	}
	return cursor.Of(c.Covered(), c.Of)
}

// distinctText returns the number of distinct values.
func distinctText(c *profile.Column) string {
	if c.Distinct.Estimated {
		return "~" + strings.TrimPrefix(c.Distinct.String(), "about ")
	}
	return c.Distinct.String()
}

// formats holds the number format of each column for which the user has chosen one.
type formats map[item.Path]numeral.Format

// valuesText returns a summary of a column's values: the range of numbers and dates, or the most common values of other
// types.
func (f formats) valuesText(p draw.Painter, c *profile.Column, w int) string {
	switch {
	case c.Covered() == 0:
		return p.Muted.Render("empty")
	case c.Numbers.Count*2 > c.Covered():
		return rangeText(p, c.Numbers, f.numbersOf(c), w)
	case c.Dates.Count*2 > c.Covered():
		return p.Cut(dateText(c.Dates.Min)+" to "+dateText(c.Dates.Max), w)
	case len(c.Top) == 0 || c.Top[0].Count < 2:
		if int64(c.Distinct.N) >= int64(c.Covered()) && !c.Distinct.Estimated {
			return p.Muted.Render("no repeats")
		}
		return p.Muted.Render("few repeats")
	}
	var b strings.Builder
	for i, value := range c.Top {
		one := f.valueName(c, value) + " ×" + text.Count(int64(value.Count))
		switch {
		case i == 0:
			b.WriteString(p.Cut(one, w))
		case p.Width(b.String())+2+p.Width(one) > w:
			return b.String()
		default:
			b.WriteString(", " + one)
		}
	}
	return b.String()
}

// numbersOf returns a function that writes the numbers of a column, in the number format that the user has chosen for it.
func (f formats) numbersOf(c *profile.Column) func(x float64) string {
	path, _ := c.Place.Path()
	format := f[path]
	// Numbers are multiplied by 100 in this format, but texts such as "12%" are not.
	isMultiplied := format.Style == numeral.Percent && c.Types[profile.NumberInText] > 0
	if format.Style == numeral.Thousands || isMultiplied {
		return text.Number
	}
	return func(x float64) string {
		number, _, ok := format.Number(strconv.AppendFloat(nil, x, 'f', -1, 64))
		if !ok {
			return text.Number(x)
		}
		return number
	}
}

// rangeText returns the minimum and maximum of numbers. Between them is a drawing of the distribution.
func rangeText(p draw.Painter, n profile.Numbers, number func(x float64) string, w int) string {
	low, high := number(n.Min), number(n.Max)
	if n.Min == n.Max {
		return low
	}
	room := w - p.Width(low) - p.Width(high) - 2
	bins := n.Histogram.Bins
	if room < 4 || len(bins) == 0 {
		return p.Cut(low+" to "+high, w)
	}
	spread := chart.Sparkline{Values: chart.Bins(bins, min(room, 8))}
	return low + " " + p.Muted.Render(spread.View()[0]) + " " + high
}

// valueName returns a value of a column as text. Empty text, and text that looks like a value of another type, is quoted.
func (f formats) valueName(c *profile.Column, v profile.Value) string {
	path, _ := c.Place.Path()
	if number, _, ok := f[path].Number([]byte(v.Text.Raw())); ok && v.Kind == item.CellNumber {
		return number
	}
	if text := v.Text.String(); v.Kind != item.CellString || text != "" && text != "null" {
		return text
	}
	return `"` + v.Text.String() + `"`
}

// dateText formats a date. The result includes the time of day, unless the time is 00:00:00.
func dateText(t time.Time) string {
	t = t.UTC()
	if t.Hour() == 0 && t.Minute() == 0 && t.Second() == 0 {
		return t.Format(time.DateOnly)
	}
	return t.Format("2006-01-02 15:04")
}

// shortText returns the text of a finding for a line that already shows the name and the coverage of the column.
func shortText(f profile.Finding, c *profile.Column) string {
	if f.Kind == profile.LowCoverage {
		return absenceText(c)
	}
	words := strings.TrimPrefix(f.Text, c.Place.String()+" ")
	for _, verb := range []string{"is ", "has "} {
		words = strings.TrimPrefix(words, verb)
	}
	return words
}

// absenceText returns the numbers of absent values by kind, the most common first, such as "815 missing, 45 []".
func absenceText(c *profile.Column) string {
	var ways []item.Presence
	for way := range item.Presence(item.Presences) {
		if way != item.Present && c.Presence[way] > 0 {
			ways = append(ways, way)
		}
	}
	slices.SortStableFunc(ways, func(a, b item.Presence) int { return c.Presence[b] - c.Presence[a] })
	var parts []string
	for _, way := range ways {
		parts = append(parts, text.Count(int64(c.Presence[way]))+" "+way.String())
	}
	return strings.Join(parts, ", ")
}
