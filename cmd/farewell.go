package cmd

import (
	"strings"
	"time"

	"github.com/charmbracelet/x/ansi"

	"sbwatch/model"
)

// farewell is what stays on the normal screen after the dashboard was left: what a person would want to scroll back
// to. It is printable, ends in a line break, and has no colours, so that it reads the same everywhere.
func farewell(watch *model.Watch, cause error, suggest suggestions, now time.Time, interval time.Duration) string {
	var f farewellText
	f.headline(watch, suggest)
	if counts := farewellCounts(watch); counts != "" {
		f.line(counts)
	}
	for _, warning := range watch.Run().Warnings().Or(nil) {
		f.labelled("warning", warning.String())
	}
	for _, notice := range watch.Notices(now, interval) {
		f.labelled("note", notice.String())
	}
	f.badEnd(watch, cause, suggest)
	if again := suggest.reopen(watch); again != "" {
		f.labelled("again", again)
	}
	return f.String()
}

// farewellText is a first line and what belongs to it, indented.
type farewellText struct{ strings.Builder }

func (f *farewellText) line(text string) { f.WriteString("  " + text + "\n") }

// labelWidth fits the longest label, "warning", and a space between.
const labelWidth = 9

func (f *farewellText) labelled(label, text string) { f.line(padRight(label, labelWidth) + text) }

// headline names the run and its status.
func (f *farewellText) headline(watch *model.Watch, suggest suggestions) {
	name := watch.RunID().String()
	switch {
	case name == "" && suggest.kind == suggestFile:
		name = suggest.source().String()
	case name == "" && (watch.Phase() == model.PhaseLost || watch.DispatchUnanswered()):
		name = "run id unknown"
	case name == "":
		name = "no run"
	}
	words := []string{name}
	if _, answered := watch.Answer(); answered {
		status := statusWord(watch)
		if watch.Phase() == model.PhaseGaveUp {
			status = "last seen " + status
		}
		if suggest.kind == suggestFile && watch.Problem() != nil {
			status = "not read whole"
		}
		if took := tookOf(watch.Run()); took != "" && watch.Run().Status().Terminal() {
			status += " in " + took
		}
		words = append(words, status)
	}
	if !watch.RecipeID().IsEmpty() {
		words = append(words, "recipe "+watch.RecipeID().String())
	}
	f.WriteString(strings.Join(words, "  ") + "\n")
}

// farewellCounts are the numbers of a run that was seen at least once.
func farewellCounts(watch *model.Watch) string {
	_, answered := watch.Answer()
	run := watch.Run()
	nothingRead := watch.Phase() == model.PhaseGaveUp && run.ID.IsEmpty() && watch.Items().Len() == 0
	if !answered || nothingRead {
		return ""
	}
	var counts []string
	add := func(n model.Optional[int64], noun string) {
		if value, known := n.Get(); known {
			counts = append(counts, model.Counted(value, noun))
		}
	}
	add(run.Pages, "page")
	add(itemCount(watch), "item")
	add(run.Credits, "credit")
	if drift, known := run.Drift().Get(); known {
		counts = append(counts, "drift "+model.DriftText(drift))
	}
	if warnings, known := run.Warnings().Get(); known {
		add(model.Some(int64(len(warnings))), "warning")
	}
	return strings.Join(counts, ", ")
}

// badEnd tells why there is no good end.
func (f *farewellText) badEnd(watch *model.Watch, cause error, suggest suggestions) {
	run := watch.Run()
	if !run.Error.IsEmpty() {
		text := run.Error.String()
		if answer, _ := watch.Answer(); !answer.RequestID.IsEmpty() {
			text += " (" + answer.RequestID.String() + ")"
		}
		f.labelled("error", text)
	}
	if problem := watch.Problem(); problem != nil {
		f.labelled("problem", problem.Error())
	}
	switch {
	case watch.Phase() == model.PhaseLost:
		f.labelled("note", lostRun(watch, suggest))
	case !watch.Over():
		what, next := leftBehind(watch, cause, suggest)
		if next != "" && next != suggest.reopen(watch) { // which has a line of its own
			what += ": " + next
		}
		f.labelled("note", what)
	}
}

// wrapIndented breaks lines that are longer than the terminal is wide at their words, and indents what follows.
func wrapIndented(text string, width int) string {
	indent := strings.Repeat(" ", 2+labelWidth)
	if width < 2*len(indent) {
		return text
	}
	var b strings.Builder
	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(line, "\n")
		if ansi.StringWidthWc(line) > width {
			first, rest, _ := strings.Cut(ansi.WrapWc(line, width, ""), "\n")
			b.WriteString(first + "\n")
			rest = strings.ReplaceAll(rest, "\n", " ")
			line = indent + strings.ReplaceAll(ansi.WrapWc(rest, width-len(indent), ""), "\n", "\n"+indent)
		}
		b.WriteString(line + "\n")
	}
	return b.String()
}
