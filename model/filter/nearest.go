package filter

import (
	"strings"

	"sbwatch/model"
)

// longestGuess is how long a name may be to be compared with others.
const longestGuess = 40

// nearest is the name that is most like one that is not there; "" where none is.
func nearest(items model.Items, name string) string {
	if near := nearestColumn(items, name); near != "" {
		return near
	}
	first, rest, nested := strings.Cut(name, ".")
	if near := nearestColumn(items, first); nested && near != "" {
		return near + "." + rest
	}
	return ""
}

// nearestColumn is the column whose name is most like one.
func nearestColumn(items model.Items, name string) string {
	name = strings.ToLower(name)
	best, least := "", min(len(name)/3+2, 4)
	for _, column := range items.Columns() {
		own := column.Name.Raw()
		if len(own) > longestGuess || len(name) > longestGuess {
			continue
		}
		lower := strings.ToLower(own)
		distance := edits(lower, name)
		if strings.HasPrefix(lower, name) && len(name) > 1 {
			distance = 1
		}
		if distance < least && distance < len(name) {
			best, least = own, distance
		}
	}
	return best
}

// edits is how many bytes must be put in, taken out, altered or swapped with their neighbour to make b of a.
func edits(a, b string) int {
	var before, above [longestGuess + 2]int
	for j := range len(b) + 1 {
		above[j] = j
	}
	for i := range len(a) {
		var row [longestGuess + 2]int
		row[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			row[j+1] = min(above[j]+cost, above[j+1]+1, row[j]+1)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
		before, above = above, row
	}
	return above[len(b)]
}
