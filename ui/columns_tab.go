package ui

import (
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"charm.land/lipgloss/v2"

	"sbwatch/model/item"
	"sbwatch/model/optional"
	"sbwatch/model/profile"
)

// The tab of columns answers: is every column there, and does it hold what it should? What looks wrong comes first.

// entry is a line of the tab: a finding about all items, the items that share a key, or a column.
type entry struct {
	finding *profile.Finding
	keyed   bool
	column  int
}

// listEntries finds out the lines of the tab, what looks wrong first.
func (a *App) listEntries() {
	p := a.judge.profile
	a.judge.entries = nil
	if p == nil {
		return
	}
	if a.judge.keyKnown && a.judge.keyed.Groups() > 0 {
		a.judge.entries = append(a.judge.entries, entry{keyed: true})
	}
	listed := make([]bool, len(p.Columns))
	for i := range p.Findings {
		switch column := p.Findings[i].Column; {
		case column < 0:
			a.judge.entries = append(a.judge.entries, entry{finding: &p.Findings[i]})
		case !listed[column]:
			listed[column] = true
			a.judge.entries = append(a.judge.entries, entry{column: column})
		}
	}
	for column := range p.Columns {
		if !listed[column] {
			a.judge.entries = append(a.judge.entries, entry{column: column})
		}
	}
}

// columnsView draws the tab on w by h cells.
func (a *App) columnsView(w, h int) []string {
	l := a.look
	switch {
	case a.judge.profile == nil:
		return []string{"", l.Muted.Render(l.cut(a.lookingText(), w))}
	case a.judge.detail.open:
		return a.detailView(h)
	}
	entries := a.judge.entries
	widths := entryWidths(l, a.judge.profile, w-2)
	lines := []string{"  " + widths.header(l, w-2)}
	for i := a.judge.columns.top; i < len(entries) && len(lines) < h; i++ {
		lines = append(lines, l.row(a.entryLine(entries[i], widths, w-2), i == a.judge.columns.at))
	}
	return lines
}

// columnWidths is the room of each part of a line about a column; 0 where there is none.
type columnWidths struct{ name, kind, bar, covered, distinct, values, note int }

// Room for parts of a line, in cells.
const (
	roomKind     = 15
	roomBar      = 16
	roomBarSmall = 8
	roomDistinct = 10
	roomValues   = 26
	roomNote     = 20
)

// entryWidths shares w cells among the parts of a line, and leaves out what is the least important where there is not room
// for all: name, coverage and what is wrong always stay.
func entryWidths(l look, p *profile.Profile, w int) columnWidths {
	widths := columnWidths{name: len("column"), covered: len("coverage")}
	for i := range p.Columns {
		c := &p.Columns[i]
		widths.name = max(widths.name, min(2*c.Level+l.width(columnName(c.Place.Name())), 24))
		widths.covered = max(widths.covered, l.width(coveredText(c)))
		if i > 500 {
			break // as wide as it gets
		}
	}
	bar := roomBar
	if w < 100 {
		bar = roomBarSmall
	}
	rest := w - widths.name - widths.covered - roomNote - 2*columnGap
	for _, part := range []struct {
		width *int
		room  int
	}{{&widths.kind, roomKind}, {&widths.values, roomValues}, {&widths.bar, bar}, {&widths.distinct, roomDistinct}} {
		if rest >= part.room+columnGap {
			*part.width = part.room
			rest -= part.room + columnGap
		}
	}
	widths.note = roomNote + rest
	return widths
}

func (c columnWidths) header(l look, w int) string {
	parts := []string{l.fit("column", c.name)}
	add := func(text string, width int, right bool) {
		switch {
		case width == 0:
		case right:
			parts = append(parts, l.fitRight(text, width))
		default:
			parts = append(parts, l.fit(text, width))
		}
	}
	add("type", c.kind, false)
	if c.bar > 0 {
		add("coverage", c.bar+columnGap+c.covered, false)
	} else {
		add("coverage", c.covered, false)
	}
	add("distinct", c.distinct, true)
	add("commonest, or range", c.values, false)
	return l.Table.Header.Render(l.cut(strings.Join(parts, spaces(columnGap)), w))
}

