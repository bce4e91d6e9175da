package write

import (
	"context"
	"errors"
	"hash/maphash"
	"io"
	"sync"

	"sbwatch/files/write/parquetout"
	"sbwatch/model/jsonscan"
	"sbwatch/model/text"
	"sbwatch/work"
)

// Maximum size of a row group: the number of rows, and the number of bytes of JSON. Each core encodes one row group at
// a time, and readers may read several in parallel.
const (
	groupRows = 128 << 10
	groupSize = 16 << 20
)

const (
	// maxPagesSize is the approximate maximum size of all unfinished pages together, in bytes. It limits the size of
	// pages in a file with many columns.
	maxPagesSize = 128 << 20
	// minPageSize and maxPageSize are the limits on the size of a page, in bytes.
	minPageSize, maxPageSize = 2 << 10, 256 << 10
)

// errOtherKinds is the error for a value that does not fit the types that were guessed from a sample.
var errOtherKinds = errors.New("the columns have other types than a sample of the rows")

// writeParquet writes a Parquet file. It encodes row groups on all cores.
//
// The types of the columns depend on all values. If truncate is nil, all values are read twice. Otherwise the types are
// guessed from a sample of the rows. If a value does not fit them, writeParquet calls truncate, which must empty the
// file, and then writes the file a second time.
func writeParquet(ctx context.Context, w io.Writer, t *table, o Options, truncate func() error) error {
	if len(t.columns) == 0 { // there are no items; some readers cannot open a file without columns
		t.columns = []Column{{Name: text.NewText(itemName)}}
		t.names = names(t.columns)
	}
	if sample := t.sample(); truncate != nil && sample != nil {
		before := *t.changes
		sampled, err := parquetTraits(ctx, sample)
		if err == nil {
			err = writeKinds(ctx, w, t, o, sampled)
		}
		if !errors.Is(err, errOtherKinds) {
			return err
		}
		if err := truncate(); err != nil {
			return err
		}
		*t.changes = before
		if t.progress != nil {
			t.progress.Add(t.len())
		}
	}
	found, err := parquetTraits(ctx, t)
	if err != nil {
		return err
	}
	return writeKinds(ctx, w, t, o, found)
}

// sample returns a sample of the rows. It returns nil if the table is too small for a sample.
func (t *table) sample() *table {
	const every, minRows, maxCells = 32, 1 << 15, 4 << 20
	rows := min(t.len()/every, maxCells/len(t.columns))
	if t.len() < minRows || rows == 0 {
		return nil
	}
	sample := *t
	sample.progress, sample.rows = nil, make([]uint32, rows)
	for i := range sample.rows {
		sample.rows[i] = uint32(t.row(i * t.len() / rows))
	}
	return &sample
}

