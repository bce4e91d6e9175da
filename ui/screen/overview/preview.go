package overview

import (
	"image"

	"sbwatch/model/text"
	uilayout "sbwatch/ui/layout"
)

// areas returns the areas of the list of runs and of the preview of the selected run. If isWide is false, both are the
// whole body, and only the list is drawn.
func areas(s *Screen) (list, preview image.Rectangle, isWide bool) {
	return uilayout.ListAndDetail(s.env.Frame.Body, s.env.Width())
}

// preview draws the run at the cursor, or the totals of the group at the cursor, on w by h cells.
func (s view) preview(w, h int) []string {
	if len(s.entries) == 0 {
		return nil
	}
	switch e := s.entries[s.list.Cursor()]; {
	case e.row != nil:
		return s.runs.Preview(e.row.key, w, h)
	default:
		return s.groupPreview(e.group, w, h)
	}
}

// groupPreview draws the totals of a group, and the notes about its runs, on w by h cells.
func (s view) groupPreview(g *group, w, h int) []string {
	p := s.env.Painter
	lines := []string{p.Between(p.Strong.Render(orDash(g.recipe)), p.Muted.Render(runsText(len(g.rows))), w), "", p.Cut(stateCounts(countStates(g.rows)), w)}
	var parts []string
	for _, f := range []field{fieldPages, fieldItems, fieldCredits, fieldWarnings, fieldFindings} {
		if sum := total(g.rows, f, s.env.Now); sum != "" {
			parts = append(parts, p.Field(f.name(), sum))
		}
	}
	if drift := total(g.rows, fieldDrift, s.env.Now); drift != "" {
		parts = append(parts, p.Field("highest drift", drift))
	}
	lines = append(append(lines, p.Flow(parts, 3, w)...), "")
	for i, r := range g.rows {
		if more := len(g.rows) - i; len(lines) >= h-1 && more > 1 {
			return append(lines[:h-1], p.Muted.Render("… "+text.Counted(int64(more), "more run")))
		}
		mark, style := s.badge(r)
		line := style.Render(mark+" "+p.Fit(r.status(), maxNameWidth)) + " " + p.Muted.Render(orDash(r.watch.RunID().String()))
		if items := r.watch.Run().Items; items.Known() {
			line += "  " + text.CountOr(items) + " items"
		}
		lines = append(lines, p.Cut(line, w))
		if note := s.noteText(r); note != "" {
			for _, words := range p.Wrap(note, max(1, w-2*cursorWidth)) {
				lines = append(lines, "    "+s.noteStyle(r).Render(words))
			}
		}
	}
	return lines
}
