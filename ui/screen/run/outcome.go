package run

import (
	"encoding/json"
	"strings"

	"sbwatch/model/run"
	"sbwatch/model/text"
	"sbwatch/model/watch"
	"sbwatch/ui/draw"
)

// The outcome screen answers, of a run or a watch that ended badly: what happened, what did it cost, what now?

// outcomeView tells the story of a run, or a watch, that ended badly.
type outcomeView struct{ *status }

// lines write the whole story on w cells.
func (s outcomeView) lines(w int) []string {
	switch {
	case s.kind() != screenOutcome:
		return nil
	case s.watch.Phase() == watch.PhaseLost:
		return s.lostLines(w)
	case s.watch.Phase() == watch.PhaseGaveUp && s.watch.Problem() != nil:
		return s.gaveUpLines(s.watch.Problem(), w)
	case endedBadly(s.watch.Run()):
		return s.failedLines(w)
	default:
		return nil
	}
}

// endedBadly tells whether a run failed or was cancelled.
func endedBadly(run run.Run) bool {
	return run.Status().Unsuccessful()
}

// failedLines tell of a run that failed or was cancelled.
func (s outcomeView) failedLines(w int) []string {
	p, r := s.env.Painter, s.watch.Run()
	answer, _ := s.watch.Answer()
	style := p.Bad
	if r.Status() == run.StatusCancelled {
		style = p.Doubtful
	}
	lines := []string{""}
	lines = append(lines, draw.Styled(style, s.wrapText(s.failureText(), w))...)
	lines = append(lines, "")
	lines = append(lines, p.Wrap(countsSentence(r), w)...)
	lines = append(lines, s.resultLines(r, w)...)
	lines = append(lines, "")
	lines = append(lines, s.requestLines(answer.RequestID, w)...)
	lines = append(lines, "")
	lines = append(lines, s.nextLines(s.whatNow(r), w)...)
	return append(lines, s.finalProblem(w)...)
}

// resultLines are the drift and the warnings of a run that failed, which few have.
func (s outcomeView) resultLines(run run.Run, w int) []string {
	if s.kind() != screenOutcome {
		return nil // they stand elsewhere on the screen
	}
	var lines []string
	if drift := run.Drift(); drift.Known() {
		lines = append(lines, "", driftGauge(s.env.Painter, drift, w))
	}
	for _, warning := range run.Warnings().Or(nil) {
		lines = append(lines, draw.Marked("!", s.env.Painter.Doubtful, s.wrapText(warning, w-2))...)
		if len(lines) > linesAtMost {
			break
		}
	}
	return lines
}

