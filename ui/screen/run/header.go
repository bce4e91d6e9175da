package run

import (
	"strings"

	"charm.land/lipgloss/v2"

	"sbwatch/model/run"
	"sbwatch/model/text"
	"sbwatch/model/watch"
	"sbwatch/ui/draw"
	"sbwatch/ui/screen"
	"sbwatch/ui/screen/checks"
)

// header returns the line at the top of the screen: the name of the run, the result of its rules, its status and its
// elapsed time. w is the width in cells.
func (s *status) header(w int, rules *checks.Tab) string {
	p := s.env.Painter
	mark, style := s.badge()
	status := style.Render(mark + " " + s.statusText())
	timed := status
	if clock := s.clockText(); clock != "" {
		timed += "  " + clock
	}
	name := s.runName()
	long, short := rules.Summary()
	if long == "" && !s.watch.Over() {
		long = rules.Pending(s.watch.RecipeID())
		short = long
	}
	if long == "" {
		return p.Between(name, firstFit(p, w-minName, []string{timed}, []string{status}), w)
	}
	right := long + draw.Spaces(3) + timed
	for _, name := range []string{name, s.shortName()} {
		if p.Width(name)+3+p.Width(right) <= w {
			return p.Between(name, right, w)
		}
	}
	return p.Between(name, firstFit(p, w-minName, []string{short, timed}, []string{short, status}, []string{status}), w)
}

// minName is the minimum width for the name of the run in the header, in cells, including a gap.
const minName = 10

// runName returns the ids of the recipe and the run. If the run is read from a file, the file name comes first.
func (s *status) runName() string {
	p := s.env.Painter
	var parts []string
	if recipe := s.watch.RecipeID(); !recipe.IsEmpty() {
		parts = append(parts, p.Strong.Render(recipe.String()))
	}
	if run := s.watch.RunID(); !run.IsEmpty() {
		parts = append(parts, run.String())
	}
	if source := s.config.Source; !source.IsEmpty() {
		parts = append([]string{p.Strong.Render(s.sourceName())}, parts...)
	}
	return strings.Join(parts, p.Muted.Render(" › "))
}

// shortName returns what the run is read from: a file name or "history". For a run that is read from the service, it
// returns the recipe id or, if that is unknown, the run id.
func (s *status) shortName() string {
	name := s.watch.RecipeID()
	switch {
	case !s.config.Source.IsEmpty():
		return s.env.Painter.Strong.Render(s.sourceName())
	case name.IsEmpty():
		name = s.watch.RunID()
	}
	return s.env.Painter.Strong.Render(name.String())
}

// sourceName returns the name of the file from which the run is read, without its directory.
func (s *status) sourceName() string {
	raw := s.config.Source.Raw()
	if at := strings.LastIndexAny(raw, "/\\"); at >= 0 && at < len(raw)-1 {
		raw = raw[at+1:]
	}
	return text.NewText(raw).String()
}

// badge returns the symbol and style of the status. A file that contains only items counts as a completed run.
func (s *status) badge() (mark string, style lipgloss.Style) {
	_, known := s.watch.Answer()
	if r := s.watch.Run(); known && s.config.IsSaved && s.watch.Phase() == watch.PhaseEnded && r.ID.IsEmpty() && r.StatusSent.IsEmpty() {
		return "✓", s.env.Painter.Success
	}
	return screen.Badge(s.env.Painter, s.watch)
}

func (s *status) statusText() string {
	_, known := s.watch.Answer()
	switch {
	case s.poll.IsLoading():
		return "reading"
	case !s.config.Source.IsEmpty() && s.watch.Problem() != nil:
		if s.watch.Items().Len() == 0 {
			return "cannot be read"
		}
		return "incomplete"
	case s.watch.Phase() == watch.PhaseDispatching:
		return "dispatching"
	case s.watch.Phase() == watch.PhaseLost:
		return "no answer"
	case s.watch.Phase() == watch.PhaseGaveUp:
		return "watch ended"
	case !known:
		return "connecting"
	case !s.config.Source.IsEmpty() && s.watch.RunID().IsEmpty() && s.watch.Run().StatusSent.IsEmpty():
		return "read"
	case !s.config.Source.IsEmpty() && !s.watch.Run().Status().Terminal():
		return "saved while " + s.watch.Run().StatusText()
	default:
		return s.watch.Run().StatusText()
	}
}

// clockText returns the run's elapsed time.
func (s *status) clockText() string {
	r := s.watch.Run()
	elapsed := s.watch.Elapsed(s.env.Now)
	switch {
	case r.Status() == run.StatusQueued && !r.CreatedAt.IsZero() && !s.config.IsSaved:
		return "for " + text.Clock(s.watch.Now(s.env.Now).Sub(r.CreatedAt))
	case r.Began().IsZero() || r.Status().Terminal() && r.CompletedAt.IsZero() || s.config.IsSaved && !r.Status().Terminal():
		return ""
	}
	switch r.Status() {
	case run.StatusCompleted:
		return "in " + text.Clock(elapsed)
	case run.StatusFailed, run.StatusCancelled:
		return "after " + text.Clock(elapsed)
	case run.StatusQueued, run.StatusRunning, run.StatusUnknown:
	}
	return text.Clock(elapsed)
}
