package write

import (
	"context"
	"hash/maphash"
	"io"
	"strconv"
	"sync"

	"sbwatch/files/write/parquetout"
	"sbwatch/model/jsonscan"
	"sbwatch/model/text"
	"sbwatch/work"
)

// Maximum size of a row group: in rows, and in bytes of JSON. Readers process one row group after the other, or several
// in parallel. Each core encodes one.
const (
	groupRows = 128 << 10
	groupSize = 16 << 20
)

const (
	// maxPagesSize is the approximate maximum size of all unfinished pages together, in bytes. It makes the pages of a
	// file with many columns smaller.
	maxPagesSize = 128 << 20
	// minPageSize and maxPageSize are the limits on the size of a page, in bytes.
	minPageSize, maxPageSize = 2 << 10, 256 << 10
)

// writeParquet writes a Parquet file. It encodes row groups on all cores.
func writeParquet(ctx context.Context, w io.Writer, t *table, o Options) error {
	if len(t.columns) == 0 { // there are no items; some readers cannot open a file without columns
		t.columns = []Column{{Name: text.NewText(itemName)}}
		t.names = names(t.columns)
	}
	kinds, err := parquetKinds(ctx, t)
	if err != nil {
		return err
	}
	codec := parquetout.Snappy
	if o.ParquetZstd {
		codec = parquetout.Zstd
	}
	columns := parquetColumns(t, kinds)
	out := parquetout.NewWriter(w, columns, codec)
	begins := t.blocks(groupRows, groupSize)
	free := sync.Pool{New: func() any { return new(parquetout.Group) }}
	begin := func() *parquetEncoder { return newParquetEncoder(ctx, t, kinds, columns, codec, &free) }
	err = work.Ordered(ctx, len(begins)-1, begin, func(e *parquetEncoder, group int) parquetGroup {
		return e.encode(begins[group], begins[group+1])
	}, func(g parquetGroup) error {
		if g.err != nil {
			return g.err
		}
		t.done(0, g.changes)
		defer free.Put(g.Group)
		return out.Write(*g.Group)
	})
	switch {
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case err != nil:
		return err
	}
	return out.Close()
}

// pageSize returns the size of a page, in bytes, for a file with this number of columns.
func pageSize(columns int) int { return min(maxPageSize, max(minPageSize, maxPagesSize/columns)) }

// parquetColumns returns the columns of the file. It examines a sample of the rows to decide which columns get a
// dictionary.
func parquetColumns(t *table, kinds []parquetKind) []parquetout.Column {
	columns := make([]parquetout.Column, len(kinds))
	var taken text.Names
	for i, kind := range kinds {
		name := t.names[i]
		if name == "" {
			name = "(empty)" // Spark rejects a column without a name
		}
		columns[i] = parquetout.Column{Name: taken.Distinct(string(validUTF8([]byte(name)))), Kind: kind.column()}
	}
	t.markDistinct(columns)
	return columns
}

// markDistinct marks the columns in which most values are distinct. It examines only a sample of the rows.
func (t *table) markDistinct(columns []parquetout.Column) {
	const sampleRows, maxCells = 4096, 1 << 20
	rows := max(1, min(sampleRows, t.len(), maxCells/len(columns)))
	seed, cells := maphash.MakeSeed(), newCells(t)
	values, distinct := make([]int, len(columns)), make([]map[uint64]struct{}, len(columns))
	for i := range min(rows, t.len()) {
		for c, value := range cells.of(t.row(i * t.len() / rows)) {
			if len(value) == 0 || value[0] == 'n' {
				continue
			}
			if distinct[c] == nil {
				distinct[c] = map[uint64]struct{}{}
			}
			values[c]++
			distinct[c][maphash.Bytes(seed, value)] = struct{}{}
		}
	}
	const few = 256
	for c := range columns {
		columns[c].Distinct = values[c] > few && len(distinct[c]) > values[c]/4*3
	}
}

// column returns the corresponding type of package parquetout.
func (k parquetKind) column() parquetout.Kind {
	switch k {
	case parquetBool:
		return parquetout.Bool
	case parquetInt:
		return parquetout.Int
	case parquetDouble:
		return parquetout.Double
	case parquetJSON:
		return parquetout.JSON
	case parquetText:
	}
	return parquetout.Text
}

// parquetGroup is an encoded row group, with the number of values that were changed in it.
type parquetGroup struct {
	*parquetout.Group

	changes Changes
	err     error
}

// parquetEncoder encodes row groups on one goroutine.
type parquetEncoder struct {
	ctx     context.Context //nolint:containedctx // that of one call of writeParquet
	table   *table
	kinds   []parquetKind
	cells   *cells
	out     *parquetout.Encoder
	free    *sync.Pool // for groups that have been written
	changes Changes
	err     error
	scratch []byte
	// What the current item may contain.
	mayHaveNonFinite, mayHaveEscapes bool
}

func newParquetEncoder(ctx context.Context, t *table, kinds []parquetKind, columns []parquetout.Column, codec parquetout.Codec, free *sync.Pool) *parquetEncoder {
	out, err := parquetout.NewEncoder(columns, codec, pageSize(len(kinds)))
	return &parquetEncoder{ctx: ctx, table: t, kinds: kinds, cells: newCells(t), out: out, free: free, err: err}
}

// encode encodes a group of rows. It stops when the context ends.
func (e *parquetEncoder) encode(from, to int) parquetGroup {
	if e.err != nil {
		return parquetGroup{err: e.err}
	}
	e.changes = Changes{}
	for begin := from; begin < to && e.ctx.Err() == nil; begin += stepRows {
		end := min(to, begin+stepRows)
		for place := begin; place < end; place++ {
			row := e.table.row(place)
			e.mayHaveNonFinite, e.mayHaveEscapes = e.table.items.HasNonFinite(row), e.table.items.HasEscapes(row)
			for i, value := range e.cells.of(row) {
				e.add(i, value)
			}
		}
		e.table.advance(end - begin)
	}
	group, isGroup := e.free.Get().(*parquetout.Group)
	if !isGroup {
		group = new(parquetout.Group)
	}
	*group = e.out.Cut(*group)
	return parquetGroup{Group: group, changes: e.changes}
}

// add adds a JSON value to a column. nil stands for a missing value.
func (e *parquetEncoder) add(i int, value []byte) {
	if len(value) == 0 || value[0] == 'n' {
		e.out.Null(i)
		return
	}
	switch e.kinds[i] {
	case parquetBool:
		e.out.Bool(i, value[0] == 't')
	case parquetInt:
		number, _ := strconv.ParseInt(string(value), 10, 64) // parquetKinds has checked that it fits
		e.out.Int(i, number)
	case parquetDouble:
		number, _ := strconv.ParseFloat(string(value), 64) // parquetKinds has checked that it fits
		e.out.Double(i, number)
	case parquetText:
		if value[0] == '"' {
			if value = value[1 : len(value)-1]; e.mayHaveEscapes {
				value = jsonscan.Decoded(value, &e.scratch)
			}
		}
		e.out.Bytes(i, e.changes.validText(value))
	case parquetJSON:
		e.out.Bytes(i, e.changes.valid(value, e.mayHaveNonFinite, &e.scratch))
	}
}
