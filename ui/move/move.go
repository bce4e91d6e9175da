// Package move names the movements of a cursor or of scrolled text, so that a screen can pass one on to the widget that
// has the focus.
package move

// Move is a direction and a distance.
type Move int

// The movements. None stays.
const (
	None Move = iota
	Up
	Down
	Left
	Right
	FirstRow
	LastRow
	FirstColumn
	LastColumn
	PageUp
	PageDown
	HalfPageUp
	HalfPageDown
)

// Apply returns where a vertical movement leads from a position among n, of which page show at once. It never leaves them.
func (m Move) Apply(position, n, page int) int {
	page = max(1, page)
	switch m {
	case Up:
		position--
	case Down:
		position++
	case FirstRow:
		position = 0
	case LastRow:
		position = n - 1
	case PageUp:
		position -= page
	case PageDown:
		position += page
	case HalfPageUp:
		position -= max(1, page/2)
	case HalfPageDown:
		position += max(1, page/2)
	case None, Left, Right, FirstColumn, LastColumn:
	}
	return min(max(0, position), max(0, n-1))
}

// IsPage reports whether the movement goes by pages or halves of them.
func (m Move) IsPage() bool {
	return m == PageUp || m == PageDown || m == HalfPageUp || m == HalfPageDown
}
