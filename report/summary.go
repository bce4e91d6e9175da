package report

import (
	"slices"
	"strings"
	"time"

	"github.com/charmbracelet/x/ansi"

	"sbwatch/model/optional"
	"sbwatch/model/text"
	"sbwatch/model/watch"
)

// Summary returns the text that is printed after the dashboard closes. It keeps the result visible in the terminal: the
// run, its counts, warnings, notices, errors, and the command that shows the run again. The parameter cause is the
// reason for leaving an unfinished run. The text is printable, has no colors and ends in a newline.
func Summary(watch *watch.Watch, cause error, commands Commands, now time.Time, interval time.Duration) string {
	var f summary
	f.headline(watch, commands)
	if counts := summaryCounts(watch); counts != "" {
		f.line(counts)
	}
	f.warnings(watch)
	for _, notice := range watch.Notices(now, interval) {
		f.labeled("note", notice.String())
	}
	f.endState(watch, cause, commands)
	if again := commands.reopen(watch); again != "" {
		f.labeled("again", again)
	}
	return f.String()
}

// maxSummaries is the maximum number of complete summaries. More would push earlier content off the screen.
const maxSummaries = 3

// SummaryOfAll returns the text that is printed after the dashboard closes, for any number of runs. It contains the
// summary of each run. If there are more than maxSummaries runs, it contains one or two lines per run instead. Runs
// that did not complete come last, next to the shell's prompt.
func SummaryOfAll(watches []*watch.Watch, cause error, commands Commands, now time.Time, interval time.Duration) string {
	if len(watches) == 0 {
		return "no runs\n"
	}
	watches = slices.SortedStableFunc(slices.Values(watches), func(a, b *watch.Watch) int {
		return OutcomeOf(a, cause).rank() - OutcomeOf(b, cause).rank()
	})
	var b strings.Builder
	for i, w := range watches {
		switch {
		case len(watches) > maxSummaries:
			b.WriteString(shortSummary(w, commands, now, interval))
		case i > 0:
			b.WriteString("\n")
			fallthrough
		default:
			b.WriteString(Summary(w, cause, commands, now, interval))
		}
	}
	if len(watches) > maxSummaries && commands.Kind == ForService {
		b.WriteString(againLines(watches, commands))
	}
	return b.String()
}

// File is an opened file.
type File struct {
	Name  text.Text
	Watch *watch.Watch
}

// SummaryOfFiles returns the text that is printed after a dashboard with several files closes. The text has the same
// form as that of [SummaryOfAll].
func SummaryOfFiles(files []File, cause error, now time.Time, interval time.Duration) string {
	sorted := slices.SortedStableFunc(slices.Values(files), func(a, b File) int {
		return OutcomeOf(a.Watch, cause).rank() - OutcomeOf(b.Watch, cause).rank()
	})
	var b strings.Builder
	for i, file := range sorted {
		commands := Commands{Kind: ForFile, File: file.Name}
		switch {
		case len(files) > maxSummaries:
			b.WriteString(shortSummary(file.Watch, commands, now, interval))
		case i > 0:
			b.WriteString("\n")
			fallthrough
		default:
			b.WriteString(Summary(file.Watch, cause, commands, now, interval))
		}
	}
	if len(files) > maxSummaries {
		var names []text.Text
		for _, file := range files {
			names = append(names, file.Name)
		}
		var f summary
		f.labeled("again", commandLine("open", nil, names...))
		b.WriteString(f.String())
	}
	return b.String()
}

// againLines returns a line with the command that watches the runs again, and a line with the command that dispatches
// the recipes that were not dispatched. If there are no runs, the first line is left out. If there are no such recipes,
// the second line is left out.
func againLines(watches []*watch.Watch, commands Commands) string {
	var runs, recipes []text.Text
	for _, w := range watches {
		switch {
		case !w.RunID().IsEmpty():
			runs = append(runs, w.RunID())
		case w.Phase() == watch.PhaseDispatching && !w.DispatchUnanswered():
			recipes = append(recipes, w.RecipeID())
		}
	}
	var f summary
	if len(runs) > 0 {
		f.labeled("again", commands.watchAll(runs))
	}
	if len(recipes) > 0 {
		f.labeled("again", commands.runAll(recipes))
	}
	return f.String()
}