// entryLine draws one line of the tab.
func (a *App) entryLine(e entry, widths columnWidths, w int) string {
	l := a.look
	switch {
	case e.keyed:
		return l.Bad.Render("! ") + l.cut(a.keyedText(), w-2)
	case e.finding != nil:
		return l.severity(e.finding.Severity).Render(severityMark(e.finding.Severity)+" ") + l.cut(e.finding.Text, w-2)
	}
	p := a.judge.profile
	c := &p.Columns[e.column]
	parts := []string{l.Strong.Render(l.fit(placeName(l, c, widths.name), widths.name))}
	if widths.kind > 0 {
		parts = append(parts, l.Muted.Render(l.fit(typeText(c), widths.kind)))
	}
	style := coverageStyle(l, a.judge.of[e.column])
	if widths.bar > 0 {
		parts = append(parts, l.bar(c.Coverage(), widths.bar, style))
	}
	parts = append(parts, l.fit(coveredText(c), widths.covered))
	if widths.distinct > 0 {
		parts = append(parts, l.fitRight(distinctText(c), widths.distinct))
	}
	if widths.values > 0 {
		parts = append(parts, l.fit(valuesText(l, c, widths.values), widths.values))
	}
	return strings.Join(append(parts, a.noteOf(e.column, widths.note)), spaces(columnGap))
}

// placeName is the name of a column, indented as deep as it is nested, on w cells. Of a long one the end stays, which tells it
// from its neighbours.
func placeName(l look, c *profile.Column, w int) string {
	indent, name := spaces(2*c.Level), columnName(c.Place.Name())
	room := max(4, w-len(indent))
	if over := l.width(name) - room; over > 0 && c.Level > 0 {
		name = l.method.TruncateLeft(name, over+1, "…")
	}
	return indent + name
}

// noteOf is the worst that is to be said of a column.
func (a *App) noteOf(column, w int) string {
	l := a.look
	findings := a.judge.of[column]
	if len(findings) == 0 {
		return ""
	}
	words := shortText(findings[0], &a.judge.profile.Columns[column])
	return l.severity(findings[0].Severity).Render(l.cut(severityMark(findings[0].Severity)+" "+words, w))
}

// severity is the style of a finding.
func (l look) severity(s profile.Severity) lipgloss.Style {
	switch s {
	case profile.Bad:
		return l.Bad
	case profile.Doubtful:
		return l.Doubtful
	case profile.Note:
	}
	return l.Muted
}

// severityMark tells findings apart by shape as well as by colour.
func severityMark(s profile.Severity) string {
	switch s {
	case profile.Bad:
		return "✗"
	case profile.Doubtful:
		return "!"
	case profile.Note:
	}
	return "·"
}

// coverageStyle is that of the bar of coverage.
func coverageStyle(l look, findings []profile.Finding) lipgloss.Style {
	for _, f := range findings {
		switch f.Kind {
		case profile.EmptyColumn, profile.Stops, profile.Starts, profile.MissingPages, profile.LowCoverage:
			return l.severity(f.Severity)
		default:
		}
	}
	return l.Good
}

// bar draws a share from 0 to 1 on w cells. A share that is not 0 shows, and one that is not 1 is not full.
func (l look) bar(share float64, w int, style lipgloss.Style) string {
	full := int(share*float64(w) + 0.5)
	switch {
	case share > 0 && full == 0:
		full = 1
	case share < 1 && full == w:
		full = w - 1
	}
	full = min(max(0, full), w)
	return style.Render(strings.Repeat("━", full)) + l.Faint.Render(strings.Repeat("─", w-full))
}

