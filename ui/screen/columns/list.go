package columns

import (
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"sbwatch/model/baseline"
	"sbwatch/model/item"
	"sbwatch/model/optional"
	"sbwatch/model/profile"
	"sbwatch/model/search"
	"sbwatch/ui/action"
	"sbwatch/ui/cell"
	"sbwatch/ui/cursor"
	"sbwatch/ui/draw"
	"sbwatch/ui/layout"
	"sbwatch/ui/screen"
	"sbwatch/ui/screen/finding"
	"sbwatch/ui/widget/chart"
)

// entry is a line of the tab. It is about a difference from earlier runs, a finding about all items, items with the
// same unique key, or a column.
type entry struct {
	change  *baseline.Change
	finding *profile.Finding
	isKey   bool
	column  int
}

// listEntries rebuilds the lines of the tab. If the lines are sorted by concern (the most severe finding first),
// findings about all items are placed among the columns by their severity. In any other order, these findings come
// before all columns.
func (t *Tab) listEntries() {
	p := t.profile
	t.entries = nil
	defer func() { t.list.SetLen(len(t.entries)) }()
	if p == nil {
		return
	}
	for i := range t.changes {
		t.entries = append(t.entries, entry{change: &t.changes[i]})
	}
	if t.keyKnown && t.duplicates.Groups() > 0 {
		t.entries = append(t.entries, entry{isKey: true})
	}
	rank := 0
	addFindings := func(end int) {
		for ; rank < end; rank++ {
			if p.Findings[rank].Column < 0 {
				t.entries = append(t.entries, entry{finding: &p.Findings[rank]})
			}
		}
	}
	concern := concerns(p)
	for _, column := range t.sorting.columns(p, concern) {
		if end := concern[column]; t.sorting != (sorting{}) {
			addFindings(len(p.Findings))
		} else if p.Columns[column].Parent < 0 {
			addFindings(end)
		}
		t.entries = append(t.entries, entry{column: column})
	}
	addFindings(len(p.Findings))
}

// View draws the tab.
func (t *Tab) View() []string {
	p, w, h := t.env.Painter, t.area.Dx(), t.area.Dy()
	switch {
	case t.profile == nil:
		return []string{"", p.Muted.Render(p.Cut(t.WaitingText(), w))}
	case t.env.Width() >= layout.WideWindow:
		return listAndProfile(t)
	case t.detail.open:
		return t.detailView(h)
	}
	return listView(t, w, h)
}

// listView draws the list on w by h cells.
func listView(t *Tab, w, h int) []string {
	p, entries := t.env.Painter, t.entries
	w -= cursorWidth
	widths := t.entryWidths(w)
	lines := []string{draw.Spaces(cursorWidth) + widths.header(p, w, t.sorting)}
	return append(lines, t.list.View(p, h-1, func(i int) string { return t.entryLine(entries[i], widths, w) })...)
}

// columnWidths holds the widths of the parts of a column's line, in cells. A part of width 0 is left out.
type columnWidths struct{ name, kind, bar, covered, distinct, values, note int }

// Widths in a column's line, in cells. The widths of texts are maximums.
const (
	cursorWidth   = 2
	partGap       = 2
	maxNameWidth  = 24
	nameShare     = 3 // on a narrow tab, names have at most 1/nameShare of the width
	maxTypeWidth  = 15
	barWidth      = 16
	smallBarWidth = 8
	wideTab       = 100 // minimum width of the tab at which bars have barWidth cells
	valuesWidth   = 26
	noteWidth     = 20
	// maxMeasured is the maximum number of columns that are measured to find the widths.
	maxMeasured = 500
)

