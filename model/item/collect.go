package item

import (
	"sbwatch/model/jsonscan"
	"sbwatch/model/vector"
)

// Vector returns the values of a column in compact form, if they were collected while the items were read. Otherwise it
// returns false.
func (t Table) Vector(p Path) (vector.Vector, bool) {
	if t.table == nil || t.IsComputed(p) {
		return vector.Vector{}, false
	}
	for _, c := range t.table.collected {
		if c.path == p && c.values.Form() != vector.None {
			return c.values, true
		}
	}
	return vector.Vector{}, false
}

// collected holds the values of a column in all rows.
type collected struct {
	path   Path
	values vector.Vector
}

// collector decides which values a [Builder] collects while rows are added.
type collector struct {
	// places finds the values. It has no columns until there are enough rows to decide which columns to collect.
	places places
	// isDone is true if no values are collected any more, because there are none, or because rows were added without
	// finding their values.
	isDone bool
	// expected is the number of bytes that the items will have together, or 0 if it is unknown.
	expected int64
}

const (
	// collectedAfter is the number of rows that decide which columns are collected.
	collectedAfter = 2 * blockRows
	// collectedShare limits the size of the collected values to 1/collectedShare of the size of the rows.
	collectedShare = 8
	// maxCollectedRow is the maximum average size of a row in bytes. Larger rows are so few that questions about them are
	// fast without collected values.
	maxCollectedRow = 16 << 10
	// maxCollected is the maximum number of collected columns.
	maxCollected = 256
)

// Expect tells the builder how many bytes of items to expect in total. This saves memory, but has no other effect.
func (b *Builder) Expect(bytes int64) { b.collector.expected = bytes }

// collectRow collects the values of the newest row, which has just been scanned.
func (b *Builder) collectRow() {
	c := &b.collector
	switch {
	case c.isDone:
	case b.keys.Capped():
		b.stopCollecting()
	case len(c.places.columns) > 0:
		b.collect(Table{&b.table}.source(b.table.rows - 1))
	case b.table.rows >= collectedAfter:
		b.beginCollecting()
	}
}

// collectBlock collects the values of the rows of a block, which have just been added.
func (b *Builder) collectBlock(block *Block) {
	c := &b.collector
	from := b.table.rows - len(block.rows)
	switch {
	case c.isDone:
	case len(c.places.columns) == 0 && b.table.rows >= collectedAfter:
		b.beginCollecting()
	case len(c.places.columns) == 0:
	case block.values == nil: // it was scanned before the columns were chosen
		b.collectAgain(from)
	default:
		for i := range block.values {
			b.table.collected[i].values.Append(&block.values[i])
		}
	}
}

// collect collects the values of a row that has just been scanned.
func (b *Builder) collect(row []byte) {
	values := b.table.collected
	b.collector.places.each(row, b.keys, func(column int, value []byte) { values[column].values.Add(value) })
}

// collectAgain collects the values of the rows that follow a row.
func (b *Builder) collectAgain(from int) {
	for row := from; row < b.table.rows; row++ {
		b.collect(b.scanAgain(row))
	}
}

// scanAgain scans a row again, so that its values are known to the keys of the builder. It returns the row.
func (b *Builder) scanAgain(row int) []byte {
	text := Table{&b.table}.source(row)
	if text[0] == '{' {
		_, _ = jsonscan.Object(text, b.keys) // the row is valid
	}
	return text
}

func (b *Builder) stopCollecting() {
	b.collector = collector{isDone: true}
	b.table.collected = nil
}

// beginCollecting decides by the rows so far which columns to collect, and collects the values of these rows.
func (b *Builder) beginCollecting() {
	size := int64(0)
	for row := range b.table.rows {
		size += int64(len(Table{&b.table}.source(row)) + len(",\n"))
	}
	average := size / int64(b.table.rows)
	if average <= maxCollectedRow {
		room := int(average) / collectedShare
		for i, sample := range b.samples() {
			room = b.choose(b.keys.Name(i), sample, room)
		}
	}
	if len(b.table.collected) == 0 {
		b.stopCollecting()
		return
	}
	b.reserveCollected(int(b.collector.expected / average))
	b.collectAgain(0)
}

// samples returns, for each column, its values in every other row so far.
func (b *Builder) samples() [][][]byte {
	samples := make([][][]byte, min(b.keys.Len(), maxCollected))
	for row := 0; row < b.table.rows; row += 2 {
		text := b.scanAgain(row)
		for i := range samples {
			samples[i] = append(samples[i], valueAt(text, b.keys, i))
		}
	}
	return samples
}

// choose adds a column to the collected columns if its values have a compact form. The parameter sample holds values of
// the column, and room is the maximum size of the collected values of a row in bytes. choose returns what is left of
// room.
func (b *Builder) choose(key string, sample [][]byte, room int) int {
	form := vector.FormOf(sample)
	size := form.Size()
	if form == vector.None || size > room {
		return room
	}
	b.table.collected = append(b.table.collected, collected{PathOf(key), vector.New(form)})
	b.collector.places.columns = append(b.collector.places.columns, key)
	return room - size
}

// reserveCollected allocates memory for the values of a number of rows, which is an estimate.
func (b *Builder) reserveCollected(rows int) {
	if b.limit > 0 {
		rows = min(rows, int(b.limit/rowMemory))
	}
	for i := range b.table.collected {
		b.table.collected[i].values.Reserve(rows + blockRows)
	}
}

// places finds the values of collected columns in rows that were scanned with the same [jsonscan.Keys].
type places struct {
	columns []string // their names
	// indexes holds the index of each column in the keys, or -1 if the keys lack it.
	indexes []int
	known   int // number of keys when the indexes were looked up
}

// each calls a function with the number of each column and its value in the row that was scanned last. A missing value
// is nil.
func (p *places) each(row []byte, keys *jsonscan.Keys, take func(column int, value []byte)) {
	if keys.Len() != p.known || len(p.indexes) != len(p.columns) {
		p.lookUp(keys)
	}
	for column, index := range p.indexes {
		take(column, valueAt(row, keys, index))
	}
}

func (p *places) lookUp(keys *jsonscan.Keys) {
	p.known, p.indexes = keys.Len(), p.indexes[:0]
	for _, column := range p.columns {
		index, known := keys.Index(column)
		if !known {
			index = -1
		}
		p.indexes = append(p.indexes, index)
	}
}

// valueAt returns the value of a key in the row that was scanned last, or nil. The key is given by its index in the
// keys.
func valueAt(row []byte, keys *jsonscan.Keys, index int) []byte {
	if index < 0 || row[0] != '{' {
		return nil
	}
	from, to := keys.Value(index)
	if from == to {
		return nil
	}
	return row[from:to]
}
