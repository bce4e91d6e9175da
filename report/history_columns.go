package report

import (
	"io"
	"slices"

	"github.com/charmbracelet/x/ansi"

	"sbwatch/history"
	"sbwatch/model/baseline"
	"sbwatch/model/optional"
	"sbwatch/model/profile"
	"sbwatch/model/text"
)

// maxCoverageRows is the maximum number of columns whose coverage is written.
const maxCoverageRows = 40

// maxName is the maximum width of a column name, in terminal cells.
const maxName = 32

// columnCoverage is the coverage of one column of the items in several runs.
type columnCoverage struct {
	name text.Text
	// shares holds the coverage in each run, from 0 to 1, oldest run first. The coverage is 0 for a run that has
	// columns but not this one, and unknown for a run without any columns.
	shares []optional.Value[float64]
}

// coverageByColumn returns the coverage of each column of the items in several runs. The columns of the newest run come
// first, followed by columns that only earlier runs have.
func coverageByColumn(runs []history.Summary) []columnCoverage {
	var columns []columnCoverage
	index := map[string]int{}
	for at, r := range runs {
		for i := range r.Columns {
			c := &r.Columns[i]
			n, known := index[c.Name.Raw()]
			if !known {
				n = len(columns)
				index[c.Name.Raw()] = n
				columns = append(columns, columnCoverage{c.Name, make([]optional.Value[float64], len(runs))})
			}
			columns[n].shares[len(runs)-1-at] = optional.Some(c.Coverage())
		}
	}
	for _, c := range columns {
		for at := range runs {
			if i := len(runs) - 1 - at; !c.shares[i].Known() && len(runs[at].Columns) > 0 {
				c.shares[i] = optional.Some(0.0)
			}
		}
	}
	return columns
}

// writeCoverage writes the coverage of each column of the items in each of the newest runs, in the order of time. The
// coverage shows in which run a column disappeared.
func writeCoverage(out io.Writer, r *history.Judged, options HistoryOptions) error {
	columns := coverageByColumn(r.Runs[:min(len(r.Runs), options.Runs)])
	if len(columns) == 0 {
		return nil
	}
	newest := r.Newest()
	if newest != nil {
		slices.SortStableFunc(columns, func(a, b columnCoverage) int {
			return int(severityOf(newest, b.name)) - int(severityOf(newest, a.name))
		})
	}
	t := grid{isRightAligned: []bool{false, true, true}, isSpoken: options.Sentences}
	t.row("COLUMN", "LAST RUN", "USUALLY", "COVERAGE")
	for _, c := range columns[:min(len(columns), maxCoverageRows)] {
		usually, remark := "–", ""
		if newest != nil {
			if usual, known := newest.UsualCoverage(c.name.Raw()).Get(); known && newest.ClaimsUsual() {
				usually = usual.Words(baseline.Coverage)
			}
			remark = remarkOn(newest, c.name)
		}
		last := "–"
		if share, known := lastKnown(c.shares).Get(); known {
			last = "gone"
			if share > 0 || newest != nil && hasColumn(newest.Run, c.name) {
				last = percent(share)
			}
		}
		t.row(ansi.TruncateWc(c.name.String(), maxName, "…"), last, usually, Sparkline(c.shares, 1), remark)
	}
	if !options.Sentences {
		if _, err := io.WriteString(out, "\n"); err != nil {
			return WriteError(err)
		}
	}
	if err := t.write(out); err != nil {
		return err
	}
	if more := len(columns) - maxCoverageRows; more > 0 {
		_, err := io.WriteString(out, "and "+text.Counted(int64(more), "more column")+": --json lists them all\n")
		return WriteError(err)
	}
	return nil
}

// lastKnown returns the last value that is not unknown.
func lastKnown(values []optional.Value[float64]) optional.Value[float64] {
	for _, v := range slices.Backward(values) {
		if v.Known() {
			return v
		}
	}
	return optional.Value[float64]{}
}

func hasColumn(r *baseline.Run, name text.Text) bool {
	return slices.ContainsFunc(r.Columns, func(c profile.ColumnSummary) bool { return c.Name.Raw() == name.Raw() })
}

// severityOf returns the severity of the worst change of a column, or [baseline.Note] if the column has not become
// worse.
func severityOf(j *baseline.Judgment, name text.Text) baseline.Severity {
	worst := baseline.Note
	for _, c := range j.Changes {
		if c.Subject.OfColumn() && c.Column.Raw() == name.Raw() && c.Worse {
			worst = max(worst, c.Severity)
		}
	}
	return worst
}

// remarkOn describes the change of a column in a few words, such as "error: vanished".
func remarkOn(j *baseline.Judgment, name text.Text) string {
	for _, c := range j.Changes {
		if !c.Subject.OfColumn() || c.Column.Raw() != name.Raw() {
			continue
		}
		switch {
		case c.Kind == baseline.Vanished:
			return c.Severity.String() + ": vanished"
		case c.Kind == baseline.Faded:
			return c.Severity.String() + ": fading"
		case c.Kind == baseline.Appeared:
			return "new"
		case c.Worse && c.Severity >= baseline.Warning:
			return c.Severity.String() + ": " + c.Subject.String()
		}
	}
	return ""
}

// percent formats a share from 0 to 1 as a percentage.
func percent(share float64) string {
	const parts = 100_000
	return profile.Percent(int(share*parts+0.5), parts)
}