// entryWidths divides w cells among the parts of a column's line, such as the name and the type. If there is not enough
// room, it leaves out less important parts. The name, the coverage and serious findings are always shown.
func (t *Tab) entryWidths(w int) columnWidths {
	l, p := t.env.Painter, t.profile
	widths := columnWidths{name: l.Width("column ↑"), covered: len("coverage")}
	maxName := min(maxNameWidth, max(widths.name, w/nameShare))
	serious := noteWidth
	kind, distinct, values := len("type"), l.Width("distinct ↑"), len("top values / range")
	for i := range p.Columns[:min(len(p.Columns), maxMeasured)] {
		c := &p.Columns[i]
		widths.name = max(widths.name, min(2*c.Level+l.Width(cell.Name(c.Place.Name())), maxName))
		widths.covered = max(widths.covered, l.Width(coveredText(c)))
		kind = max(kind, min(l.Width(typeText(c)), maxTypeWidth))
		distinct = max(distinct, l.Width(distinctText(c)))
		values = max(values, l.Width(t.formats.valuesText(l, c, valuesWidth)))
		if len(t.byColumn[i]) > 0 && t.byColumn[i][0].Severity > profile.Note {
			serious = max(serious, l.Width(t.noteOf(i)))
		}
	}
	bar := barWidth
	if w < wideTab {
		bar = smallBarWidth
	}
	rest := w - widths.name - widths.covered - 2*partGap
	add := func(width *int, room, note int) {
		if rest >= room+partGap+note {
			*width = room
			rest -= room + partGap
		}
	}
	add(&widths.bar, bar, serious)
	add(&widths.kind, kind, serious)
	add(&widths.values, values, noteWidth) // a longer note takes cells from the other parts of its line
	if widths.values > 0 {
		serious = max(noteWidth, serious-widths.values-partGap)
	}
	add(&widths.distinct, distinct, serious)
	widths.note = max(0, rest)
	return widths
}

// headerPart is a title in the header. A click on the title sorts the columns by sortBy or, if sortBy is byConcern,
// does nothing.
type headerPart struct {
	title       string
	from, width int
	isRight     bool
	sortBy      sortField
}

// parts returns the titles of the visible parts of a line, from left to right.
func (c columnWidths) parts() []headerPart {
	covered := c.covered
	if c.bar > 0 {
		covered += c.bar + partGap
	}
	at := 0
	var parts []headerPart
	for _, part := range []headerPart{
		{title: "column", width: c.name, sortBy: byName},
		{title: "type", width: c.kind},
		{title: "coverage", width: covered, sortBy: byCoverage},
		{title: "distinct", width: c.distinct, isRight: true, sortBy: byDistinct},
		{title: "top values / range", width: c.values},
	} {
		if part.width > 0 {
			part.from = at
			parts = append(parts, part)
			at += part.width + partGap
		}
	}
	return parts
}

// header draws the titles of the parts of a line. The title of the sort field has an arrow.
func (c columnWidths) header(p draw.Painter, w int, s sorting) string {
	line := ""
	for _, part := range c.parts() {
		arrow := ""
		if part.sortBy != byConcern {
			arrow = s.arrow(part.sortBy)
		}
		title := p.Title("", part.title, arrow, part.width+1) // the arrow may take the first cell of the gap
		line += draw.Spaces(part.from - p.Width(line))
		if part.isRight {
			line += p.FitRight(title, part.width)
		} else {
			line += title + draw.Spaces(part.width-p.Width(title))
		}
	}
	return p.Table.Header.Render(p.Cut(line, w))
}

func (t *Tab) entryLine(e entry, widths columnWidths, w int) string {
	l := t.env.Painter
	switch {
	case e.change != nil:
		mark, style := changeMark(l, e.change)
		return style.Render(mark+" ") + l.Cut(e.change.String(), w-2)
	case e.isKey:
		return l.Error.Render("! ") + l.Cut(keyedText(t), w-2)
	case e.finding != nil:
		return finding.Style(l, e.finding.Severity).Render(finding.Mark(e.finding.Severity)+" ") + l.Cut(e.finding.Text, w-2)
	}
	p := t.profile
	c := &p.Columns[e.column]
	parts := []string{t.markedName(indentedName(l, c, widths.name), widths.name)}
	if widths.kind > 0 {
		parts = append(parts, l.Muted.Render(l.Fit(typeText(c), widths.kind)))
	}
	if widths.bar > 0 {
		parts = append(parts, chart.Bar(l, c.Coverage(), widths.bar, finding.ShareStyle(l, c.Covered(), c.Of)))
	}
	parts = append(parts, l.Fit(coveredText(c), widths.covered))
	if widths.distinct > 0 {
		parts = append(parts, l.FitRight(distinctText(c), widths.distinct))
	}
	values := ""
	if widths.values > 0 {
		values = draw.Spaces(partGap) + t.formats.valuesText(l, c, widths.values)
	}
	return withNote(l, strings.Join(parts, draw.Spaces(partGap)), values, t.noteOf(e.column), w, widths.note)
}

