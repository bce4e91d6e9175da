package columns

import (
	"fmt"
	"slices"

	tea "charm.land/bubbletea/v2"
	"charm.land/lipgloss/v2"

	"sbwatch/model/item"
	"sbwatch/model/optional"
	"sbwatch/model/profile"
	"sbwatch/model/text"
	"sbwatch/ui/cell"
	"sbwatch/ui/draw"
	"sbwatch/ui/screen/finding"
	"sbwatch/ui/widget/chart"
	"sbwatch/ui/widget/list"
)

// detail is the open profile of a column, or the open list of duplicate items. Enter on some of its lines shows items.
type detail struct {
	open bool
	// isVisit reports whether another tab opened this profile or list of duplicates.
	isVisit bool
	entry   entry
	lines   []detailLine
	list    list.List
}

// detailLine is a line of an open profile or of a list of duplicates. If filter is set, Enter shows the items that
// match filter. The cursor skips empty lines and headings.
type detailLine struct {
	text      string
	filter    item.Filter
	isHeading bool
}

// isStop reports whether the cursor can be on a line.
func isStop(line detailLine) bool { return line.text != "" && !line.isHeading }

func heading(text string) detailLine { return detailLine{text: text, isHeading: true} }

// showsItems reports whether Enter on the line at the cursor shows items.
func (d *detail) showsItems() bool {
	return d.list.Cursor() < len(d.lines) && d.lines[d.list.Cursor()].filter != nil
}

// arrangeDetail rebuilds the lines of the open profile or list of duplicates for the current width.
func (t *Tab) arrangeDetail() {
	d := &t.detail
	if !d.open || t.profile == nil {
		return
	}
	_, area := areas(t)
	d.lines = linesOf(t, d.entry, area.Dx()-cursorWidth)
	d.list.SetLen(len(d.lines))
	d.list.SetStops(func(row int) bool { return isStop(d.lines[row]) })
	d.list.Follow(t.area.Dy())
}

// detailView draws h lines of the open profile or list of duplicates.
func (t *Tab) detailView(h int) []string {
	d := &t.detail
	return d.list.View(t.env.Painter, h, func(i int) string { return d.lines[i].text })
}

// openDetail goes to the Items tab and shows only the items of the line at the cursor.
func (t *Tab) openDetail() tea.Cmd {
	d := &t.detail
	if d.list.Cursor() >= len(d.lines) || d.lines[d.list.Cursor()].filter == nil {
		return nil
	}
	path := optional.Value[item.Path]{}
	if d.entry.finding == nil && !d.entry.isKey {
		path = t.pathOf(d.entry.column)
	}
	return t.env.Send(finding.ShowItemsMsg{Filter: d.lines[d.list.Cursor()].filter, Column: path})
}

// maxGroups is the maximum number of groups of duplicates that are listed.
const maxGroups = 200

// The widths of the parts of a group's line, in cells.
const (
	timesWidth = 12
	firstWidth = 16 // width of the part with the first item's number
)

// duplicateLines lists groups of equal items. If path is set, only the values at path are compared. w is the width in
// cells.
func (t *Tab) duplicateLines(title string, duplicates profile.Duplicates, path item.Path, w int) []detailLine {
	p, items := t.env.Painter, t.items
	lines := []detailLine{heading(p.Strong.Render(p.Cut(title, w))), {}}
	for i := range min(duplicates.Groups(), maxGroups) {
		group := duplicates.Group(i)
		first := int(group[0])
		filter := profile.SameItem(items, first)
		if path != (item.Path{}) {
			filter = profile.SameKey(items, path, first)
		}
		times := p.FitRight(text.Count(int64(len(group)))+" times", timesWidth)
		where := p.Fit("  item "+text.Count(int64(first)+1), firstWidth)
		text := p.Strong.Render(times) + p.Muted.Render(where) + p.Cut(cell.Text(items.At(first, path)), w-timesWidth-firstWidth)
		lines = append(lines, detailLine{text: text, filter: filter})
	}
	if more := duplicates.Groups() - maxGroups; more > 0 {
		lines = append(lines, heading(p.Muted.Render("and "+text.Count(int64(more))+" more groups")))
	}
	return lines
}

