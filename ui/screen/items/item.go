package items

import (
	"fmt"
	"strings"

	"charm.land/lipgloss/v2"

	"sbwatch/model/item"
	"sbwatch/model/jsonscan"
	"sbwatch/model/text"
	"sbwatch/ui/cell"
	"sbwatch/ui/draw"
	"sbwatch/ui/widget/pager"
	"sbwatch/ui/widget/table"
)

// sideBySideWidth is the minimum terminal width at which an item is shown next to the table instead of replacing it.
const sideBySideWidth = 140

// itemView shows one item in full.
type itemView struct {
	open  bool
	row   int
	pager pager.Pager // the item's lines, laid out for width
	mark  int         // line of the current match
}

const (
	maxKeyWidth   = 24
	minValueWidth = 24
	maxItemSize   = 4 << 20 // bytes; a larger value is cut, with a note
	maxItemLines  = 50_000  // further lines are left out, with a note
)

const itemIsCut = "… truncated: copy the item to get all of it"

// itemLines lays out every field of an item on w cells, with keys on the left and full values next to them. Text
// matched by marks is highlighted in the values.
func itemLines(p draw.Painter, items item.Table, row, w int, marks table.Marker) []string {
	whole := items.Item(row)
	if whole.Kind() != item.CellObject {
		return valueLines(p, whole, w, marks)
	}
	keyWidth := 0
	for key := range whole.Members() {
		keyWidth = max(keyWidth, min(p.Width(cell.Name(key)), maxKeyWidth))
	}
	var lines []string
	present := map[text.Text]bool{}
	for key, value := range whole.Members() {
		present[key] = true
		if len(lines) >= maxItemLines {
			return append(lines[:maxItemLines], p.Muted.Render(p.Cut(itemIsCut, w)))
		}
		lines = append(lines, fieldLines(p, cell.Name(key), value, keyWidth, w, marks)...)
	}
	if absent := missingColumns(items, present); absent != "" {
		lines = append(lines, "")
		lines = append(lines, draw.Styled(p.Table.Missing, p.Wrap("not in this item: "+absent, w))...)
	}
	return lines
}

// maxAbsent is the maximum number of missing columns to name.
const maxAbsent = 12

// missingColumns names the columns whose keys the item does not have.
func missingColumns(items item.Table, present map[text.Text]bool) string {
	var names []string
	for _, column := range items.Columns() {
		if !present[column.Name] && !column.Whole {
			names = append(names, cell.Name(column.Name))
		}
	}
	if more := len(names) - maxAbsent; more > 1 {
		names = append(names[:maxAbsent], fmt.Sprintf("and %d more", more))
	}
	return strings.Join(names, ", ")
}

// fieldLines lays out one field. If there is no room next to the key, the value is below it.
func fieldLines(p draw.Painter, key string, value item.Cell, keyWidth, w int, marks table.Marker) []string {
	if w-keyWidth-2 < minValueWidth {
		return append([]string{p.Muted.Render(p.Cut(key, w))}, draw.Indent(valueLines(p, value, w-2, marks), 2)...)
	}
	return p.SideBySide(draw.Styled(p.Muted, p.Wrap(key, keyWidth)), valueLines(p, value, w-keyWidth-2, marks), keyWidth+2)
}

// valueLines lays out a full value: text keeps its line breaks, nested values are indented.
func valueLines(p draw.Painter, value item.Cell, w int, marks table.Marker) []string {
	style := valueStyle(p, value)
	var lines []string
	for line := range valueText(value, w).Lines() {
		for _, part := range p.Wrap(line, w) {
			if len(lines) == maxItemLines {
				return append(lines, style.Render(p.Cut(itemIsCut, w)))
			}
			lines = append(lines, markedLine(p, style, part, marks))
		}
	}
	if len(value.Raw()) > maxItemSize {
		lines = append(lines, style.Render(p.Cut(itemIsCut, w)))
	}
	return lines
}

// markedLine renders a printable line with matches highlighted.
func markedLine(p draw.Painter, style lipgloss.Style, line string, marks table.Marker) string {
	if marks == nil {
		return style.Render(line)
	}
	var b strings.Builder
	from := 0
	for _, span := range marks(line) {
		b.WriteString(style.Render(line[from:span[0]]) + p.Table.Match.Render(line[span[0]:span[1]]))
		from = span[1]
	}
	return b.String() + style.Render(line[from:])
}

// valueText formats a value for a width of w cells. At most half of the width is indentation; deeper levels share a
// line.
func valueText(value item.Cell, w int) text.Text {
	switch value.Kind() {
	case item.CellArray, item.CellObject:
		if len(value.Raw()) <= maxItemSize {
			const cellsPerLevel = 2
			return text.NewText(string(jsonscan.AppendIndented(nil, value.Raw(), w/(2*cellsPerLevel))))
		}
	case item.CellString:
		if text := value.Preview(maxItemSize); !text.IsEmpty() {
			return text
		}
		return text.NewText(`""`)
	case item.CellMissing, item.CellNull, item.CellBool, item.CellNumber:
	}
	return value.Preview(maxItemSize)
}

func valueStyle(p draw.Painter, value item.Cell) lipgloss.Style {
	if value.Kind() == item.CellNull {
		return p.Table.Null
	}
	return p.Table.Cell
}
