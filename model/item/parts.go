package item

import (
	"slices"
	"strconv"
)

// MaxParts is how many parts a nested value is opened into.
const MaxParts = 200

// Parts are what the values of a path hold.
type Parts struct {
	// Paths lead to the keys of objects, in order of first appearance, and behind them the elements of arrays; at most
	// [MaxParts]. There are none where the values are plain ones only.
	Paths []Path
	// Mixed tells whether there are plain values beside objects and arrays; null is none.
	Mixed bool
}

// Parts finds what the values of a path hold, over all items. stop is asked now and then, and ends the search early.
func (t Table) Parts(p Path, stop func() bool) Parts {
	const rowsBetweenStops = 4096
	var parts Parts
	seen := map[string]bool{}
	elements := 0
	reader := t.Reader(p)
	for row := range t.Len() {
		if row%rowsBetweenStops == 0 && stop() {
			break
		}
		cell := reader.Cell(row)
		switch cell.Kind() {
		case CellObject:
			for key := range cell.Members() {
				if name := key.Raw(); !seen[name] && len(seen) < MaxParts {
					seen[name] = true
					parts.Paths = append(parts.Paths, p.Child(name))
				}
			}
		case CellArray:
			elements = max(elements, cell.elementsUpTo(MaxParts))
		case CellBool, CellNumber, CellString:
			parts.Mixed = true
		case CellMissing, CellNull:
		}
	}
	for n := range elements {
		if part := p.Child(strconv.Itoa(n)); len(parts.Paths) < MaxParts && !slices.Contains(parts.Paths, part) {
			parts.Paths = append(parts.Paths, part)
		}
	}
	return parts
}

// elementsUpTo counts the elements of an array, up to a number.
func (c Cell) elementsUpTo(most int) int {
	n := 0
	for range c.Elements() {
		if n++; n >= most {
			break
		}
	}
	return n
}
