package item

import (
	"errors"
	"math"
	"slices"

	"sbwatch/model/jsonscan"
	"sbwatch/model/text"
)

// MaxColumns is the maximum number of columns. Further keys get no column, and [Table.ColumnsCapped] then returns true.
// There is another limit: the total length of all names is at most [jsonscan.MaxNames].
const MaxColumns = 10_000

// wholeColumnName is the name of the column for items that are not objects.
const wholeColumnName = "(value)"

// Sizes of the table's storage. The storage grows by adding blocks and chunks, so that nothing large is ever copied.
const (
	blockRows = 1024
	// Chunk sizes double from the first to the last, so that a small table stays small.
	firstChunk = 64 << 10
	lastChunk  = 2 << 20
)

// MaxItem is the maximum size of an item in bytes. The table stores offsets in 32 bits.
const MaxItem = 1 << 30

// ErrItemCut is the error for text that ends inside an item. Try again with more text.
var ErrItemCut = jsonscan.ErrShort

// ErrItemTooLarge is the error for an item larger than [MaxItem].
var ErrItemTooLarge = errors.New("an item is larger than 1 GiB")

// rowBlock locates consecutive rows.
type rowBlock [blockRows]rowPlace

// rowPlace locates the text of a row.
type rowPlace struct {
	// chunkAndTraits holds the number of the chunk in its lowest chunkBits bits, and the flags of the row in the bits
	// above.
	chunkAndTraits uint32
	from, to       uint32
}

// rowTrait is a per-row flag set while scanning, so that readers can skip a check.
type rowTrait uint32

// The row traits.
const (
	// rowEscaped marks a row that contains a backslash.
	rowEscaped rowTrait = 1 << (iota + chunkBits)
	// rowRegular marks an object whose keys can be found by text search; see [jsonscan.Keys.IsRegular].
	rowRegular
	// rowNested marks an object that contains objects.
	rowNested
	// rowNonFinite marks a row that may contain NaN or Infinity.
	rowNonFinite

	chunkBits = 24
)

func newPlace(chunk, from, to int, traits rowTrait) rowPlace {
	return rowPlace{uint32(chunk) | uint32(traits), uint32(from), uint32(to)}
}

func (p *rowPlace) chunk() uint32 { return p.chunkAndTraits & (1<<chunkBits - 1) }

func (p *rowPlace) has(trait rowTrait) bool { return p.chunkAndTraits&uint32(trait) != 0 }

// Builder builds a table while items arrive. The zero value is an empty table. A Builder is not safe for concurrent
// use. The tables that it returns are safe for concurrent use, because the builder writes only to memory that they do
// not use.
type Builder struct {
	table tableData
	// free is the unused memory at the end of the chunk that receives copies of rows, and copies is the number of this
	// chunk.
	free   []byte
	copies int
	// buffer is the number of the chunk that is the newest buffer of AppendIn or JoinBlock. It has no meaning if there
	// is no such buffer; see hasBuffer.
	buffer int
	keys   *jsonscan.Keys
	// columnsOfKeys is the number of keys that have become columns. The column for non-object items is not counted.
	columnsOfKeys int
	hasWhole      bool
	snapshot      *tableData // the current snapshot; nil if the table has changed since it was taken

	// memory is the approximate size of the table in bytes; limit is its maximum, or 0 for no limit.
	memory, limit int64
	countOnly     bool

	collector collector
}

// Approximate memory per row, column and page in bytes, in addition to the text. This includes the memory that filters,
// sorting and searches need per row.
const (
	rowMemory    = 32
	columnMemory = 512
	pageMemory   = 16
)

// SetLimit sets the approximate maximum size of the table in bytes; 0 means no limit. When the limit is reached,
// [Builder.Full] returns true. The table exceeds the limit by at most one chunk and one item.
func (b *Builder) SetLimit(bytes int64) { b.limit = bytes }

// CountOnly makes the builder check and count all items and collect their keys, but keep only the first item.
func (b *Builder) CountOnly() { b.countOnly = true }

