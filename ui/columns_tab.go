package ui

import (
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"
	"charm.land/lipgloss/v2"

	"sbwatch/model"
	"sbwatch/model/profile"
	"sbwatch/ui/action"
	"sbwatch/ui/cursor"
	"sbwatch/ui/draw"
	"sbwatch/ui/widget/chart"
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
	defer func() { a.judge.columns.SetLen(len(a.judge.entries)) }()
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
	p := a.painter
	switch {
	case a.judge.profile == nil:
		return []string{"", p.Muted.Render(p.Cut(a.lookingText(), w))}
	case a.judge.detail.open:
		return a.detailView(h)
	}
	entries := a.judge.entries
	widths := entryWidths(p, a.judge.profile, w-2)
	lines := []string{"  " + widths.header(p, w-2)}
	return append(lines, a.judge.columns.View(p, h-1, func(i int) string { return a.entryLine(entries[i], widths, w-2) })...)
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
func entryWidths(l draw.Painter, p *profile.Profile, w int) columnWidths {
	widths := columnWidths{name: len("column"), covered: len("coverage")}
	for i := range p.Columns {
		c := &p.Columns[i]
		widths.name = max(widths.name, min(2*c.Level+l.Width(columnName(c.Place.Name())), 24))
		widths.covered = max(widths.covered, l.Width(coveredText(c)))
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

func (c columnWidths) header(p draw.Painter, w int) string {
	parts := []string{p.Fit("column", c.name)}
	add := func(text string, width int, right bool) {
		switch {
		case width == 0:
		case right:
			parts = append(parts, p.FitRight(text, width))
		default:
			parts = append(parts, p.Fit(text, width))
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
	return p.Table.Header.Render(p.Cut(strings.Join(parts, draw.Spaces(columnGap)), w))
}

// entryLine draws one line of the tab.
func (a *App) entryLine(e entry, widths columnWidths, w int) string {
	l := a.painter
	switch {
	case e.keyed:
		return l.Bad.Render("! ") + l.Cut(a.keyedText(), w-2)
	case e.finding != nil:
		return severity(l, e.finding.Severity).Render(severityMark(e.finding.Severity)+" ") + l.Cut(e.finding.Text, w-2)
	}
	p := a.judge.profile
	c := &p.Columns[e.column]
	parts := []string{l.Strong.Render(l.Fit(placeName(l, c, widths.name), widths.name))}
	if widths.kind > 0 {
		parts = append(parts, l.Muted.Render(l.Fit(typeText(c), widths.kind)))
	}
	style := coverageStyle(l, a.judge.of[e.column])
	if widths.bar > 0 {
		parts = append(parts, chart.Bar(l, c.Coverage(), widths.bar, style))
	}
	parts = append(parts, l.Fit(coveredText(c), widths.covered))
	if widths.distinct > 0 {
		parts = append(parts, l.FitRight(distinctText(c), widths.distinct))
	}
	if widths.values > 0 {
		parts = append(parts, l.Fit(valuesText(l, c, widths.values), widths.values))
	}
	return strings.Join(append(parts, a.noteOf(e.column, widths.note)), draw.Spaces(columnGap))
}

// placeName is the name of a column, indented as deep as it is nested, on w cells. Of a long one the end stays, which tells it
// from its neighbours.
func placeName(p draw.Painter, c *profile.Column, w int) string {
	indent, name := draw.Spaces(2*c.Level), columnName(c.Place.Name())
	room := max(4, w-len(indent))
	if over := p.Width(name) - room; over > 0 && c.Level > 0 {
		name = p.Method.TruncateLeft(name, over+1, "…")
	}
	return indent + name
}

// noteOf is the worst that is to be said of a column.
func (a *App) noteOf(column, w int) string {
	p := a.painter
	findings := a.judge.of[column]
	if len(findings) == 0 {
		return ""
	}
	words := shortText(findings[0], &a.judge.profile.Columns[column])
	return severity(p, findings[0].Severity).Render(p.Cut(severityMark(findings[0].Severity)+" "+words, w))
}

// severity is the style of a finding.
func severity(p draw.Painter, s profile.Severity) lipgloss.Style {
	switch s {
	case profile.Bad:
		return p.Bad
	case profile.Doubtful:
		return p.Doubtful
	case profile.Note:
	}
	return p.Muted
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
func coverageStyle(p draw.Painter, findings []profile.Finding) lipgloss.Style {
	for _, f := range findings {
		switch f.Kind {
		case profile.EmptyColumn, profile.Stops, profile.Starts, profile.MissingPages, profile.LowCoverage:
			return severity(p, f.Severity)
		default:
		}
	}
	return p.Good
}

// openEntry opens the table on the items that the cursor's line is about or, where it is about none in particular, the
// profile of the column.
func (a *App) openEntry() tea.Cmd {
	entries := a.judge.entries
	if a.judge.columns.Cursor() >= len(entries) {
		return nil
	}
	e := entries[a.judge.columns.Cursor()]
	switch {
	case e.keyed || e.finding != nil && e.finding.Kind == profile.DuplicateItems:
		return a.lookInto()
	case e.finding != nil && len(e.finding.Pages) > 0:
		a.goTo(tabPages)
		a.judge.pages.Select(e.finding.Pages[0] - 1)
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
func (a *App) pathOf(column int) model.Optional[model.Path] {
	if column < 0 {
		return model.Optional[model.Path]{}
	}
	return model.Some(a.judge.profile.Columns[column].Place.Column())
}

// lookInto opens the profile of the cursor's line.
func (a *App) lookInto() tea.Cmd {
	entries := a.judge.entries
	if a.judge.columns.Cursor() < len(entries) {
		d := &a.judge.detail
		*d = detail{open: true, entry: entries[a.judge.columns.Cursor()]}
		a.arrangeDetail()
		d.list.Select(max(0, slices.IndexFunc(d.lines, func(line detailLine) bool { return line.filter != nil })))
	}
	return nil
}

// columnActions lists the actions of the tab of columns.
func (a *App) columnActions() action.Table {
	detail := &a.judge.detail
	known := a.judge.profile != nil && len(a.judge.entries) > 0
	inDetail := known && detail.open
	open := a.openEntry
	if detail.open {
		open = a.openDetail
	}
	return append(action.Moves(a.move, true, false),
		action.Action{
			ID: "columns.items", Group: action.GroupView, Title: "its items", Keys: []string{"enter"}, Rank: 3,
			Enabled: known && !detail.open || inDetail && detail.leads(), Run: open,
		},
		action.Action{
			ID: "columns.detail", Group: action.GroupView, Title: "look into it", Keys: []string{"l", "right"}, Rank: 4,
			Enabled: known && !detail.open, Run: a.lookInto,
		},
		action.Action{
			ID: "columns.back", Group: action.GroupView, Title: "back to the columns", Keys: []string{"h", "left"},
			Enabled: inDetail, Run: action.Do(a.closeDetail),
		},
	)
}

// pageActions lists the actions of the tab of pages.
func (a *App) pageActions() action.Table {
	known := a.judge.profile != nil && len(a.judge.profile.Pages) > 0
	return append(action.Moves(a.move, true, known && len(a.judge.pageColumns) > 1), action.Action{
		ID: "pages.items", Group: action.GroupView, Title: "its items", Keys: []string{"enter"}, Rank: 3, Enabled: known, Run: a.openPage,
	})
}

func (a *App) closeDetail() { a.judge.detail = detail{} }

// moveInList moves the cursor of the tab of columns or of pages.
func (a *App) moveInList(m cursor.Move, h int) tea.Cmd {
	j := &a.judge
	switch {
	case j.profile == nil:
	case a.tab == tabPages:
		a.movePages(m, h)
	case j.detail.open:
		j.detail.list.Move(m, h)
	default:
		j.columns.Move(m, h-1)
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
		return j.detail.list.Position()
	default:
		return j.columns.Position()
	}
}
