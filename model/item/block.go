package item

import (
	"math"

	"sbwatch/model/jsonscan"
)

// Scanner finds the objects in blocks of a text. It can run in another goroutine than the [Builder] that adds the
// blocks. It remembers the keys of earlier blocks, which makes scanning faster. The zero value is ready to use.
type Scanner struct {
	keys *jsonscan.Keys
	// joined is the number of keys that were copied to the builder.
	joined int
}

// Block has the consecutive objects that a [Scanner] found in a text.
type Block struct {
	// End is the offset in the text after the last object, or 0 if there is none.
	End  int
	rows []rowPlace // offsets in the text, and traits

	scanner *Scanner
	keys    int // number of keys of the scanner at the end of the block
}

// Scan finds the objects at the start of a text, up to one that is invalid or cut, or to a value that is not an object.
// The function between takes the offset after an object and returns the offset of the next object, or -1 if there is
// none.
func (s *Scanner) Scan(text []byte, between func(text []byte, end int) int) Block {
	if s.keys == nil {
		s.keys = jsonscan.NewKeys(MaxColumns)
	}
	b := Block{scanner: s}
	for at := 0; at >= 0 && at < len(text) && text[at] == '{'; {
		size, isObject, err := scanRow(text[at:], s.keys)
		if err != nil {
			break
		}
		b.End = at + size
		b.rows = append(b.rows, rowPlace{uint32(traitsOf(text[at:b.End], isObject, s.keys)), uint32(at), uint32(b.End)})
		at = between(text, b.End)
	}
	b.keys = s.keys.Len()
	return b
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
	return true
}
