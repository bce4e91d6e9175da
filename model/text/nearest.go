package text

import (
	"iter"
	"strings"
)

// longestGuess is the maximum length, in bytes, of a word or name for which Nearest computes the similarity.
const longestGuess = 40

// Nearest returns the name closest to word, or "" if no name is close. The result is a suggestion for a mistyped word.
// A word of up to four bytes may have one mistake, a word of five to seven bytes two mistakes, and a longer word three.
func Nearest(word string, names iter.Seq[string]) string {
	word = strings.ToLower(word)
	if len(word) > longestGuess {
		return ""
	}
	best, minDistance := "", min(max(1, (len(word)+1)/3), 3)+1
	for name := range names {
		if len(name) > longestGuess {
			continue
		}
		lower := strings.ToLower(name)
		distance := edits(lower, word)
		if strings.HasPrefix(lower, word) && len(word) > 1 {
			distance = 1
		}
		if distance < minDistance && distance < len(word) {
			best, minDistance = name, distance
		}
	}
	return best
}

// edits returns the number of edits that turn a into b. An edit inserts, deletes or replaces a byte, or swaps two
// neighboring bytes. b must be at most longestGuess bytes long.
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
