package baseline

import (
	"cmp"
	"math"
	"slices"
	"time"

	"sbwatch/model/optional"
	"sbwatch/model/profile"
	"sbwatch/model/text"
)

const (
	// windowRuns is the maximum number of earlier runs from which usual values are computed.
	windowRuns = 10
	// minRuns is the minimum number of earlier runs for a value to be called usual.
	minRuns = 3
	// A figure that differs from its usual value by sureAt standard deviations or more is a warning. If it differs by
	// surerAt or more, it is an error.
	sureAt, surerAt = 4.2, 6
)

// comparison compares one run with earlier ones.
type comparison struct {
	run *Run
	// window holds the runs from which usual values are computed. past holds all comparable runs. Both are sorted by
	// time, oldest first.
	window, past []*Run
	changes      []Change
}

// compare returns the differences of run from the usual values, most serious first.
func compare(run *Run, window, past []*Run) []Change {
	c := comparison{run: run, window: window, past: past}
	for _, subject := range runSubjects() {
		c.compareFigure(subject, text.Text{}, 0, subject.Measure)
	}
	c.dropRepeated()
	if items, known := run.Items.Get(); len(run.Columns) > 0 && (!known || items > 0) {
		c.compareColumns()
	}
	slices.SortStableFunc(c.changes, func(a, b Change) int {
		return cmp.Or(cmp.Compare(b.Severity, a.Severity), cmp.Compare(a.Subject, b.Subject))
	})
	return c.changes
}

// dropRepeated removes changes that follow from other changes. For example, if the number of pages changed, the credits
// and the duration changed for the same reason.
func (c *comparison) dropRepeated() {
	differs := func(s Subject) bool {
		return slices.ContainsFunc(c.changes, func(change Change) bool { return change.Subject == s })
	}
	items, pages := differs(Items), differs(Pages)
	c.changes = slices.DeleteFunc(c.changes, func(change Change) bool {
		return change.Subject == ItemsPerPage && items || (change.Subject == Credits || change.Subject == Duration) && pages
	})
}

// compareFigure adds a change if a figure of the run, such as the number of items, differs from its usual value. It
// reports whether it has added a change. If the figure is a share, such as 61 of 87, the parameter values is 87.
func (c *comparison) compareFigure(s Subject, column text.Text, values int, measure func(*Run) optional.Value[float64]) bool {
	now, known := measure(c.run).Get()
	figures := measured(c.window, measure)
	if !known || len(figures) == 0 {
		return false
	}
	usual := usualOf(figures)
	difference := now - usual.Median
	warnAt, failAt := s.minDifferences(usual.Median)
	sigma := max(usual.spread, s.chance(usual.Median, values))
	if usual.Runs < minRuns {
		sigma, warnAt = 1.5*sigma, 2*warnAt
	}
	if math.Abs(difference) < max(sureAt*sigma, warnAt) || now >= usual.Low && now <= usual.High {
		return false
	}
	change := Change{Subject: s, Column: column, Worse: s.isWorse(difference), Now: now, Usual: usual}
	switch {
	case !change.Worse:
	case c.usualForDay(s, now, values, measure):
		change.ForDay = true
	case math.Abs(difference) >= max(surerAt*sigma, failAt) && usual.Runs >= minRuns:
		change.Severity = Error
	default:
		change.Severity = Warning
	}
	c.changes = append(c.changes, change)
	return true
}

// measured calls the function measure for each run and returns the known results.
func measured(runs []*Run, measure func(*Run) optional.Value[float64]) []float64 {
	var figures []float64
	for _, r := range runs {
		if figure, known := measure(r).Get(); known {
			figures = append(figures, figure)
		}
	}
	return figures
}

// usualForDay reports whether the figure is close to the figures of earlier runs on the same day of the week.
func (c *comparison) usualForDay(s Subject, figure float64, values int, measure func(*Run) optional.Value[float64]) bool {
	figures := measured(sameDay(c.run, c.past), measure)
	if len(figures) == 0 {
		return false
	}
	usual := usualOf(figures)
	warnAt, _ := s.minDifferences(usual.Median)
	return math.Abs(figure-usual.Median) < max(sureAt*max(usual.spread, s.chance(usual.Median, values)), 1.5*warnAt)
}

// sameDay returns past runs that took place a whole number of weeks before the given run, with a tolerance of six
// hours. It returns at most four runs, newest first.
func sameDay(run *Run, past []*Run) []*Run {
	const week, slack, enough = 7 * 24 * time.Hour, 6 * time.Hour, 4
	var found []*Run
	for _, earlier := range slices.Backward(past) {
		apart := run.At().Sub(earlier.At())
		weeks := apart.Round(week)
		if weeks < week || (apart-weeks).Abs() > slack {
			continue
		}
		if found = append(found, earlier); len(found) == enough {
			break
		}
	}
	return found
}

