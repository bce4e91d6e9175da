package pages

import (
	"image"
	"strconv"

	"sbwatch/model/profile"
	"sbwatch/model/text"
	"sbwatch/ui/cell"
	"sbwatch/ui/draw"
	"sbwatch/ui/layout"
	"sbwatch/ui/screen/finding"
	"sbwatch/ui/widget/chart"
)

// areas returns the areas of the list of pages and of the selected page. If isWide is false, both are the area of the
// tab, and only the list is drawn.
func (t *Tab) areas() (list, page image.Rectangle, isWide bool) {
	return layout.ListAndDetail(t.area, t.env.Width())
}

// pageView draws the selected page on a wide terminal: the coverage of all columns, on this page and on all pages.
type pageView struct {
	*Tab
	area     image.Rectangle
	head     []string // the lines above the columns
	from, to int      // the visible columns, as indexes in the columns of the tab
	name     int      // width of the names, in cells
}

// newPageView lays out the page at the cursor. The column at the cursor is visible.
func newPageView(t *Tab) pageView {
	_, area, _ := t.areas()
	v := pageView{Tab: t, area: area, name: t.env.Painter.Width("column")}
	p, page := t.env.Painter, t.profile.Pages[t.list.Cursor()]
	v.head = []string{p.Between(p.Strong.Render("page "+strconv.Itoa(page.Number)), p.Muted.Render(text.Counted(int64(page.Len()), "item")), area.Dx())}
	if note := pageNote(page); note != "" {
		v.head = append(v.head, p.Warning.Render(p.Cut(note, area.Dx())))
	}
	if page.Len() == 0 {
		return v
	}
	for _, column := range t.columns {
		v.name = max(v.name, min(p.Width(cell.Name(t.profile.Columns[column].Place.Name())), maxNameWidth))
	}
	v.name = min(v.name, area.Dx()/2)
	v.head = append(v.head, "", draw.Spaces(cursorWidth)+p.Table.Header.Render(p.Between(p.Fit("column", v.name), "this page   all pages", area.Dx()-cursorWidth)))
	rows := area.Dy() - len(v.head)
	if rows < len(t.columns) {
		rows-- // for the line that says how many columns are not shown
	}
	rows = max(1, rows)
	v.from = max(0, min(t.column-rows/2, len(t.columns)-rows))
	v.to = min(len(t.columns), v.from+rows)
	return v
}

func (v pageView) lines() []string {
	p, lines := v.env.Painter, v.head
	for i := v.from; i < v.to; i++ {
		lines = append(lines, p.Row(v.line(v.columns[i]), i == v.column))
	}
	if hidden := len(v.columns) - (v.to - v.from); v.to > 0 && hidden > 0 {
		lines = append(lines, draw.Spaces(cursorWidth)+p.Muted.Render(p.Cut("… "+text.Counted(int64(hidden), "more column")+": h and l scroll", v.area.Dx()-cursorWidth)))
	}
	return lines
}

// line draws the coverage of a column.
func (v pageView) line(column int) string {
	const countWidth, percentWidth, allWidth = 13, 5, 10
	p, c, w := v.env.Painter, &v.profile.Columns[column], v.area.Dx()-cursorWidth
	covered, of, counted := v.profile.OnPage(column, v.profile.Pages[v.list.Cursor()].Number)
	name := p.Fit(cell.Name(c.Place.Name()), v.name)
	if !counted || of == 0 {
		return p.Fit(name, w)
	}
	style := p.Success
	if covered < of {
		style = finding.CoverageStyle(p, v.byColumn[column])
	}
	count := p.FitRight(text.Count(int64(covered))+" of "+text.Count(int64(of)), countWidth)
	if covered == 0 {
		count = style.Render(p.FitRight("none of "+text.Count(int64(of)), countWidth))
	}
	line := count + p.FitRight(profile.Percent(covered, of), percentWidth+1) + p.Muted.Render(p.FitRight(profile.Percent(c.Covered(), c.Of), allWidth+2))
	if bar := w - p.Width(name) - p.Width(line) - gap; bar >= 4 {
		bar = min(bar, 2*barWidth)
		line = chart.Bar(p, float64(covered)/float64(of), bar, style) + line
	}
	return p.Between(name, line, w)
}

// columnAt returns the column at a cell of the screen, as an index in the columns of the tab. It returns false if there
// is none.
func (v pageView) columnAt(at image.Point) (int, bool) {
	i := v.from + at.Y - v.area.Min.Y - len(v.head)
	return i, at.In(v.area) && i >= v.from && i < v.to
}
