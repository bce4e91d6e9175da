package chart

import (
	"time"

	"sbwatch/ui/draw"
)

// Dates labels a horizontal axis with the times of its values: at the first value of each period, such as an hour, a day or a
// month. The period is the shortest that leaves room for the labels.
type Dates struct {
	// At are the times of the values, oldest first; zero if unknown.
	At []time.Time
	// Each is the number of cells per value.
	Each int
}

// dateSpacing is the minimum number of cells from label to label.
const dateSpacing = 7

// Formats of labels.
const (
	timeFormat = "15:04"
	dayFormat  = "Jan 2"
)

// period is a unit of a time axis.
type period struct {
	// start returns when the period of a time began.
	start  func(time.Time) time.Time
	format string
}

// day returns the start of the day that is some days and months before t.
func day(t time.Time, days, months int) time.Time {
	return time.Date(t.Year(), t.Month()-time.Month(months), t.Day()-days, 0, 0, 0, 0, t.Location())
}

// periods returns the periods, shortest first.
func periods() []period {
	sinceMonday := func(t time.Time) int { return (int(t.Weekday()) + 6) % 7 }
	return []period{
		{func(t time.Time) time.Time { return t.Truncate(time.Minute) }, timeFormat},
		{func(t time.Time) time.Time { return t.Truncate(time.Hour) }, timeFormat},
		{func(t time.Time) time.Time { return day(t, 0, 0).Add(time.Duration(t.Hour()/6*6) * time.Hour) }, timeFormat},
		{func(t time.Time) time.Time { return day(t, 0, 0) }, dayFormat},
		{func(t time.Time) time.Time { return day(t, sinceMonday(t), 0) }, dayFormat},
		{func(t time.Time) time.Time { return day(t, t.Day()-1, 0) }, dayFormat},
		{func(t time.Time) time.Time { return day(t, t.Day()-1, (int(t.Month())-1)%3) }, "Jan 2006"},
		{func(t time.Time) time.Time { return day(t, t.YearDay()-1, 0) }, "2006"},
	}
}

// View returns the labels on a line of at most w cells. The first and the last value have a label if there is room.
func (d Dates) View(p draw.Painter, w int) string {
	if len(d.At) == 0 {
		return ""
	}
	chosen := periods()
	for len(chosen) > 1 && d.isCrowded(chosen[0]) {
		chosen = chosen[1:]
	}
	format := chosen[0].format
	if first, last := d.At[0], d.At[len(d.At)-1]; chosen[0].format == timeFormat && last.Sub(first) > 20*time.Hour*time.Duration(len(d.At)-1) {
		format = dayFormat // at most about one value a day: its time matters less than its date
	}
	last := d.At[len(d.At)-1].Format(format)
	lastAt := max(0, min((len(d.At)-1)*d.Each, w-len(last)))
	line := ""
	put := func(x int, label string) {
		if gap := x - len(line); gap >= 0 && (line == "" || gap > 0) && x+len(label) <= w {
			line += draw.Spaces(gap) + label
		}
	}
	for i, at := range d.At {
		label := at.Format(format)
		isStart := i == 0 || !chosen[0].start(at).Equal(chosen[0].start(d.At[i-1]))
		if x := i * d.Each; isStart && !at.IsZero() && (x+len(label) < lastAt || i == len(d.At)-1) {
			put(x, label)
		}
	}
	put(lastAt, last)
	return p.Muted.Render(line)
}

// isCrowded reports whether a label for each period would leave too little room.
func (d Dates) isCrowded(of period) bool {
	previous := -dateSpacing
	for i, at := range d.At {
		if i == 0 || of.start(at).Equal(of.start(d.At[i-1])) {
			continue
		}
		if i*d.Each-previous < dateSpacing {
			return true
		}
		previous = i * d.Each
	}
	return false
}
