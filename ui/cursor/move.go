// Package cursor defines the movements of a cursor, such as one row down or to the last column. The same movements
// scroll a text.
package cursor

// Move is a movement of the cursor.
type Move int

// The movements.
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

// Apply returns the new position of a cursor after the move. n is the number of positions. page is the number of
// visible positions. The result is in [0, n), or 0 if n is 0. Moves to the left or right do not change the position.
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

// IsAcross reports whether the move goes from column to column.
func (m Move) IsAcross() bool {
	return m == Left || m == Right || m == FirstColumn || m == LastColumn
}

// Across returns the new column of a cursor after the move. n is the number of columns. The result is in [0, n), or 0 if
// n is 0. Only moves for which IsAcross is true change the column.
func (m Move) Across(column, n int) int {
	switch m {
	case Left:
		column--
	case Right:
		column++
	case FirstColumn:
		column = 0
	case LastColumn:
		column = n - 1
	default:
	}
	return min(max(0, column), max(0, n-1))
}

// IsPage reports whether the move scrolls by pages.
func (m Move) IsPage() bool {
	return m == PageUp || m == PageDown || m == HalfPageUp || m == HalfPageDown
}
