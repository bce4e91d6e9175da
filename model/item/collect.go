package item

import (
	"cmp"
	"slices"

	"sbwatch/model/jsonscan"
	"sbwatch/model/vector"
)

// Vector returns the values of a column in compact form, if they were collected while the items were read. Otherwise it
// returns false.
func (t Table) Vector(p Path) (vector.Vector, bool) {
	if t.table == nil || t.IsComputed(p) {
		return vector.Vector{}, false
	}
	for i := range t.table.collected {
		if c := &t.table.collected[i]; c.path == p && c.values.Form() != vector.None {
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
	// room is the maximum size of the collected values of a row in bytes.
	room int
	// counted is the part of [Builder.memory] that is the size of collected values.
	counted int64
}

const (
	// collectedAfter is the number of rows that decide which columns are collected.
	collectedAfter = 2 * blockRows
	// collectedShare limits the size of the collected values to 1/collectedShare of the size of the rows that decide
	// which columns are collected.
	collectedShare = 7
	// maxCollectedShare limits the size of the collected values to 1/maxCollectedShare of the size of the table. If the
	// rows become shorter and the values exceed the limit, no values are collected any more.
	maxCollectedShare = 5
	// maxSamples is the approximate maximum number of rows in the sample of a column.
	maxSamples = 2 * blockRows
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
	case b.keys.Capped(), b.table.rows%blockRows == 1 && !b.hasRoomForCollected(): // addPlace has just counted the values
		b.StopCollecting()
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
	b.countCollected() // it may give up columns
	switch {
	case c.isDone:
	case len(c.places.columns) == 0 && b.table.rows >= collectedAfter:
		b.beginCollecting()
	case len(c.places.columns) == 0:
	case !b.hasRoomForCollected():
		b.StopCollecting()
	case block.values == nil: // it was scanned before the columns were chosen, or has very short rows
		b.collectAgain(from)
	default:
		for i := range block.values {
			b.table.collected[i].values.Append(&block.values[i])
		}
	}
}

// hasRoomForCollected reports whether the collected values of all rows are small in comparison with the table.
func (b *Builder) hasRoomForCollected() bool {
	return int64(b.table.rows)*int64(sizeOfCollected(b.table.collected)) <= (b.memory-b.collector.counted)/maxCollectedShare
}

// sizeOfCollected returns the size of the collected values of one row in bytes.
func sizeOfCollected(columns []collected) (size int) {
	for i := range columns {
		size += columns[i].values.Form().Size()
	}
	return size
}

// collect collects the values of a row that has just been scanned.
func (b *Builder) collect(row []byte) {
	values := b.table.collected
	b.collector.places.each(row, b.keys, func(column, from, to int) { values[column].values.Add(row[from:to], from) })
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

// StopCollecting makes the builder drop the values that it has collected, and collect no more; see [Table.Vector].
func (b *Builder) StopCollecting() {
	if b.collector.isDone {
		return
	}
	b.memory -= b.collector.counted
	b.collector = collector{isDone: true}
	b.table.collected = nil
}

// countCollected counts the memory of the collected values. If it has grown too much, because columns have changed from
// codes to numbers or dates, countCollected gives up some of these columns.
func (b *Builder) countCollected() {
	c := &b.collector
	rowSize, size := sizeOfCollected(b.table.collected), int64(0)
	for i := len(b.table.collected) - 1; i >= 0; i-- {
		values := &b.table.collected[i].values
		if values.Form() != vector.Codes && rowSize > c.room {
			rowSize -= values.Form().Size()
			*values = vector.New(vector.None)
		}
		size += int64(values.Size())
	}
	b.memory += size - c.counted
	c.counted = size
}

// beginCollecting decides by the rows so far which columns to collect, and collects the values of these rows.
func (b *Builder) beginCollecting() {
	size := int64(0)
	for row := range b.table.rows {
		size += int64(len(Table{&b.table}.source(row)) + len(",\n"))
	}
	average := size / int64(b.table.rows)
	if average <= maxCollectedRow {
		b.collector.room = int(average) / collectedShare
		b.choose()
	}
	if len(b.table.collected) == 0 {
		b.StopCollecting()
		return
	}
	b.reserveCollected(average)
	b.collectAgain(0)
	b.countCollected()
}

// choose decides which columns are collected, as many as there is room for. Columns with codes come first, because they
// are the smallest ones. Columns of which only the places are known come last, because they help the least.
func (b *Builder) choose() {
	var candidates []collected
	for i, sample := range b.samples() {
		candidates = append(candidates, candidatesAt(PathOf(b.keys.Name(i)), sample)...)
	}
	slices.SortStableFunc(candidates, func(a, b collected) int { return cmp.Compare(a.values.Form(), b.values.Form()) })
	room := b.collector.room
	for _, c := range candidates {
		size := c.values.Form().Size()
		if size > room || len(b.table.collected) == maxCollected {
			break
		}
		room -= size
		b.table.collected = append(b.table.collected, c)
		b.collector.places.columns = append(b.collector.places.columns, slices.Collect(c.path.Keys()))
	}
}

// samples returns, for each column, its values in every other row so far, or in fewer rows if there are many.
func (b *Builder) samples() [][][]byte {
	fields := make([]jsonscan.Field, min(b.keys.Len(), maxCollected))
	for i := range fields {
		fields[i] = b.keys.Field(b.keys.Name(i))
	}
	samples := make([][][]byte, len(fields))
	for row := 0; row < b.table.rows; row += max(2, b.table.rows/maxSamples) {
		text := b.scanAgain(row)
		for i, field := range fields {
			from, to := boundsOf(text, b.keys, field, nil)
			samples[i] = append(samples[i], text[from:to])
		}
	}
	return samples
}

// candidatesAt returns the column at a path without entries, for its form. For a column of objects, it returns columns
// for their values instead. The parameter sample holds values of the column.
func candidatesAt(path Path, sample [][]byte) []collected {
	if mostlyObjects(sample) {
		return candidatesIn(path, sample)
	}
	form := vector.FormOf(sample)
	if form == vector.None {
		form = vector.Places
	}
	return []collected{{path, vector.New(form)}}
}

func mostlyObjects(sample [][]byte) bool {
	objects := 0
	for _, value := range sample {
		if isObject(value) {
			objects++
		}
	}
	return objects*2 > len(sample)
}

func isObject(value []byte) bool { return len(value) > 0 && value[0] == '{' }

// candidatesIn returns columns for the values in the objects of a column.
func candidatesIn(path Path, objects [][]byte) []collected {
	const maxInner = 16 // number of keys of an object
	if path.Depth() == MaxPlaceSteps {
		return nil
	}
	var names []string
	for key := range NewCell(objects[slices.IndexFunc(objects, isObject)]).Members() {
		if len(names) == maxInner {
			break
		}
		if !slices.Contains(names, key.Raw()) {
			names = append(names, key.Raw())
		}
	}
	samples := make([][][]byte, len(names))
	for _, object := range objects {
		for i := range samples {
			samples[i] = append(samples[i], nil)
		}
		if !isObject(object) {
			continue
		}
		for key, value := range jsonscan.Members(object) {
			if i := slices.IndexFunc(names, func(name string) bool { return jsonscan.IsKey(key, name) }); i >= 0 {
				samples[i][len(samples[i])-1] = value
			}
		}
	}
	var candidates []collected
	for i, sample := range samples {
		candidates = append(candidates, candidatesAt(path.Child(names[i]), sample)...)
	}
	return candidates
}

// reserveCollected allocates memory for the values of the expected rows. The parameter average is the average size of a
// row in bytes.
func (b *Builder) reserveCollected(average int64) {
	const maxReserved = 1 << 26 // rows; a sparse file may be much larger than its items
	rows := int(min(b.collector.expected/average, maxReserved))
	if b.limit > 0 {
		rows = min(rows, int(b.limit/(average+rowMemory)))
	}
	for i := range b.table.collected {
		b.table.collected[i].values.Reserve(rows + blockRows)
	}
}

// places finds the values of collected columns in rows that were scanned with the same [jsonscan.Keys].
type places struct {
	// columns holds the path of each column.
	columns [][]string
	fields  []jsonscan.Field
	known   int // number of keys when the fields were looked up
}

// each calls a function with the number of each column and the bounds of its value in the row that was scanned last. The
// bounds of a missing value are equal.
func (p *places) each(row []byte, keys *jsonscan.Keys, take func(column, from, to int)) {
	isNew := keys.Len() != p.known || len(p.fields) != len(p.columns)
	if isNew {
		p.known, p.fields = keys.Len(), p.fields[:0]
		for _, path := range p.columns {
			p.fields = append(p.fields, keys.Field(path...))
		}
	}
	for column, path := range p.columns {
		var from, to int
		if isNew && len(path) > 1 { // the scan has not recorded the value
			from, to = search(row, path)
		} else {
			from, to = boundsOf(row, keys, p.fields[column], path)
		}
		take(column, from, to)
	}
}

// boundsOf returns the bounds of the value of a field in the row that was scanned last. The bounds of a missing value
// are equal. The parameter path leads to the field.
func boundsOf(row []byte, keys *jsonscan.Keys, field jsonscan.Field, path []string) (from, to int) {
	if row[0] != '{' {
		return 0, 0
	}
	from, to, isKnown := keys.Value(field)
	if !isKnown {
		return search(row, path)
	}
	return from, to
}

// search returns the bounds of the value at a path in a row. The bounds of a missing value are equal.
func search(row []byte, path []string) (from, to int) {
	if row[0] != '{' {
		return 0, 0
	}
	value, left := jsonscan.FindWithin(row, path)
	if left > 0 || value == nil {
		return 0, 0
	}
	from = cap(row) - cap(value) // the capacity of a value extends to the end of the memory of its row
	return from, from + len(value)
}
