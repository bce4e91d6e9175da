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
	f.warnings(watch)
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

// warningsAtMost is how many warnings are repeated: what stood on the screen before is to be found again.
const warningsAtMost = 5

func (f *farewellText) warnings(watch *model.Watch) {
	warnings := watch.Run().Warnings().Or(nil)
	for i, warning := range warnings {
		if more := len(warnings) - i; i == warningsAtMost && more > 1 {
			f.line(strings.Repeat(" ", labelWidth) + "and " + model.Count(int64(more)) + " more warnings")
			return
		}
		f.labelled("warning", shortened(warning.String()))
	}
}

// shortened cuts a text that would fill the screen.
func shortened(text string) string {
	const most = 400 // cells
	return ansi.TruncateWc(text, most, "…")
}

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
	if run.Status().Unsuccessful() || !run.Error.IsEmpty() {
		text := run.Error.String()
		if text == "" {
			text = "the service did not say why"
		}
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

// wrapIndented breaks lines that are longer than the terminal is wide at their words, and indents what follows. A word that
// is longer than a line, such as an address, is not broken: a terminal that breaks it lets it be copied whole.
func wrapIndented(text string, width int) string {
	indent := strings.Repeat(" ", 2+labelWidth)
	if width < 2*len(indent) {
		return text
	}
	var b strings.Builder
	for line := range strings.Lines(text) {
		if strings.HasPrefix(line, "  again ") { // a command, which is to be copied whole
			b.WriteString(line)
			continue
		}
		used := 0
		for rest := strings.TrimSuffix(line, "\n"); rest != ""; {
			word := strings.TrimLeft(rest, " ")
			gap := rest[:len(rest)-len(word)]
			word, rest, _ = strings.Cut(word, " ")
			if rest != "" || strings.HasSuffix(line, " \n") {
				rest = " " + rest
			}
			wide := ansi.StringWidthWc(word)
			if used+len(gap)+wide > width && used > len(indent) {
				b.WriteString("\n")
				gap, used = indent, 0
			}
			b.WriteString(gap + word)
			used += len(gap) + wide
			if strings.TrimLeft(rest, " ") == "" {
				break
			}
		}
		b.WriteString("\n")
	}
	return b.String()
}
