package overview

import (
	"math"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"sbwatch/model/optional"
	"sbwatch/model/text"
	"sbwatch/ui/draw"
)

// runs formats a number of runs.
func runs(n int) string { return text.Counted(int64(n), "run") }

// countStates counts the runs by what they need.
func countStates(rows []*row) [attentions]int {
	var counts [attentions]int
	for _, r := range rows {
		counts[r.attention]++
	}
	return counts
}

// stateCounts lists how many runs are in each state: "1 failed · 7 running".
func stateCounts(rows []*row) string {
	var parts []string
	for state, n := range countStates(rows) {
		if n > 0 {
			parts = append(parts, text.Count(int64(n))+" "+attention(state).String())
		}
	}
	return strings.Join(parts, " · ")
}

// total returns the sum of a column; for drift the maximum. It is "" if nothing is known.
func total(rows []*row, f field, now time.Time) string {
	switch f {
	case fieldPages, fieldItems, fieldRate, fieldDrift, fieldWarnings, fieldFindings, fieldCredits:
	default:
		return ""
	}
	sum, largest, isKnown := 0.0, math.Inf(-1), false
	for _, r := range rows {
		if v := r.value(f, now); v.isKnown {
			sum, largest, isKnown = sum+v.number, max(largest, v.number), true
		}
	}
	switch {
	case !isKnown:
		return ""
	case f == fieldDrift:
		return text.DriftText(largest)
	case f == fieldRate:
		return rateText(sum)
	default:
		return text.Count(int64(sum))
	}
}

// Header returns the top line: the number of runs by state, and the totals.
func (s *Screen) Header(w int) string {
	p := s.env.Painter
	left := p.Strong.Render(runs(len(s.rows)))
	counts := countStates(s.rows)
	for state, n := range counts {
		if n == 0 {
			continue
		}
		style := p.Muted
		switch attention(state) {
		case attentionFailed:
			style = p.Error
		case attentionStalled, attentionWorse:
			style = p.Warning
		case attentionRunning:
			style = p.Accent
		case attentionDone:
			style = p.Success
		case attentionQueued, attentions:
		}
		left += "  " + style.Render(text.Count(int64(n))+" "+attention(state).String())
	}
	var parts []string
	for _, part := range []struct{ label, value string }{
		{"left", countText(s.balance())}, {"credits", total(s.rows, fieldCredits, s.env.Now)}, {"", s.itemsPerMinute()}, {"items", total(s.rows, fieldItems, s.env.Now)},
	} {
		if part.value == "" {
			continue
		}
		shown := p.Strong.Render(part.value)
		if part.label != "" {
			shown = p.Field(part.label, part.value)
		}
		if p.Width(left)+p.Width(strings.Join(append(parts, shown), "   "))+3 > w {
			break
		}
		parts = append([]string{shown}, parts...)
	}
	return p.Between(left, strings.Join(parts, draw.Spaces(3)), w)
}

// itemsPerMinute returns the rate of all active runs; "" if there are none.
func (s *Screen) itemsPerMinute() string {
	total := total(s.rows, fieldRate, s.env.Now)
	if total == "" {
		return ""
	}
	return strings.TrimSuffix(total, "/m") + " items/min"
}

// balance returns the credits left in the newest answer that has them.
func (s *Screen) balance() optional.Value[int64] {
	var newest *row
	for _, r := range s.rows {
		if r.watch.Balance().Known() && (newest == nil || r.watch.AnsweredAt().After(newest.watch.AnsweredAt())) {
			newest = r
		}
	}
	if newest == nil {
		return optional.Value[int64]{}
	}
	return newest.watch.Balance()
}

// WindowTitle returns the window title. What needs attention comes first.
func (s *Screen) WindowTitle() string {
	return strings.ReplaceAll(stateCounts(s.rows), " · ", ", ") + " - sbwatch"
}

// ProgressBar returns the state of the terminal's progress bar: the share of runs that have ended, as an error if one
// has failed. There is none when all have ended well.
func (s *Screen) ProgressBar() *tea.ProgressBar {
	over := 0
	for _, r := range s.rows {
		if r.watch.Over() {
			over++
		}
	}
	counts := countStates(s.rows)
	state := tea.ProgressBarDefault
	switch {
	case counts[attentionFailed] > 0:
		state = tea.ProgressBarError
	case counts[attentionStalled] > 0:
		state = tea.ProgressBarWarning
	case over == len(s.rows):
		return nil
	}
	return tea.NewProgressBar(state, 100*over/max(1, len(s.rows)))
}

// ProgramStatus returns the state for terminals that list running programs.
func (s *Screen) ProgramStatus() *tea.ProgramStatus {
	status := tea.ProgramStatus{State: tea.ProgramStateDone, App: "sbwatch", Title: s.WindowTitle()}
	counts := countStates(s.rows)
	switch {
	case counts[attentionStalled]+counts[attentionRunning]+counts[attentionQueued] > 0:
		status.State = tea.ProgramStateWorking
	case counts[attentionFailed] > 0:
		status.State = tea.ProgramStateError
	}
	return &status
}
