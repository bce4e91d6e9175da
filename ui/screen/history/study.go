package history

import (
	"cmp"
	"slices"
	"strings"

	"sbwatch/model/baseline"
	"sbwatch/model/optional"
	"sbwatch/model/run"
	"sbwatch/model/text"
)

// Study is the result of comparing the runs of a recipe with each other. It is computed once, in the background.
type Study struct {
	runs      []Run // oldest first
	judgments []baseline.Judgment
	columns   []column // worst first
	course    baseline.Course
}

// column describes one column in all runs.
type column struct {
	name  text.Text
	cells []cell
	usual optional.Value[baseline.Usual]
	// state is the state of the column in the newest run that can be compared. since is the index of the run in which
	// that state began.
	state state
	since int
	isNew bool
}

// cell is the coverage of a column in one run, from 0 to 1, and the state of the column in that run.
type cell struct {
	coverage float64
	state    state
}

// state is the state of a column in one run. Larger values are worse.
type state int

const (
	unknown  state = iota // the run has no items, or they were not profiled
	absent                // no item has the column, as usual
	normal                // as usual
	worse                 // coverage is lower than usual
	bad                   // coverage is much lower than usual
	vanished              // no item has the column, although items usually have it
)

// StudyRuns compares runs with each other. The oldest run must come first.
func StudyRuns(runs []Run) *Study {
	plain := make([]baseline.Run, len(runs))
	for i := range runs {
		plain[i] = runs[i].Run
	}
	s := &Study{runs: runs}
	s.judgments, s.course = baseline.JudgeCourse(plain)
	s.listColumns()
	return s
}

// newest returns the index of the newest run that can be compared with others. It returns -1 if there is none.
func (s *Study) newest() int {
	for i := range slices.Backward(s.runs) {
		if s.runs[i].Comparable() {
			return i
		}
	}
	return -1
}

// index returns the index of the run with this id, or -1.
func (s *Study) index(runID string) int {
	return slices.IndexFunc(s.runs, func(r Run) bool { return r.ID.Raw() == runID })
}

// Judgment returns how the run with the id runID differs from earlier runs. It returns nil if there is no such run.
func (s *Study) Judgment(runID string) *baseline.Judgment {
	if i := s.index(runID); i >= 0 {
		return &s.judgments[i]
	}
	return nil
}

// Run returns the run with this id. It returns false if there is none.
func (s *Study) Run(runID string) (Run, bool) {
	if i := s.index(runID); i >= 0 {
		return s.runs[i], true
	}
	return Run{}, false
}

// CompletedBefore returns the completed runs before the run with the id runID, the oldest first. If there is no such run,
// it returns all completed runs.
func (s *Study) CompletedBefore(runID string) []Run {
	end := s.index(runID)
	if end < 0 {
		end = len(s.runs)
	}
	var completed []Run
	for _, r := range s.runs[:end] {
		if r.Status == run.StatusCompleted {
			completed = append(completed, r)
		}
	}
	return completed
}

// Course returns how a run of the recipe usually progresses.
func (s *Study) Course() baseline.Course { return s.course }

// listColumns collects the columns of all runs and sorts them, the worst first.
func (s *Study) listColumns() {
	at := map[string]int{}
	for i, r := range slices.Backward(s.runs) {
		for _, summary := range r.Columns {
			name := summary.Name.Raw()
			index, known := at[name]
			if !known {
				index = len(s.columns)
				at[name] = index
				s.columns = append(s.columns, column{name: summary.Name, cells: make([]cell, len(s.runs))})
			}
			s.columns[index].cells[i].coverage = summary.Coverage()
		}
	}
	for i := range s.runs {
		if len(s.runs[i].Columns) > 0 {
			s.setStates(i, at)
		}
	}
	newest := s.newest()
	for c := range s.columns {
		if newest >= 0 {
			s.columns[c].summarize(newest, &s.judgments[newest])
		}
	}
	slices.SortStableFunc(s.columns, func(a, b column) int {
		return cmp.Or(cmp.Compare(b.rank(), a.rank()), cmp.Compare(a.since, b.since)*b.isBad())
	})
}

