package ui

import (
	"strings"

	"sbwatch/model"
)

// Bounds of fitting columns: how wide a column is ever fitted, how many items are looked at, and how much work that may
// be, counted in bytes read (an item is read once for each of its columns).
const (
	widestFit   = 120
	fitItems    = 2000
	fitWork     = 32 << 20
	previewSize = 4 * widestFit
)

// columnFit is how a column should be shown, judged by what it holds.
type columnFit struct {
	width int  // of the widest value, in cells, the header not counted
	right bool // numbers stand at the right
}

// fitColumns looks at items from all over the table and fits the columns to what they hold. It takes a while for large
// tables, so it runs in a command.
func fitColumns(l look, items model.Items) []columnFit {
	columns := len(items.Columns())
	fits := make([]columnFit, columns)
	numbers, values := make([]int, columns), make([]int, columns)
	step := max(1, items.Len()/fitItems)
	for row, work := 0, 0; row < items.Len() && work < fitWork; row += step {
		work += len(items.Row(row)) * columns
		for c := range columns {
			cell := items.Cell(row, c)
			fits[c].width = max(fits[c].width, min(l.width(cellText(cell)), widestFit))
			switch cell.Kind() {
			case model.CellMissing, model.CellNull:
				continue
			case model.CellNumber:
				numbers[c]++
			case model.CellString:
				if readsAsNumber(cell.Preview(previewSize).Raw()) {
					numbers[c]++
				}
			case model.CellBool, model.CellArray, model.CellObject:
			}
			values[c]++
		}
	}
	for c := range fits {
		fits[c].right = values[c] > 0 && 10*numbers[c] >= 9*values[c]
	}
	return fits
}

// readsAsNumber tells whether a text is a number to a reader: digits with separators, a sign, and at most a currency or
// a unit around them, such as "$1,299.00", "1.299,00 €" or "45%".
func readsAsNumber(s string) bool {
	s = strings.TrimSpace(s)
	first := strings.IndexAny(s, "0123456789")
	last := strings.LastIndexAny(s, "0123456789")
	if first < 0 || first > 5 || len(s)-last > 6 {
		return false
	}
	middle := strings.Trim(s[first:last+1], "0123456789.,' \u00a0\u202f")
	around := s[:first] + s[last+1:]
	return middle == "" && !strings.ContainsAny(around, "/:#()[]{}<>@=") && letters(around) <= 3
}

func letters(s string) int {
	n := 0
	for _, r := range s {
		if (r >= 'a' && r <= 'z') || (r >= 'A' && r <= 'Z') {
			n++
		}
	}
	return n
}

// cellText is what a cell shows in the table. What is not there, null and "" can be told apart, and from text that
// reads the same.
func cellText(cell model.Cell) string {
	switch cell.Kind() {
	case model.CellMissing:
		return "·"
	case model.CellNull:
		return "null"
	case model.CellString:
		switch text := cell.Preview(previewSize).String(); text {
		case "", "null", "·", `""`:
			return `"` + text + `"`
		default:
			return text
		}
	case model.CellBool, model.CellNumber, model.CellArray, model.CellObject:
	}
	return cell.Preview(previewSize).String()
}
