package run

import (
	tea "charm.land/bubbletea/v2"

	"sbwatch/ui/screen"
	"sbwatch/ui/screen/columns"
)

// Mouse handles an event of the mouse.
func (s *Screen) Mouse(m screen.Mouse) tea.Cmd {
	area := s.area()
	switch kind := s.kind(); {
	case kind == screenOutcome && m.Kind == screen.MouseWheel:
		s.outcome.Scroll(m.Wheel.Y, area.Dy())
	case kind != screenResults:
	case m.At.In(area) || m.Kind == screen.MouseDrag || m.Kind == screen.MouseRelease:
		return pointAtTab(s, m)
	case m.IsClick():
		return clickHead(s, m)
	}
	return nil
}

// clickHead handles a click above the open tab. If the name of a tab was clicked, clickHead opens this tab. If another
// line was clicked, clickHead opens the tab with the details of that line.
func clickHead(s *Screen, m screen.Mouse) tea.Cmd {
	const barHeight = 2
	at := m.At.Sub(s.env.Frame.Body.Min)
	switch {
	case at.Y < 0 || at.Y >= len(s.head):
	case s.env.Height() >= withTabs && at.Y >= len(s.head)-barHeight:
		for _, one := range s.resultsHead().tabNames(s.env.Frame.Body.Dx()) {
			if at.X >= one.from && at.X < one.end {
				s.open(one.tab)
			}
		}
	case s.head[at.Y].target == tabs:
	default:
		to := s.head[at.Y].target
		s.visit(to)
		if alarms := s.resultsHead().alarms(); to == tabColumns && len(alarms) > 0 {
			columns.SelectFinding(&s.columns, alarms[0])
		}
	}
	return nil
}

func pointAtTab(s *Screen, m screen.Mouse) tea.Cmd {
	switch s.tab {
	case tabItems:
		return s.items.Mouse(m)
	case tabColumns:
		return s.columns.Mouse(m)
	case tabPages:
		return s.pages.Mouse(m)
	case tabChecks:
		if s.canJudge() {
			return s.checks.Mouse(m)
		}
	case tabHistory:
		return s.past.Mouse(m)
	case tabWarnings:
		return s.warnings.Mouse(m)
	case tabRaw:
		return s.raw.Mouse(m)
	case tabs:
	}
	return nil
}
