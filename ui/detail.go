package ui

import (
	"fmt"
	"strings"

	tea "charm.land/bubbletea/v2"

	"sbwatch/model/item"
	"sbwatch/model/optional"
	"sbwatch/model/profile"
	"sbwatch/model/text"
)

// detail is the profile of one column, or of items that are there twice: lines, of which some lead to items.
type detail struct {
	open  bool
	entry entry
	lines []detailLine
	list  list
}

// detailLine is one line; enter on it opens the table on what its filter chooses.
type detailLine struct {
	text   string
	filter item.Filter
}

// leads tells whether the cursor's line leads to items.
func (d *detail) leads() bool { return d.list.at < len(d.lines) && d.lines[d.list.at].filter != nil }

// arrangeDetail writes the lines for the width of the screen.
func (a *App) arrangeDetail() {
	d := &a.judge.detail
	if !d.open || a.judge.profile == nil {
		return
	}
	w := a.innerWidth() - 2
	switch {
	case d.entry.keyed:
		d.lines = a.duplicateLines(a.keyedText(), a.judge.keyed, a.table.key, w)
	case d.entry.finding != nil:
		d.lines = a.duplicateLines(d.entry.finding.Text, a.judge.profile.Duplicates, item.Path{}, w)
	default:
		d.lines = a.columnLines(d.entry.column, w)
	}
	d.list.follow(len(d.lines), a.bodyHeight())
}

// detailView draws as many lines as show at once.
func (a *App) detailView(h int) []string {
	d := &a.judge.detail
	var lines []string
	for i := d.list.top; i < len(d.lines) && len(lines) < h; i++ {
		lines = append(lines, a.look.row(d.lines[i].text, i == d.list.at))
	}
	return lines
}

// openDetail opens the table on the items of the cursor's line.
func (a *App) openDetail() tea.Cmd {
	d := &a.judge.detail
	if d.list.at >= len(d.lines) || d.lines[d.list.at].filter == nil {
		return nil
	}
	path := optional.Value[item.Path]{}
	if d.entry.finding == nil && !d.entry.keyed {
		path = a.pathOf(d.entry.column)
	}
	return a.showOnly(d.lines[d.list.at].filter, path)
}

// groupsAtMost is how many groups of duplicates are listed.
const groupsAtMost = 200

// duplicateLines list groups of items that are the same, whole or at a path.
func (a *App) duplicateLines(title string, duplicates profile.Duplicates, path item.Path, w int) []detailLine {
	l, items := a.look, a.table.items
	lines := []detailLine{{text: l.Strong.Render(l.cut(title, w))}, {}}
	for i := range min(duplicates.Groups(), groupsAtMost) {
		group := duplicates.Group(i)
		first := int(group[0])
		filter := profile.SameItem(items, first)
		if path != (item.Path{}) {
			filter = profile.SameKey(items, path, first)
		}
		times := l.fitRight(text.Count(int64(len(group)))+" times", 12)
		where := l.fit("  item "+text.Count(int64(first)+1), 16)
		text := l.Strong.Render(times) + l.Muted.Render(where) + l.cut(cellText(items.At(first, path)), w-28)
		lines = append(lines, detailLine{text, filter})
	}
	if more := duplicates.Groups() - groupsAtMost; more > 0 {
		lines = append(lines, detailLine{text: l.Muted.Render("and " + text.Count(int64(more)) + " more groups")})
	}
	return lines
}

// columnLines tell all that is known of a column.
func (a *App) columnLines(column, w int) []detailLine {
	l, p := a.look, a.judge.profile
	c := &p.Columns[column]
	head := l.Strong.Render(l.cut(columnName(c.Place.Name()), w/2)) + "  " + l.Muted.Render(typeText(c)) + "  " + coveredText(c)
	lines := []detailLine{{text: head}, {}}
	for _, f := range a.judge.of[column] {
		style := l.severity(f.Severity)
		for i, line := range l.marked(severityMark(f.Severity), style, l.wrap(f.Text, w-2)) {
			one := detailLine{text: line}
			if i == 0 {
				one.filter = f.Filter()
			}
			lines = append(lines, one)
		}
	}
	lines = append(lines, a.presenceLines(c, w)...)
	lines = append(lines, a.valueCountLines(c, w)...)
	return append(lines, a.rangeLines(c, w)...)
}

// profileLabel is the room of the left part of a line, in cells.
const profileLabel = 16

