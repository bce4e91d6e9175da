package item

// Filter selects items, such as those that match an expression. A filter does not belong to a table: it can be kept and
// applied to another table.
type Filter interface {
	// Title returns a short printable name: "price > 20", "page 7", "without price".
	Title() string
	// Picker returns a picker that applies the filter to a table. Each goroutine needs its own.
	Picker(items Table) Picker
}

// Picker applies a filter to the rows of a table, in one or more calls.
type Picker interface {
	// Pick selects from rows, which must be in ascending order. It appends the selected rows to picked and returns the
	// extended slice.
	Pick(picked, rows []uint32) []uint32
}

// PickEach is a [Picker] that decides about each row separately. The function returns true for the rows to pick.
type PickEach func(row int) bool

// Pick appends to picked the rows for which the function f returns true.
func (f PickEach) Pick(picked, rows []uint32) []uint32 {
	for _, row := range rows {
		if f(int(row)) {
			picked = append(picked, row)
		}
	}
	return picked
}
