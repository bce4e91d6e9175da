package columns

import (
	"slices"
	"strings"
	"time"

	"sbwatch/ui/cursor"

	"sbwatch/model/item"
	"sbwatch/model/profile"
	"sbwatch/model/text"
	"sbwatch/ui/draw"
	"sbwatch/ui/widget/chart"
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
	return cursor.Of(c.Covered(), c.Of)
}

// distinctText is the number of different values.
func distinctText(c *profile.Column) string {
	if c.Distinct.About {
		return "~" + strings.TrimPrefix(c.Distinct.String(), "about ")
	}
	return c.Distinct.String()
}

// valuesText gives an idea of the values: the range of numbers and dates, the commonest of others.
func valuesText(p draw.Painter, c *profile.Column, w int) string {
	switch {
	case c.Covered() == 0:
		return p.Muted.Render("nothing at all")
	case c.Numbers.Count*2 > c.Covered():
		return rangeText(p, c.Numbers, w)
	case c.Dates.Count*2 > c.Covered():
		return p.Cut(dateText(c.Dates.Min)+" to "+dateText(c.Dates.Max), w)
	case len(c.Commonest) == 0 || c.Commonest[0].Count < 2:
		if int64(c.Distinct.N) >= int64(c.Covered()) && !c.Distinct.About {
			return p.Muted.Render("no repeats")
		}
		return p.Muted.Render("hardly any repeats")
	}
	var b strings.Builder
	for i, value := range c.Commonest {
		one := valueName(value) + " ×" + text.Count(int64(value.Count))
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

// rangeText draws the spread of numbers between their ends.
func rangeText(p draw.Painter, n profile.Numbers, w int) string {
	low, high := text.Number(n.Min), text.Number(n.Max)
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