// columnLines returns the lines of the full profile of a column.
func (t *Tab) columnLines(column, w int) []detailLine {
	l, p := t.env.Painter, t.profile
	c := &p.Columns[column]
	head := l.Strong.Render(l.Cut(cell.Name(c.Place.Name()), w/2)) + "  " + l.Muted.Render(typeText(c)) + "  " + coveredText(c)
	lines := []detailLine{heading(head), {}}
	for _, f := range t.byColumn[column] {
		style := finding.Style(l, f.Severity)
		for i, line := range draw.Marked(finding.Mark(f.Severity), style, l.Wrap(f.Text, w-2)) {
			one := detailLine{text: line}
			if i == 0 {
				one.filter = f.Filter()
			}
			lines = append(lines, one)
		}
	}
	if len(t.byColumn[column]) > 0 {
		lines = append(lines, detailLine{})
	}
	lines = append(lines, t.presenceLines(c, w)...)
	lines = append(lines, t.valueCountLines(c, w)...)
	return append(lines, t.rangeLines(c, w)...)
}

// profileLabel is the width of the labels at the left, in cells.
const profileLabel = 16

// tallyLine is a line that shows the number of values of one kind in a column.
type tallyLine struct {
	name   string
	n      int
	suffix string // written after the number
	filter item.Filter
	style  lipgloss.Style
}

// tallyLines draws each count, its share of the total, and a bar. The longest bar stands for the largest count.
// nameRoom and barRoom are widths in cells.
func (t *Tab) tallyLines(tally []tallyLine, total, nameRoom, barRoom int) []detailLine {
	p := t.env.Painter
	_, area := areas(t)
	w := area.Dx() - cursorWidth
	nameRoom = min(nameRoom, max(8, w-countWidth-percentWidth-2))
	most := 1
	for _, one := range tally {
		most = max(most, one.n)
	}
	lines := make([]detailLine, 0, len(tally))
	for _, one := range tally {
		text := p.Fit(one.name, nameRoom) + p.FitRight(text.Count(int64(one.n))+one.suffix, countWidth) +
			p.Muted.Render(p.FitRight(profile.Percent(one.n, total), percentWidth)) + "  " +
			chart.Bar(p, float64(one.n)/float64(most), barRoom, one.style)
		lines = append(lines, detailLine{text: p.Cut(text, w), filter: one.filter})
	}
	return lines
}

// The widths of the numbers in a tally, in cells.
const (
	countWidth   = 11
	percentWidth = 10
)

// presenceLines returns lines with the numbers of present and absent values. If the present values have several types,
// it also counts each type.
func (t *Tab) presenceLines(c *profile.Column, w int) []detailLine {
	p := t.env.Painter
	lines := []detailLine{heading(p.Muted.Render("presence"))}
	barRoom := max(0, min(40, w-profileLabel-countWidth-percentWidth-2))
	var tally []tallyLine
	for presence := range item.Presence(item.Presences) {
		style := p.Warning
		if presence == item.Present {
			style = p.Success
		}
		if n := c.Presence[presence]; n > 0 || presence == item.Present {
			tally = append(tally, tallyLine{name: presence.String(), n: n, filter: profile.WithPresence(c.Place, presence), style: style})
		}
	}
	lines = append(lines, t.tallyLines(tally, c.Of, profileLabel, barRoom)...)
	if _, n := c.MainType(); n == c.Covered() {
		return lines
	}
	lines = append(lines, detailLine{}, heading(p.Muted.Render("types")))
	tally = nil
	for kind := range profile.Type(profile.Types) {
		if n := c.Types[kind]; n > 0 {
			tally = append(tally, tallyLine{name: kind.String(), n: n, filter: c.WithType(kind), style: p.Accent})
		}
	}
	return append(lines, t.tallyLines(tally, c.Covered(), profileLabel, barRoom)...)
}

