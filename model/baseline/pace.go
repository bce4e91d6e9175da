package baseline

import (
	"fmt"
	"math"
	"time"

	"sbwatch/model/text"
)

// PaceDays is the number of days that a pace looks back.
const PaceDays = 30

// The least that a pace is taken from.
const (
	minPaceDays = 3
	minPaceRuns = 3
)

// Spent is what a run cost.
type Spent struct {
	At      time.Time
	Credits int64
}

// Pace is how fast credits are spent, going by the recorded runs of the last [PaceDays] days.
type Pace struct {
	// Runs is the number of recorded runs, and Credits what they cost together.
	Runs    int
	Credits int64
	// Days is the number of days since the first of these runs, rounded up, because a nightly run counts for the whole day.
	Days int
}

// PaceOf returns the pace of recorded runs, in any order. Runs that are too old, or in the future, are ignored.
func PaceOf(spent []Spent, now time.Time) Pace {
	const day = 24 * time.Hour
	var p Pace
	oldest := time.Duration(0)
	for _, one := range spent {
		age := now.Sub(one.At)
		if one.At.IsZero() || age < 0 || age > PaceDays*day {
			continue
		}
		p.Runs++
		p.Credits = addCredits(p.Credits, one.Credits)
		oldest = max(oldest, age)
	}
	if p.Runs > 0 {
		p.Days = max(1, int((oldest+day-1)/day))
	}
	return p
}

// addCredits adds two amounts. It stays at the largest amount rather than overflow.
func addCredits(a, b int64) int64 {
	b = max(0, b)
	if a > math.MaxInt64-b {
		return math.MaxInt64
	}
	return a + b
}

// IsKnown reports whether there are enough runs to tell a pace.
func (p Pace) IsKnown() bool { return p.Runs >= minPaceRuns && p.Days >= minPaceDays }

// PerDay returns how many credits are spent in a day; 0 if there are no runs.
func (p Pace) PerDay() float64 {
	if p.Days == 0 {
		return 0
	}
	return float64(p.Credits) / float64(p.Days)
}

// Lasts returns in how many days credits are spent. ok is false if the pace is not known, or if nothing is spent.
func (p Pace) Lasts(credits int64) (days float64, ok bool) {
	if !p.IsKnown() || p.Credits == 0 {
		return 0, false
	}
	return float64(max(0, credits)) / p.PerDay(), true
}

// Words says how long credits last, or why that is not known: "at this pace 9 days".
func (p Pace) Words(credits int64) string {
	days, ok := p.Lasts(credits)
	const long = 730
	switch {
	case p.Runs == 0:
		return fmt.Sprintf("no forecast: no run was recorded in the last %d days", PaceDays)
	case !p.IsKnown():
		return "no forecast yet: only " + text.Counted(int64(p.Runs), "run") + " recorded in " + text.Counted(int64(p.Days), "day")
	case !ok:
		return "no forecast: " + text.Counted(int64(p.Runs), "run") + " cost nothing in " + text.Counted(int64(p.Days), "day")
	case days < 1:
		return "at this pace less than a day"
	case days >= long:
		return "at this pace more than 2 years"
	default:
		return "at this pace " + text.Counted(int64(days), "day")
	}
}

// Basis says what the pace is taken from: "52 credits a day in 30 runs over 30 days". It is "" if there are no runs.
func (p Pace) Basis() string {
	if p.Runs == 0 {
		return ""
	}
	perDay := text.Counted(int64(math.Round(p.PerDay())), "credit")
	if p.PerDay() > 0 && p.PerDay() < 1 {
		perDay = "less than 1 credit"
	}
	return perDay + " a day in " + text.Counted(int64(p.Runs), "recorded run") + " over " + text.Counted(int64(p.Days), "day")
}
