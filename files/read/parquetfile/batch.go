package parquetfile

import (
	"sbwatch/files/read/slab"
	"sbwatch/model/item"
)

// Batch holds consecutive rows. Each row is the text of a JSON object, which may contain NaN, Infinity and -Infinity as
// numbers.
type Batch struct {
	fields  []*field
	columns []topColumn // the columns that may have nested values
	budget  *budget
	memory  *slab.Allocator

	sources     []batchSource // for each field
	rows        int           // number of rows to assemble
	isAssembled bool

	cursors []cursor // for each field
	cells   []cell   // places of the texts of the next rows, row by row; see [cursor.load]
	begins  []int    // where the text of each field of the current row begins

	text      []byte
	ends      []int
	nonFinite []bool // for each row; empty if no row has NaN or Infinity
	err       error  // error of the row after the rows in text

	part    item.Part
	items   item.Part
	hasPart bool
	// schemaValues and otherValues hold the nested values of the current row. The schema contains the keys of the
	// objects in schemaValues, but not those in otherValues.
	schemaValues, otherValues [][]byte
}

// topColumn is a top-level column whose values may be objects or arrays. It consists of the fields [first, end).
type topColumn struct {
	first, end   int
	valueAt      int  // offset of the value in the text of the first field
	hasKnownKeys bool // result of [node.hasKnownKeys]
}

// Items returns the rows as items. It returns false if some rows are not valid JSON; use [Batch.Each] in that case.
func (b *Batch) Items() (*item.Part, bool) { return &b.items, b.hasPart }

// Size returns the size of all rows in bytes.
func (b *Batch) Size() int { return len(b.text) }

// Each calls the function visit for each row, in order. It stops at the first error of visit and returns that error. A
// row is valid only until visit returns.
func (b *Batch) Each(visit func(row []byte, hasNonFinite bool) error) error {
	from := 0
	for i, end := range b.ends {
		if err := visit(b.text[from:end:end], len(b.nonFinite) > 0 && b.nonFinite[i]); err != nil {
			return err
		}
		from = end
	}
	return nil
}

// batchSource is where the rows of a batch begin in a field.
type batchSource struct {
	members *members
	row     int
}

// assemble replaces the rows of the batch with b.rows rows from b.sources. Several batches can be assembled at the same
// time.
func (b *Batch) assemble() {
	rows := b.rows
	b.text, b.ends, b.nonFinite, b.err, b.hasPart = nil, b.ends[:0], b.nonFinite[:0], nil, false
	defer recoverBroken(&b.err)
	b.cursors = b.cursors[:0]
	for i, f := range b.fields {
		b.cursors = append(b.cursors, b.sources[i].members.cursor(b.sources[i].row))
		if f.isFirst {
			continue
		}
		if agree := b.cursors[i].agreement(&b.cursors[i-1], f.sharedLevel, rows); agree < rows {
			rows, b.err = agree, inColumn(f.node.path, errLevels)
		}
	}
	size := rows // the braces at the end of each row
	for i := range b.cursors {
		size += b.cursors[i].sizeOf(rows)
	}
	b.text = b.memory.Take(size + maxShort)
	b.part.Adopt(b.text[:size])
	b.markNonFinite(rows)
	hasPart := len(b.nonFinite) == 0
	loaded := max(1, min(loadedRows, loadedCells/len(b.fields)))
	b.begins = append(b.begins[:0], make([]int, len(b.fields)+1)...)
	b.cells = append(b.cells[:0], make([]cell, loaded*len(b.fields))...)
	for row := range rows {
		if row%loaded == 0 {
			for i := range b.cursors {
				b.cursors[i].load(b.cells[i:], len(b.fields), min(loaded, rows-row))
			}
		}
		begin := len(b.text)
		shape := b.row(b.cells[row%loaded*len(b.fields):])
		if err := b.budget.checkRow(len(b.text) - begin - 1); err != nil {
			b.text, b.err = b.text[:begin], err
			break
		}
		b.ends = append(b.ends, len(b.text))
		hasPart = hasPart && b.part.AppendNext(len(b.text)-begin, shape, b.schemaValues, b.otherValues) == nil
	}
	b.items = b.part.Cut()
	b.hasPart = hasPart && len(b.ends) > 0
}

// row appends the text of a row from cells, which begins with the cells of the row. See [Batch.findNested] for the
// result.
func (b *Batch) row(cells []cell) (shape int) {
	text, begins := b.text, b.begins[:len(b.cursors)+1]
	for i := range b.cursors {
		begins[i] = len(text)
		cell := cells[i]
		text = appendShort(text, b.cursors[i].text[cell.from:], cell.size)
	}
	begins[len(b.cursors)] = len(text)
	b.text = append(text, '}')
	if len(b.columns) > 0 {
		shape = b.findNested()
	}
	return shape
}

// findNested adds the nested values of the newest row to b.schemaValues and b.otherValues. Each bit of the result stands
// for a column of nested values whose keys are in the schema. The bit is 1 if a value of this column was added to
// b.schemaValues; see [item.Part].
func (b *Batch) findNested() (shape int) {
	b.schemaValues, b.otherValues = b.schemaValues[:0], b.otherValues[:0]
	bit := 1
	for i := range b.columns {
		column := &b.columns[i]
		isComplete := true
		for field := column.first; field < column.end; field++ {
			isComplete = !b.cursors[field].isAbsent(b.fields[field].parentLevel) && isComplete
		}
		end := b.begins[column.end]
		value := b.text[b.begins[column.first]+column.valueAt : end : end]
		isNested := value[0] == '{' || value[0] == '['
		switch {
		case column.hasKnownKeys && isComplete && isNested && bit > 0:
			b.schemaValues, shape = append(b.schemaValues, value), shape|bit
		case isNested:
			b.otherValues = append(b.otherValues, value)
		}
		if column.hasKnownKeys {
			bit <<= 1 // 0 when there are no more bits
		}
	}
	return shape
}

// markNonFinite records which of the rows contain NaN or Infinity.
func (b *Batch) markNonFinite(rows int) {
	for _, source := range b.sources {
		for _, row := range source.members.nonFinite {
			place := row - source.row
			if place < 0 || place >= rows {
				continue
			}
			if len(b.nonFinite) == 0 {
				b.nonFinite = append(b.nonFinite, make([]bool, rows)...)
			}
			b.nonFinite[place] = true
		}
	}
}
