package item

import (
	"encoding/json"
	"slices"
	"strings"
	"sync"

	"sbwatch/model/text"
)

// computed is a column that the items do not have. Its values are computed when they are read.
type computed struct {
	name string
	// key is the name as JSON, with the colon.
	key []byte
	// open returns a function that computes the value of item i. The returned function is not safe for concurrent use.
	open func(e *Evaluation) func(i int) Cell
}

// Evaluation reads computed columns. It keeps the last value of each of them, so that computed columns that use each
// other several times are computed once for each item. The zero value is ready to use. An Evaluation is not safe for
// concurrent use.
type Evaluation struct {
	// Next is called before the evaluation processes that many bytes. If Next returns false, the evaluation stops for
	// good, and values that are read from then on are missing. Next may be nil.
	Next func(bytes int) bool

	columns map[*computed]func(i int) Cell
	work    int // in bytes, as reported to Step
	stopped bool
}

// Step counts work on a number of bytes and reports whether the evaluation goes on. Functions that compute values call
// it before each piece of work. If it returns false, their result is ignored.
func (e *Evaluation) Step(bytes int) bool {
	e.work += bytes
	if !e.stopped && e.Next != nil {
		e.stopped = !e.Next(bytes)
	}
	return !e.stopped
}

// Stopped reports whether Next has stopped the evaluation. If so, the last value may be incomplete.
func (e *Evaluation) Stopped() bool { return e.stopped }

// Reader returns a reader for the values at a path of a table. It computes columns as part of the evaluation, so it
// must not be used concurrently with other readers of the evaluation.
func (e *Evaluation) Reader(t Table, p Path) *Reader { return t.readerIn(e, p) }

// column returns the function that computes the value of item i of a column.
func (e *Evaluation) column(c *computed) func(i int) Cell {
	if compute, isOpen := e.columns[c]; isOpen {
		return compute
	}
	if e.columns == nil {
		e.columns = map[*computed]func(i int) Cell{}
	}
	compute, last, value := c.open(e), -1, Cell{}
	e.columns[c] = func(i int) Cell {
		if i != last && !e.stopped {
			last, value = i, compute(i)
			e.Step(len(value.raw))
		}
		if e.stopped {
			return Cell{}
		}
		return value
	}
	return e.columns[c]
}

// WithComputed returns the table with a computed column. The function open returns a function that computes the value
// of item i. The returned function need not be safe for concurrent use. It must read other computed columns with e, so
// that they are not computed again, and call e.Step before work that may take long. The column replaces a column of the
// same name. Items that are not objects have no value.
//
// Readers of the table cannot tell that the column is computed: [Table.Row] returns items with the key at the end,
// unless the value is missing.
func (t Table) WithComputed(name string, open func(e *Evaluation) func(i int) Cell) Table {
	if t.table == nil {
		return t
	}
	quoted := &strings.Builder{}
	encoder := json.NewEncoder(quoted)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(name); err != nil {
		return t // impossible: a string can always be encoded
	}
	data := *t.table
	column := &computed{name: name, open: open}
	column.key = append([]byte(strings.TrimSuffix(quoted.String(), "\n")), ':')
	data.computed = append(slices.Clip(slices.DeleteFunc(slices.Clone(data.computed), func(c *computed) bool { return c.name == name })), column)
	data.evaluations = &sync.Pool{New: func() any { return new(Evaluation) }}
	if !t.HasKey(name) {
		data.columns = append(slices.Clip(data.columns), Column{Name: text.NewText(name)})
		data.added++
	}
	return Table{&data}
}

// Added returns the columns that exist only because of [Table.WithComputed]. They are at the end of [Table.Columns].
func (t Table) Added() []Column {
	if t.table == nil {
		return nil
	}
	return t.table.columns[len(t.table.columns)-t.table.added:]
}

// IsComputed reports whether the values at a path are computed.
func (t Table) IsComputed(p Path) bool { return t.computedAt(p) != nil }

// computedAt returns the computed column that contains the values at a path, or nil.
func (t Table) computedAt(p Path) *computed {
	if t.table == nil || len(t.table.computed) == 0 || p.whole || p.keys == "" {
		return nil
	}
	first, _ := cutKey(p.keys)
	for _, c := range t.table.computed {
		if c.name == first {
			return c
		}
	}
	return nil
}

// computedCell returns the value of item i of a computed column.
func (t Table) computedCell(c *computed, i int) Cell {
	if t.source(i)[0] != '{' {
		return Cell{}
	}
	e := t.evaluation()
	defer t.table.evaluations.Put(e)
	return e.column(c)(i)
}

// evaluation returns an evaluation from the pool of the table.
func (t Table) evaluation() *Evaluation {
	return t.table.evaluations.Get().(*Evaluation) //nolint:errcheck,forcetypeassert // the pool has no other values
}

// RowIn is like [Table.Row], but computes values as part of an evaluation. If the evaluation stops, the result is
// incomplete.
func (t Table) RowIn(e *Evaluation, i int) []byte {
	row := t.source(i)
	if row[0] != '{' || len(t.table.computed) == 0 || !e.Step(len(row)) {
		return row
	}
	const sizeOfValue = 24 // size of a typical value
	size := len(row)
	for _, c := range t.table.computed {
		size += len(c.key) + sizeOfValue
	}
	whole := append(make([]byte, 0, size), row[:len(row)-1]...)
	isEmpty := hasNoContent(row)
	for _, c := range t.table.computed {
		value := e.column(c)(i)
		if value.Kind() == CellMissing {
			continue
		}
		if !isEmpty {
			whole = append(whole, ',')
		}
		isEmpty = false
		whole = append(append(whole, c.key...), value.raw...)
	}
	return append(whole, '}')
}