// withNote returns line followed by values and note, at most w cells wide. The note starts noteWidth cells before the
// right edge. A longer note starts where the values start, and replaces them.
func withNote(l draw.Painter, line, values, note string, w, noteWidth int) string {
	room := w - l.Width(line)
	switch {
	case note == "":
		return line + l.Cut(values, room)
	case l.Width(note) > noteWidth:
		return line + draw.Spaces(partGap) + l.Cut(note, room-partGap)
	default:
		return line + l.Fit(values, room-noteWidth) + note
	}
}

// markedName renders the name of a column on w cells. It highlights the matches of the search.
func (t *Tab) markedName(name string, w int) string {
	l := t.env.Painter
	name = l.Fit(name, w)
	if t.find.Query().IsEmpty() {
		return l.Strong.Render(name)
	}
	var b strings.Builder
	from := 0
	for _, span := range t.find.Query().Spans(name) {
		b.WriteString(l.Strong.Render(name[from:span[0]]) + l.Table.Match.Render(name[span[0]:span[1]]))
		from = span[1]
	}
	return b.String() + l.Strong.Render(name[from:])
}

// indentedName returns the name of a column on w cells, indented by its nesting depth. If the name of a nested column
// is too long, its start is cut, because the names of neighboring columns differ at the end.
func indentedName(p draw.Painter, c *profile.Column, w int) string {
	indent, name := draw.Spaces(2*c.Level), cell.Name(c.Place.Name())
	room := max(4, w-len(indent))
	if over := p.Width(name) - room; over > 0 && c.Level > 0 {
		name = p.Method.TruncateLeft(name, over+1, "…")
	}
	return indent + name
}

// noteOf returns the text of the most severe finding about a column, or "".
func (t *Tab) noteOf(column int) string {
	p := t.env.Painter
	findings := t.byColumn[column]
	if len(findings) == 0 {
		return ""
	}
	words := shortText(findings[0], &t.profile.Columns[column])
	return finding.Style(p, findings[0].Severity).Render(finding.Mark(findings[0].Severity) + " " + words)
}

// openEntry does what Enter does on the line at the cursor, such as showing the items of a finding. On a column that
// has neither warnings nor errors, it opens the profile of the column.
func (t *Tab) openEntry() tea.Cmd {
	entries := t.entries
	if t.list.Cursor() >= len(entries) {
		return nil
	}
	e := entries[t.list.Cursor()]
	switch {
	case e.change != nil:
		return t.openChange(*e.change)
	case e.isKey || e.finding != nil && e.finding.Kind == profile.DuplicateItems:
		return t.openProfile()
	case e.finding != nil && len(e.finding.Pages) > 0:
		return t.env.Send(finding.ShowPageMsg{Page: e.finding.Pages[0]})
	case e.finding != nil:
		return t.openFinding(*e.finding)
	}
	for _, f := range t.byColumn[e.column] {
		if f.Filter() != nil && f.Severity > profile.Note {
			return t.openFinding(f)
		}
	}
	return t.openProfile()
}

// openFinding goes to the Items tab and shows only the items of a finding.
func (t *Tab) openFinding(f profile.Finding) tea.Cmd {
	filter := f.Filter()
	if filter == nil {
		return nil
	}
	return t.env.Send(finding.ShowItemsMsg{Filter: filter, Column: t.pathOf(f.Column)})
}

// pathOf returns the path of a profiled column. For a column that is nested in a table column, it returns the path of
// the table column.
func (t *Tab) pathOf(column int) optional.Value[item.Path] {
	if column < 0 {
		return optional.Value[item.Path]{}
	}
	return optional.Some(t.profile.Columns[column].Place.Column())
}

// openProfile opens the profile of the column at the cursor.
func (t *Tab) openProfile() tea.Cmd {
	if t.list.Cursor() < len(t.entries) {
		d := &t.detail
		*d = detail{open: true, entry: t.entries[t.list.Cursor()]}
		t.arrangeDetail()
		d.list.Select(max(0, slices.IndexFunc(d.lines, func(line detailLine) bool { return line.filter != nil })))
		d.list.Follow(t.area.Dy())
	}
	return nil
}

