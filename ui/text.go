package ui

import (
	"sbwatch/model"
)

// text is a tab or a screen of text that scrolls, laid out for the width of the screen.
type text struct {
	lines  []string
	scroll scroll
}

// warningLines write every warning of a run whole.
func warningLines(l look, run model.Run, w int) []string {
	warnings, known := run.Warnings().Get()
	switch {
	case !known:
		return []string{"", l.Muted.Render("the service sent no list of warnings")}
	case len(warnings) == 0:
		return []string{"", l.Muted.Render("no warnings")}
	}
	var lines []string
	for _, warning := range warnings {
		var wrapped []string
		for _, line := range warning.Lines() {
			wrapped = append(wrapped, l.wrap(line, w-2)...)
		}
		lines = append(lines, l.marked("!", l.Doubtful, wrapped)...)
	}
	return lines
}

// rawAtMost bounds how many lines of an answer are laid out.
const rawAtMost = 20_000

// rawLines write the answer as it came, without its items.
func rawLines(l look, watch *model.Watch, w int) []string {
	answer, known := watch.Answer()
	if !known || answer.Envelope.IsEmpty() {
		return []string{"", l.Muted.Render("there is no answer of the service to show")}
	}
	var lines []string
	for _, line := range answer.Envelope.Lines() {
		lines = append(lines, l.wrap(line, w)...)
		if len(lines) >= rawAtMost {
			return append(lines, l.Muted.Render("… the answer goes on; only its first lines show here"))
		}
	}
	return lines
}
