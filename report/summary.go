package report

import (
	"strings"
	"time"

	"github.com/charmbracelet/x/ansi"

	"sbwatch/model/optional"
	"sbwatch/model/text"
	"sbwatch/model/watch"
)

// Summary returns what stays on the normal screen after the dashboard was left: what a person would want to scroll back
// to. It is printable, ends in a line break, and has no colors, so that it reads the same everywhere.
func Summary(watch *watch.Watch, cause error, commands Commands, now time.Time, interval time.Duration) string {
	var f summary
	f.headline(watch, commands)
	if counts := summaryCounts(watch); counts != "" {
		f.line(counts)
	}
	f.warnings(watch)
	for _, notice := range watch.Notices(now, interval) {
		f.labelled("note", notice.String())
	}
	f.failure(watch, cause, commands)
	if again := commands.reopen(watch); again != "" {
		f.labelled("again", again)
	}
	return f.String()
}

// summary is a headline and indented lines.
type summary struct{ strings.Builder }

func (f *summary) line(text string) { f.WriteString("  " + text + "\n") }

// maxWarnings is how many warnings are repeated: more would push what stood on the screen before out of sight.
const maxWarnings = 5

func (f *summary) warnings(watch *watch.Watch) {
	warnings := watch.Run().Warnings().Or(nil)
	for i, warning := range warnings {
		if more := len(warnings) - i; i == maxWarnings && more > 1 {
			f.line(strings.Repeat(" ", labelWidth) + "and " + text.Count(int64(more)) + " more warnings")
			return
		}
		f.labelled("warning", truncate(warning.String()))
	}
}

// truncate cuts a text that would fill the screen.
func truncate(text string) string {
	const maxWidth = 400 // cells
	return ansi.TruncateWc(text, maxWidth, "…")
}

// labelWidth fits the longest label, "warning", and a space between.
const labelWidth = 9

func (f *summary) labelled(label, text string) { f.line(padRight(label, labelWidth) + text) }

// headline writes the run and its status.
func (f *summary) headline(w *watch.Watch, commands Commands) {
	name := w.RunID().String()
	switch {
	case name == "" && commands.Kind == ForFile:
		name = commands.Source().String()
	case name == "" && (w.Phase() == watch.PhaseLost || w.DispatchUnanswered()):
		name = "run id unknown"
	case name == "":
		name = "no run"
	}
	words := []string{name}
	if _, answered := w.Answer(); answered {
		status := statusWord(w)
		if w.Phase() == watch.PhaseGaveUp {
			status = "last seen " + status
		}
		if commands.Kind == ForFile && w.Problem() != nil {
			status = "not read whole"
		}
		if took := duration(w.Run()); took != "" && w.Run().Status().Terminal() {
			status += " in " + took
		}
		words = append(words, status)
	}
	if !w.RecipeID().IsEmpty() {
		words = append(words, "recipe "+w.RecipeID().String())
	}
	f.WriteString(strings.Join(words, "  ") + "\n")
}

// summaryCounts returns the numbers of a run that was seen at least once.
func summaryCounts(w *watch.Watch) string {
	_, answered := w.Answer()
	run := w.Run()
	nothingRead := w.Phase() == watch.PhaseGaveUp && run.ID.IsEmpty() && w.Items().Len() == 0
	if !answered || nothingRead {
		return ""
	}
	var counts []string
	add := func(n optional.Value[int64], noun string) {
		if value, known := n.Get(); known {
			counts = append(counts, text.Counted(value, noun))
		}
	}
	add(run.Pages, "page")
	add(itemCount(w), "item")
	add(run.Credits, "credit")
	if drift, known := run.Drift().Get(); known {
		counts = append(counts, "drift "+text.DriftText(drift))
	}
	if warnings, known := run.Warnings().Get(); known {
		add(optional.Some(int64(len(warnings))), "warning")
	}
	return strings.Join(counts, ", ")
}

// failure writes why the run or its watch did not end well.
func (f *summary) failure(w *watch.Watch, cause error, commands Commands) {
	run := w.Run()
	if run.Status().Unsuccessful() || !run.Error.IsEmpty() {
		text := run.Error.String()
		if text == "" {
			text = "the service did not say why"
		}
		if answer, _ := w.Answer(); !answer.RequestID.IsEmpty() {
			text += " (" + answer.RequestID.String() + ")"
		}
		f.labelled("error", text)
	}
	if problem := w.Problem(); problem != nil {
		f.labelled("problem", problem.Error())
	}
	switch {
	case w.Phase() == watch.PhaseLost:
		f.labelled("note", lostRun(w, commands))
	case !w.Over():
		what, next := leftRunning(w, cause, commands)
		if next != "" && next != commands.reopen(w) { // which has a line of its own
			what += ": " + next
		}
		f.labelled("note", what)
	}
}

// Wrap breaks the lines of a summary that are wider than the terminal between words, and indents what follows. It does not
// break a word that is longer than a line, such as an address, nor a command: a terminal that breaks it lets it be copied
// whole.
func Wrap(text string, width int) string {
	indent := strings.Repeat(" ", 2+labelWidth)
	if width < 2*len(indent) {
		return text
	}
	var b strings.Builder
	for line := range strings.Lines(text) {
		if strings.HasPrefix(line, "  again ") { // a command
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
