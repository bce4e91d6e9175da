package baseline

import (
	"slices"
	"time"

	"sbwatch/model/optional"
	"sbwatch/model/text"
)

// Judgment is the result of comparing a run with earlier runs of its recipe.
type Judgment struct {
	Run *Run
	// Earlier is the number of earlier runs that the run was compared with, at most ten.
	Earlier int
	// Changes are the differences from usual, most serious first.
	Changes []Change
	Advice  Advice

	window []*Run
}

// ClaimsUsual reports whether there are enough earlier runs to call their values usual. One or two earlier runs are not
// enough.
func (j *Judgment) ClaimsUsual() bool { return j.Earlier >= minRuns }

// Usual returns the usual value of a subject of the whole run, such as [Items]. The value is unknown if no earlier run
// has a figure for the subject.
func (j *Judgment) Usual(s Subject) optional.Value[Usual] {
	return usualIn(measured(j.window, s.Measure))
}

// UsualCoverage returns the usual coverage of a column. The coverage is unknown if no earlier run has recorded columns.
func (j *Judgment) UsualCoverage(column string) optional.Value[Usual] {
	return usualIn(measured(j.window, coverageOf(column)))
}

// Columns returns the names of all columns of the run and of the runs it was compared with.
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

// Severity returns the severity of the most serious change.
func (j *Judgment) Severity() Severity {
	if len(j.Changes) == 0 {
		return Note
	}
	return j.Changes[0].Severity
}

// isSuspect reports whether the run differs so much that it must not be used to compute usual values.
func (j *Judgment) isSuspect() bool {
	return j.Advice.Kind != AdviceNone || slices.ContainsFunc(j.Changes, func(c Change) bool { return c.Worse && c.Severity == Error })
}

// missingData returns the changes that mean missing data.
func (j *Judgment) missingData() []Change {
	var missing []Change
	for _, c := range j.Changes {
		if c.IsData() {
			missing = append(missing, c)
		}
	}
	return missing
}

// maxPast is the maximum length of judge.past. The runs in past show what is usual on a day of the week, and reveal
// slow changes.
const maxPast = 200

// judge compares each run of a recipe with the runs before it.
type judge struct {
	// past holds all comparable runs. window holds the runs from which usual values are computed. suspects holds the
	// newest runs if they differ too much from usual to be added to window.
	past, window, suspects []*Run
	// slowFrom is the index in past of the first run that is used to detect slow changes.
	slowFrom int
	last     *Judgment // judgment of the newest comparable run
	began    time.Time // time of the first run
}

// Judge compares each run with the runs before it. All runs must be of one recipe, oldest first. Judge returns one
// judgment for each run, in the same order.
func Judge(runs []Run) []Judgment {
	judgments, _ := JudgeCourse(runs)
	return judgments
}

// JudgeCourse is like [Judge], but also returns the usual course of a run, for estimates.
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
	return judgments, Course{j.usualRuns()}
}

// JudgeLast returns the judgment of the last run. There must be at least one run.
func JudgeLast(runs []Run) Judgment {
	judgments := Judge(runs)
	return judgments[len(judgments)-1]
}

// usualRuns returns the runs from which usual values are computed at present, oldest first.
func (j *judge) usualRuns() []*Run { return slices.Clone(j.window[max(0, len(j.window)-windowRuns):]) }

// next returns the judgment of the run r, which is based on the runs before r.
func (j *judge) next(r *Run) Judgment {
	window := j.usualRuns()
	judgment := Judgment{Run: r, Earlier: len(window), window: window}
	if len(window) == 0 || !r.Comparable() {
		return judgment
	}
	judgment.Changes = compare(r, window, j.past[j.slowFrom:])
	judgment.Advice = j.advise(&judgment)
	return judgment
}

// remember adds the run of a judgment to the runs that later runs are compared with.
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
		// after ten runs in a row that differ, their values become the usual ones
		j.window, j.suspects, j.slowFrom = j.suspects, nil, len(j.past)-windowRuns
	}
}
