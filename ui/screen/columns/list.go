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

// The tab of columns answers: is every column there, and does it hold what it should? What looks wrong comes first.

// entry is a line of the tab: a finding about all items, the items that share a key, or a column.
type entry struct {
	finding *profile.Finding
	isKey   bool
	column  int
}

// listEntries finds out the lines of the tab, what looks wrong first.
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

// columnWidths is the room of each part of a line about a column; 0 where there is none.
type columnWidths struct{ name, kind, bar, covered, distinct, values, note int }

// Room for parts of a line, in cells.
const (
	partGap      = 2
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
		widths.name = max(widths.name, min(2*c.Level+l.Width(cell.Name(c.Place.Name())), 24))
		widths.covered = max(widths.covered, l.Width(coveredText(c)))
		if i > 500 {
			break // as wide as it gets
		}
	}
	bar := roomBar
	if w < 100 {
		bar = roomBarSmall
	}
	rest := w - widths.name - widths.covered - roomNote - 2*partGap
	for _, part := range []struct {
		width *int
		room  int
	}{{&widths.kind, roomKind}, {&widths.values, roomValues}, {&widths.bar, bar}, {&widths.distinct, roomDistinct}} {
		if rest >= part.room+partGap {
			*part.width = part.room
			rest -= part.room + partGap
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
		add("coverage", c.bar+partGap+c.covered, false)
	} else {
		add("coverage", c.covered, false)
	}
	add("distinct", c.distinct, true)
	add("commonest, or range", c.values, false)
	return p.Table.Header.Render(p.Cut(strings.Join(parts, draw.Spaces(partGap)), w))
}

// entryLine draws one line of the tab.
func (t *Tab) entryLine(e entry, widths columnWidths, w int) string {
	l := t.env.Painter
	switch {
	case e.isKey:
		return l.Bad.Render("! ") + l.Cut(t.keyedText(), w-2)
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

// placeName is the name of a column, indented as deep as it is nested, on w cells. Of a long one the end stays, which tells it
// from its neighbours.
func placeName(p draw.Painter, c *profile.Column, w int) string {
	indent, name := draw.Spaces(2*c.Level), cell.Name(c.Place.Name())
	room := max(4, w-len(indent))
	if over := p.Width(name) - room; over > 0 && c.Level > 0 {
		name = p.Method.TruncateLeft(name, over+1, "…")
	}
	return indent + name
}

// noteOf is the worst that is to be said of a column.
func (t *Tab) noteOf(column, w int) string {
	p := t.env.Painter
	findings := t.of[column]
	if len(findings) == 0 {
		return ""
	}
	words := shortText(findings[0], &t.profile.Columns[column])
	return finding.Style(p, findings[0].Severity).Render(p.Cut(finding.Mark(findings[0].Severity)+" "+words, w))
}

// openEntry opens the table on the items that the cursor's line is about or, where it is about none in particular, the
// profile of the column.
func (t *Tab) openEntry() tea.Cmd {
	entries := t.entries
	if t.list.Cursor() >= len(entries) {
		return nil
	}
	e := entries[t.list.Cursor()]
	switch {
	case e.isKey || e.finding != nil && e.finding.Kind == profile.DuplicateItems:
		return t.lookInto()
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
	return t.lookInto()
}

// openFinding opens the table on the items that a finding is about.
func (t *Tab) openFinding(f profile.Finding) tea.Cmd {
	filter := f.Filter()
	if filter == nil {
		return nil
	}
	return t.env.Send(finding.ShowItemsMsg{Filter: filter, Column: t.pathOf(f.Column)})
}

// pathOf is the path to a column of the profile that can show in the table: it, or the one that it is nested in.
func (t *Tab) pathOf(column int) optional.Value[item.Path] {
	if column < 0 {
		return optional.Value[item.Path]{}
	}
	return optional.Some(t.profile.Columns[column].Place.Column())
}

// lookInto opens the profile of the cursor's line.
func (t *Tab) lookInto() tea.Cmd {
	entries := t.entries
	if t.list.Cursor() < len(entries) {
		d := &t.detail
		*d = detail{open: true, entry: entries[t.list.Cursor()]}
		t.arrangeDetail()
		d.list.Select(max(0, slices.IndexFunc(d.lines, func(line detailLine) bool { return line.filter != nil })))
	}
	return nil
}

// Actions lists what the user can do.
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
			ID: "columns.items", Group: action.GroupView, Title: "its items", Keys: []string{"enter"}, Rank: 3,
			Enabled: known && !detail.open || inDetail && detail.leads(), Run: open,
		},
		action.Action{
			ID: "columns.detail", Group: action.GroupView, Title: "look into it", Keys: []string{"l", "right"}, Rank: 4,
			Enabled: known && !detail.open, Run: t.lookInto,
		},
		action.Action{
			ID: "columns.back", Group: action.GroupView, Title: "back to the columns", Keys: []string{"h", "left"},
			Enabled: inDetail, Run: action.Do(t.closeDetail),
		},
	)
}

func (t *Tab) closeDetail() { t.detail = detail{} }

// Back closes what is open in the tab.
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

// Position describes where the cursor is.
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