// Full reports whether the builder keeps no further items. Pass further items to [Builder.Pass].
func (b *Builder) Full() bool {
	return b.limit > 0 && b.memory >= b.limit || b.countOnly && b.table.rows > 0
}

// Pass validates and counts the item at the start of text, as [Builder.Append] does, but does not keep it.
func (b *Builder) Pass(text []byte) (int, error) {
	if !b.countOnly {
		end, err := jsonscan.Value(text)
		if err == nil {
			b.Skip()
		}
		return end, err
	}
	end, _, err := b.check(text)
	if err == nil {
		b.Skip()
	}
	return end, err
}

// Skip counts an item that is not kept.
func (b *Builder) Skip() {
	b.table.skipped++
	b.snapshot = nil
}

// Total returns the number of items so far, kept or not.
func (b *Builder) Total() int { return b.table.rows + b.table.skipped }

// StartPage starts the next page. Items appended from now on belong to it.
func (b *Builder) StartPage() {
	if b.limit > 0 && b.memory >= b.limit {
		return
	}
	b.memory += pageMemory
	b.table.pageFrom = append(b.table.pageFrom, b.table.rows)
	b.snapshot = nil
}

// Len returns the number of items kept so far.
func (b *Builder) Len() int { return b.table.rows }

// Append adds the JSON value at the start of text as an item. It validates the value as strictly as encoding/json,
// copies its bytes and returns its length. Text after the value is ignored.
//
// If text ends inside the value, the error is [ErrItemCut]. The error is the same for a number at the very end of text,
// because more digits may follow. Other errors are [ErrItemTooLarge] and [*jsonscan.SyntaxError], whose offset is
// relative to text. After an error the table is unchanged.
func (b *Builder) Append(text []byte) (int, error) {
	end, traits, err := b.check(text)
	if err != nil {
		return 0, err
	}
	b.addRow(text[:end], traits)
	b.collectRow()
	return end, nil
}

// AppendIn is like [Builder.Append] for the text buffer[from:to], but does not copy the item. The item's bytes must
// never change. The whole buffer stays in memory as long as the table.
func (b *Builder) AppendIn(buffer []byte, from, to int) (int, error) {
	end, traits, err := b.check(buffer[from:to])
	switch {
	case err != nil:
		return 0, err
	case int64(len(buffer)) > math.MaxUint32:
		b.addRow(buffer[from:from+end], traits)
	default:
		b.addPlace(newPlace(b.useBuffer(buffer), from, from+end, traits))
	}
	b.collectRow()
	return end, nil
}

// AppendRepaired adds a row that is valid JSON except for the numbers NaN, Infinity and -Infinity. The parameter valid
// is a copy of the row in which each of these words is replaced by an ordinary number of the same length.
// AppendRepaired checks this copy as [Builder.Append] does. The copy must have no text after the value.
func (b *Builder) AppendRepaired(row, valid []byte) error {
	end, traits, err := b.check(valid)
	switch {
	case err != nil:
		return err
	case end != len(valid) || end != len(row):
		return jsonscan.Unexpected(valid[min(end, len(valid)-1)], int64(end))
	case b.Full():
		b.Skip()
		return nil
	}
	b.addRow(row, traits|rowNonFinite)
	b.StopCollecting() // the values of the row are not those that were checked
	return nil
}

// check validates the item at the start of text and collects its keys. It returns the end of the item and its flags,
// such as rowEscaped.
func (b *Builder) check(text []byte) (end int, traits rowTrait, err error) {
	if b.keys == nil {
		b.keys = jsonscan.NewKeys(MaxColumns)
	}
	end, isObject, err := scanRow(text, b.keys)
	if err != nil {
		return 0, 0, err
	}
	b.addColumns(isObject)
	return end, traitsOf(text[:end], isObject, b.keys), nil
}

// scanRow validates the row at the start of text and collects its keys.
func scanRow(text []byte, keys *jsonscan.Keys) (end int, isObject bool, err error) {
	isObject = len(text) > 0 && text[0] == '{'
	if isObject {
		end, err = jsonscan.Object(text, keys)
	} else {
		end, err = jsonscan.Value(text)
	}
	if err == nil && end > MaxItem {
		err = ErrItemTooLarge
	}
	return end, isObject, err
}