// ShowColumn opens the profile of the column at place. It returns false if this column has no profile.
func (t *Tab) ShowColumn(place item.Place) bool {
	if t.profile == nil {
		return false
	}
	column, found := t.profile.Find(place)
	if !found {
		return false
	}
	at := slices.IndexFunc(t.entries, func(e entry) bool { return e.isColumn() && e.column == column })
	if at < 0 {
		return false
	}
	t.list.Select(at)
	t.list.Follow(t.area.Dy() - 1)
	t.openProfile()
	t.detail.isVisit = true
	return true
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
	sort := func(id, title, key string, run func()) action.Action {
		return action.Action{ID: "columns." + id, Group: action.GroupFind, Title: title, Keys: []string{key}, Rank: 9, Enabled: known && !detail.open, Run: action.Do(run)}
	}
	table := append(action.Moves(t.move, true, false),
		action.Action{
			ID: "columns.items", Group: action.GroupView, Title: openTitle(t.selectedChange()), Keys: []string{"enter"}, Rank: 3,
			Enabled: known && !detail.open || inDetail && detail.showsItems(), Run: open,
		},
		action.Action{
			ID: "columns.detail", Group: action.GroupView, Title: "details", Keys: []string{"l", "right"}, Rank: 4,
			Enabled: known && !detail.open && t.selectedChange() == nil, Run: t.openProfile,
		},
		action.Action{
			ID: "columns.back", Group: action.GroupView, Title: "back to columns", Keys: []string{"h", "left"},
			Enabled: inDetail, Run: action.Do(t.closeDetail),
		},
		sort("sort", "sort by", "s", t.sortNext),
		sort("reverse", "reverse the order", "S", func() { t.sortBy(sorting{by: t.sorting.by, reversed: !t.sorting.reversed}) }),
	)
	return append(table, t.find.Actions(t.env.Env, t.rows, known)...)
}

// rows returns the rows that can be searched: the columns or, if a profile is open, the lines of the profile.
func (t *Tab) rows() screen.FindIn {
	if t.detail.open {
		d := &t.detail
		return screen.FindIn{
			Len: len(d.lines), Cursor: d.list.Cursor(),
			Matches: func(row int, q search.Query) bool {
				return isStop(d.lines[row]) && len(q.Spans(ansi.Strip(d.lines[row].text))) > 0
			},
			Select: func(row int) { d.list.Select(row); d.list.Follow(t.area.Dy()) },
		}
	}
	return screen.FindIn{
		Len: len(t.entries), Cursor: t.list.Cursor(),
		Matches: func(row int, q search.Query) bool { return len(q.Spans(t.entryText(t.entries[row]))) > 0 },
		Select:  func(row int) { t.list.Select(row); t.list.Follow(t.area.Dy() - 1) },
	}
}

// entryText returns the text to search: the name of the column and its findings, on separate lines.
func (t *Tab) entryText(e entry) string {
	switch {
	case e.change != nil:
		return e.change.String()
	case e.isKey:
		return keyedText(t)
	case e.finding != nil:
		return e.finding.Text
	}
	c := &t.profile.Columns[e.column]
	lines := []string{cell.Name(c.Place.Name()), typeText(c)}
	for _, f := range t.byColumn[e.column] {
		lines = append(lines, f.Text)
	}
	return strings.Join(lines, "\n")
}

// sortNext sorts the columns by the next field. The cursor stays on its line.
func (t *Tab) sortNext() { t.sortBy(sorting{by: (t.sorting.by + 1) % sortFields}) }

func (t *Tab) sortBy(s sorting) {
	under := t.entries[t.list.Cursor()]
	t.sorting = s
	t.listEntries()
	t.list.Select(max(0, slices.Index(t.entries, under)))
	t.list.Follow(t.area.Dy() - 1)
	t.find.Refresh(t.rows())
	t.env.Say("sorted by " + s.String())
}

func (t *Tab) closeDetail() {
	t.detail = detail{}
	t.find.Refresh(t.rows())
}

// Back returns what Esc does next in the tab: close the open profile or clear the search. If canGoBack is true, Back
// does not close a profile that another tab opened, because Esc goes back to that tab. It returns false if there is
// nothing to undo.
func (t *Tab) Back(canGoBack bool) (screen.Step, bool) {
	if t.detail.open && (!canGoBack || !t.detail.isVisit) {
		return screen.Step{Title: "close", Run: action.Do(t.closeDetail)}, true
	}
	return t.find.Back()
}

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

// Position returns the position of the cursor for the footer. During a search, it also returns the position among the
// matches.
func (t *Tab) Position() string {
	if t.profile == nil {
		return ""
	}
	position := &t.list
	if t.detail.open {
		position = &t.detail.list
	}
	if count := t.find.Count(t.env.Painter, position.Cursor()); count != "" {
		return count + " · " + position.Position()
	}
	return position.Position()
}
