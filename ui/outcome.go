package ui

import (
	"encoding/json"
	"strings"

	"sbwatch/model/run"
	"sbwatch/model/text"
	"sbwatch/model/watch"
)

// The outcome screen answers, of a run or a watch that ended badly: what happened, what did it cost, what now?

// outcomeLines write the whole story on w cells.
func (a *App) outcomeLines(w int) []string {
	switch {
	case a.screen() != screenOutcome:
		return nil
	case a.watch.Phase() == watch.PhaseLost:
		return a.lostLines(w)
	case a.watch.Phase() == watch.PhaseGaveUp && a.watch.Problem() != nil:
		return a.gaveUpLines(a.watch.Problem(), w)
	case endedBadly(a.watch.Run()):
		return a.failedLines(w)
	default:
		return nil
	}
}

// endedBadly tells whether a run failed or was cancelled.
func endedBadly(run run.Run) bool {
	return run.Status().Unsuccessful()
}

// failedLines tell of a run that failed or was cancelled.
func (a *App) failedLines(w int) []string {
	l, r := a.look, a.watch.Run()
	answer, _ := a.watch.Answer()
	style := l.Bad
	if r.Status() == run.StatusCancelled {
		style = l.Doubtful
	}
	lines := []string{""}
	lines = append(lines, styled(style, a.wrapText(a.failureText(), w))...)
	lines = append(lines, "")
	lines = append(lines, l.wrap(countsSentence(r), w)...)
	lines = append(lines, a.resultLines(r, w)...)
	lines = append(lines, "")
	lines = append(lines, a.requestLines(answer.RequestID, w)...)
	lines = append(lines, "")
	lines = append(lines, a.nextLines(a.whatNow(r), w)...)
	return append(lines, a.finalProblem(w)...)
}

// resultLines are the drift and the warnings of a run that failed, which few have.
func (a *App) resultLines(run run.Run, w int) []string {
	if a.screen() != screenOutcome {
		return nil // they stand elsewhere on the screen
	}
	var lines []string
	if drift := run.Drift(); drift.Known() {
		lines = append(lines, "", a.look.driftGauge(drift, w))
	}
	for _, warning := range run.Warnings().Or(nil) {
		lines = append(lines, a.look.marked("!", a.look.Doubtful, a.wrapText(warning, w-2))...)
		if len(lines) > linesAtMost {
			break
		}
	}
	return lines
}

// failureText is what the service said of the failure.
func (a *App) failureText() text.Text {
	r := a.watch.Run()
	switch {
	case !r.Error.IsEmpty():
		return r.Error
	case r.Status() == run.StatusCancelled:
		return text.NewText("the service stopped the run and did not say why")
	default:
		return text.NewText("the run failed and the service did not say why")
	}
}

// countsSentence tells how far the run came and what it cost.
func countsSentence(run run.Run) string {
	var read []string
	if pages, known := run.Pages.Get(); known {
		read = append(read, text.Counted(pages, "page"))
	}
	if items, known := run.Items.Get(); known {
		read = append(read, text.Counted(items, "item"))
	}
	before := "It is not known how far it came"
	if len(read) > 0 {
		before = strings.Join(read, " and ") + " had been read"
	}
	credits, known := run.Credits.Get()
	switch {
	case !known:
		return before + "; the service did not say what it cost."
	case credits == 0:
		return before + "; it cost nothing, and returns no items."
	default:
		return before + "; the service reports " + text.Counted(credits, "credit") + ", though such runs are not billed, and returns no items."
	}
}

// requestLines name the request to quote.
func (a *App) requestLines(id text.Text, w int) []string {
	if id.IsEmpty() {
		return nil
	}
	l := a.look
	line := l.Muted.Render("request  ") + l.Strong.Render(id.String())
	if more := "  quote it when you ask the service about this run"; l.width(line)+l.width(more) <= w {
		line += l.Muted.Render(more)
	}
	return []string{l.cut(line, w)}
}

// whatNow is what the user can do about a run that ended badly.
func (a *App) whatNow(r run.Run) []string {
	steps := proposal("to run it again:  ", a.config.Commands.Rerun(&a.watch))
	if r.Status() == run.StatusCancelled {
		return append(steps, "ask the service why, if it happens again: only it can stop a run")
	}
	return append(steps, "if it fails at the same place, look at that page: the recipe may have to be authored again")
}

// whatNowLost is what the user can do after the answer to a dispatch was lost.
func (a *App) whatNowLost() []string {
	commands := a.config.Commands
	if last, judged := a.watch.LostRun().Get(); judged && !last.ID.IsEmpty() {
		return proposal("to watch that run:  ", commands.Watch(last.ID))
	}
	steps := proposal("to look again for a new run:  ", commands.Usage())
	return append(steps, proposal("only if there is none:  ", commands.Rerun(&a.watch))...)
}

