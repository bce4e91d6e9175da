package model

// Items is the table of what a run extracted, as it was at one moment: a value that does not change, cheap to copy
// and safe to read from anywhere while an [ItemsBuilder] goes on appending to the table behind it.
type Items struct{ n int }

// Len is the number of items.
func (t Items) Len() int { return t.n }

// Row is item i as the service sent it: one JSON value, byte for byte. It must not be altered.
func (t Items) Row(i int) []byte { return nil }

// Page is the number of the page, from 1, that item i came from; 0 where the source has no pages.
func (t Items) Page(i int) int { return 0 }

// Columns are the keys of all items, in order of first appearance.
func (t Items) Columns() []Column { return nil }

// Cell cuts the value of a column out of item i.
func (t Items) Cell(i, column int) Cell { return Cell{} }

// Column is one key of the items.
type Column struct {
	// Name is the key, decoded.
	Name Text
}

// CellKind is what a cell holds.
type CellKind int

// The kinds of cell. A missing key, a null and an empty text are three different things.
const (
	CellMissing CellKind = iota
	CellNull
	CellBool
	CellNumber
	CellString
	CellArray
	CellObject
)

// Cell is one value of one item.
type Cell struct {
	raw []byte
}

// Kind tells what the cell holds.
func (c Cell) Kind() CellKind { return CellMissing }

// Raw is the value as the service sent it, JSON; nil where the key is missing.
func (c Cell) Raw() []byte { return c.raw }

// Text is the value to read: a string decoded, anything else as it was sent. Empty where the key is missing.
func (c Cell) Text() Text { return Text{} }
