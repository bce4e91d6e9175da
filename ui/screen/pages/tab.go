// Package pages implements the Pages tab. For each page of a run it shows the number of items and the coverage of
// columns, so that the user sees on which page data are missing.
package pages

import (
	"image"
	"slices"
	"strconv"
	"strings"

	tea "charm.land/bubbletea/v2"
	"charm.land/lipgloss/v2"

	"sbwatch/model/optional"
	"sbwatch/model/profile"
	"sbwatch/model/text"
	"sbwatch/ui/action"
	"sbwatch/ui/cell"
	"sbwatch/ui/cursor"
	"sbwatch/ui/draw"
	"sbwatch/ui/screen"
	"sbwatch/ui/screen/finding"
	"sbwatch/ui/widget/chart"
	"sbwatch/ui/widget/list"
)

// Tab is the Pages tab of a run.
type Tab struct {
	env  screen.RunEnv
	area image.Rectangle

	profile  *profile.Profile // nil until the items are profiled
	byColumn [][]profile.Finding
	list     list.List
	// columns are the visible columns, as indexes in the profile.
	columns []int
	// from is the first visible column, and column is the column at the cursor. Both are indexes in columns.
	from, column int
	layout       pageLayout
}

// New returns the tab for a run.
func New(env screen.RunEnv) Tab { return Tab{env: env} }

// SetProfile sets the profile of the items. findings holds the findings about each column. p is nil until the items are
// profiled.
func (t *Tab) SetProfile(p *profile.Profile, findings [][]profile.Finding) {
	t.profile, t.byColumn = p, findings
	if p != nil {
		t.list, t.columns, t.from, t.column = list.List{}, columnsOnPages(p), 0, 0
		t.list.SetLen(len(p.Pages))
	}
}

// SetArea sets the area that the tab draws in.
func (t *Tab) SetArea(area image.Rectangle) { t.area = area }

// Arrange lays out the tab for its area.
func (t *Tab) Arrange() {
	if t.profile == nil {
		return
	}
	t.list.Follow(t.rows())
	t.follow()
}

// rows returns the number of pages that fit below the header. On narrow terminals, the last line is not for a page: it
// shows the numbers of the cell at the cursor.
func (t *Tab) rows() int {
	if _, _, isWide := t.areas(); isWide {
		return max(1, t.area.Dy()-1)
	}
	return max(1, t.area.Dy()-2)
}

// follow scrolls so that the column at the cursor is visible.
func (t *Tab) follow() {
	list, _, _ := t.areas()
	w := list.Dx() - cursorWidth
	t.from = min(t.from, t.column)
	t.layout = t.pageLayout(w)
	for t.from < t.column && t.column >= t.from+len(t.layout.columns) {
		t.from++
		t.layout = t.pageLayout(w)
	}
}

// SelectPage moves the cursor to a page. Pages are counted from 1.
func (t *Tab) SelectPage(page int) { t.list.Select(page - 1) }

// Actions lists the available actions.
func (t *Tab) Actions() action.Table {
	known := t.profile != nil && len(t.profile.Pages) > 0
	return append(action.Moves(t.move, true, known && len(t.columns) > 1), action.Action{
		ID: "pages.items", Group: action.GroupView, Title: "show items", Keys: []string{"enter"}, Rank: 3, Enabled: known, Run: t.openPage,
	})
}

// View draws the tab.
func (t *Tab) View() []string {
	l, p := t.env.Painter, t.profile
	if len(p.Pages) == 0 {
		return []string{"", l.Muted.Render(l.Cut("the items have no page numbers", t.area.Dx()))}
	}
	layout := t.layout
	lines := []string{"  " + layout.header(l, p, t.column)}
	lines = append(lines, t.list.View(l, t.rows(), func(i int) string {
		column := -1
		if i == t.list.Cursor() {
			column = t.column - t.from
		}
		return layout.line(l, p, i, column)
	})...)
	if list, page, isWide := t.areas(); isWide {
		return l.Divided(lines, newPageView(t).lines(), list.Dx(), page.Dx(), t.area.Dy())
	}
	return append(lines, "  "+l.Cut(t.figures(t.area.Dx()-2), t.area.Dx()-2))
}

// pageLayout holds the widths of the parts of a page's line, in cells.
type pageLayout struct {
	page, items, bar int
	maxItems         int              // highest number of items on a page
	columns          []int            // indexes in the profile, suspicious columns first
	widths           []int            // widths of the bars of the columns, in cells
	styles           []lipgloss.Style // styles for incomplete coverage, by severity
	note             int
	from, total      int // index of the first visible column, and number of all columns
}

