package columns

import (
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"sbwatch/model/item"
	"sbwatch/model/optional"
	"sbwatch/model/profile"
	"sbwatch/ui/action"
	"sbwatch/ui/cell"
	"sbwatch/ui/cursor"
	"sbwatch/ui/draw"
	"sbwatch/ui/screen"
	"sbwatch/ui/screen/finding"
	"sbwatch/ui/widget/chart"
)

// entry is a line of the tab: a finding about all items, the items that share a key, or a column.
type entry struct {
	finding *profile.Finding
	isKey   bool
	column  int
}

// listEntries rebuilds the lines of the tab, suspicious ones first.
func (t *Tab) listEntries() {
	p := t.profile
	t.entries = nil
	defer func() { t.list.SetLen(len(t.entries)) }()
	if p == nil {
		return
	}
	if t.keyKnown && t.duplicates.Groups() > 0 {
		t.entries = append(t.entries, entry{isKey: true})
	}
	listed := make([]bool, len(p.Columns))
	for i := range p.Findings {
		switch column := p.Findings[i].Column; {
		case column < 0:
			t.entries = append(t.entries, entry{finding: &p.Findings[i]})
		case !listed[column]:
			listed[column] = true
			t.entries = append(t.entries, entry{column: column})
		}
	}
	for column := range p.Columns {
		if !listed[column] {
			t.entries = append(t.entries, entry{column: column})
		}
	}
}

// View draws the tab.
func (t *Tab) View() []string {
	p, w, h := t.env.Painter, t.area.Dx(), t.area.Dy()
	switch {
	case t.profile == nil:
		return []string{"", p.Muted.Render(p.Cut(t.WaitingText(), w))}
	case t.detail.open:
		return t.detailView(h)
	}
	entries := t.entries
	widths := entryWidths(p, t.profile, w-2)
	lines := []string{"  " + widths.header(p, w-2)}
	return append(lines, t.list.View(p, h-1, func(i int) string { return t.entryLine(entries[i], widths, w-2) })...)
}

// columnWidths holds the width of each part of a column's line; a part of width 0 is left out.
type columnWidths struct{ name, kind, bar, covered, distinct, values, note int }

// Widths of the parts of a line, in cells.
const (
	partGap       = 2
	typeWidth     = 15
	barWidth      = 16
	smallBarWidth = 8
	distinctWidth = 10
	valuesWidth   = 26
	noteWidth     = 20
)

// entryWidths divides w cells among the parts of a line. If there is not enough room, it leaves out the less important
// parts; the name, the coverage and the note always stay.
func entryWidths(l draw.Painter, p *profile.Profile, w int) columnWidths {
	widths := columnWidths{name: len("column"), covered: len("coverage")}
	for i := range p.Columns {
		c := &p.Columns[i]
		widths.name = max(widths.name, min(2*c.Level+l.Width(cell.Name(c.Place.Name())), 24))
		widths.covered = max(widths.covered, l.Width(coveredText(c)))
		if i > 500 {
			break // the maximum width is reached
		}
	}
	bar := barWidth
	if w < 100 {
		bar = smallBarWidth
	}
	rest := w - widths.name - widths.covered - noteWidth - 2*partGap
	for _, part := range []struct {
		width *int
		room  int
	}{{&widths.kind, typeWidth}, {&widths.values, valuesWidth}, {&widths.bar, bar}, {&widths.distinct, distinctWidth}} {
		if rest >= part.room+partGap {
			*part.width = part.room
			rest -= part.room + partGap
		}
	}
	widths.note = noteWidth + rest
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
		add("coverage", c.bar+partGap+c.covered, false)
	} else {
		add("coverage", c.covered, false)
	}
	add("distinct", c.distinct, true)
	add("top values / range", c.values, false)
	return p.Table.Header.Render(p.Cut(strings.Join(parts, draw.Spaces(partGap)), w))
}

// entryLine draws one line of the tab.
func (t *Tab) entryLine(e entry, widths columnWidths, w int) string {
	l := t.env.Painter
	switch {
	case e.isKey:
		return l.Error.Render("! ") + l.Cut(t.keyedText(), w-2)
	case e.finding != nil:
		return finding.Style(l, e.finding.Severity).Render(finding.Mark(e.finding.Severity)+" ") + l.Cut(e.finding.Text, w-2)
	}
	p := t.profile
	c := &p.Columns[e.column]
	parts := []string{l.Strong.Render(l.Fit(placeName(l, c, widths.name), widths.name))}
	if widths.kind > 0 {
		parts = append(parts, l.Muted.Render(l.Fit(typeText(c), widths.kind)))
	}
	style := finding.CoverageStyle(l, t.of[e.column])
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
	return strings.Join(append(parts, t.noteOf(e.column, widths.note)), draw.Spaces(partGap))
}

