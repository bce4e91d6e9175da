package columns

import (
	"image"

	"sbwatch/model/item"
	"sbwatch/ui/draw"
	"sbwatch/ui/layout"
)

// areas returns the areas of the list and of the profile. If there is not enough room for both, each has the whole area
// of the tab, and an open profile is shown in place of the list.
func areas(t *Tab) (list, profile image.Rectangle) {
	list, profile, _ = layout.ListAndDetail(t.area, t.env.Width())
	return list, profile
}

// listAndProfile draws the list with the profile of the line at the cursor to its right.
func listAndProfile(t *Tab) []string {
	h := t.area.Dy()
	list, profile := areas(t)
	right := t.detailView(h)
	if at := t.list.Cursor(); !t.detail.open && at < len(t.entries) {
		right = nil
		for _, line := range linesOf(t, t.entries[at], profile.Dx()-cursorWidth) {
			right = append(right, draw.Spaces(cursorWidth)+line.text)
		}
	}
	return t.env.Painter.Divided(listView(t, list.Dx(), h), right, list.Dx(), profile.Dx(), h)
}

// linesOf returns everything that is known about entry e, such as the profile of a column. Each line is at most w cells
// wide.
func linesOf(t *Tab, e entry, w int) []detailLine {
	switch {
	case e.change != nil:
		var lines []detailLine
		for _, line := range t.env.Painter.Wrap(e.change.String(), w) {
			lines = append(lines, heading(line))
		}
		return lines
	case e.isKey:
		return t.duplicateLines(keyedText(t), t.duplicates, t.key.Or(item.Path{}), w)
	case e.finding != nil:
		return t.duplicateLines(e.finding.Text, t.profile.Duplicates, item.Path{}, w)
	default:
		return t.columnLines(e.column, w)
	}
}
