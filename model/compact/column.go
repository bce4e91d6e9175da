package compact

import (
	"iter"

	"sbwatch/model/item"
	"sbwatch/model/parse"
	"sbwatch/model/vector"
)

// Column holds the values at one path of all rows. It is immutable and safe for concurrent use.
type Column struct {
	items   item.Table
	path    item.Path
	numbers parse.Numbers
	dates   parse.Dates

	// values is the dictionary: the different values. first holds, for each value, the number of a row with this value.
	// The index of the value of each row is in the slice small or in the slice large.
	values []item.Cell
	first  []uint32
	small  []uint8
	large  []uint16

	// places holds, for each row, the place of the value in the row, or vector.Far for a computed value. It is nil if
	// there is a dictionary, or if the places are unknown; see Collected.
	places []vector.Place
	// floats holds the number of each row, or NaN for a value that is not a number. It is nil unless most values are
	// numbers.
	floats []float64
	// times holds the date of each row in microseconds, or vector.NoTime for a value that is not a date. It is nil unless most
	// values are dates.
	times []int64
}

// Collected returns the column whose values were collected while the items were read; see [item.Table.Vector]. It takes
// almost no time. It returns nil if there are no such values, or if only a [Builder] can return the dictionary, the
// numbers or the dates of the column. The places of collected numbers and dates are unknown, so reading their cells is
// slow; see [Column.HasSlowCells].
func Collected(items item.Table, path item.Path) *Column {
	values, ok := items.Vector(path)
	if !ok {
		return nil
	}
	c := &Column{items: items, path: path}
	var s sample
	s.read(items, path)
	c.numbers, c.dates = s.learner.Numbers(), s.learner.Dates()
	switch values.Form() {
	case vector.Codes:
		c.small, c.first = values.Codes(), values.First()
		for _, row := range c.first {
			c.values = append(c.values, items.At(int(row), path))
		}
	case vector.Numbers:
		c.floats = values.Numbers()
	case vector.Times:
		c.times = values.Times()
	case vector.Places:
		if mostlyNumbers, mostlyDates := s.kinds(c); mostlyNumbers || mostlyDates || s.isRepetitive() {
			return nil
		}
		c.places = values.Places()
	case vector.None:
	}
	return c
}

// HasSlowCells reports whether [Reader.Cell] must search the row for the value. A [Builder] returns a column without
// this disadvantage.
func (c *Column) HasSlowCells() bool { return c.values == nil && c.places == nil }

// Path returns the path to the values.
func (c *Column) Path() item.Path { return c.path }

// Style returns the formats of the numbers and dates in the column.
func (c *Column) Style() (parse.Numbers, parse.Dates) { return c.numbers, c.dates }

// Size returns the size of the column in bytes.
func (c *Column) Size() int {
	const cell, float = 24, 8
	return len(c.values)*cell + 4*len(c.first) + len(c.small) + 2*len(c.large) + 4*len(c.places) + float*(len(c.floats)+len(c.times))
}

// Values returns the different values of the dictionary, which may include a missing value. It returns nil if the
// column has no dictionary.
func (c *Column) Values() []item.Cell { return c.values }

// First returns, for each value of the dictionary, the number of a row that has this value.
func (c *Column) First() []uint32 { return c.first }

// Codes returns, for each row, the index of its value in [Column.Values]. It returns the indexes in small or in large;
// the other result is nil. If the column has no dictionary, both results are nil.
func (c *Column) Codes() (small []uint8, large []uint16) { return c.small, c.large }

// Floats returns the number of each row, or NaN for a value that is not a number. It returns nil if the column has a
// dictionary, or if most values are not numbers.
func (c *Column) Floats() []float64 { return c.floats }

// Times returns the date of each row in microseconds since the start of year 1, or [vector.NoTime]. It returns nil if the
// column has a dictionary, if most values are not dates, or if a value is both a date and a number.
func (c *Column) Times() []int64 { return c.times }

// Reader reads the values of a column. It is not safe for concurrent use.
type Reader struct {
	column *Column
	finder *item.Reader
}

// Reader returns a reader.
func (c *Column) Reader() *Reader { return &Reader{c, c.items.Reader(c.path)} }

// Sample yields the rows of a sample; see [item.Reader.Sample].
func (r *Reader) Sample(rows iter.Seq[int]) iter.Seq[int] { return r.finder.Sample(rows) }

// Cell returns the value of a row, or a missing cell.
func (r *Reader) Cell(row int) item.Cell {
	c := r.column
	switch {
	case c.small != nil:
		return c.values[c.small[row]]
	case c.large != nil:
		return c.values[c.large[row]]
	case c.places == nil || c.places[row] == vector.Far:
		return r.finder.Cell(row)
	default:
		from, to := c.places[row].Bounds()
		return c.items.Part(row, from, to)
	}
}