// placeName returns the name of a column on w cells, indented by its nesting depth. A long nested name is cut at the
// front, because its end distinguishes it from its neighbors.
func placeName(p draw.Painter, c *profile.Column, w int) string {
	indent, name := draw.Spaces(2*c.Level), cell.Name(c.Place.Name())
	room := max(4, w-len(indent))
	if over := p.Width(name) - room; over > 0 && c.Level > 0 {
		name = p.Method.TruncateLeft(name, over+1, "…")
	}
	return indent + name
}

// noteOf returns the most severe finding about a column.
func (t *Tab) noteOf(column, w int) string {
	p := t.env.Painter
	findings := t.of[column]
	if len(findings) == 0 {
		return ""
	}
	words := shortText(findings[0], &t.profile.Columns[column])
	return finding.Style(p, findings[0].Severity).Render(p.Cut(finding.Mark(findings[0].Severity)+" "+words, w))
}

// openEntry shows the items that the cursor's line is about in the table. If the line is about no items in particular,
// it opens the column's profile.
func (t *Tab) openEntry() tea.Cmd {
	entries := t.entries
	if t.list.Cursor() >= len(entries) {
		return nil
	}
	e := entries[t.list.Cursor()]
	switch {
	case e.isKey || e.finding != nil && e.finding.Kind == profile.DuplicateItems:
		return t.openProfile()
	case e.finding != nil && len(e.finding.Pages) > 0:
		return t.env.Send(ShowPageMsg{e.finding.Pages[0]})
	case e.finding != nil:
		return t.openFinding(*e.finding)
	}
	for _, f := range t.of[e.column] {
		if f.Filter() != nil && f.Severity > profile.Note {
			return t.openFinding(f)
		}
	}
	return t.openProfile()
}

// openFinding shows the items that a finding is about in the table.
func (t *Tab) openFinding(f profile.Finding) tea.Cmd {
	filter := f.Filter()
	if filter == nil {
		return nil
	}
	return t.env.Send(finding.ShowItemsMsg{Filter: filter, Column: t.pathOf(f.Column)})
}

// pathOf returns the path of the table column that shows a profiled column: its own path or that of the column that
// contains it.
func (t *Tab) pathOf(column int) optional.Value[item.Path] {
	if column < 0 {
		return optional.Value[item.Path]{}
	}
	return optional.Some(t.profile.Columns[column].Place.Column())
}

// openProfile opens the profile of the cursor's line.
func (t *Tab) openProfile() tea.Cmd {
	entries := t.entries
	if t.list.Cursor() < len(entries) {
		d := &t.detail
		*d = detail{open: true, entry: entries[t.list.Cursor()]}
		t.arrangeDetail()
		d.list.Select(max(0, slices.IndexFunc(d.lines, func(line detailLine) bool { return line.filter != nil })))
	}
	return nil
}

// Actions lists the available actions.
func (t *Tab) Actions() action.Table {
	detail := &t.detail
	known := t.profile != nil && len(t.entries) > 0
	inDetail := known && detail.open
	open := t.openEntry
	if detail.open {
		open = t.openDetail
	}
	return append(action.Moves(t.move, true, false),
		action.Action{
			ID: "columns.items", Group: action.GroupView, Title: "show items", Keys: []string{"enter"}, Rank: 3,
			Enabled: known && !detail.open || inDetail && detail.leads(), Run: open,
		},
		action.Action{
			ID: "columns.detail", Group: action.GroupView, Title: "details", Keys: []string{"l", "right"}, Rank: 4,
			Enabled: known && !detail.open, Run: t.openProfile,
		},
		action.Action{
			ID: "columns.back", Group: action.GroupView, Title: "back to columns", Keys: []string{"h", "left"},
			Enabled: inDetail, Run: action.Do(t.closeDetail),
		},
	)
}

func (t *Tab) closeDetail() { t.detail = detail{} }

// Back returns the step that closes the open profile, if there is one.
func (t *Tab) Back() (screen.Step, bool) {
	return screen.Step{Title: "close", Run: action.Do(t.closeDetail)}, t.detail.open
}

// move moves the cursor.
func (t *Tab) move(m cursor.Move) tea.Cmd {
	switch {
	case t.profile == nil:
	case t.detail.open:
		t.detail.list.Move(m, t.area.Dy())
	default:
		t.list.Move(m, t.area.Dy()-1)
	}
	return nil
}

// Position describes the position of the cursor.
func (t *Tab) Position() string {
	switch {
	case t.profile == nil:
		return ""
	case t.detail.open:
		return t.detail.list.Position()
	default:
		return t.list.Position()
	}
}
