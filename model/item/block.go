package item

import (
	"math"

	"sbwatch/model/jsonscan"
	"sbwatch/model/vector"
)

// Scanner finds the objects in blocks of a text. It can run in another goroutine than the [Builder] that adds the
// blocks. It remembers the keys of earlier blocks, which makes scanning faster.
type Scanner struct {
	builder *Builder
	keys    *jsonscan.Keys
	// joined is the number of keys that were copied to the builder.
	joined int
	places places
	rows   int // number of rows of the largest block so far
	// spare holds the values of blocks that were joined. Their memory is reused.
	spare [][]vector.Vector
}

// Scanner returns a scanner for blocks that will be joined. While a scanner runs, the builder must not be used.
func (b *Builder) Scanner() *Scanner {
	return &Scanner{builder: b, keys: jsonscan.NewKeys(MaxColumns)}
}

// Block has the consecutive objects that a [Scanner] found in a text.
type Block struct {
	// End is the offset in the text after the last object, or 0 if there is none.
	End  int
	rows []rowPlace // offsets in the text, and traits

	scanner *Scanner
	keys    int // number of keys of the scanner at the end of the block
	// values holds the values of each column that the builder collects. It is nil if it collected none when the block
	// was scanned, or if the values would be larger than the text.
	values []vector.Vector
}

// Scan finds the objects at the start of a text, up to one that is invalid or cut, or to a value that is not an object.
// The function between takes the offset after an object and returns the offset of the next object, or -1 if there is
// none.
func (s *Scanner) Scan(text []byte, between func(text []byte, end int) int) Block {
	b := Block{scanner: s, values: s.begin(), rows: make([]rowPlace, 0, s.rows)}
	perRow := sizeOfCollected(s.builder.table.collected)
	for at := 0; at >= 0 && at < len(text) && text[at] == '{'; {
		size, isObject, err := scanRow(text[at:], s.keys)
		if err != nil {
			break
		}
		b.End = at + size
		b.rows = append(b.rows, rowPlace{uint32(traitsOf(text[at:b.End], isObject, s.keys)), uint32(at), uint32(b.End)})
		if b.values != nil && len(b.rows)%blockRows == 0 && perRow*len(b.rows) > b.End {
			s.spare, b.values = append(s.spare, b.values), nil
		}
		if b.values != nil {
			row := text[at:b.End]
			s.places.each(row, s.keys, func(column, from, to int) { b.values[column].Add(row[from:to], from) })
		}
		at = between(text, b.End)
	}
	b.keys = s.keys.Len()
	s.rows = max(s.rows, len(b.rows))
	return b
}

// begin returns an empty vector for each column that the builder collects.
func (s *Scanner) begin() []vector.Vector {
	collected := s.builder.table.collected
	if len(collected) == 0 {
		return nil
	}
	s.places.columns = s.builder.collector.places.columns
	values := make([]vector.Vector, len(collected))
	if last := len(s.spare) - 1; last >= 0 {
		values, s.spare = s.spare[last], s.spare[:last]
	}
	for i := range values {
		values[i].Reset(collected[i].values.Form())
	}
	return values
}

// JoinBlock adds the objects of a block as if each had been passed to [Builder.AppendIn]. The parameter at is the
// offset of the block in buffer. Blocks of a scanner must be joined in the order in which they were scanned. If
// JoinBlock returns false, a limit does not allow the whole block; the table is unchanged, and the scanner must not be
// used again.
func (b *Builder) JoinBlock(buffer []byte, at int, block *Block) bool {
	if len(block.rows) == 0 {
		return true
	}
	if b.keys == nil {
		b.keys = jsonscan.NewKeys(MaxColumns)
	}
	needed := int64(len(block.rows)+blockRows) * rowMemory
	if !b.hasBuffer(buffer) {
		needed += int64(len(buffer))
	}
	isFull := b.countOnly || b.limit > 0 && b.memory+needed >= b.limit
	s := block.scanner
	if isFull || int64(len(buffer)) > math.MaxUint32 || !b.keys.AddFrom(s.keys, s.joined, block.keys) {
		return false
	}
	s.joined = block.keys
	b.addColumns(true)
	chunk := b.useBuffer(buffer)
	for _, row := range block.rows {
		b.addPlace(newPlace(chunk, at+int(row.from), at+int(row.to), rowTrait(row.chunkAndTraits)))
	}
	b.collectBlock(block)
	if block.values != nil {
		s.spare = append(s.spare, block.values)
	}
	return true
}
