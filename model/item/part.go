package item

import (
	"slices"

	"sbwatch/model/jsonscan"
)

// Part collects consecutive rows for a [Builder]. A goroutine fills the part, and another one passes it to
// [Builder.Join]. The zero value has no rows.
type Part struct {
	text []byte // the rows, one after the other
	rows []partRow
	keys *jsonscan.Keys
	// shapes has the traits of the rows of each shape.
	shapes map[int]rowTrait
	// hasOther is true if a row is not an object.
	hasOther bool
}

// partRow is the end of a row in the text, and its traits.
type partRow struct {
	end    int
	traits rowTrait
}

// AppendLike adds a row. The caller guarantees that the row is a valid object, except for its arrays and objects. These
// must be passed as nested, and are validated. All rows of the same shape have the same keys in the same order. After
// an error the part is unchanged.
func (p *Part) AppendLike(row []byte, shape int, nested [][]byte) error {
	traits, known := p.shapes[shape]
	if !known {
		found, err := p.check(row)
		if err != nil {
			return err
		}
		if p.shapes == nil {
			p.shapes = map[int]rowTrait{}
		}
		if p.keys.HasRegularKeys() {
			traits = rowRegular
		}
		p.shapes[shape] = traits
		p.add(row, found)
		return nil
	}
	for _, value := range nested {
		if err := p.keys.ScanMember(value); err != nil {
			return err
		}
		if p.keys.IsNested() {
			traits |= rowNested
		}
		if !p.keys.IsRegular() {
			traits &^= rowRegular
		}
	}
	if jsonscan.HasEscape(row) {
		traits |= rowEscaped
	}
	p.add(row, traits)
	return nil
}

// check validates a row and collects its keys.
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

func (p *Part) add(row []byte, traits rowTrait) {
	p.text = append(p.text, row...)
	p.rows = append(p.rows, partRow{len(p.text), traits})
}

// Cut removes all rows from p and returns them. p keeps its memory for further rows.
func (p *Part) Cut() Part {
	cut := Part{text: append([]byte(nil), p.text...), rows: slices.Clone(p.rows), keys: p.keys, hasOther: p.hasOther}
	*p = Part{text: p.text[:0], rows: p.rows[:0]}
	return cut
}

// minAdopted is the minimum size of a part in bytes for its memory to become a chunk of the table. Smaller parts are
// copied.
const minAdopted = 32 << 10

// Join adds the rows of a part as if each had been passed to [Builder.Append], or to [Builder.Pass] once the table is full. The part
// must not be used afterwards.
func (b *Builder) Join(p *Part) {
	if len(p.rows) == 0 {
		return
	}
	if b.keys == nil {
		b.keys = jsonscan.NewKeys(MaxColumns)
	}
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
	b.addChunk(slices.Clip(p.text))
	b.used = len(p.text)
	for _, row := range p.rows {
		b.addPlace(from, row.end, row.traits)
		from = row.end
	}
}

// joinEach adds the rows of a part one by one.
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
