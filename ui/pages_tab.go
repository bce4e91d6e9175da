package ui

import (
	"strconv"
	"strings"

	tea "charm.land/bubbletea/v2"

	"charm.land/lipgloss/v2"

	"sbwatch/model/item"
	"sbwatch/model/optional"
	"sbwatch/model/profile"
	"sbwatch/model/text"
)

// The tab of pages answers: where in the run do the items come from, and where does something stop?

// pagesView draws the tab on w by h cells.
func (a *App) pagesView(w, h int) []string {
	l, p := a.look, a.judge.profile
	switch {
	case p == nil:
		return []string{"", l.Muted.Render(l.cut(a.lookingText(), w))}
	case len(p.Pages) == 0:
		return []string{"", l.Muted.Render(l.cut("the items came without pages", w))}
	}
	layout := a.judge.layout
	lines := []string{"  " + layout.header(l, p)}
	for i := a.judge.pages.top; i < len(p.Pages) && len(lines) < h; i++ {
		lines = append(lines, l.row(layout.line(l, p, i), i == a.judge.pages.at))
	}
	return lines
}

// pageLayout is the room of each part of a line about a page.
type pageLayout struct {
	page, items, bar int
	most             int              // items on one page
	columns          []int            // of the profile, those that look wrong first
	widths           []int            // of the columns' bars
	styles           []lipgloss.Style // of what is not there, by how much that should worry
	note             int
	from, of         int // the first column that shows, and how many there are
}

// columnsOnPages are the columns whose coverage is known page by page, those that look wrong first.
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

// movePages moves the cursor among the pages, or the columns beside them.
func (a *App) movePages(m movement, h int) {
	j := &a.judge
	last := max(0, len(j.pageColumns)-1)
	switch m {
	case moveLeft:
		j.pageFrom = max(0, j.pageFrom-1)
	case moveRight:
		j.pageFrom = min(last, j.pageFrom+1)
	case moveFirstColumn:
		j.pageFrom = 0
	case moveLastColumn:
		j.pageFrom = last
	default:
		j.pages.move(m, len(j.profile.Pages), h-1)
		return
	}
	j.layout = a.pageLayout(a.innerWidth() - 2)
}

// pagesPosition tells where the cursor is, and which of the columns show.
func (a *App) pagesPosition() string {
	layout := a.judge.layout
	where := a.judge.pages.position(len(a.judge.profile.Pages))
	if shown := len(layout.columns); shown > 0 && shown < layout.of {
		where += " · columns " + countRange(layout.from+1, layout.from+shown, layout.of)
	}
	return where
}

const (
	pageBarRoom = 12
	pageColumn  = 6
	pageColumns = 10 // cells, at the most
)

// pageLayout shares w cells: page, items and what is to be said of the page always show; the coverage of as many columns as
// there is room for, the doubtful ones first.
func (a *App) pageLayout(w int) pageLayout {
	l, p := a.look, a.judge.profile
	layout := pageLayout{page: len("page"), items: len("items")}
	for _, page := range p.Pages {
		layout.most = max(layout.most, page.Len())
		layout.note = max(layout.note, l.width(pageNote(page)))
	}
	layout.page = max(layout.page, len(strconv.Itoa(len(p.Pages))))
	layout.items = max(layout.items, len(text.Count(int64(layout.most))))
	rest := w - layout.page - layout.items - layout.note - 2*columnGap
	layout.bar = pageBarRoom
	if w < 70 {
		layout.bar /= 2
	}
	rest -= layout.bar + columnGap
	columns := a.judge.pageColumns
	layout.of = len(columns)
	layout.from = min(a.judge.pageFrom, max(0, len(columns)-1))
	for _, column := range columns[layout.from:] {
		c := &p.Columns[column]
		width := min(max(l.width(columnName(c.Place.Name())), pageColumn), pageColumns)
		if rest < width+columnGap {
			break
		}
		layout.columns = append(layout.columns, column)
		layout.widths = append(layout.widths, width)
		layout.styles = append(layout.styles, coverageStyle(l, a.judge.of[column]))
		rest -= width + columnGap
	}
	layout.note += max(0, rest)
	return layout
}

func (y pageLayout) header(l look, p *profile.Profile) string {
	parts := []string{l.fitRight("page", y.page), l.fitRight("items", y.items)}
	parts = append(parts, spaces(y.bar))
	for i, column := range y.columns {
		parts = append(parts, l.fit(columnName(p.Columns[column].Place.Name()), y.widths[i]))
	}
	return l.Table.Header.Render(strings.Join(parts, spaces(columnGap)))
}

// line draws page i.
func (y pageLayout) line(l look, p *profile.Profile, i int) string {
	page := p.Pages[i]
	parts := []string{
		l.Muted.Render(l.fitRight(strconv.Itoa(page.Number), y.page)),
		l.Strong.Render(l.fitRight(text.Count(int64(page.Len())), y.items)),
	}
	parts = append(parts, l.bar(float64(page.Len())/float64(max(1, y.most)), y.bar, l.Accent))
	for k := range y.columns {
		parts = append(parts, y.coverage(l, p, k, page))
	}
	return strings.Join(append(parts, l.Doubtful.Render(l.cut(pageNote(page), y.note))), spaces(columnGap))
}

// coverage draws how many items of a page have something in the layout's column k.
func (y pageLayout) coverage(l look, p *profile.Profile, k int, page profile.Page) string {
	w := y.widths[k]
	covered, of, counted := p.OnPage(y.columns[k], page.Number)
	switch {
	case of == 0 || !counted:
		return spaces(w)
	case covered == 0:
		return y.styles[k].Render(l.fit("none", w))
	case covered == of:
		return l.bar(1, w, l.Good)
	default:
		return l.bar(float64(covered)/float64(of), w, y.styles[k])
	}
}

// pageNote says what is wrong with a page.
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

// openPage opens the table on the items of the cursor's page.
func (a *App) openPage() tea.Cmd {
	p := a.judge.profile
	if p == nil || a.judge.pages.at >= len(p.Pages) {
		return nil
	}
	page := p.Pages[a.judge.pages.at]
	if page.Len() == 0 {
		return a.say("page " + strconv.Itoa(page.Number) + " has no items")
	}
	return a.showOnly(profile.OnPages(page.Number), optional.Value[item.Path]{})
}