// openEntry opens the table on the items that the cursor's line is about or, where it is about none in particular, the
// profile of the column.
func (a *App) openEntry() tea.Cmd {
	entries := a.judge.entries
	if a.judge.columns.at >= len(entries) {
		return nil
	}
	e := entries[a.judge.columns.at]
	switch {
	case e.keyed || e.finding != nil && e.finding.Kind == profile.DuplicateItems:
		return a.lookInto()
	case e.finding != nil && len(e.finding.Pages) > 0:
		a.goTo(tabPages)
		a.judge.pages.at = e.finding.Pages[0] - 1
		return nil
	case e.finding != nil:
		return a.openFinding(*e.finding)
	}
	for _, f := range a.judge.of[e.column] {
		if f.Filter() != nil && f.Severity > profile.Note {
			return a.openFinding(f)
		}
	}
	return a.lookInto()
}

// openFinding opens the table on the items that a finding is about.
func (a *App) openFinding(f profile.Finding) tea.Cmd {
	filter := f.Filter()
	if filter == nil {
		return nil
	}
	return a.showOnly(filter, a.pathOf(f.Column))
}

// pathOf is the path to a column of the profile that can show in the table: it, or the one that it is nested in.
func (a *App) pathOf(column int) optional.Value[item.Path] {
	if column < 0 {
		return optional.Value[item.Path]{}
	}
	return optional.Some(a.judge.profile.Columns[column].Place.Column())
}

// lookInto opens the profile of the cursor's line.
func (a *App) lookInto() tea.Cmd {
	entries := a.judge.entries
	if a.judge.columns.at < len(entries) {
		d := &a.judge.detail
		*d = detail{open: true, entry: entries[a.judge.columns.at]}
		a.arrangeDetail()
		d.list.at = max(0, slices.IndexFunc(d.lines, func(line detailLine) bool { return line.filter != nil }))
	}
	return nil
}

// enableInLists switches the keys of the tabs of columns and pages on or off.
func (a *App) enableInLists(k *keymap, on bool) {
	known := on && a.judge.profile != nil
	inColumns := known && a.tab == tabColumns && len(a.judge.entries) > 0
	inDetail := inColumns && a.judge.detail.open
	inPages := known && a.tab == tabPages && len(a.judge.profile.Pages) > 0
	enable(inColumns && !inDetail || inPages || inDetail && a.judge.detail.leads(), &k.OpenItems)
	enable(inColumns && !inDetail, &k.LookInto)
	enable(inDetail, &k.CloseDetail)
	if inPages {
		enable(len(a.judge.pageColumns) > 1, &k.Left, &k.Right, &k.FirstColumn, &k.LastColumn)
	}
}

// listActions are those of the tabs of columns and pages.
func (a *App) listActions(k keymap) []action {
	return []action{
		does(k.OpenItems, func() tea.Cmd {
			switch {
			case a.tab == tabPages:
				return a.openPage()
			case a.judge.detail.open:
				return a.openDetail()
			default:
				return a.openEntry()
			}
		}),
		does(k.LookInto, a.lookInto),
		just(k.CloseDetail, func() { a.judge.detail = detail{} }),
	}
}

// moveInList moves the cursor of the tab of columns or of pages.
func (a *App) moveInList(m movement, h int) tea.Cmd {
	j := &a.judge
	switch {
	case j.profile == nil:
	case a.tab == tabPages:
		a.movePages(m, h)
	case j.detail.open:
		j.detail.list.move(m, len(j.detail.lines), h)
	default:
		j.columns.move(m, len(a.judge.entries), h-1)
	}
	return nil
}

// listPosition tells where the cursor of the tab of columns or of pages is.
func (a *App) listPosition() string {
	j := &a.judge
	switch {
	case j.profile == nil:
		return ""
	case a.tab == tabPages:
		if len(j.profile.Pages) == 0 {
			return ""
		}
		return a.pagesPosition()
	case j.detail.open:
		return j.detail.list.position(len(j.detail.lines))
	default:
		return j.columns.position(len(a.judge.entries))
	}
}
