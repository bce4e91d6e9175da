package item

import (
	"slices"
	"strconv"
)

// MaxParts is the maximum number of columns that a nested value expands to.
const MaxParts = 200

// Parts lists what the values at a path contain.
type Parts struct {
	// Paths are the paths to the keys of objects in order of first appearance, followed by those to the elements of
	// arrays; at most [MaxParts]. Empty if all values are scalars.
	Paths []Path
	// Mixed is true if there are scalars besides objects and arrays. Null is not counted.
	Mixed bool
}

// Parts returns what the values at a path contain, over all items. It calls stop from time to time and returns early
// when that returns true.
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

// elementsUpTo returns the number of elements of an array, at most limit.
func (c Cell) elementsUpTo(limit int) int {
	n := 0
	for range c.Elements() {
		if n++; n >= limit {
			break
		}
	}
	return n
}
