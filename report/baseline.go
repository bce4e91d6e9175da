package report

import (
	"io"
	"strings"

	"sbwatch/model/baseline"
	"sbwatch/model/run"
	"sbwatch/model/text"
)

// NotCompared returns the reason why a run cannot be compared with earlier runs, or "" if it can.
func NotCompared(r *baseline.Run) string {
	switch {
	case r.RecipeID.IsEmpty():
		return "nothing to compare with, because the recipe of these items is unknown: give its id with --recipe"
	case r.Cut == run.CutByPlan:
		return "the run is not compared with earlier runs, because the plan cut it short"
	case r.Cut == run.CutByCredits:
		return "the run is not compared with earlier runs, because the credits cut it short"
	default:
		return ""
	}
}

// WriteBaseline writes the advice, and the differences between a run and earlier runs. If there are no differences, it
// says so. If there are no earlier runs, it writes nothing.
func WriteBaseline(out io.Writer, j *baseline.Judgment) error {
	if j.Advice.Kind != baseline.AdviceNone {
		if _, err := io.WriteString(out, labeledLine("advice", j.Advice.Text)); err != nil {
			return WriteError(err)
		}
	}
	return writeChanges(out, j)
}

func labeledLine(label, text string) string {
	return padRight(label, len("warning")) + "  " + text + "\n"
}

// writeChanges writes one line per difference. If there are none, it writes a line that says so.
func writeChanges(out io.Writer, j *baseline.Judgment) error {
	var b strings.Builder
	for _, c := range j.Changes {
		b.WriteString(labeledLine(c.Severity.String(), c.String()))
	}
	if j.Earlier > 0 && len(j.Changes) == 0 {
		b.WriteString(labeledLine("ok", "as usual: nothing differs from "+comparison(j)))
	}
	_, err := io.WriteString(out, b.String())
	return WriteError(err)
}

// comparison returns a phrase for the earlier runs, such as "the last 12 runs".
func comparison(j *baseline.Judgment) string {
	if j.Earlier == 1 {
		return "the last run"
	}
	return "the last " + text.Counted(int64(j.Earlier), "run")
}

// WriteBaselineJSON writes one JSON object per line: one for each difference, and one for the advice if there is any.
func WriteBaselineJSON(out io.Writer, j *baseline.Judgment) error {
	for _, change := range newJSONChanges(j.Changes) {
		if err := encodeLine(out, change); err != nil {
			return err
		}
	}
	if advice := newJSONAdvice(j.Advice); advice != nil {
		return encodeLine(out, advice)
	}
	return nil
}

// BaselineVerdict returns a message if the run is much worse than usual, or if it cannot be compared with earlier runs.
// Otherwise, the message is "". isWorse reports whether the run is much worse than usual. The check of the run then
// fails.
func BaselineVerdict(j *baseline.Judgment) (message string, isWorse bool) {
	failures := 0
	for _, c := range j.Changes {
		if c.Worse && c.Severity == baseline.Error {
			failures++
		}
	}
	switch {
	case j.Run.Cut != run.CutNone:
		return NotCompared(j.Run), false
	case j.Earlier == 0:
		return "nothing to compare with: no earlier run of recipe " + j.Run.RecipeID.String() + " is recorded", false
	case j.Advice.Kind == baseline.AdviceReAuthor:
		return "the recipe should be re-authored", true
	case failures > 0:
		return "the run is much worse than usual: " + text.Counted(int64(failures), "error"), true
	default:
		return "", false
	}
}