// failureText is what the service said of the failure.
func (s *status) failureText() text.Text {
	r := s.watch.Run()
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
func (s outcomeView) requestLines(id text.Text, w int) []string {
	if id.IsEmpty() {
		return nil
	}
	p := s.env.Painter
	line := p.Muted.Render("request  ") + p.Strong.Render(id.String())
	if more := "  quote it when you ask the service about this run"; p.Width(line)+p.Width(more) <= w {
		line += p.Muted.Render(more)
	}
	return []string{p.Cut(line, w)}
}

// whatNow is what the user can do about a run that ended badly.
func (s outcomeView) whatNow(r run.Run) []string {
	steps := proposal("to run it again:  ", s.config.Commands.Rerun(s.watch))
	if r.Status() == run.StatusCancelled {
		return append(steps, "ask the service why, if it happens again: only it can stop a run")
	}
	return append(steps, "if it fails at the same place, look at that page: the recipe may have to be authored again")
}

// whatNowLost is what the user can do after the answer to a dispatch was lost.
func (s outcomeView) whatNowLost() []string {
	commands := s.config.Commands
	if last, judged := s.watch.LostRun().Get(); judged && !last.ID.IsEmpty() {
		return proposal("to watch that run:  ", commands.Watch(last.ID))
	}
	steps := proposal("to look again for a new run:  ", commands.Usage())
	return append(steps, proposal("only if there is none:  ", commands.Rerun(s.watch))...)
}

// proposal is a step that is a command line, if there is one.
func proposal(what, command string) []string {
	if command == "" {
		return nil
	}
	return []string{what + command}
}

// nextLines write what can be done now, one thing a line.
func (s *status) nextLines(steps []string, w int) []string {
	p := s.env.Painter
	var lines []string
	for _, step := range steps {
		lines = append(lines, draw.Marked("→", p.Accent, p.Wrap(step, w-2))...)
	}
	return lines
}

// gaveUpLines tell of an answer that asking again will not change.
func (s outcomeView) gaveUpLines(problem *run.Problem, w int) []string {
	p := s.env.Painter
	lines := []string{""}
	lines = append(lines, draw.Styled(p.Bad, s.wrapText(text.NewText(problem.Reason()), w))...)
	lines = append(lines, "")
	if refs := problem.References(); refs != "" {
		lines = append(lines, draw.Styled(p.Muted, p.Wrap(refs, w))...)
	}
	if details := indentedJSON(problem.Details); !details.IsEmpty() {
		lines = append(lines, draw.Styled(p.Muted, s.wrapText(details, w))...)
	}
	if last := s.lastKnown(); last != "" {
		lines = append(lines, "")
		lines = append(lines, p.Wrap(last, w)...)
	}
	if !problem.NextStep.IsEmpty() {
		lines = append(lines, "")
		lines = append(lines, s.nextLines([]string{problem.NextStep.String()}, w)...)
	}
	return lines
}

// lastKnown tells what had been known of a run before its watch ended.
func (s outcomeView) lastKnown() string {
	if s.watch.AnsweredAt().IsZero() {
		return ""
	}
	run := s.watch.Run()
	return "Last known, " + text.Seconds(s.env.Now.Sub(s.watch.AnsweredAt())) + " before: " + run.StatusText() + ", " +
		text.CountOr(run.Pages) + " pages, " + text.CountOr(run.Items) + " items, " + text.CountOr(run.Credits) + " credits."
}

// lostLines tell of a dispatch whose answer was lost.
func (s outcomeView) lostLines(w int) []string {
	p := s.env.Painter
	lines := []string{""}
	lines = append(lines, draw.Styled(p.Bad, p.Wrap("The answer to the dispatch was lost: a run may have started, and may cost credits.", w))...)
	lines = append(lines, "")
	if problem := s.watch.Problem(); problem != nil {
		lines = append(lines, p.Wrap(problem.Reason(), w)...)
		if refs := problem.References(); refs != "" {
			lines = append(lines, draw.Styled(p.Muted, p.Wrap(refs, w))...)
		}
	}
	lines = append(lines, "")
	lines = append(lines, p.Wrap(s.watch.LostVerdict(s.watch.NextRequest() == watch.RequestUsage), w)...)
	if problem := s.watch.UsageProblem(); problem != nil {
		lines = append(lines, s.problemLines(problem, w)...)
	}
	lines = append(lines, "")
	return append(lines, s.nextLines(s.whatNowLost(), w)...)
}

// finalProblem is a problem of the last request, where one is left to tell.
func (s outcomeView) finalProblem(w int) []string {
	if problem := s.watch.Problem(); problem != nil {
		return append([]string{""}, s.problemLines(problem, w)...)
	}
	return nil
}

// wrapText writes a text from outside whole, with its own line breaks.
func (s *status) wrapText(t text.Text, w int) []string {
	var lines []string
	for line := range t.Lines() {
		lines = append(lines, s.env.Painter.Wrap(line, w)...)
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
func (s *status) errorText() string {
	answer, _ := s.watch.Answer()
	switch {
	case s.watch.Problem() != nil:
		return s.watch.Problem().Error()
	case s.watch.Phase() == watch.PhaseEnded:
		parts := []string{"run " + s.watch.RunID().Raw() + " " + s.watch.Run().StatusText() + ": " + s.failureText().Raw()}
		if !answer.RequestID.IsEmpty() {
			parts = append(parts, "request "+answer.RequestID.Raw())
		}
		return strings.Join(parts, "\n")
	default:
		return ""
	}
}
