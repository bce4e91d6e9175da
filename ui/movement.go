package ui

import (
	"fmt"

	"sbwatch/model/text"
)

// movement is where a key moves a cursor or a scrolled text.
type movement int

const (
	moveNone movement = iota
	moveUp
	moveDown
	moveLeft
	moveRight
	moveFirstRow
	moveLastRow
	moveFirstColumn
	moveLastColumn
	movePageUp
	movePageDown
	moveHalfUp
	moveHalfDown
)

// apply moves position up or down among n, of which page show at once, and never leaves them.
func (m movement) apply(position, n, page int) int {
	page = max(1, page)
	switch m {
	case moveUp:
		position--
	case moveDown:
		position++
	case moveFirstRow:
		position = 0
	case moveLastRow:
		position = n - 1
	case movePageUp:
		position -= page
	case movePageDown:
		position += page
	case moveHalfUp:
		position -= max(1, page/2)
	case moveHalfDown:
		position += max(1, page/2)
	case moveNone, moveLeft, moveRight, moveFirstColumn, moveLastColumn:
	}
	return min(max(0, position), max(0, n-1))
}

// isPage tells whether the movement goes by pages.
func (m movement) isPage() bool {
	return m == movePageUp || m == movePageDown || m == moveHalfUp || m == moveHalfDown
}

// countRange writes which of how many show: "1-20 of 1,204".
func countRange(from, to, of int) string {
	return fmt.Sprintf("%s-%s of %s", text.Count(int64(from)), text.Count(int64(to)), text.Count(int64(of)))
}
