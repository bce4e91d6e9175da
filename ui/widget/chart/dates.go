package chart

import (
	"time"

	"sbwatch/ui/draw"
)

// Dates draws the labels of a horizontal time axis. It labels the first value of each period, such as an hour, a day or
// a month. It uses the shortest period for which the labels fit.
type Dates struct {
	// At are the times of the values, oldest first. A zero time is unknown.
	At []time.Time
	// Each is the number of cells per value.
	Each int
}

// dateSpacing is the minimum distance from the start of a label to the start of the next, in cells.
const dateSpacing = 7

// The formats of the labels.
const (
	timeFormat = "15:04"
	dayFormat  = "Jan 2"
)

// period is a unit of the time axis, such as a day.
type period struct {
	// start returns the start of the period that contains a time.
	start  func(time.Time) time.Time
	format string
}

// day returns midnight of the day that is the given number of days and months before t.
func day(t time.Time, days, months int) time.Time {
	return time.Date(t.Year(), t.Month()-time.Month(months), t.Day()-days, 0, 0, 0, 0, t.Location())
}

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

// View returns a line with the labels, at most w cells wide. The first and the last value have a label if there is
// room.
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
		format = dayFormat // if there is about one value per day, the date matters more than the time
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

// isCrowded reports whether the labels would be too close together if each period of this length had a label.
func (d Dates) isCrowded(unit period) bool {
	previous := -dateSpacing
	for i, at := range d.At {
		if i == 0 || unit.start(at).Equal(unit.start(d.At[i-1])) {
			continue
		}
		if i*d.Each-previous < dateSpacing {
			return true
		}
		previous = i * d.Each
	}
	return false
}
