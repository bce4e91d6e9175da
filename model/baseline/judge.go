package baseline

import (
	"slices"
	"time"

	"sbwatch/model/optional"
	"sbwatch/model/text"
)

// Judgment is the comparison of a run with the earlier runs of its recipe.
type Judgment struct {
	Run *Run
	// Earlier is the number of runs it was compared with, at most ten.
	Earlier int
	// Changes are what differs from usual, most serious first.
	Changes []Change
	Advice  Advice

	window []*Run
}

// ClaimsUsual reports whether there are enough earlier runs to say what is usual. With one or two of them the run is compared
// with the last run, and no more is claimed.
func (j *Judgment) ClaimsUsual() bool { return j.Earlier >= minRuns }

// Usual returns what is usual for a subject of a run; unknown if no earlier run has the figure.
func (j *Judgment) Usual(s Subject) optional.Value[Usual] {
	return usualIn(measured(j.window, s.Measure))
}

// UsualCoverage returns the usual coverage of a column; unknown if no earlier run has columns.
func (j *Judgment) UsualCoverage(column string) optional.Value[Usual] {
	return usualIn(measured(j.window, coverageOf(column)))
}

// Columns returns the names of the columns that the run or any of those it was compared with has.
func (j *Judgment) Columns() []text.Text {
	seen := map[string]bool{}
	var names []text.Text
	for _, r := range append([]*Run{j.Run}, j.window...) {
		for i := range r.Columns {
			if name := r.Columns[i].Name; !seen[name.Raw()] {
				seen[name.Raw()] = true
				names = append(names, name)
			}
		}
	}
	return names
}

func usualIn(figures []float64) optional.Value[Usual] {
	if len(figures) == 0 {
		return optional.Value[Usual]{}
	}
	return optional.Some(usualOf(figures))
}

// Severity returns that of the most serious change.
func (j *Judgment) Severity() Severity {
	if len(j.Changes) == 0 {
		return Note
	}
	return j.Changes[0].Severity
}

// isSuspect reports whether the run must not say what is usual.
func (j *Judgment) isSuspect() bool {
	return j.Advice.Kind != AdviceNone || slices.ContainsFunc(j.Changes, func(c Change) bool { return c.Worse && c.Severity == Error })
}

// missesData returns the changes that are missing data.
func (j *Judgment) missesData() []Change {
	var missing []Change
	for _, c := range j.Changes {
		if c.IsData() {
			missing = append(missing, c)
		}
	}
	return missing
}

// maxPast is the maximum number of comparable runs that are kept. They are used to compare a run with those on the same
// day of the week, and to detect slow changes.
const maxPast = 200

// judge compares runs in turn.
type judge struct {
	// past are the comparable runs, window those that say what is usual, suspects the newest runs in a row that do not.
	past, window, suspects []*Run
	// slowFrom is the index in past from which slow changes are looked for.
	slowFrom int
	last     *Judgment // of the newest comparable run
	began    time.Time // of the first run
}

// Judge compares each run with those before it. The runs are those of one recipe, oldest first; the judgments have their order.
func Judge(runs []Run) []Judgment {
	judgments, _ := JudgeCourse(runs)
	return judgments
}

// JudgeCourse compares runs as [Judge] does. It also returns how the next run will usually go.
func JudgeCourse(runs []Run) ([]Judgment, Course) {
	var j judge
	runs = slices.Clone(runs)
	judgments := make([]Judgment, len(runs))
	for i := range runs {
		runs[i].index()
		judgments[i] = j.next(&runs[i])
		if runs[i].Comparable() {
			j.remember(&judgments[i])
		}
	}
	return judgments, Course{j.usual()}
}

// JudgeLast compares the last run with those before it. There must be at least one run.
func JudgeLast(runs []Run) Judgment {
	judgments := Judge(runs)
	return judgments[len(judgments)-1]
}

// usual returns the runs that say what is usual now, oldest first.
func (j *judge) usual() []*Run { return slices.Clone(j.window[max(0, len(j.window)-windowRuns):]) }

// next compares a run.
func (j *judge) next(r *Run) Judgment {
	window := j.usual()
	judgment := Judgment{Run: r, Earlier: len(window), window: window}
	if len(window) == 0 || !r.Comparable() {
		return judgment
	}
	judgment.Changes = compare(r, window, j.past[j.slowFrom:])
	judgment.Advice = j.advise(&judgment)
	return judgment
}

// remember takes in a comparable run.
func (j *judge) remember(judgment *Judgment) {
	r := judgment.Run
	if len(j.past) == 0 {
		j.began = r.At()
	}
	j.past = append(j.past, r)
	if extra := len(j.past) - maxPast; extra > 0 {
		j.past, j.slowFrom = j.past[extra:], max(0, j.slowFrom-extra)
	}
	j.last = judgment
	if !judgment.isSuspect() || len(j.window) < minRuns {
		j.window, j.suspects = append(j.window, r), nil
		return
	}
	if j.suspects = append(j.suspects, r); len(j.suspects) == windowRuns {
		// What differs ten times in a row is what is usual now.
		j.window, j.suspects, j.slowFrom = j.suspects, nil, len(j.past)-windowRuns
	}
}