// columnsOnPages returns the columns whose coverage is known for each page, suspicious columns first.
func columnsOnPages(p *profile.Profile) []int {
	var columns []int
	if len(p.Pages) == 0 {
		return nil
	}
	for _, column := range p.ByConcern() {
		if _, _, counted := p.OnPage(column, 1); counted && p.Columns[column].Level == 0 {
			columns = append(columns, column)
		}
	}
	return columns
}

func (t *Tab) move(m cursor.Move) tea.Cmd {
	if t.profile == nil {
		return nil
	}
	if !m.IsAcross() {
		t.list.Move(m, t.rows())
		return nil
	}
	t.column = m.Across(t.column, len(t.columns))
	t.follow()
	return nil
}

// figures returns the exact numbers of the cell at the cursor, such as "page 3: 8 items · price in 2 of 8, 25%". If
// there is room on w cells, the numbers for all pages follow.
func (t *Tab) figures(w int) string {
	l, p := t.env.Painter, t.profile
	page := p.Pages[t.list.Cursor()]
	words := l.Strong.Render("page "+strconv.Itoa(page.Number)) + l.Muted.Render(": ") + text.Counted(int64(page.Len()), "item")
	if t.column >= len(t.columns) || page.Len() == 0 {
		return words
	}
	column := t.columns[t.column]
	covered, of, counted := p.OnPage(column, page.Number)
	if !counted || of == 0 {
		return words
	}
	c := &p.Columns[column]
	name := l.Cut(cell.Name(c.Place.Name()), maxNameWidth)
	figures := func(n, of int) string { return cursor.Of(n, of) + ", " + profile.Percent(n, of) }
	words += l.Muted.Render(" · ") + l.Strong.Render(name) + l.Muted.Render(" in ") + figures(covered, of)
	if all := l.Muted.Render(" · on all pages in ") + figures(c.Covered(), c.Of); l.Width(words)+l.Width(all) <= w {
		words += all
	}
	return words
}

// Position returns the position of the cursor and the range of visible columns, for the footer.
func (t *Tab) Position() string {
	if t.profile == nil || len(t.profile.Pages) == 0 {
		return ""
	}
	position := t.list.Position()
	if shown := len(t.layout.columns); shown > 0 && shown < t.layout.total {
		position += " · columns " + cursor.Range(t.layout.from+1, t.layout.from+shown, t.layout.total)
	}
	return position
}

// The widths of the parts of a page's line, in cells.
const (
	cursorWidth    = 2
	barWidth       = 12
	smallBarWidth  = 6
	wideTab        = 70 // minimum width of the tab at which bars have barWidth cells
	gap            = 2
	minColumnWidth = 6
	maxColumnWidth = 10
	maxNameWidth   = 24 // maximum width of a column's name in the result of the function figures
)

// pageLayout divides w cells among the parts of a line. The page number, the number of items and the note are always
// shown. The rest of the line shows the coverage of columns, suspicious columns first.
func (t *Tab) pageLayout(w int) pageLayout {
	l, p := t.env.Painter, t.profile
	layout := pageLayout{page: len("page"), items: len("items")}
	for _, page := range p.Pages {
		layout.maxItems = max(layout.maxItems, page.Len())
		layout.note = max(layout.note, l.Width(pageNote(page)))
	}
	layout.page = max(layout.page, len(strconv.Itoa(len(p.Pages))))
	layout.items = max(layout.items, len(text.Count(int64(layout.maxItems))))
	rest := w - layout.page - layout.items - layout.note - 2*gap
	layout.bar = barWidth
	if w < wideTab {
		layout.bar = smallBarWidth
	}
	rest -= layout.bar + gap
	columns := t.columns
	layout.total = len(columns)
	layout.from = min(t.from, max(0, len(columns)-1))
	for _, column := range columns[layout.from:] {
		c := &p.Columns[column]
		width := min(max(l.Width(cell.Name(c.Place.Name())), minColumnWidth), maxColumnWidth)
		if rest < width+gap {
			break
		}
		layout.columns = append(layout.columns, column)
		layout.widths = append(layout.widths, width)
		layout.styles = append(layout.styles, finding.CoverageStyle(l, t.byColumn[column]))
		rest -= width + gap
	}
	layout.note += max(0, rest)
	return layout
}

// columnAt returns the first terminal cell of a column in a line, counted from 0. i is the index of the column in
// y.columns.
func (y pageLayout) columnAt(i int) int {
	at := y.page + gap + y.items + gap + y.bar + gap
	for _, width := range y.widths[:i] {
		at += width + gap
	}
	return at
}

