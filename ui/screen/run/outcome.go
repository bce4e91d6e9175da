package run

import (
	"encoding/json"
	"slices"
	"strings"

	"sbwatch/model/run"
	"sbwatch/model/text"
	"sbwatch/model/watch"
	"sbwatch/ui/draw"
)

// outcomeView explains a run or a watch that ended badly: what happened, what it cost, and what to do next.
type outcomeView struct{ *status }

// lines returns the explanation on w cells, followed by the chart of the run.
func (s outcomeView) lines(w int) []string {
	lines := s.explanation(w)
	if s.kind() != screenOutcome || !s.hasChart() {
		return lines
	}
	room := func(lines []string) int { return s.env.Frame.Body.Dy() - len(lines) - 1 }
	// If the chart fits only without the empty lines, remove them.
	isEmpty := func(line string) bool { return line == "" }
	if dense := slices.DeleteFunc(slices.Clone(lines), isEmpty); room(lines) < smallChart && room(dense) >= smallChart {
		lines = dense
	}
	h := room(lines)
	if h < smallChart {
		h = scrolledChart
	}
	if drawn := s.chartLines(w, h); drawn != nil {
		lines = append(append(lines, ""), drawn...)
	}
	return lines
}

// The heights of the chart below an explanation, in lines. The chart fills the free lines if there are at least
// smallChart. Otherwise it has scrolledChart lines, and the user must scroll to see all of it.
const (
	smallChart    = 6
	scrolledChart = 8
)

