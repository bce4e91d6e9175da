package item

import (
	"slices"
	"strconv"
)

// MaxParts is the maximum number of columns that a nested value expands to.
const MaxParts = 200

// Parts lists the keys and elements found in the values at a path.
type Parts struct {
	// Paths are the paths to the keys of objects, in order of first appearance, followed by the paths to the elements
	// of arrays. There are at most [MaxParts]. Paths is empty if all values are scalars.
	Paths []Path
	// Mixed is true if some of the values are numbers, booleans or strings. Such values have no keys or elements.
	Mixed bool
}

// Parts returns the keys and elements of the values at a path, over all items. It calls the function stop regularly and
// returns early if stop returns true.
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
