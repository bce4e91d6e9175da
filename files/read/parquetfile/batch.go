package parquetfile

import "sbwatch/model/item"

// Batch holds consecutive rows. Each row is the text of a JSON object, which may contain NaN, Infinity and -Infinity as
// numbers.
type Batch struct {
	fields  []*field
	budget  *budget
	started bool // whether rows have been rendered

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
	size := rows // the braces at the end of each row
	for _, f := range b.fields {
		size += f.front.size(rows)
	}
	b.text, b.ends, b.nonFinite, b.err = make([]byte, 0, size+maxShort), b.ends[:0], b.nonFinite[:0], nil
	b.part.Adopt(b.text[:size])
	b.markNonFinite(rows)
	b.hasPart = len(b.nonFinite) == 0
	for range rows {
		from := len(b.text)
		b.schemaValues, b.otherValues = b.schemaValues[:0], b.otherValues[:0]
		var shape int
		if shape, b.err = b.row(from); b.err != nil {
			b.text = b.text[:from]
			break
		}
		b.ends = append(b.ends, len(b.text))
		b.hasPart = b.hasPart && b.part.AppendNext(len(b.text)-from, shape, b.schemaValues, b.otherValues) == nil
	}
	b.items = b.part.Cut()
	b.hasPart = b.hasPart && len(b.ends) > 0
}

// row appends a row. The parameter start is the offset of the row in b.text. The result shape has one bit for each
// column of nested values whose keys are in the schema. The bit is 1 if the row has a value in that column; see
// [item.Part].
func (b *Batch) row(start int) (shape int, err error) {
	bit := 1
	for _, f := range b.fields {
		text, size := f.front.row(f.front.used)
		f.front.used++
		b.text = appendShort(b.text, text, size)
		value := text[len(f.prefix):size:size]
		isNested := value[0] == '{' || value[0] == '['
		switch {
		case f.hasKnownKeys && bit > 0:
			if isNested {
				b.schemaValues, shape = append(b.schemaValues, value), shape|bit
			}
			bit <<= 1 // 0 when there are no more bits
		case isNested:
			b.otherValues = append(b.otherValues, value)
		}
	}
	b.text = append(b.text, '}')
	return shape, b.budget.checkRow(len(b.text) - start - 1)
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
