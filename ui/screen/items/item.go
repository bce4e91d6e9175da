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

// besideFrom is the width of the screen from which an item is shown beside the table, not in its place.
const besideFrom = 140

// item shows one item whole.
type itemView struct {
	open  bool
	row   int
	pager pager.Pager // of its lines, for the width that they were made for
	mark  int         // the line with the match that was gone to
}

const (
	keyAtMost     = 24
	valueAtLeast  = 24
	itemWholeSize = 4 << 20 // bytes; more than that is cut, and said to be
	maxItemLines  = 50_000  // more than that are left out, which is said
)

const itemIsCut = "… and more: copy the item to have it whole"

// itemLines writes every field of an item, keys at the left and values whole beside them, on w cells. What is searched for is
// marked in the values.
func itemLines(p draw.Painter, items item.Table, row, w int, marks table.Marker) []string {
	whole := items.Item(row)
	if whole.Kind() != item.CellObject {
		return valueLines(p, whole, w, marks)
	}
	keyWidth := 0
	for key := range whole.Members() {
		keyWidth = max(keyWidth, min(p.Width(cell.Name(key)), keyAtMost))
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
	if absent := absentColumns(items, present); absent != "" {
		lines = append(lines, "")
		lines = append(lines, draw.Styled(p.Table.Missing, p.Wrap("not in this item: "+absent, w))...)
	}
	return lines
}

// absentAtMost is how many columns are named that an item has no key for.
const absentAtMost = 12

// absentColumns names the columns that an item has no key for.
func absentColumns(items item.Table, present map[text.Text]bool) string {
	var names []string
	for _, column := range items.Columns() {
		if !present[column.Name] && !column.Whole {
			names = append(names, cell.Name(column.Name))
		}
	}
	if more := len(names) - absentAtMost; more > 1 {
		names = append(names[:absentAtMost], fmt.Sprintf("and %d more", more))
	}
	return strings.Join(names, ", ")
}

// fieldLines writes one field. Where there is no room beside the key, the value stands below it.
func fieldLines(p draw.Painter, key string, value item.Cell, keyWidth, w int, marks table.Marker) []string {
	if w-keyWidth-2 < valueAtLeast {
		return append([]string{p.Muted.Render(p.Cut(key, w))}, draw.Indent(valueLines(p, value, w-2, marks), 2)...)
	}
	return p.SideBySide(draw.Styled(p.Muted, p.Wrap(key, keyWidth)), valueLines(p, value, w-keyWidth-2, marks), keyWidth+2)
}

// valueLines writes a value whole: text with its own line breaks, nested values indented.
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
	if len(value.Raw()) > itemWholeSize {
		lines = append(lines, style.Render(p.Cut(itemIsCut, w)))
	}
	return lines
}

// markedLine renders a printable line with what is searched for marked in it.
func markedLine(p draw.Painter, style lipgloss.Style, line string, marks table.Marker) string {
	if marks == nil {
		return style.Render(line)
	}
	var b strings.Builder
	from := 0
	for _, span := range marks(line) {
		b.WriteString(style.Render(line[from:span[0]]) + p.Table.Mark.Render(line[span[0]:span[1]]))
		from = span[1]
	}
	return b.String() + style.Render(line[from:])
}

// valueText returns the text of a value for w cells. At most half of them are indentation: deeper levels share a line.
func valueText(value item.Cell, w int) text.Text {
	switch value.Kind() {
	case item.CellArray, item.CellObject:
		if len(value.Raw()) <= itemWholeSize {
			const cellsPerLevel = 2
			return text.NewText(string(jsonscan.AppendIndented(nil, value.Raw(), w/(2*cellsPerLevel))))
		}
	case item.CellString:
		if text := value.Preview(itemWholeSize); !text.IsEmpty() {
			return text
		}
		return text.NewText(`""`)
	case item.CellMissing, item.CellNull, item.CellBool, item.CellNumber:
	}
	return value.Preview(itemWholeSize)
}

func valueStyle(p draw.Painter, value item.Cell) lipgloss.Style {
	if value.Kind() == item.CellNull {
		return p.Table.Null
	}
	return p.Table.Cell
}