// shortSummary returns a line with the state and the counts of a run. If there is a problem with the run, a second line
// describes it.
func shortSummary(w *watch.Watch, commands Commands, now time.Time, interval time.Duration) string {
	var f summary
	f.headline(w, commands)
	if counts := summaryCounts(w); counts != "" {
		text := strings.TrimSuffix(f.String(), "\n")
		f.Reset()
		f.WriteString(text + "  " + counts + "\n")
	}
	switch problem := w.Problem(); {
	case w.Phase() == watch.PhaseLost:
		f.labeled("note", lostDispatchText(w, commands))
	case w.DispatchUnanswered():
		f.labeled("note", "the dispatch was not answered: the run may have started")
	case w.Phase() == watch.PhaseDispatching:
		f.labeled("note", "not dispatched")
	case w.Run().Status().Unsuccessful() && !w.Run().Error.IsEmpty():
		f.labeled("error", truncate(w.Run().Error.String()))
	case problem != nil:
		f.labeled("problem", truncate(problem.Error()))
	default:
		if notices := w.Notices(now, interval); len(notices) > 0 {
			f.labeled("note", notices[0].String())
		}
	}
	return f.String()
}

// summary builds the text of a summary: a headline and indented lines.
type summary struct{ strings.Builder }

func (f *summary) line(text string) { f.WriteString("  " + text + "\n") }

// maxWarnings is the maximum number of warnings in a summary. More would push earlier content off the screen.
const maxWarnings = 5

func (f *summary) warnings(watch *watch.Watch) {
	warnings := watch.Run().Warnings().Or(nil)
	for i, warning := range warnings {
		if more := len(warnings) - i; i == maxWarnings && more > 1 {
			f.line(strings.Repeat(" ", labelWidth) + "and " + text.Count(int64(more)) + " more warnings")
			return
		}
		f.labeled("warning", truncate(warning.String()))
	}
}

// truncate shortens a text that would otherwise fill the screen.
func truncate(text string) string {
	const maxWidth = 400 // terminal cells
	return ansi.TruncateWc(text, maxWidth, "…")
}

// labelWidth is the width of labels, in terminal cells: that of the longest label, "warning", plus two spaces.
const labelWidth = 9

func (f *summary) labeled(label, text string) { f.line(padRight(label, labelWidth) + text) }

// headline writes the run id, the status and the recipe.
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
			status = "not read completely"
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

// summaryCounts returns the counts of a run, or "" if the service has not answered yet.
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

// endState writes why the run did not complete, or why the watch ended before the run.
func (f *summary) endState(w *watch.Watch, cause error, commands Commands) {
	run := w.Run()
	if run.Status().Unsuccessful() || !run.Error.IsEmpty() {
		text := run.Error.String()
		if text == "" {
			text = "the service gave no reason"
		}
		if answer, _ := w.Answer(); !answer.RequestID.IsEmpty() {
			text += " (" + answer.RequestID.String() + ")"
		}
		f.labeled("error", text)
	}
	if problem := w.Problem(); problem != nil {
		f.labeled("problem", problem.Error())
	}
	switch {
	case w.Phase() == watch.PhaseLost:
		f.labeled("note", lostDispatchText(w, commands))
	case !w.Over():
		message, command := unfinishedText(w, cause, commands)
		if command != "" && command != commands.reopen(w) { // the summary already has a line with the command of reopen
			message += ": " + command
		}
		f.labeled("note", message)
	}
}

// Wrap wraps the lines of a summary between words at a width in terminal cells, and indents continuation lines. It
// splits neither suggested commands nor long words such as URLs, so that the user can copy them.
func Wrap(text string, width int) string {
	indent := strings.Repeat(" ", 2+labelWidth)
	if width < 2*len(indent) {
		return text
	}
	var b strings.Builder
	for line := range strings.Lines(text) {
		if strings.HasPrefix(line, "  again ") { // a suggested command
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