// setStates sets the states of all columns in run i. columnIndex maps the name of each column to its index.
func (s *Study) setStates(i int, columnIndex map[string]int) {
	for c := range s.columns {
		one := &s.columns[c].cells[i]
		if one.state = absent; one.coverage > 0 {
			one.state = normal
		}
	}
	for _, change := range s.judgments[i].Changes {
		c, known := columnIndex[change.Column.Raw()]
		if !known || !change.Subject.OfColumn() {
			continue
		}
		one := &s.columns[c].cells[i]
		switch {
		case change.Kind == baseline.Vanished:
			one.state = vanished
			s.setInside(i, change.Column.Raw())
		case change.IsData() && change.Severity == baseline.Error:
			one.state = max(one.state, bad)
		case change.IsData():
			one.state = max(one.state, worse)
		}
	}
}

// setInside marks the columns inside a vanished column as vanished, too. i is the index of the run, and outer is the
// name of the vanished column.
func (s *Study) setInside(i int, outer string) {
	for c := range s.columns {
		rest, isInside := strings.CutPrefix(s.columns[c].name.Raw(), outer)
		if isInside && rest != "" && (rest[0] == '.' || rest[0] == '[') && s.columns[c].cells[i].coverage == 0 {
			s.columns[c].cells[i].state = vanished
		}
	}
}

// summarize sets the fields usual, state, since and isNew. newest is the index of the newest run, and judgment is the
// comparison of that run with earlier runs.
func (c *column) summarize(newest int, judgment *baseline.Judgment) {
	c.usual = judgment.UsualCoverage(c.name.Raw())
	c.state, c.since = c.cells[newest].state, newest
	for i := newest - 1; i >= 0 && c.state >= worse; i-- {
		switch earlier := c.cells[i].state; {
		case earlier >= worse:
			c.since = i
		case earlier != unknown:
			i = 0
		}
	}
	c.isNew = slices.ContainsFunc(judgment.Changes, func(change baseline.Change) bool {
		return change.Kind == baseline.Appeared && change.Column.Raw() == c.name.Raw()
	})
}

// isBad returns 1 if the column is worse than usual, and 0 otherwise.
func (c *column) isBad() int {
	if c.state >= worse {
		return 1
	}
	return 0
}

// rank returns a number by which the columns are sorted. The number is higher for a worse column.
func (c *column) rank() int {
	switch {
	case c.state >= worse:
		return int(c.state)
	case c.isNew:
		return int(normal) // new columns come before columns that are neither new nor worse
	case c.state == absent:
		return -1
	default:
		return 0
	}
}

// sign says whether a run is worse than earlier runs.
type sign int

const (
	signFine sign = iota
	signNone      // cannot be compared: the run was cut short or has not ended
	signWarning
	signError
)

func (s *Study) signOf(i int) sign {
	r, judgment := &s.runs[i], &s.judgments[i]
	if r.Status == run.StatusFailed || r.Status == run.StatusCancelled {
		return signError
	}
	if !r.Comparable() {
		return signNone
	}
	worst := signFine
	for _, c := range judgment.Changes {
		switch {
		case !c.Worse:
		case c.Severity == baseline.Error:
			worst = max(worst, signError)
		case c.Severity == baseline.Warning:
			worst = max(worst, signWarning)
		}
	}
	return worst
}

// severity returns how serious it is that run i is worse than usual in subject, such as the drift. If run i is not
// worse in subject, the severity is [baseline.Note].
func (s *Study) severity(i int, subject baseline.Subject) baseline.Severity {
	worst := baseline.Note
	for _, c := range s.judgments[i].Changes {
		if c.Subject == subject && c.Worse {
			worst = max(worst, c.Severity)
		}
	}
	return worst
}
