package overview

import (
	"math"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"
	"charm.land/lipgloss/v2"

	"sbwatch/model/optional"
	"sbwatch/model/text"
	"sbwatch/ui/draw"
)

// runsText formats a number of runs, such as "3 runs".
func runsText(n int) string { return text.Counted(int64(n), "run") }

func countStates(rows []*row) [attentions]int {
	var counts [attentions]int
	for _, r := range rows {
		counts[r.attention]++
	}
	return counts
}

// sums holds the totals that the header shows. They are computed when a run changes, so that drawing a frame does not
// read all runs.
type sums struct {
	counts               [attentions]int
	over                 int // number of runs whose watch has ended
	items, credits, rate string
	balance              optional.Value[int64] // credits that remain, from the newest answer that has them
	next                 time.Time             // time of the next request; zero if none is scheduled
}

// ageKept is how long the column with the age of the numbers stays after no numbers are old any more. Otherwise, the
// columns would move before and after each poll if the time between polls is long.
const ageKept = time.Minute

// showsAge reports whether there is a column with the age of the numbers.
func showsAge(s *Screen) bool { return s.env.Now.Before(s.ageUntil) }

func (s *Screen) sum() {
	t := sums{
		counts: countStates(s.rows), items: total(s.rows, fieldItems, s.env.Now), credits: total(s.rows, fieldCredits, s.env.Now),
		rate: total(s.rows, fieldRate, s.env.Now),
	}
	var newest time.Time
	for _, r := range s.rows {
		if r.watch.Over() {
			t.over++
		}
		if r.isOld {
			s.ageUntil = s.env.Now.Add(ageKept)
		}
		if balance := r.watch.Balance(); balance.Known() && !r.watch.AnsweredAt().Before(newest) {
			t.balance, newest = balance, r.watch.AnsweredAt()
		}
	}
	t.next, _ = s.runs.Next()
	s.sums, s.isBehind = t, false
}

// stateCounts returns how many runs are in each state, such as "1 failed · 7 running".
func stateCounts(counts [attentions]int) string {
	var parts []string
	for state, n := range counts {
		if n > 0 {
			parts = append(parts, text.Count(int64(n))+" "+attention(state).String())
		}
	}
	return strings.Join(parts, " · ")
}

// total returns the sum of a column, or the maximum for drift. It returns "" if no value is known.
func total(rows []*row, f field, now time.Time) string {
	switch f {
	case fieldPages, fieldItems, fieldRate, fieldDrift, fieldWarnings, fieldFindings, fieldCredits:
	default:
		return ""
	}
	sum, largest, isKnown := addUp(rows, f, now)
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

// addUp returns the sum and the maximum of a column of numbers. isKnown is false if no value is known.
func addUp(rows []*row, f field, now time.Time) (sum, largest float64, isKnown bool) {
	largest = math.Inf(-1)
	for _, r := range rows {
		if v := r.value(f, now); v.isKnown {
			sum, largest, isKnown = sum+v.number, max(largest, v.number), true
		}
	}
	return sum, largest, isKnown
}

// Header returns the line at the top of the screen: the number of runs in each state, and the totals. The line is w
// cells wide.
func (s *Screen) Header(w int) string {
	p := s.env.Painter
	shown := []string{p.Strong.Render(runsText(len(s.rows)))}
	for state, n := range s.sums.counts {
		if n > 0 {
			shown = append(shown, attention(state).style(p).Render(text.Count(int64(n))+" "+attention(state).String()))
		}
	}
	left := strings.Join(shown, "  ")
	rate := ""
	if s.sums.rate != "" {
		rate = strings.TrimSuffix(s.sums.rate, "/m") + " items/min"
	}
	var parts []string
	for _, part := range []struct{ label, value string }{
		{"left", countText(s.sums.balance)}, {"credits", s.sums.credits}, {"", rate}, {"items", s.sums.items},
	} {
		if part.value == "" {
			continue
		}
		shown := part.value
		if part.label != "" {
			shown = p.Muted.Render(part.label) + " " + part.value
		}
		if p.Width(left)+p.Width(strings.Join(append(parts, shown), "   "))+3 > w {
			break
		}
		parts = append([]string{shown}, parts...)
	}
	return p.Between(left, strings.Join(parts, draw.Spaces(3)), w)
}

// style returns the style for the number of runs in a state.
func (a attention) style(p draw.Painter) lipgloss.Style {
	switch a {
	case attentionFailed:
		return p.Error
	case attentionStalled, attentionUnreachable, attentionLimited, attentionWorse:
		return p.Warning
	case attentionRunning:
		return p.Accent
	case attentionDone:
		return p.Success
	case attentionQueued, attentionDispatching, attentionUnpolled, attentions:
	}
	return p.Muted
}

// WindowTitle returns the window title. States that need attention come first.
func (s *Screen) WindowTitle() string {
	return strings.ReplaceAll(stateCounts(s.sums.counts), " · ", ", ") + " - sbwatch"
}

// ProgressBar returns the state of the terminal's progress bar, which shows the share of runs that have ended. If a run
// has failed, the bar shows an error. Once all runs have ended well, ProgressBar returns nil.
func (s *Screen) ProgressBar() *tea.ProgressBar {
	counts, over := s.sums.counts, s.sums.over
	state := tea.ProgressBarDefault
	switch {
	case counts[attentionFailed] > 0:
		state = tea.ProgressBarError
	case counts[attentionStalled]+counts[attentionUnreachable]+counts[attentionLimited] > 0:
		state = tea.ProgressBarWarning
	case over == len(s.rows):
		return nil
	}
	return tea.NewProgressBar(state, 100*over/max(1, len(s.rows)))
}

// ProgramStatus returns the status for terminals that list running programs.
func (s *Screen) ProgramStatus() *tea.ProgramStatus {
	status := tea.ProgramStatus{State: tea.ProgramStateDone, App: "sbwatch", Title: s.WindowTitle()}
	active := 0
	for state, n := range s.sums.counts {
		if attention(state).isActive() {
			active += n
		}
	}
	switch {
	case active > 0:
		status.State = tea.ProgramStateWorking
	case s.sums.counts[attentionFailed] > 0:
		status.State = tea.ProgramStateError
	}
	return &status
}
