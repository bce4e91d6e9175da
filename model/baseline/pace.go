package baseline

import (
	"fmt"
	"math"
	"time"

	"sbwatch/model/text"
)

// PaceDays is the number of days over which a pace is computed.
const PaceDays = 30

// The minimum numbers of days and runs for a forecast.
const (
	minPaceDays = 3
	minPaceRuns = 3
)

// Spent is the cost of one run.
type Spent struct {
	At      time.Time
	Credits int64
}

// Pace says how fast credits are spent. It is computed from the recorded runs of the last [PaceDays] days.
type Pace struct {
	// Runs is the number of recorded runs of the last [PaceDays] days. Credits is their total cost.
	Runs    int
	Credits int64
	// Days is the age in days of the oldest run that is counted in Runs, rounded up. If there is such a run, Days is at
	// least 1.
	Days int
}

// PaceOf computes the pace from recorded runs, which may be in any order. It ignores runs that are more than PaceDays
// days old or in the future.
func PaceOf(runs []Spent, now time.Time) Pace {
	const day = 24 * time.Hour
	var p Pace
	oldest := time.Duration(0)
	for _, one := range runs {
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

// addCredits returns the sum of two amounts. If the sum would overflow, it returns the largest amount.
func addCredits(a, b int64) int64 {
	b = max(0, b)
	if a > math.MaxInt64-b {
		return math.MaxInt64
	}
	return a + b
}

// IsKnown reports whether there are enough runs for a forecast.
func (p Pace) IsKnown() bool { return p.Runs >= minPaceRuns && p.Days >= minPaceDays }

// PerDay returns how many credits are spent per day. It returns 0 if there are no runs.
func (p Pace) PerDay() float64 {
	if p.Days == 0 {
		return 0
	}
	return float64(p.Credits) / float64(p.Days)
}

// Lasts returns the number of days for which an amount of credits lasts. ok is false if there is no forecast, or if
// nothing is spent.
func (p Pace) Lasts(credits int64) (days float64, ok bool) {
	if !p.IsKnown() || p.Credits == 0 {
		return 0, false
	}
	return float64(max(0, credits)) / p.PerDay(), true
}

// Words returns a sentence that says how long an amount of credits lasts, such as "at this pace 9 days", or why that is
// unknown.
func (p Pace) Words(credits int64) string {
	days, ok := p.Lasts(credits)
	const long = 730
	switch {
	case p.Runs == 0:
		return fmt.Sprintf("no forecast: no run was recorded in the last %d days", PaceDays)
	case !p.IsKnown():
		return fmt.Sprintf("no forecast yet: %s in %s; a forecast needs %d runs in %d days",
			text.Counted(int64(p.Runs), "run"), text.Counted(int64(p.Days), "day"), minPaceRuns, minPaceDays)
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

// Basis describes the runs behind the forecast, such as "52 credits a day in 30 recorded runs over 30 days". It returns
// "" if there are no runs.
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