// compareColumns compares all columns of the run with those of earlier runs.
func (c *comparison) compareColumns() {
	names := c.columnNames()
	for _, name := range names {
		switch now := c.run.column(name.Raw()); {
		case now != nil && now.Covered > 0:
			c.compareColumn(name, now)
		case !c.isInsideVanished(name):
			c.addAbsent(name)
		}
	}
	for i := range c.run.Columns {
		now := &c.run.Columns[i]
		isNew := now.Covered > 0 && !slices.ContainsFunc(names, func(name text.Text) bool { return name.Raw() == now.Name.Raw() })
		if isNew && c.knowsColumns() {
			c.changes = append(c.changes, Change{Kind: Appeared, Subject: Coverage, Column: now.Name, Now: now.Coverage()})
		}
	}
}

// knowsColumns reports whether at least one earlier run recorded its columns.
func (c *comparison) knowsColumns() bool {
	return slices.ContainsFunc(c.window, func(r *Run) bool { return len(r.Columns) > 0 })
}

// columnNames returns the names of the columns of all runs in c.window, in the column order of the newest run.
func (c *comparison) columnNames() []text.Text {
	seen := map[string]bool{}
	var names []text.Text
	for _, r := range slices.Backward(c.window) {
		for i := range r.Columns {
			if column := &r.Columns[i]; column.Covered > 0 && !seen[column.Name.Raw()] {
				seen[column.Name.Raw()] = true
				names = append(names, column.Name)
			}
		}
	}
	return names
}

// isInsideVanished reports whether the column called name is nested in a column that has vanished.
func (c *comparison) isInsideVanished(name text.Text) bool {
	return slices.ContainsFunc(c.changes, func(change Change) bool {
		return change.Kind == Vanished && isInside(name.Raw(), change.Column.Raw())
	})
}

// coverageOf returns a function that measures the coverage of a column in a run. The coverage is 0 if the run has other
// columns but not this one, and unknown if the run has no columns.
func coverageOf(name string) func(*Run) optional.Value[float64] {
	return func(r *Run) optional.Value[float64] {
		if column := r.column(name); column != nil {
			return Coverage.measureColumn(column, "")
		}
		if len(r.Columns) == 0 {
			return optional.Value[float64]{}
		}
		return optional.Some(0.0)
	}
}

// compareColumn compares a column with the same column of earlier runs. At least one item must have the column.
func (c *comparison) compareColumn(name text.Text, summary *profile.ColumnSummary) {
	coverage := coverageOf(name.Raw())
	if !c.compareFigure(Coverage, name, summary.Of, coverage) {
		c.addFading(name, summary.Of, coverage)
	}
	usualType := c.usualType(name.Raw())
	of := func(s Subject) func(*Run) optional.Value[float64] {
		return func(r *Run) optional.Value[float64] {
			if column := r.column(name.Raw()); column != nil {
				return s.measureColumn(column, usualType)
			}
			return optional.Value[float64]{}
		}
	}
	if c.compareFigure(TypeShare, name, summary.Covered, of(TypeShare)) {
		return // if the type changed, the median and the number of distinct values changed for the same reason
	}
	c.compareFigure(Median, name, 0, of(Median))
	if len(c.changes) == 0 { // the number of distinct values falls with the number of items
		c.compareFigure(Distinct, name, 0, of(Distinct))
	}
}

// usualType returns the type that the column has in most runs of c.window.
func (c *comparison) usualType(name string) string {
	types := map[string]int{}
	best := ""
	for _, r := range c.window {
		column := r.column(name)
		if column == nil || column.Covered == 0 {
			continue
		}
		kind := column.MainType()
		types[kind]++
		if types[kind] > types[best] {
			best = kind
		}
	}
	return best
}

// addAbsent adds a change of kind Vanished for a column that no item has. It adds nothing if all values may be missing
// by chance.
func (c *comparison) addAbsent(name text.Text) {
	// If sureOf or more values are expected and the run has no value at all, this cannot be chance. If seven values are
	// expected, the probability of having none is about 1 in 1,000.
	const sureOf = 7
	usual := usualOf(measured(c.window, coverageOf(name.Raw())))
	expected := usual.Median * float64(c.possible(name.Raw()))
	if expected < sureOf {
		return
	}
	change := Change{Kind: Vanished, Subject: Coverage, Column: name, Worse: true, Usual: usual, Severity: Warning, LastRun: c.lastWith(name.Raw())}
	if _, failAt := Coverage.minDifferences(usual.Median); usual.Median >= failAt && usual.Runs >= minRuns {
		change.Severity = Error
	}
	c.changes = append(c.changes, change)
}

// possible returns how many values a vanished column would have at a coverage of 100%: as many as in the newest earlier
// run with the column, but at most the number of items in this run.
func (c *comparison) possible(name string) int {
	of := 0
	for _, r := range c.window {
		if column := r.column(name); column != nil {
			of = column.Of
		}
	}
	if items, known := c.run.Items.Get(); known {
		of = min(of, int(items))
	}
	return of
}

// lastWith returns the id of the newest earlier run in which the column has values, or an empty text if there is none.
func (c *comparison) lastWith(name string) text.Text {
	for _, r := range slices.Backward(c.past) {
		if column := r.column(name); column != nil && column.Covered > 0 {
			return r.ID
		}
	}
	return text.Text{}
}
