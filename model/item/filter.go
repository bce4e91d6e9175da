package item

// Filter chooses items: those that a search finds, that an expression holds for, that a finding is about. It does not
// belong to a table, so that it can be kept and applied to the next.
type Filter interface {
	// Title names the filter in a few printable words: "price > 20", "page 7", "without price".
	Title() string
	// Picker makes what applies the filter to a table. It is for one goroutine; each of several makes its own.
	Picker(items Table) Picker
}

// Picker applies a filter to a table, some rows at a time.
type Picker interface {
	// Pick appends those of rows, which ascend, that the filter chooses to picked, in their order, and gives the result.
	// It may be given the rows of one table in any number of parts.
	Pick(picked, rows []uint32) []uint32
}

// PickEach makes a [Picker] of what judges one row at a time.
type PickEach func(row int) bool

// Pick judges each row.
func (chooses PickEach) Pick(picked, rows []uint32) []uint32 {
	for _, row := range rows {
		if chooses(int(row)) {
			picked = append(picked, row)
		}
	}
	return picked
}