// traitsOf returns the flags of the row that scanRow has just validated, such as rowEscaped.
func traitsOf(row []byte, isObject bool, keys *jsonscan.Keys) rowTrait {
	if !isObject {
		if jsonscan.HasEscape(row) {
			return rowEscaped
		}
		return 0
	}
	var traits rowTrait
	if keys.IsEscaped() {
		traits |= rowEscaped
	}
	if keys.IsRegular() {
		traits |= rowRegular
	}
	if keys.IsNested() {
		traits |= rowNested
	}
	return traits
}

func (b *Builder) addRow(row []byte, traits rowTrait) { b.addPlace(b.store(row, traits)) }

// store copies a row to the chunk that receives copies, or to a new chunk. It returns where the copy is.
func (b *Builder) store(row []byte, traits rowTrait) rowPlace {
	if len(b.free) < len(row) {
		size := min(firstChunk<<min(len(b.table.chunks), 10), lastChunk)
		b.free = make([]byte, max(size, len(row)))
		b.copies = b.addChunk(b.free)
	}
	from := len(b.table.chunks[b.copies]) - len(b.free)
	copy(b.free, row)
	b.free = b.free[len(row):]
	return newPlace(b.copies, from, from+len(row), traits)
}

// addChunk adds a chunk and returns its number.
func (b *Builder) addChunk(chunk []byte) int {
	b.table.chunks = append(b.table.chunks, chunk)
	b.memory += int64(len(chunk))
	return len(b.table.chunks) - 1
}

// useBuffer returns the number of the chunk that is buffer. It adds the chunk if buffer differs from the buffer of the
// previous call. Rows that were copied between the two calls are in another chunk, so each buffer is added and counted
// once.
func (b *Builder) useBuffer(buffer []byte) int {
	if !b.hasBuffer(buffer) {
		b.buffer = b.addChunk(buffer)
	}
	return b.buffer
}

// hasBuffer reports whether buffer is the newest buffer, and still a chunk of the table.
func (b *Builder) hasBuffer(buffer []byte) bool {
	if b.buffer >= len(b.table.chunks) {
		return false
	}
	chunk := b.table.chunks[b.buffer]
	return len(chunk) > 0 && &chunk[0] == &buffer[0] // Rewrite makes the chunks that it frees empty
}

// addPlace adds the row whose text is already stored at a place.
func (b *Builder) addPlace(place rowPlace) {
	t := &b.table
	if t.rows%blockRows == 0 {
		t.blocks = append(t.blocks, new(rowBlock))
		b.memory += blockRows * rowMemory
		b.countCollected()
	}
	t.blocks[t.rows/blockRows][t.rows%blockRows] = place
	t.rows++
	b.snapshot = nil
}

// addColumns adds a column for each new key of the newest row.
func (b *Builder) addColumns(isObject bool) {
	if !isObject && !b.hasWhole {
		b.hasWhole = true
		b.table.columns = append(b.table.columns, Column{Name: text.NewText(wholeColumnName), Whole: true})
	}
	for ; b.columnsOfKeys < b.keys.Len(); b.columnsOfKeys++ {
		name := b.keys.Name(b.columnsOfKeys)
		b.table.columns = append(b.table.columns, Column{Name: text.NewText(name)})
		b.memory += columnMemory + 2*int64(len(name))
	}
	b.table.capped = b.keys.Capped()
}

// Items returns a snapshot of the table.
func (b *Builder) Items() Table {
	if b.snapshot == nil {
		b.keepInnerKeys()
		b.snapshot = new(b.table)
		b.snapshot.collected = slices.Clone(b.table.collected) // the builder adds to its own vectors
	}
	return Table{b.snapshot}
}

// keepInnerKeys copies the keys of nested objects that were found so far into the table.
func (b *Builder) keepInnerKeys() {
	if b.keys == nil || b.table.innerKeys != nil && *b.table.innerKeys == b.keys.InnerKeys() {
		return
	}
	b.table.innerKeys = new(b.keys.InnerKeys())
}
