package item

// Filter selects items, such as those that match an expression or that a finding is about. A filter is independent of a
// table, so that it can be kept and applied to the next one.
type Filter interface {
	// Title returns a short printable name: "price > 20", "page 7", "without price".
	Title() string
	// Picker returns a picker that applies the filter to a table. Each goroutine needs its own.
	Picker(items Table) Picker
}

// Picker applies a filter to the rows of a table, in one or more calls.
type Picker interface {
	// Pick appends to picked those of rows that the filter selects, and returns the result. Rows must be in ascending
	// order.
	Pick(picked, rows []uint32) []uint32
}

// PickEach is a [Picker] that decides for each row by itself.
type PickEach func(row int) bool

// Pick appends the rows for which the function returns true.
func (selects PickEach) Pick(picked, rows []uint32) []uint32 {
	for _, row := range rows {
		if selects(int(row)) {
			picked = append(picked, row)
		}
	}
	return picked
}
