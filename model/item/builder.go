package item

import (
	"errors"
	"math"

	"sbwatch/model/jsonscan"
	"sbwatch/model/text"
)

// MaxColumns is how many keys become columns. Items with more are made to hurt: the first so many have columns, and
// [Items.ColumnsCapped] tells, as it does of keys that are longer together than [jsonscan.MaxNames].
const MaxColumns = 10_000

// wholeColumnName is the name of the column of items that are not objects.
const wholeColumnName = "(value)"

// Sizes of what the table is made of. It grows by adding parts, so that nothing large is ever copied or thrown away.
const (
	blockRows = 1024
	// Chunks grow from the first size to the last, so that a small table stays small.
	firstChunk = 64 << 10
	lastChunk  = 2 << 20
)

// MaxItem is the largest item, in bytes. Places in a chunk are kept in 32 bits.
const MaxItem = 1 << 30

// ErrItemCut is the error for a text that ends inside an item: ask again with more of it.
var ErrItemCut = jsonscan.ErrShort

// ErrItemTooLarge is the error for an item of more than [MaxItem] bytes.
var ErrItemTooLarge = errors.New("an item is larger than 1 GiB")

// rowBlock has the places of some rows, one after the other.
type rowBlock [blockRows]rowPlace

// rowPlace is where the text of a row stands.
type rowPlace struct {
	// chunkAndTraits is the number of the chunk, below what the row is like.
	chunkAndTraits uint32
	from, to       uint32
}

// rowTrait is something that is so of a row, noted when it comes, which spares those who read it a look.
type rowTrait uint32

// The traits of rows.
const (
	// rowEscaped: there is a backslash in it.
	rowEscaped rowTrait = 1 << (iota + chunkBits)
	// rowRegular: it is an object whose keys can be found by their text; see [jsonscan.Keys.IsRegular].
	rowRegular
	// rowNested: it is an object with objects in it.
	rowNested

	chunkBits = 24
)

func (p *rowPlace) chunk() uint32 { return p.chunkAndTraits & (1<<chunkBits - 1) }

func (p *rowPlace) has(trait rowTrait) bool { return p.chunkAndTraits&uint32(trait) != 0 }

// ItemsBuilder makes a table of items while they arrive. Its zero value is an empty table. It is used by one goroutine;
// the [Items] that it gives are safe to read by others meanwhile, since it writes only behind what they can see.
type Builder struct {
	table tableData
	used  int // bytes of the last chunk
	keys  *jsonscan.Keys
	// columnsOfKeys is how many keys have become columns; the column of whole items may stand between them.
	columnsOfKeys int
	hasWhole      bool
	snapshot      *tableData // of the table as it is; nil when it has changed since

	// memory is about what the table takes, in bytes, and limit what it may; a limit of 0 is none.
	memory, limit int64
	countOnly     bool
}

// What an item and a column cost beside their text, in bytes: their place in the table, and what a filter, an order and a
// search note for each item.
const (
	rowMemory    = 32
	columnMemory = 512
	pageMemory   = 16
)

// SetLimit sets about how many bytes the table may take, which is passed by at most one chunk and one item. From then on it is
// [ItemsBuilder.Full]. 0 is no limit.
func (b *Builder) SetLimit(bytes int64) { b.limit = bytes }

// CountOnly makes the builder check and count all items, note their keys, and keep only the first.
func (b *Builder) CountOnly() { b.countOnly = true }

// Full reports whether no further item is to be kept. Items still come through [ItemsBuilder.Pass].
func (b *Builder) Full() bool {
	return b.limit > 0 && b.memory >= b.limit || b.countOnly && b.table.rows > 0
}

// Pass checks the item that text begins with as [ItemsBuilder.Append] does, and counts it without keeping it.
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

// Total is the number of items so far, kept or not.
func (b *Builder) Total() int { return b.table.rows + b.table.skipped }

// StartPage begins the next page: the items from here on are of it.
func (b *Builder) StartPage() {
	if b.limit > 0 && b.memory >= b.limit {
		return
	}
	b.memory += pageMemory
	b.table.pageFrom = append(b.table.pageFrom, b.table.rows)
	b.snapshot = nil
}

// Len is the number of items so far.
func (b *Builder) Len() int { return b.table.rows }

