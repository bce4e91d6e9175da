package compact

import (
	"sbwatch/model/item"
	"sbwatch/model/parse"
)

// Column has the values at one path of all rows. It is immutable and safe for concurrent use.
type Column struct {
	items   item.Table
	path    item.Path
	numbers parse.Numbers
	dates   parse.Dates

	// values are the different values, and small or large has the index of the value of each row. first has a row with each value.
	values []item.Cell
	first  []uint32
	small  []uint8
	large  []uint16

	// If there are too many different values, places has the place of each value in its row.
	places []place
	// floats has the number of each row, NaN if its value is no number; nil if most are none.
	floats []float64
	// times has the date of each row in microseconds, NoTime if its value is no date; nil if most are none.
	times []int64
}

// place is where a value is in its row: the offset in the upper half and the length in the lower one. A missing value has none.
type place uint32

const (
	placeBits = 16
	// far is the place of a value too far from the start of its row, or too long, to be noted.
	far place = 1<<(2*placeBits) - 1
)

// NoTime is the time of a value that is no date.
const NoTime = -1 << 63

// Path returns the path to the values.
func (c *Column) Path() item.Path { return c.path }

// Style returns how the column writes numbers and dates.
func (c *Column) Style() (parse.Numbers, parse.Dates) { return c.numbers, c.dates }

// Size returns the size of the column in bytes.
func (c *Column) Size() int {
	const cell, float = 24, 8
	return len(c.values)*cell + 4*len(c.first) + len(c.small) + 2*len(c.large) + 4*len(c.places) + float*(len(c.floats)+len(c.times))
}

// Values returns the different values of a dictionary, which may include a missing value; nil if the column is none.
func (c *Column) Values() []item.Cell { return c.values }

// First returns, for each value of a dictionary, a row that has it.
func (c *Column) First() []uint32 { return c.first }

// Codes returns the index in Values of the value of each row. Only one of the slices is set.
func (c *Column) Codes() (small []uint8, large []uint16) { return c.small, c.large }

// Floats returns the number of each row, NaN if its value is no number. It is nil if the column is a dictionary or most values are no
// numbers.
func (c *Column) Floats() []float64 { return c.floats }

// Times returns the date of each row in microseconds since the start of year 1, or [NoTime]. It is nil if the column is a dictionary,
// if most values are no dates, or if one of them is a number as well.
func (c *Column) Times() []int64 { return c.times }

// Reader reads the values of a column. It is for one goroutine.
type Reader struct {
	column *Column
	finder *item.Reader
}

// Reader returns a reader.
func (c *Column) Reader() *Reader { return &Reader{c, c.items.Reader(c.path)} }

// Cell returns the value of a row, or a missing cell.
func (r *Reader) Cell(row int) item.Cell {
	c := r.column
	switch {
	case c.small != nil:
		return c.values[c.small[row]]
	case c.large != nil:
		return c.values[c.large[row]]
	case c.places[row] == far:
		return r.finder.Cell(row)
	default:
		from := int(c.places[row] >> placeBits)
		return c.items.Part(row, from, from+int(c.places[row]&(1<<placeBits-1)))
	}
}
