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
	open func() func(i int) Cell
	// opened holds functions that the function open has returned. They are reused to read single values.
	opened *sync.Pool
}

// WithComputed returns the table with a computed column. The function open returns a function that computes the value
// of item i. The returned function need not be safe for concurrent use. The column replaces a column of the same name.
// Items that are not objects have no value.
//
// Readers of the table cannot tell that the column is computed: [Table.Row] returns items with the key at the end,
// unless the value is missing.
func (t Table) WithComputed(name string, open func() func(i int) Cell) Table {
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
	column := &computed{name: name, open: open, opened: &sync.Pool{New: func() any { return open() }}}
	column.key = append([]byte(strings.TrimSuffix(quoted.String(), "\n")), ':')
	data.computed = append(slices.Clip(slices.DeleteFunc(slices.Clone(data.computed), func(c *computed) bool { return c.name == name })), column)
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

func (c *computed) cell(t Table, i int) Cell {
	if t.source(i)[0] != '{' {
		return Cell{}
	}
	compute := c.opened.Get().(func(int) Cell) //nolint:errcheck,forcetypeassert // the pool has no other values
	defer c.opened.Put(compute)
	return compute(i)
}

// withComputed returns an item with its computed values.
func (t Table) withComputed(i int) []byte {
	row := t.source(i)
	if row[0] != '{' {
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
		value := c.cell(t, i)
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