// writeKinds writes a file. columnTraits holds the kinds of values for which the type of each column is chosen. If a
// value needs another type, writeKinds returns errOtherKinds.
func writeKinds(ctx context.Context, w io.Writer, t *table, o Options, columnTraits []traits) error {
	kinds := make([]parquetKind, len(columnTraits))
	for i, all := range columnTraits {
		kinds[i] = all.kind()
	}
	codec := parquetout.Snappy
	if o.ParquetZstd {
		codec = parquetout.Zstd
	}
	columns := parquetColumns(t, kinds)
	out := parquetout.NewWriter(w, columns, codec)
	begins := t.groups()
	free := sync.Pool{New: func() any { return new(parquetout.Group) }}
	begin := func() *parquetEncoder { return newParquetEncoder(ctx, t, kinds, columns, codec, &free) }
	err := work.Ordered(ctx, len(begins)-1, begin, func(e *parquetEncoder, group int) parquetGroup {
		return e.encode(begins[group], begins[group+1])
	}, func(g parquetGroup) error {
		if g.err != nil {
			return g.err
		}
		for i, more := range g.columnTraits {
			if columnTraits[i] |= more; columnTraits[i].kind() != kinds[i] {
				return errOtherKinds
			}
		}
		t.addWritten(0, g.changes)
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

// groups splits the rows into row groups. It returns the index of the first row of each group, followed by the number
// of rows. The groups have similar sizes. Their number is even or a multiple of four, so that all cores are busy until
// the end.
func (t *table) groups() []int {
	const minSize, few = 4 << 20, 4
	size := 0
	for position := range t.len() {
		size += len(t.items.Row(t.row(position)))
	}
	count := max((size+groupSize-1)/groupSize, (t.len()+groupRows-1)/groupRows, 1)
	switch {
	case count > few:
		count = (count + few - 1) / few * few
	case size >= minSize:
		count = (count + 1) / 2 * 2
	}
	// Slightly more than the mean, so that there is no last group with only a few rows.
	share := func(n int) int { return n/count + n/count/128 + 1 }
	return t.blocks(min(groupRows, share(t.len())), min(groupSize, share(size)))
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
	seed, cells := maphash.MakeSeed(), newCells(t, 1)
	values, distinct := make([]int, len(columns)), make([]map[uint64]struct{}, len(columns))
	for i := range min(rows, t.len()) {
		for c, value := range cells.valuesOf(t.row(i * t.len() / rows)) {
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

// column returns the type in package parquetout that corresponds to k.
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

type parquetGroup struct {
	*parquetout.Group

	changes      Changes
	columnTraits []traits // kinds of the values in each column
	err          error
}

// parquetEncoder encodes row groups on one goroutine.
type parquetEncoder struct {
	ctx     context.Context //nolint:containedctx // context of one call of writeParquet
	table   *table
	kinds   []parquetKind
	cells   *cells
	out     *parquetout.Encoder
	free    *sync.Pool // for groups that have been written
	changes Changes
	found   []traits
	err     error
	scratch []byte
	// traits holds what the items of the current batch may contain.
	traits []itemTraits
}

// itemTraits says what an item may contain.
type itemTraits struct{ mayHaveNonFinite, mayHaveEscapes bool }

func newParquetEncoder(ctx context.Context, t *table, kinds []parquetKind, columns []parquetout.Column, codec parquetout.Codec, free *sync.Pool) *parquetEncoder {
	out, err := parquetout.NewEncoder(columns, codec, pageSize(len(kinds)))
	rows := batchRows(len(kinds))
	return &parquetEncoder{
		ctx: ctx, table: t, kinds: kinds, cells: newCells(t, rows), out: out, free: free, err: err, traits: make([]itemTraits, rows),
	}
}

// batchRows returns the number of rows in a batch. The values of all rows in a batch are read before they are processed
// column by column. These values fit into the caches of a core.
func batchRows(columns int) int {
	const maxRows, maxCells = 64, 2048
	return max(1, min(maxRows, maxCells/columns))
}

// encode encodes the rows with indexes in the range [from, to). It stops when the context ends.
func (e *parquetEncoder) encode(from, to int) parquetGroup {
	if e.err != nil {
		return parquetGroup{err: e.err}
	}
	e.changes, e.found = Changes{}, make([]traits, len(e.kinds))
	for begin := from; begin < to && e.ctx.Err() == nil; begin += len(e.traits) {
		e.batch(begin, min(to, begin+len(e.traits)))
	}
	group, isGroup := e.free.Get().(*parquetout.Group)
	if !isGroup {
		group = new(parquetout.Group)
	}
	*group = e.out.Cut(*group)
	return parquetGroup{Group: group, changes: e.changes, columnTraits: e.found}
}

// batch encodes the rows with indexes in the range [from, to), one column after the other.
func (e *parquetEncoder) batch(from, to int) {
	items := e.table.items
	for i := range to - from {
		row := e.table.row(from + i)
		e.traits[i] = itemTraits{items.HasNonFinite(row), items.HasEscapes(row)}
	}
	e.cells.batch(e.table, from, to)
	for i, kind := range e.kinds {
		values := e.cells.column(i, to-from)
		e.found[i] = e.found[i].union(values)
		switch kind {
		case parquetText:
			e.texts(i, values)
		case parquetJSON:
			e.json(i, values)
		default:
			e.fixed(i, kind, values)
		}
	}
	e.table.advance(to - from)
}

// isNull reports whether a JSON value is null or missing.
func isNull(value []byte) bool { return len(value) == 0 || value[0] == 'n' }

// fixed adds JSON values to a column of Booleans or numbers, which have a fixed size.
func (e *parquetEncoder) fixed(i int, kind parquetKind, values [][]byte) {
	for _, value := range values {
		switch {
		case isNull(value):
			e.out.Null(i)
		case kind == parquetBool:
			e.out.Bool(i, value[0] == 't')
		case kind == parquetInt:
			e.out.Int(i, integer(value))
		default:
			e.out.Double(i, double(value))
		}
	}
}

// texts adds JSON values to a column of texts.
func (e *parquetEncoder) texts(i int, values [][]byte) {
	for row, value := range values {
		if isNull(value) {
			e.out.Null(i)
			continue
		}
		if value[0] == '"' {
			if value = value[1 : len(value)-1]; e.traits[row].mayHaveEscapes {
				value = jsonscan.Decoded(value, &e.scratch)
			}
		}
		if !e.out.Repeated(i, value) {
			e.out.Bytes(i, e.changes.validText(value))
		}
	}
}

// json adds JSON values to a column of JSON.
func (e *parquetEncoder) json(i int, values [][]byte) {
	for row, value := range values {
		switch {
		case isNull(value):
			e.out.Null(i)
		case e.traits[row].mayHaveNonFinite || !e.out.Repeated(i, value):
			e.out.Bytes(i, e.changes.valid(value, e.traits[row].mayHaveNonFinite, &e.scratch))
		}
	}
}
