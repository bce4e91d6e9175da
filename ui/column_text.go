package ui

import (
	"slices"
	"strings"
	"time"

	"sbwatch/model/item"
	"sbwatch/model/profile"
	"sbwatch/model/text"
)

// How a column's profile is put in few words.

// typeText names the types of a column, the commonest first.
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

// countedTo is up to how many values those that are there are counted; of more a share says more.
const countedTo = 10_000

// coveredText tells how many values are there: "18 of 61", "94%".
func coveredText(c *profile.Column) string {
	if c.Of > countedTo {
		return profile.Percent(c.Covered(), c.Of)
	}
	return countOf(c.Covered(), c.Of)
}

func countOf(n, of int) string { return text.Count(int64(n)) + " of " + text.Count(int64(of)) }

// distinctText is the number of different values.
func distinctText(c *profile.Column) string {
	if c.Distinct.About {
		return "~" + strings.TrimPrefix(c.Distinct.String(), "about ")
	}
	return c.Distinct.String()
}

// valuesText gives an idea of the values: the range of numbers and dates, the commonest of others.
func valuesText(l look, c *profile.Column, w int) string {
	switch {
	case c.Covered() == 0:
		return l.Muted.Render("nothing at all")
	case c.Numbers.Count*2 > c.Covered():
		return rangeText(l, c.Numbers, w)
	case c.Dates.Count*2 > c.Covered():
		return l.cut(dateText(c.Dates.Min)+" to "+dateText(c.Dates.Max), w)
	case len(c.Commonest) == 0 || c.Commonest[0].Count < 2:
		if int64(c.Distinct.N) >= int64(c.Covered()) && !c.Distinct.About {
			return l.Muted.Render("no repeats")
		}
		return l.Muted.Render("hardly any repeats")
	}
	var b strings.Builder
	for i, value := range c.Commonest {
		one := valueName(value) + " ×" + text.Count(int64(value.Count))
		switch {
		case i == 0:
			b.WriteString(l.cut(one, w))
		case l.width(b.String())+2+l.width(one) > w:
			return b.String()
		default:
			b.WriteString(", " + one)
		}
	}
	return b.String()
}

// rangeText draws the spread of numbers between their ends.
func rangeText(l look, n profile.Numbers, w int) string {
	low, high := text.Number(n.Min), text.Number(n.Max)
	if n.Min == n.Max {
		return low
	}
	room := w - l.width(low) - l.width(high) - 2
	bins := n.Histogram.Bins
	if room < 4 || len(bins) == 0 {
		return l.cut(low+" to "+high, w)
	}
	return low + " " + l.Muted.Render(sparkOf(bins, min(room, 8))) + " " + high
}

// sparkOf draws counts in w cells.
func sparkOf(bins []int, w int) string {
	sums, most := make([]int, w), 1
	for i, n := range bins {
		at := i * w / len(bins)
		sums[at] += n
		most = max(most, sums[at])
	}
	var b strings.Builder
	for _, n := range sums {
		level := 0
		if n > 0 {
			level = max(1, n*8/most)
		}
		b.WriteRune([]rune(" ▁▂▃▄▅▆▇█")[level])
	}
	return b.String()
}

// valueName shows a value so that a text can be told from a number, and an empty one is seen.
func valueName(v profile.Value) string {
	if text := v.Text.String(); v.Kind != item.CellString || text != "" && text != "null" {
		return text
	}
	return `"` + v.Text.String() + `"`
}

// dateText writes a date, with the time only where there is one.
func dateText(t time.Time) string {
	t = t.UTC()
	if t.Hour() == 0 && t.Minute() == 0 && t.Second() == 0 {
		return t.Format(time.DateOnly)
	}
	return t.Format("2006-01-02 15:04")
}

// shortText says what a finding is in the few cells behind the name of its column and how far that is covered.
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

// absenceText counts the ways in which values are not there, the commonest first: "815 missing, 45 []".
func absenceText(c *profile.Column) string {
	var ways []profile.Presence
	for way := range profile.Presence(profile.Presences) {
		if way != profile.Present && c.Presence[way] > 0 {
			ways = append(ways, way)
		}
	}
	slices.SortStableFunc(ways, func(a, b profile.Presence) int { return c.Presence[b] - c.Presence[a] })
	var parts []string
	for _, way := range ways {
		parts = append(parts, text.Count(int64(c.Presence[way]))+" "+way.String())
	}
	return strings.Join(parts, ", ")
}