// header draws the titles of the parts of a line. It highlights the column with the index current, which is the column
// at the cursor.
func (y pageLayout) header(l draw.Painter, p *profile.Profile, current int) string {
	parts := []string{l.FitRight("page", y.page), l.FitRight("items", y.items)}
	parts = append(parts, draw.Spaces(y.bar))
	var line strings.Builder
	line.WriteString(l.Table.Header.Render(strings.Join(parts, draw.Spaces(gap))))
	for i, column := range y.columns {
		style := l.Table.Header
		if y.from+i == current {
			style = l.Table.HeaderCursor
		}
		line.WriteString(draw.Spaces(gap) + style.Render(l.Fit(cell.Name(p.Columns[column].Place.Name()), y.widths[i])))
	}
	return line.String()
}

// line draws page i. current is the index of the column at the cursor, or negative if the cursor is on another line.
func (y pageLayout) line(l draw.Painter, p *profile.Profile, i, current int) string {
	page := p.Pages[i]
	parts := []string{
		l.Muted.Render(l.FitRight(strconv.Itoa(page.Number), y.page)),
		l.Strong.Render(l.FitRight(text.Count(int64(page.Len())), y.items)),
	}
	parts = append(parts, chart.Bar(l, float64(page.Len())/float64(max(1, y.maxItems)), y.bar, l.Accent))
	for k := range y.columns {
		if k == current {
			parts = append(parts, l.Table.Cursor.Render(l.Fit(y.count(p, k, page), y.widths[k])))
			continue
		}
		parts = append(parts, y.coverage(l, p, k, page))
	}
	return strings.Join(append(parts, l.Warning.Render(l.Cut(pageNote(page), y.note))), draw.Spaces(gap))
}

// count returns how many items of a page have a value in a column, such as "2/8" for 2 of 8 items. k is the index of
// the column in y.columns.
func (y pageLayout) count(p *profile.Profile, k int, page profile.Page) string {
	covered, of, counted := p.OnPage(y.columns[k], page.Number)
	if of == 0 || !counted {
		return ""
	}
	return strconv.Itoa(covered) + "/" + strconv.Itoa(of)
}

// coverage draws a bar that shows how many items of a page have a value in a column. k is the index of the column in
// y.columns.
func (y pageLayout) coverage(l draw.Painter, p *profile.Profile, k int, page profile.Page) string {
	w := y.widths[k]
	covered, of, counted := p.OnPage(y.columns[k], page.Number)
	switch {
	case of == 0 || !counted:
		return draw.Spaces(w)
	case covered == 0:
		return y.styles[k].Render(l.Fit("none", w))
	case covered == of:
		return chart.Bar(l, 1, w, l.Success)
	default:
		return chart.Bar(l, float64(covered)/float64(of), w, y.styles[k])
	}
}

// pageNote returns a note about a problem with a page. It returns "" if there is none.
func pageNote(page profile.Page) string {
	switch {
	case page.Len() == 0:
		return "! empty"
	case page.Repeats():
		return "! same as page " + strconv.Itoa(page.Number-1)
	case page.Same > 0:
		return text.Count(int64(page.Same)) + " also on page " + strconv.Itoa(page.Number-1)
	default:
		return ""
	}
}

// openPage goes to the Items tab and shows only the items of the page at the cursor.
func (t *Tab) openPage() tea.Cmd {
	p := t.profile
	if p == nil || t.list.Cursor() >= len(p.Pages) {
		return nil
	}
	page := p.Pages[t.list.Cursor()]
	if page.Len() == 0 {
		return t.env.Say("page " + strconv.Itoa(page.Number) + " has no items")
	}
	msg := finding.ShowItemsMsg{Filter: profile.OnPages(page.Number)}
	// The cursor starts on the first column. Select that column in the table only if it has a serious finding.
	if t.column < len(t.columns) && (t.column > 0 || t.isAlarming(t.columns[0])) {
		msg.Column = optional.Some(p.Columns[t.columns[t.column]].Place.Column())
	}
	return t.env.Send(msg)
}

// isAlarming reports whether a column has a serious finding.
func (t *Tab) isAlarming(column int) bool {
	return slices.ContainsFunc(t.byColumn[column], func(f profile.Finding) bool { return f.Severity == profile.Error })
}

// IsKnown reports whether the items have been profiled.
func (t *Tab) IsKnown() bool { return t.profile != nil }

// FirstColumn returns the index of the first visible column.
func (t *Tab) FirstColumn() int { return t.from }
