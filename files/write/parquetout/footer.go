package parquetout

// The numbers in this file are those of the fields in parquet.thrift, the definition of the format.

// footer returns the metadata of the file.
func (w *Writer) footer() []byte {
	t := &thriftWriter{}
	t.int32(1, 1) // the version of the format
	t.list(2, thriftStruct, len(w.columns)+1)
	t.element(func() {
		t.binary(4, "items")
		t.int32(5, int64(len(w.columns)))
	})
	for _, c := range w.columns {
		t.element(func() { c.schema(t) })
	}
	t.int64(3, w.rows)
	t.list(4, thriftStruct, len(w.groups))
	for i := range w.groups {
		t.element(func() { w.group(t, i) })
	}
	t.binary(6, "sbwatch")
	t.list(7, thriftStruct, len(w.columns)) // the order of values in the statistics: the default order of each type
	for range w.columns {
		t.element(func() { t.structure(1, func() {}) })
	}
	return append(t.out, 0)
}

// schema appends the description of a column.
func (c Column) schema(t *thriftWriter) {
	const optional = 1
	t.int32(1, c.Kind.physical())
	t.int32(3, optional)
	t.binary(4, c.Name)
	switch c.Kind {
	case Text:
		t.int32(6, 0)
		t.structure(10, func() { t.structure(1, func() {}) })
	case JSON:
		t.int32(6, 19)
		t.structure(10, func() { t.structure(12, func() {}) })
	case Int:
		t.int32(6, 18)
		t.structure(10, func() {
			t.structure(10, func() {
				t.field(1, thriftInt8)
				t.out = append(t.out, 64) // bits
				t.field(2, thriftTrue)    // signed
			})
		})
	case Bool, Double:
	}
}

// group appends the description of a row group.
func (w *Writer) group(t *thriftWriter, number int) {
	g, start := &w.groups[number], w.starts[number]
	t.list(1, thriftStruct, len(g.chunks))
	uncompressed, size := 0, 0
	for i := range g.chunks {
		chunk, from := &g.chunks[i], start+int64(size)
		uncompressed, size = uncompressed+chunk.uncompressed, size+chunk.size
		t.element(func() {
			t.int64(2, 0)
			t.structure(3, func() { w.chunk(t, g, i, from) })
		})
	}
	t.int64(2, int64(uncompressed))
	t.int64(3, int64(g.rows))
	t.int64(5, start)
	t.int64(6, int64(size))
	if number < 1<<15 {
		t.integer(7, thriftInt16, int64(number))
	}
}

// chunk appends the description of the values of a column in a row group. The parameter from is the offset of these
// values in the file.
func (w *Writer) chunk(t *thriftWriter, g *Group, i int, from int64) {
	chunk := &g.chunks[i]
	t.int32(1, w.columns[i].Kind.physical())
	t.list(2, thriftInt32, len(chunk.encodings))
	for _, encoding := range chunk.encodings {
		t.out = append(t.out, byte(encoding<<1))
	}
	t.list(3, thriftBinary, 1)
	t.bytes(w.columns[i].Name)
	t.int32(4, w.codec.number())
	t.int64(5, int64(g.rows))
	t.int64(6, int64(chunk.uncompressed))
	t.int64(7, int64(chunk.size))
	t.int64(9, from+int64(chunk.dictionary))
	if chunk.dictionary > 0 {
		t.int64(11, from)
	}
	t.structure(12, func() {
		t.int64(3, int64(chunk.nulls))
		if chunk.hasStatistics {
			t.binary(5, chunk.max)
			t.binary(6, chunk.min)
		}
	})
}
