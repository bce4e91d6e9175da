package model

import (
	"slices"
	"strconv"
)

// MaxParts is how many parts a nested value is opened into.
const MaxParts = 200

// Parts are the paths to what the values of a path hold, over all items: the keys of objects in order of first appearance,
// and behind them the elements of arrays; at most [MaxParts]. There are none where the path leads to plain values only. stop
// is asked now and then, and ends the search early.
func (t Items) Parts(p Path, stop func() bool) []Path {
	const rowsBetweenStops = 4096
	var parts []Path
	seen := map[string]bool{}
	elements := 0
	reader := t.Reader(p)
	for row := range t.Len() {
		if row%rowsBetweenStops == 0 && stop() {
			break
		}
		cell := reader.Cell(row)
		for key := range cell.Members() {
			if name := key.Raw(); !seen[name] && len(seen) < MaxParts {
				seen[name] = true
				parts = append(parts, p.Child(name))
			}
		}
		elements = max(elements, cell.elementsUpTo(MaxParts))
	}
	for n := range elements {
		if part := p.Child(strconv.Itoa(n)); len(parts) < MaxParts && !slices.Contains(parts, part) {
			parts = append(parts, part)
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
