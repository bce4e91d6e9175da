package ui

import (
	"sbwatch/model/text"
	"sbwatch/model/watch"
)

// text is a tab or a screen of text that scrolls, laid out for the width of the screen.
type textView struct {
	lines  []string
	scroll scroll
}

// warningLines write everything that is to be said of the run whole: what this program noticed, then every warning of the
// service.
func (a *App) warningLines(w int) []string {
	l := a.look
	lines := a.attention(w)
	if endedBadly(a.watch.Run()) {
		lines = append(a.failedLines(w), lines...)
	}
	warnings, known := a.watch.Run().Warnings().Get()
	if len(lines) > 0 && len(warnings) > 0 {
		lines = append(lines, "")
	}
	for i, warning := range warnings {
		lines = append(lines, l.marked("!", l.Doubtful, a.wrapText(warning, w-2))...)
		if len(lines) > linesAtMost && i < len(warnings)-1 {
			return append(lines, l.Muted.Render("… and "+text.Counted(int64(len(warnings)-1-i), "more warning")))
		}
	}
	switch {
	case !known:
		lines = append(lines, "", l.Muted.Render("the service sent no list of warnings"))
	case len(warnings) == 0:
		lines = append(lines, "", l.Muted.Render("the service sent no warnings"))
	}
	return lines
}

// linesAtMost bounds how many lines of an answer or of its warnings are laid out.
const linesAtMost = 5_000

// rawLines write the answer as it came, without its items.
func rawLines(l look, watch *watch.Watch, w int) []string {
	answer, known := watch.Answer()
	if !known || answer.Envelope.IsEmpty() {
		return []string{"", l.Muted.Render("there is no answer of the service to show")}
	}
	var lines []string
	for line := range answer.Envelope.Lines() {
		lines = append(lines, l.wrap(line, w)...)
		if len(lines) >= linesAtMost {
			return append(lines, l.Muted.Render("… the answer goes on; only its first lines show here"))
		}
	}
	return lines
}