// presenceLines count what is there and what is not, each way apart, and the types of what is.
func (a *App) presenceLines(c *profile.Column, w int) []detailLine {
	l := a.look
	lines := []detailLine{{}, {text: l.Muted.Render("what is there")}}
	barRoom := max(0, min(40, w-profileLabel-14))
	add := func(name string, n int, filter item.Filter, good bool) {
		style := l.Good
		if !good {
			style = l.Doubtful
		}
		share := float64(n) / float64(max(1, c.Of))
		text := l.fit(name, profileLabel) + l.fitRight(text.Count(int64(n)), 11) + "  " + l.bar(share, barRoom, style)
		lines = append(lines, detailLine{text, filter})
	}
	for presence := range profile.Presence(profile.Presences) {
		if n := c.Presence[presence]; n > 0 || presence == profile.Present {
			add(presence.String(), n, profile.WithPresence(c.Place, presence), presence == profile.Present)
		}
	}
	if _, n := c.MainType(); n == c.Covered() {
		return lines
	}
	lines = append(lines, detailLine{}, detailLine{text: l.Muted.Render("types")})
	for kind := range profile.Type(profile.Types) {
		if n := c.Types[kind]; n > 0 {
			add(kind.String(), n, c.WithType(kind), true)
		}
	}
	return lines
}

// valueCountLines list the commonest values.
func (a *App) valueCountLines(c *profile.Column, w int) []detailLine {
	l := a.look
	title := l.Muted.Render("values") + "  " + distinctText(c) + l.Muted.Render(" different")
	lines := []detailLine{{}, {text: title}}
	if len(c.Commonest) == 0 {
		return lines
	}
	barRoom := max(0, min(24, w/4))
	textRoom := min(48, w-barRoom-16)
	for _, value := range c.Commonest {
		n := text.Count(int64(value.Count))
		if value.AtLeast {
			n += "+"
		}
		share := float64(value.Count) / float64(max(1, c.Covered()))
		text := l.fit(valueName(value), textRoom) + l.fitRight(n, 12) + "  " + l.bar(share, barRoom, l.Accent)
		lines = append(lines, detailLine{text, value.Filter()})
	}
	return lines
}

// rangeLines tell the ends and the middle of numbers and dates, and the lengths of texts.
func (a *App) rangeLines(c *profile.Column, w int) []detailLine {
	l := a.look
	var lines []detailLine
	add := func(name, text string) {
		lines = append(lines, detailLine{text: l.fit(name, profileLabel) + l.cut(text, w-profileLabel)})
	}
	item := func(row int) string { return l.Muted.Render("  item " + text.Count(int64(row)+1)) }
	if n := c.Numbers; n.Count > 0 {
		lines = append(lines, detailLine{}, detailLine{text: l.Muted.Render("numbers") + "  " + text.Count(int64(n.Count))})
		add("min", text.Number(n.Min)+item(n.MinRow))
		add("median", aboutText(n.About)+text.Number(n.Median))
		add("max", text.Number(n.Max)+item(n.MaxRow))
		lines = append(lines, histogramLines(l, n.Histogram, w)...)
	}
	if d := c.Dates; d.Count > 0 {
		lines = append(lines, detailLine{}, detailLine{text: l.Muted.Render("dates") + "  " + text.Count(int64(d.Count))})
		add("first", dateText(d.Min)+item(d.MinRow))
		add("median", aboutText(d.About)+dateText(d.Median))
		add("last", dateText(d.Max)+item(d.MaxRow))
	}
	if c.Shortest.Known {
		lines = append(lines, detailLine{}, detailLine{text: l.Muted.Render("lengths, in characters")})
		add("shortest", text.Count(int64(c.Shortest.Length))+item(c.Shortest.Row))
		add("longest", text.Count(int64(c.Longest.Length))+item(c.Longest.Row))
	}
	return lines
}

// histogramHeight is how many lines a histogram has.
const histogramHeight = 4

// histogramLines draw the counts of a histogram as columns.
func histogramLines(l look, h profile.Histogram, w int) []detailLine {
	if len(h.Bins) == 0 {
		return nil
	}
	most := 1
	for _, n := range h.Bins {
		most = max(most, n)
	}
	each := max(1, min(2, (w-profileLabel)/len(h.Bins)))
	lines := []detailLine{}
	for level := histogramHeight - 1; level >= 0; level-- {
		var b strings.Builder
		for _, n := range h.Bins {
			b.WriteString(strings.Repeat(columnGlyph(n, most, level), each))
		}
		lines = append(lines, detailLine{text: spaces(profileLabel) + l.Accent.Render(b.String())})
	}
	ends := l.between(text.Number(h.From), text.Number(h.To), each*len(h.Bins))
	lines = append(lines, detailLine{text: spaces(profileLabel) + l.Muted.Render(ends)})
	if h.Below+h.Above > 0 {
		outside := fmt.Sprintf("%s below, %s above", text.Count(int64(h.Below)), text.Count(int64(h.Above)))
		lines = append(lines, detailLine{text: spaces(profileLabel) + l.Muted.Render(outside)})
	}
	return lines
}

// columnGlyph is the part, on a level from below, of a column as high as n of most is on all levels.
func columnGlyph(n, most, level int) string {
	eighths := 0
	if n > 0 {
		eighths = max(1, n*8*histogramHeight/most)
	}
	return string([]rune(" ▁▂▃▄▅▆▇█")[min(8, max(0, eighths-8*level))])
}

func aboutText(about bool) string {
	if about {
		return "about "
	}
	return ""
}
