package columns

import (
	"image"

	"sbwatch/model/item"
	"sbwatch/ui/draw"
	"sbwatch/ui/layout"
)

// wideWindow is the minimum width of the terminal, in cells, at which the list and the profile of the column at the
// cursor are next to each other. On a narrower terminal, the profile replaces the list when the user opens it.
const wideWindow = 140

// dividerWidth is the width of the line between the list and the profile, with the spaces around it.
const dividerWidth = 3

// areas returns the areas of the list and of the profile. If they are not next to each other, both have the whole area
// of the tab.
func areas(t *Tab) (list, profile image.Rectangle) {
	if t.env.Width() < wideWindow {
		return t.area, t.area
	}
	return layout.Beside(t.area, t.area.Dx()*2/5, dividerWidth)
}

// beside draws the list with the profile of the line at the cursor to its right.
func beside(t *Tab) []string {
	p, h := t.env.Painter, t.area.Dy()
	list, profile := areas(t)
	right := t.detailView(h)
	if at := t.list.Cursor(); !t.detail.open && at < len(t.entries) {
		right = nil
		for _, line := range linesOf(t, t.entries[at], profile.Dx()-cursorWidth) {
			right = append(right, draw.Spaces(cursorWidth)+line.text)
		}
	}
	left := draw.Exactly(listView(t, list.Dx(), h), h)
	right = draw.Exactly(right, h)
	lines := make([]string, h)
	for i := range lines {
		lines[i] = p.Fit(left[i], list.Dx()) + " " + p.Faint.Render("│") + " " + p.Cut(right[i], profile.Dx())
	}
	return lines
}

// linesOf returns the lines of the detail of a line of the list, for a width of w cells.
func linesOf(t *Tab, e entry, w int) []detailLine {
	switch {
	case e.change != nil:
		var lines []detailLine
		for _, line := range t.env.Painter.Wrap(e.change.String(), w) {
			lines = append(lines, heading(line))
		}
		return lines
	case e.isKey:
		return t.duplicateLines(t.keyedText(), t.duplicates, t.key.Or(item.Path{}), w)
	case e.finding != nil:
		return t.duplicateLines(e.finding.Text, t.profile.Duplicates, item.Path{}, w)
	default:
		return t.columnLines(e.column, w)
	}
}