// explanation returns the text of the explanation on w cells.
func (s outcomeView) explanation(w int) []string {
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

// endedBadly reports whether a run failed or was cancelled.
func endedBadly(run run.Run) bool {
	return run.Status().Unsuccessful()
}

// failedLines returns the explanation of a run that failed or was cancelled.
func (s outcomeView) failedLines(w int) []string {
	p, r := s.env.Painter, s.watch.Run()
	answer, _ := s.watch.Answer()
	style := p.Error
	if r.Status() == run.StatusCancelled {
		style = p.Warning
	}
	lines := []string{""}
	lines = append(lines, draw.Styled(style, s.wrapText(s.failureText(), w))...)
	lines = append(lines, "")
	lines = append(lines, p.Wrap(countsSentence(r), w)...)
	lines = append(lines, s.resultLines(r, w)...)
	lines = append(lines, "")
	lines = append(lines, s.requestLines(answer.RequestID, w)...)
	lines = append(lines, "")
	lines = append(lines, s.nextLines(s.nextSteps(r), w)...)
	return append(lines, s.finalProblem(w)...)
}

// resultLines returns the drift and warnings of a failed run, if it has any.
func (s outcomeView) resultLines(run run.Run, w int) []string {
	if s.kind() != screenOutcome {
		return nil // other parts of the screen show it
	}
	var lines []string
	if drift := run.Drift(); drift.Known() {
		lines = append(lines, "", driftGauge(s.env.Painter, drift, w))
	}
	for _, warning := range run.Warnings().Or(nil) {
		lines = append(lines, draw.Marked("!", s.env.Painter.Warning, s.wrapText(warning, w-2))...)
		if len(lines) > maxLines {
			break
		}
	}
	return lines
}

// failureText returns the service's explanation of the failure. If there is none, it returns a default text.
func (s *status) failureText() text.Text {
	r := s.watch.Run()
	switch {
	case !r.Error.IsEmpty():
		return r.Error
	case r.Status() == run.StatusCancelled:
		return text.NewText("The service stopped the run without giving a reason")
	default:
		return text.NewText("The run failed without giving a reason")
	}
}

// countsSentence returns a sentence that says how far the run got and what it cost.
func countsSentence(run run.Run) string {
	var read []string
	if pages, known := run.Pages.Get(); known {
		read = append(read, text.Counted(pages, "page"))
	}
	if items, known := run.Items.Get(); known {
		read = append(read, text.Counted(items, "item"))
	}
	before := "The service did not say how far the run got"
	if len(read) > 0 {
		before = strings.Join(read, " and ") + " were read"
	}
	credits, known := run.Credits.Get()
	switch {
	case !known:
		return before + "; the cost is unknown."
	case credits == 0:
		return before + "; the run cost nothing and returned no items."
	default:
		return before + "; the service reports " + text.Counted(credits, "credit") + ", although failed and cancelled runs are not billed. No items were returned."
	}
}

// requestLines returns lines with the id of the request, which the user can quote to the service's support.
func (s outcomeView) requestLines(id text.Text, w int) []string {
	if id.IsEmpty() {
		return nil
	}
	p := s.env.Painter
	line := p.Muted.Render("request  ") + p.Strong.Render(id.String())
	if more := "  quote this id when you contact support"; p.Width(line)+p.Width(more) <= w {
		line += p.Muted.Render(more)
	}
	return []string{p.Cut(line, w)}
}

// nextSteps returns the next steps after a run that ended badly.
func (s outcomeView) nextSteps(r run.Run) []string {
	steps := commandStep("run it again:  ", s.config.Commands.Rerun(s.watch))
	if r.Status() == run.StatusCancelled {
		return append(steps, "if this happens again, ask support: only the service can stop a run")
	}
	return append(steps, "if it fails on the same page again, check that page; the recipe may need to be re-authored")
}

// nextStepsLost returns the next steps after the answer to a dispatch was lost.
func (s outcomeView) nextStepsLost() []string {
	commands := s.config.Commands
	if last, judged := s.watch.LostRun().Get(); judged && !last.ID.IsEmpty() {
		return commandStep("watch that run:  ", commands.Watch(last.ID))
	}
	steps := commandStep("check for a new run:  ", commands.Usage())
	return append(steps, commandStep("only if there is none, run again:  ", commands.Rerun(s.watch))...)
}

// commandStep returns a step that suggests a command. It returns nil if command is empty.
func commandStep(what, command string) []string {
	if command == "" {
		return nil
	}
	return []string{what + command}
}

// nextLines lays out the next steps on w cells.
func (s *status) nextLines(steps []string, w int) []string {
	p := s.env.Painter
	var lines []string
	for _, step := range steps {
		lines = append(lines, draw.Marked("→", p.Accent, p.Wrap(step, w-2))...)
	}
	return lines
}

// gaveUpLines returns the explanation of an error that cannot be fixed by trying again.
func (s outcomeView) gaveUpLines(problem *run.Problem, w int) []string {
	p := s.env.Painter
	lines := []string{""}
	lines = append(lines, draw.Styled(p.Error, s.wrapText(text.NewText(problem.Reason()), w))...)
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

// lastKnown returns a sentence about the state of the run when its watch ended.
func (s outcomeView) lastKnown() string {
	if s.watch.AnsweredAt().IsZero() {
		return ""
	}
	run := s.watch.Run()
	return "Last known state, " + text.Seconds(s.env.Now.Sub(s.watch.AnsweredAt())) + " ago: " + run.StatusText() + ", " +
		text.CountOr(run.Pages) + " pages, " + text.CountOr(run.Items) + " items, " + text.CountOr(run.Credits) + " credits."
}

// lostLines returns the explanation of a dispatch whose answer was lost.
func (s outcomeView) lostLines(w int) []string {
	p := s.env.Painter
	lines := []string{""}
	lines = append(lines, draw.Styled(p.Error, p.Wrap("The answer to the dispatch was lost: a run may have started, and may cost credits.", w))...)
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
	return append(lines, s.nextLines(s.nextStepsLost(), w)...)
}

// finalProblem returns lines with the problem of the last request. It returns nil if there was none.
func (s outcomeView) finalProblem(w int) []string {
	if problem := s.watch.Problem(); problem != nil {
		return append([]string{""}, s.problemLines(problem, w)...)
	}
	return nil
}

// wrapText wraps text from the service. It keeps the line breaks of the text.
func (s *status) wrapText(t text.Text, w int) []string {
	var lines []string
	for line := range t.Lines() {
		lines = append(lines, s.env.Painter.Wrap(line, w)...)
	}
	return lines
}

// indentedJSON returns t as indented JSON. It returns "" if t is not JSON.
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

// errorText returns the error on the screen in a form for a bug report.
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