// proposal is a step that is a command line, if there is one.
func proposal(what, command string) []string {
	if command == "" {
		return nil
	}
	return []string{what + command}
}

// nextLines write what can be done now, one thing a line.
func (a *App) nextLines(steps []string, w int) []string {
	l := a.look
	var lines []string
	for _, step := range steps {
		lines = append(lines, l.marked("→", l.Accent, l.wrap(step, w-2))...)
	}
	return lines
}

// gaveUpLines tell of an answer that asking again will not change.
func (a *App) gaveUpLines(problem *run.Problem, w int) []string {
	l := a.look
	lines := []string{""}
	lines = append(lines, styled(l.Bad, a.wrapText(text.NewText(problem.Reason()), w))...)
	lines = append(lines, "")
	if refs := problem.References(); refs != "" {
		lines = append(lines, styled(l.Muted, l.wrap(refs, w))...)
	}
	if details := indentedJSON(problem.Details); !details.IsEmpty() {
		lines = append(lines, styled(l.Muted, a.wrapText(details, w))...)
	}
	if last := a.lastKnown(); last != "" {
		lines = append(lines, "")
		lines = append(lines, l.wrap(last, w)...)
	}
	if !problem.NextStep.IsEmpty() {
		lines = append(lines, "")
		lines = append(lines, a.nextLines([]string{problem.NextStep.String()}, w)...)
	}
	return lines
}

// lastKnown tells what had been known of a run before its watch ended.
func (a *App) lastKnown() string {
	if a.watch.AnsweredAt().IsZero() {
		return ""
	}
	run := a.watch.Run()
	return "Last known, " + text.Seconds(a.now.Sub(a.watch.AnsweredAt())) + " before: " + run.StatusText() + ", " +
		text.CountOr(run.Pages) + " pages, " + text.CountOr(run.Items) + " items, " + text.CountOr(run.Credits) + " credits."
}

// lostLines tell of a dispatch whose answer was lost.
func (a *App) lostLines(w int) []string {
	l := a.look
	lines := []string{""}
	lines = append(lines, styled(l.Bad, l.wrap("The answer to the dispatch was lost: a run may have started, and may cost credits.", w))...)
	lines = append(lines, "")
	if problem := a.watch.Problem(); problem != nil {
		lines = append(lines, l.wrap(problem.Reason(), w)...)
		if refs := problem.References(); refs != "" {
			lines = append(lines, styled(l.Muted, l.wrap(refs, w))...)
		}
	}
	lines = append(lines, "")
	lines = append(lines, l.wrap(a.watch.LostVerdict(a.watch.NextRequest() == watch.RequestUsage), w)...)
	if problem := a.watch.UsageProblem(); problem != nil {
		lines = append(lines, a.problemLines(problem, w)...)
	}
	lines = append(lines, "")
	return append(lines, a.nextLines(a.whatNowLost(), w)...)
}

// finalProblem is a problem of the last request, where one is left to tell.
func (a *App) finalProblem(w int) []string {
	if problem := a.watch.Problem(); problem != nil {
		return append([]string{""}, a.problemLines(problem, w)...)
	}
	return nil
}

// wrapText writes a text from outside whole, with its own line breaks.
func (a *App) wrapText(t text.Text, w int) []string {
	var lines []string
	for line := range t.Lines() {
		lines = append(lines, a.look.wrap(line, w)...)
	}
	return lines
}

// indentedJSON is JSON made readable; empty where there is none.
func indentedJSON(t text.Text) text.Text {
	var out strings.Builder
	var value any
	decoder := json.NewDecoder(strings.NewReader(t.Raw()))
	decoder.UseNumber()
	if t.IsEmpty() || decoder.Decode(&value) != nil || value == nil {
		return text.Text{}
	}
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if encoder.Encode(value) != nil {
		return text.Text{}
	}
	return text.NewText(strings.TrimSpace(out.String()))
}

// errorText is the error of the screen, as one would paste it into a report.
func (a *App) errorText() string {
	answer, _ := a.watch.Answer()
	switch {
	case a.watch.Problem() != nil:
		return a.watch.Problem().Error()
	case a.watch.Phase() == watch.PhaseEnded:
		parts := []string{"run " + a.watch.RunID().Raw() + " " + a.watch.Run().StatusText() + ": " + a.failureText().Raw()}
		if !answer.RequestID.IsEmpty() {
			parts = append(parts, "request "+answer.RequestID.Raw())
		}
		return strings.Join(parts, "\n")
	default:
		return ""
	}
}
