// Package cursor moves a cursor, or a scrolled text, among rows and columns.
package cursor

// Move is where a key moves the cursor to.
type Move int

// The moves.
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

// Apply moves position up or down among n, of which page show at once. The result is always one of the n; 0 where there
// are none.
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

// IsPage reports whether the move goes by pages.
func (m Move) IsPage() bool {
	return m == PageUp || m == PageDown || m == HalfPageUp || m == HalfPageDown
}