// valueCountLines returns lines with the most common values and their numbers.
func (t *Tab) valueCountLines(c *profile.Column, w int) []detailLine {
	p := t.env.Painter
	lines := []detailLine{{}, heading(p.Muted.Render("values") + "  " + distinctText(c) + p.Muted.Render(" distinct"))}
	if len(c.Top) == 0 {
		return lines
	}
	barRoom := max(0, min(24, w/4))
	var tally []tallyLine
	for _, value := range c.Top {
		suffix := ""
		if value.AtLeast {
			suffix = "+"
		}
		tally = append(tally, tallyLine{name: t.formats.valueName(c, value), n: value.Count, suffix: suffix, filter: value.Filter(), style: p.Accent})
	}
	nameRoom := 0
	for _, one := range tally {
		nameRoom = max(nameRoom, p.Width(one.name))
	}
	nameRoom = max(profileLabel, min(nameRoom, 48, w-barRoom-countWidth-percentWidth-2))
	return append(lines, t.tallyLines(tally, c.Covered(), nameRoom, barRoom)...)
}

// rangeLines returns lines with the minimum, median and maximum of numbers and dates, and with the lengths of the
// shortest and the longest text. Enter on a line about a single item shows that item.
func (t *Tab) rangeLines(c *profile.Column, w int) []detailLine {
	p := t.env.Painter
	var lines []detailLine
	head := func(title, count string) {
		lines = append(lines, detailLine{}, heading(p.Muted.Render(title)+count))
	}
	add := func(name, value string) {
		lines = append(lines, detailLine{text: p.Fit(name, profileLabel) + p.Cut(value, w-profileLabel)})
	}
	of := func(name, value string, row int) {
		add(name, value+p.Muted.Render("  item "+text.Count(int64(row)+1)))
		lines[len(lines)-1].filter = profile.OnRow(row)
	}
	if n := c.Numbers; n.Count > 0 {
		number := t.formats.numbersOf(c)
		head("numbers", "  "+text.Count(int64(n.Count)))
		of("min", number(n.Min), n.MinRow)
		add("median", aboutText(n.Estimated)+number(n.Median))
		of("max", number(n.Max), n.MaxRow)
		lines = append(lines, histogramLines(p, n.Histogram, number, w)...)
	}
	if d := c.Dates; d.Count > 0 {
		head("dates", "  "+text.Count(int64(d.Count)))
		of("first", dateText(d.Min), d.MinRow)
		add("median", aboutText(d.Estimated)+dateText(d.Median))
		of("last", dateText(d.Max), d.MaxRow)
	}
	if c.Shortest.Known {
		head("length in characters", "")
		of("shortest", text.Count(int64(c.Shortest.Length)), c.Shortest.Row)
		of("longest", text.Count(int64(c.Longest.Length)), c.Longest.Row)
	}
	return lines
}

// histogramHeight is the height of a histogram in lines.
const histogramHeight = 4

// histogramLines draws a histogram as vertical bars.
func histogramLines(p draw.Painter, h profile.Histogram, number func(x float64) string, w int) []detailLine {
	if len(h.Bins) == 0 || w < profileLabel+len(h.Bins) {
		return nil
	}
	each := max(1, min(2, (w-profileLabel)/len(h.Bins)))
	var values []float64
	for _, n := range h.Bins {
		values = append(values, slices.Repeat([]float64{float64(n)}, each)...)
	}
	var lines []detailLine
	for _, line := range (chart.Sparkline{Values: values, Height: histogramHeight}).View() {
		lines = append(lines, heading(draw.Spaces(profileLabel)+p.Accent.Render(line)))
	}
	ends := p.Between(number(h.From), number(h.To), each*len(h.Bins))
	lines = append(lines, heading(draw.Spaces(profileLabel)+p.Muted.Render(ends)))
	if h.Below+h.Above > 0 {
		outside := fmt.Sprintf("outside this range: %s below, %s above", text.Count(int64(h.Below)), text.Count(int64(h.Above)))
		lines = append(lines, heading(draw.Spaces(profileLabel)+p.Muted.Render(outside)))
	}
	return lines
}

func aboutText(about bool) string {
	if about {
		return "about "
	}
	return ""
}
