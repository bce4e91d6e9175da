package parquetfile

import (
	"sbwatch/files/read/slab"
	"sbwatch/model/item"
)

// Batch holds consecutive rows. Each row is the text of a JSON object, which may contain NaN, Infinity and -Infinity as
// numbers.
type Batch struct {
	fields  []*field
	budget  *budget
	started bool // whether rows have been rendered

	memory    slab.Allocator
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

// ready returns the number of next rows for which all fields have been converted to JSON.
func (b *Batch) ready() int {
	rows := batchRows
	for _, f := range b.fields {
		if f.front.rows() == 0 {
			f.front, f.back = f.back, f.front
			f.back.reset()
		}
		rows = min(rows, f.front.rows())
	}
	return rows
}

// failure returns the error of the first field that could not convert its value of the next row to JSON.
func (b *Batch) failure() error {
	for _, f := range b.fields {
		if f.front.rows() == 0 && f.err != nil {
			return f.err
		}
	}
	return errLevels
}

// assemble replaces the rows of the batch with the next rows. It must be called only after all fields of these rows
// have been converted to JSON.
func (b *Batch) assemble(rows int) {
	b.ends, b.nonFinite, b.err, b.hasPart = b.ends[:0], b.nonFinite[:0], nil, false
	defer recoverBroken(&b.err)
	for i, f := range b.fields {
		if f.isFirst {
			continue
		}
		if agree := f.front.agreement(&b.fields[i-1].front, f.sharedLevel, rows); agree < rows {
			rows, b.err = agree, inColumn(f.node.path, errLevels)
		}
	}
	size := rows // the braces at the end of each row
	for _, f := range b.fields {
		size += f.front.sizeOf(rows)
	}
	b.text = b.memory.Take(size + maxShort)
	b.part.Adopt(b.text[:size])
	b.markNonFinite(rows)
	hasPart := len(b.nonFinite) == 0
	loaded := max(1, min(loadedRows, loadedCells/len(b.fields)))
	for row := range rows {
		if row%loaded == 0 {
			for _, f := range b.fields {
				f.front.load(min(loaded, rows-row))
			}
		}
		from := len(b.text)
		b.schemaValues, b.otherValues = b.schemaValues[:0], b.otherValues[:0]
		shape := b.row()
		if err := b.budget.checkRow(len(b.text) - from - 1); err != nil {
			b.text, b.err = b.text[:from], err
			break
		}
		b.ends = append(b.ends, len(b.text))
		hasPart = hasPart && b.part.AppendNext(len(b.text)-from, shape, b.schemaValues, b.otherValues) == nil
	}
	b.items = b.part.Cut()
	b.hasPart = hasPart && len(b.ends) > 0
}

// row appends the text of a row. Each bit of the result stands for a column of nested values whose keys are in the
// schema. The bit is 1 if a value of this column was added to b.schemaValues; see [item.Part].
func (b *Batch) row() (shape int) {
	bit, valueAt, isComplete := 1, 0, true
	for _, f := range b.fields {
		from := len(b.text)
		text, size := f.front.next()
		b.text = appendShort(b.text, text, size)
		if !f.mayNest {
			continue
		}
		if f.isFirst {
			valueAt, isComplete = from+f.valueAt, true
		}
		isComplete = !f.front.isAbsent(f.parentLevel) && isComplete
		if !f.isLast {
			continue
		}
		value := b.text[valueAt:len(b.text):len(b.text)]
		isNested := value[0] == '{' || value[0] == '['
		switch {
		case f.hasKnownKeys && isComplete && isNested && bit > 0:
			b.schemaValues, shape = append(b.schemaValues, value), shape|bit
		case isNested:
			b.otherValues = append(b.otherValues, value)
		}
		if f.hasKnownKeys {
			bit <<= 1 // 0 when there are no more bits
		}
	}
	b.text = append(b.text, '}')
	return shape
}

// markNonFinite records which of the next rows contain NaN or Infinity.
func (b *Batch) markNonFinite(rows int) {
	for _, f := range b.fields {
		for _, row := range f.front.nonFinite {
			place := row - f.front.used
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