// Append adds the item that text begins with: one JSON value, checked in one pass as strictly as encoding/json would.
// It gives the length of the item, whose bytes it copies; what comes behind is not looked at.
//
// Where the text ends inside the item the error is [ErrItemCut]. A bare number at the very end of the text counts as cut,
// as more digits may follow. Other errors are [ErrItemTooLarge] and [*jsonscan.SyntaxError], whose offset counts from the
// beginning of text. After an error the table is as it was.
func (b *Builder) Append(text []byte) (int, error) {
	end, traits, err := b.check(text)
	if err != nil {
		return 0, err
	}
	b.addRow(text[:end], traits)
	return end, nil
}

// AppendIn is [ItemsBuilder.Append] for the text from place from up to, but not, place to of a buffer, and keeps the item
// where it is. The bytes of the item must never change again; the whole buffer stays in memory while the table does.
func (b *Builder) AppendIn(buffer []byte, from, to int) (int, error) {
	end, traits, err := b.check(buffer[from:to])
	switch {
	case err != nil:
		return 0, err
	case int64(len(buffer)) > math.MaxUint32:
		b.addRow(buffer[from:from+end], traits)
	default:
		if last := len(b.table.chunks) - 1; last < 0 || &b.table.chunks[last][0] != &buffer[0] {
			b.addChunk(buffer)
			b.used = len(buffer)
		}
		b.addPlace(from, from+end, traits)
	}
	return end, nil
}

// check checks the item that text begins with, and notes its keys.
func (b *Builder) check(text []byte) (end int, traits rowTrait, err error) {
	if b.keys == nil {
		b.keys = jsonscan.NewKeys(MaxColumns)
	}
	isObject := len(text) > 0 && text[0] == '{'
	if isObject {
		end, err = jsonscan.Object(text, b.keys)
	} else {
		end, err = jsonscan.Value(text)
	}
	if err != nil {
		return 0, 0, err
	}
	if end > MaxItem {
		return 0, 0, ErrItemTooLarge
	}
	b.addColumns(isObject)
	return end, b.traits(text[:end], isObject), nil
}

// traits are those of the row that was just checked.
func (b *Builder) traits(row []byte, isObject bool) rowTrait {
	if !isObject {
		if jsonscan.HasEscape(row) {
			return rowEscaped
		}
		return 0
	}
	var traits rowTrait
	if b.keys.IsEscaped() {
		traits |= rowEscaped
	}
	if b.keys.IsRegular() {
		traits |= rowRegular
	}
	if b.keys.IsNested() {
		traits |= rowNested
	}
	return traits
}

// addRow copies a row to the end of the last chunk, or of a new one.
func (b *Builder) addRow(row []byte, traits rowTrait) {
	t := &b.table
	if len(t.chunks) == 0 || len(t.chunks[len(t.chunks)-1])-b.used < len(row) {
		size := min(firstChunk<<min(len(t.chunks), 10), lastChunk)
		b.addChunk(make([]byte, max(size, len(row))))
		b.used = 0
	}
	copy(t.chunks[len(t.chunks)-1][b.used:], row)
	b.used += len(row)
	b.addPlace(b.used-len(row), b.used, traits)
}

func (b *Builder) addChunk(chunk []byte) {
	b.table.chunks = append(b.table.chunks, chunk)
	b.memory += int64(len(chunk))
}

// addPlace adds a row that lies in the last chunk.
func (b *Builder) addPlace(from, to int, traits rowTrait) {
	t := &b.table
	if t.rows%blockRows == 0 {
		t.blocks = append(t.blocks, new(rowBlock))
		b.memory += blockRows * rowMemory
	}
	t.blocks[t.rows/blockRows][t.rows%blockRows] = rowPlace{uint32(len(t.chunks)-1) | uint32(traits), uint32(from), uint32(to)}
	t.rows++
	b.snapshot = nil
}

// addColumns makes columns of what the newest row brought.
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

// Items is the table so far.
func (b *Builder) Items() Table {
	if b.snapshot == nil {
		b.keepInnerKeys()
		b.snapshot = new(b.table)
	}
	return Table{b.snapshot}
}

// keepInnerKeys gives the table what is known of the keys of inner objects by now.
func (b *Builder) keepInnerKeys() {
	if b.keys == nil || b.table.innerKeys != nil && *b.table.innerKeys == b.keys.InnerKeys() {
		return
	}
	b.table.innerKeys = new(b.keys.InnerKeys())
}
