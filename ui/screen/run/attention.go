package run

import (
	"strings"
	"time"

	"charm.land/lipgloss/v2"

	"sbwatch/model/run"
	"sbwatch/model/text"
	"sbwatch/model/watch"
	"sbwatch/ui/draw"
)

// attention returns the lines that the user must see: a problem with polling, then notices about the run. w is the
// width in cells.
func (s *status) attention(w int) []string {
	lines, _ := pollLines(s, w)
	for _, notice := range s.watch.Notices(s.env.Now, s.config.Interval) {
		lines = append(lines, s.noticeLines(notice, w)...)
	}
	return lines
}

// pollLines returns lines with a problem with polling, and the same as a text to copy. It returns nil if there is no
// problem.
func pollLines(s *status, w int) (lines []string, words string) {
	if problem := s.problem(); problem != nil {
		return s.problemLines(problem, w), problem.Error()
	}
	if silence, long := s.poll.Silence(s.env.Now); long {
		return s.silenceLines(silence, w), "no answer for " + text.Seconds(silence)
	}
	return nil, ""
}

// problem returns the problem that affects the watch, or nil if there is none. After the run has ended, a problem with
// reading the usage is ignored.
func (s *status) problem() *run.Problem {
	if problem := s.watch.Problem(); problem != nil || s.watch.Over() {
		return problem
	}
	return s.watch.UsageProblem()
}

func (s *status) ageOfNumbers(at time.Time) string {
	return "numbers are " + text.Seconds(s.env.Now.Sub(at)) + " old"
}

// silenceLines returns lines that say how long the service has not answered.
func (s *status) silenceLines(silence time.Duration, w int) []string {
	parts := []string{"no answer for " + text.Seconds(silence)}
	if at := s.watch.AnsweredAt(); !at.IsZero() {
		parts = append(parts, s.ageOfNumbers(at))
	}
	return draw.Marked("!", s.env.Painter.Warning, s.env.Painter.Wrap(strings.Join(parts, " · "), w-2))
}

// problemLines returns lines with a problem, the time of the next attempt, and how old the numbers on the screen are.
func (s *status) problemLines(problem *run.Problem, w int) []string {
	p := s.env.Painter
	parts := []string{problem.Short()}
	if due, known := s.poll.NextAt().Get(); known {
		parts = append(parts, "next try in "+text.Wait(due.Sub(s.env.Now)))
	} else if s.poll.IsAsking() {
		parts = append(parts, "trying again")
	}
	if at := s.watch.AnsweredAt(); !at.IsZero() {
		parts = append(parts, s.ageOfNumbers(at))
	}
	if !problem.Passing() && !problem.NextStep.IsEmpty() {
		parts = append(parts, problem.NextStep.String())
	}
	lines := p.Wrap(strings.Join(parts, " · "), w-2)
	refs := problem.References()
	if last := len(lines) - 1; p.Width(lines[last])+p.Width(refs)+4 <= w-2 {
		lines[last] = p.Between(lines[last], p.Muted.Render(refs), w-2)
	} else if refs != "" {
		lines = append(lines, p.Muted.Render(p.Cut(refs, w-2)))
	}
	return draw.Marked("!", p.Warning, lines)
}

// noticeLines returns lines with a notice about the run, including what to do about it.
func (s *status) noticeLines(notice watch.Notice, w int) []string {
	return draw.Marked("!", s.noticeStyle(notice), s.env.Painter.Wrap(notice.String(), w-2))
}

// noticeLine returns a notice, shortened to one line of w cells.
func (s *status) noticeLine(notice watch.Notice, w int) string {
	return s.noticeStyle(notice).Render("!") + " " + s.env.Painter.Cut(notice.String(), w-2)
}

func (s *status) noticeStyle(notice watch.Notice) lipgloss.Style {
	switch notice.Severity {
	case watch.SeverityError:
		return s.env.Painter.Error
	case watch.SeverityNote:
		return s.env.Painter.Muted
	case watch.SeverityWarning:
	}
	return s.env.Painter.Warning
}
