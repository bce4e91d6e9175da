package item

import (
	"slices"

	"sbwatch/model/jsonscan"
)

// Part collects consecutive rows for a [Builder]. One goroutine can fill the part, and another goroutine can pass it to
// [Builder.Join]. The zero value has no rows.
type Part struct {
	text []byte // the rows, one after the other
	rows []partRow
	keys *jsonscan.Keys
	// shapes maps each value of the parameter shape of [Part.AppendLike] to the flags of the rows with this shape.
	shapes map[int]rowTrait
	// hasOther is true if at least one row is not an object.
	hasOther bool
	// adopted is true if text was passed to [Part.Adopt].
	adopted bool
}

// partRow is the end of a row in the text, and the flags of the row.
type partRow struct {
	end    int
	traits rowTrait
}

// AppendLike adds a row. The row must be a valid object, but its arrays and objects need not be valid. Pass these as
// the parameter nested; AppendLike validates them. The parameter shape is a number that is equal for rows with the same
// keys in the same order. After an error the part is unchanged.
func (p *Part) AppendLike(row []byte, shape int, nested [][]byte) error {
	traits, err := p.traits(row, shape, nil, nested)
	if err != nil {
		return err
	}
	p.text = append(p.text, row...)
	p.rows = append(p.rows, partRow{len(p.text), traits})
	return nil
}

// Adopt makes the part use text as its memory, without copying. The part must have no rows. Then add the rows in text
// with [Part.AppendNext]. They must follow each other without gaps.
func (p *Part) Adopt(text []byte) { p.text, p.adopted = text, true }

// AppendNext is like [Part.AppendLike], but the row is the next size bytes of the adopted text, which are not copied.
// The parameter known holds the arrays and objects of the row that are not in the parameter nested. They must be valid.
// In all rows with an equal shape, they must have the same keys.
func (p *Part) AppendNext(size, shape int, known, nested [][]byte) error {
	from := 0
	if len(p.rows) > 0 {
		from = p.rows[len(p.rows)-1].end
	}
	traits, err := p.traits(p.text[from:from+size], shape, known, nested)
	if err != nil {
		return err
	}
	p.rows = append(p.rows, partRow{from + size, traits})
	return nil
}

// traits collects the keys of a row and returns its flags, such as rowEscaped. If an earlier row had the same shape,
// only the values in nested are checked.
func (p *Part) traits(row []byte, shape int, known, nested [][]byte) (rowTrait, error) {
	traits, isKnown := p.shapes[shape]
	if !isKnown {
		found, err := p.check(row)
		if err != nil {
			return 0, err
		}
		if p.shapes == nil {
			p.shapes = map[int]rowTrait{}
		}
		if p.keys.HasRegularKeys() {
			traits = rowRegular
		}
		p.shapes[shape], err = p.nest(traits, known)
		return found, err
	}
	traits, err := p.nest(traits, nested)
	if jsonscan.HasEscape(row) {
		traits |= rowEscaped
	}
	return traits, err
}

// nest validates the nested values of a row, collects their keys and returns the flags of the row. The parameter traits
// holds the flags that the row has without its nested values.
func (p *Part) nest(traits rowTrait, nested [][]byte) (rowTrait, error) {
	for _, value := range nested {
		if err := p.keys.ScanMember(value); err != nil {
			return 0, err
		}
		if p.keys.IsNested() {
			traits |= rowNested
		}
		if !p.keys.IsRegular() {
			traits &^= rowRegular
		}
	}
	return traits, nil
}

// check validates a row, collects its keys and returns its flags, such as rowEscaped.
func (p *Part) check(row []byte) (rowTrait, error) {
	if p.keys == nil {
		p.keys = jsonscan.NewKeys(MaxColumns)
	}
	end, isObject, err := scanRow(row, p.keys)
	switch {
	case err != nil:
		return 0, err
	case end != len(row):
		return 0, jsonscan.Unexpected(row[end], int64(end))
	}
	p.hasOther = p.hasOther || !isObject
	return traitsOf(row, isObject, p.keys), nil
}

// Cut removes all rows from p and returns them. p keeps its memory for further rows, unless the memory was passed to
// [Part.Adopt].
func (p *Part) Cut() Part {
	cut := Part{text: p.text, rows: slices.Clone(p.rows), keys: p.keys, hasOther: p.hasOther}
	kept := Part{rows: p.rows[:0]}
	if !p.adopted {
		cut.text, kept.text = append([]byte(nil), p.text...), p.text[:0]
	} else if len(p.rows) > 0 {
		cut.text = p.text[:p.rows[len(p.rows)-1].end]
	}
	*p = kept
	return cut
}

// minAdopted is the minimum size of a part in bytes for its memory to become a chunk of the table. Smaller parts are
// copied.
const minAdopted = 32 << 10

// Join adds the rows of a part. The result is the same as if each row had been passed to [Builder.Append], or to
// [Builder.Pass] once the table is full. The part must not be used afterwards.
func (b *Builder) Join(p *Part) {
	if len(p.rows) == 0 {
		return
	}
	if b.keys == nil {
		b.keys = jsonscan.NewKeys(MaxColumns)
	}
	b.StopCollecting()
	needed := int64(len(p.text)) + int64(len(p.rows)+blockRows)*rowMemory
	if b.countOnly || p.hasOther || b.limit > 0 && b.memory+needed >= b.limit || !b.keys.Add(p.keys) {
		b.joinEach(p)
		return
	}
	b.addColumns(true)
	from := 0
	if len(p.text) < minAdopted {
		for _, row := range p.rows {
			b.addRow(p.text[from:row.end], row.traits)
			from = row.end
		}
		return
	}
	chunk := b.addChunk(slices.Clip(p.text))
	for _, row := range p.rows {
		b.addPlace(newPlace(chunk, from, row.end, row.traits))
		from = row.end
	}
}

func (b *Builder) joinEach(p *Part) {
	from := 0
	for _, row := range p.rows {
		text := p.text[from:row.end]
		from = row.end
		if b.Full() {
			_, _ = b.Pass(text) // the rows are valid
			continue
		}
		_, _ = b.Append(text)
	}
}
