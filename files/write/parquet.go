package write

import (
	"context"
	"errors"
	"hash/maphash"
	"io"
	"math"
	"slices"
	"sync"
	"unicode/utf8"

	"sbwatch/files/write/parquetout"
	"sbwatch/model/jsonscan"
	"sbwatch/model/text"
	"sbwatch/work"
)

// Maximum size of a row group: the number of rows, and the number of bytes of JSON. Each core encodes one row group at
// a time, and readers may read several in parallel.
const (
	groupRows = 128 << 10
	groupSize = 32 << 20
)

const (
	// maxPagesSize is the approximate maximum size of all unfinished pages together, in bytes. It limits the size of
	// pages in a file with many columns.
	maxPagesSize = 128 << 20
	// minPageSize and maxPageSize are the limits on the size of a page, in bytes.
	minPageSize, maxPageSize = 2 << 10, 256 << 10
	// maxZstdSize is the maximum size of a page that is compressed with zstd, in bytes. A block of zstd has 128 KB, so
	// a page of this size and one more value fit into one block. A page of two blocks takes longer to compress, but
	// does not become smaller.
	maxZstdSize = 120 << 10
)

// errOtherKinds is the error for a value that does not fit the types that were guessed from a sample.
var errOtherKinds = errors.New("a value does not fit the column type guessed from a sample of the rows")

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

// writeKinds writes a file. columnTraits holds the kinds of values of each column, which determine the type of the
// column. If a column has a value that does not fit its type, writeKinds returns errOtherKinds.
func writeKinds(ctx context.Context, w io.Writer, t *table, o Options, columnTraits []traits) error {
	kinds := make([]parquetKind, len(columnTraits))
	for i, all := range columnTraits {
		kinds[i] = all.kind()
	}
	codec := parquetout.Snappy
	if o.ParquetZstd {
		codec = parquetout.Zstd
	}
	sizes, err := t.pieces(ctx)
	if err != nil {
		return err
	}
	begins := t.groups(sizes)
	columns, err := work.Do(ctx, func() ([]parquetout.Column, error) { return parquetColumns(t, kinds, begins[1]), nil })
	if err != nil {
		return context.Cause(ctx)
	}
	out := parquetout.NewWriter(w, columns, codec)
	free := sync.Pool{New: func() any { return new(parquetout.Group) }}
	begin := func() *parquetEncoder { return newParquetEncoder(ctx, t, kinds, columns, codec, &free) }
	err = work.Ordered(ctx, len(begins)-1, begin, func(e *parquetEncoder, group int) parquetGroup {
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
// of rows. The groups have similar sizes. A large table has two groups or a multiple of four groups, so that all cores
// are busy until the end.
func (t *table) groups(p pieces) []int {
	const minSize, few = 4 << 20, 4
	size := 0
	for _, more := range p.sizes {
		size += more
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
	return t.blocks(p, min(groupRows, share(t.len())), min(groupSize, share(size)))
}

// pageSize returns the size of a page, in bytes, for a file with this number of columns.
func pageSize(columns int) int { return min(maxPageSize, max(minPageSize, maxPagesSize/columns)) }

// parquetColumns returns the columns of the file. It examines a sample of the rows to decide which columns get a
// dictionary.
func parquetColumns(t *table, kinds []parquetKind, groupRows int) []parquetout.Column {
	columns := make([]parquetout.Column, len(kinds))
	var taken text.Names
	for i, kind := range kinds {
		name := t.names[i]
		if name == "" {
			name = "(empty)" // Spark rejects a column without a name
		}
		columns[i] = parquetout.Column{Name: taken.Distinct(string(validUTF8([]byte(name)))), Kind: kind.column()}
	}
	t.markDistinct(columns, groupRows)
	return columns
}

// markDistinct marks the columns for which a dictionary would not make the file smaller. It examines only a sample of
// the rows.
func (t *table) markDistinct(columns []parquetout.Column, groupRows int) {
	const sampleRows, maxCells = 4096, 1 << 20
	rows := min(sampleRows, t.len(), max(1, maxCells/len(columns)))
	seed, cells := maphash.MakeSeed(), newCells(t, 1)
	hashes := make([][]uint64, len(columns))
	for i := range rows {
		for c, value := range cells.valuesOf(t.row(i * t.len() / rows)) {
			if !isNull(value) {
				hashes[c] = append(hashes[c], maphash.Bytes(seed, value))
			}
		}
	}
	const few = 256
	for c := range columns {
		if values := len(hashes[c]); values > few {
			perGroup := float64(groupRows) * float64(values) / float64(rows)
			slices.Sort(hashes[c])
			distinct := len(slices.Compact(hashes[c]))
			columns[c].Distinct = expectedDistinct(values, distinct, perGroup) > perGroup/2
		}
	}
}

// expectedDistinct estimates how many of the values of a column are distinct. values is the number of these values.
// sampled is the number of values in a sample of them, and distinct is the number of distinct values in the sample. The
// estimate assumes that all values are equally frequent.
func expectedDistinct(sampled, distinct int, values float64) float64 {
	if distinct == sampled {
		return values
	}
	expected := func(of, values float64) float64 { return of * -math.Expm1(-values/of) }
	low, high := float64(distinct), float64(sampled)*float64(sampled)
	for range 40 {
		if middle := (low + high) / 2; expected(middle, float64(sampled)) < float64(distinct) {
			low = middle
		} else {
			high = middle
		}
	}
	return expected(high, values)
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
	free    *sync.Pool // groups that are written, for reuse
	changes Changes
	found   []traits
	err     error
	scratch []byte
	// traits holds the traits of the items of the current batch, such as whether an item may contain NaN.
	traits []itemTraits
}

// itemTraits says what an item may contain. Bad text is text with invalid UTF-8.
type itemTraits struct{ mayHaveNonFinite, mayHaveEscapes, mayHaveBadText bool }

func newParquetEncoder(ctx context.Context, t *table, kinds []parquetKind, columns []parquetout.Column, codec parquetout.Codec, free *sync.Pool) *parquetEncoder {
	size := pageSize(len(kinds))
	if codec == parquetout.Zstd {
		size = min(size, maxZstdSize)
	}
	out, err := parquetout.NewEncoder(columns, codec, size)
	rows := batchRows(len(kinds))
	return &parquetEncoder{
		ctx: ctx, table: t, kinds: kinds, cells: newCells(t, rows), out: out, free: free, err: err, traits: make([]itemTraits, rows),
	}
}

// batchRows returns the number of rows in a batch. The values of all rows in a batch are read before they are processed
// column by column. batchRows is so small that these values fit into the caches of a core.
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
	clear(e.cells.values)
	for i := range to - from {
		row := e.table.row(from + i)
		item := items.Row(row)
		e.traits[i] = itemTraits{items.HasNonFinite(row), items.HasEscapes(row), !utf8.Valid(item)}
		e.cells.read(item, row, i)
	}
	for i, kind := range e.kinds {
		values := e.cells.column(i, to-from)
		switch kind {
		case parquetText:
			e.found[i] |= e.texts(i, values)
		case parquetJSON:
			e.found[i] |= e.json(i, values)
		case parquetBool:
			e.found[i] |= e.bools(i, values)
		default:
			e.found[i] |= e.numbers(i, kind, values)
		}
	}
	e.table.advance(to - from)
}

// isNull reports whether a JSON value is null or missing.
func isNull(value []byte) bool { return len(value) == 0 || value[0] == 'n' }

// bools adds JSON values to a column of Booleans. It returns the kinds of the values.
func (e *parquetEncoder) bools(i int, values [][]byte) (found traits) {
	for _, value := range values {
		if isNull(value) {
			e.out.Null(i)
			continue
		}
		found |= traitsOf(value)
		e.out.Bool(i, value[0] == 't')
	}
	return found
}

// numbers adds JSON values to a column of numbers. It returns the kinds of the values.
func (e *parquetEncoder) numbers(i int, kind parquetKind, values [][]byte) (found traits) {
	for _, value := range values {
		if isNull(value) {
			e.out.Null(i)
			continue
		}
		digits, decimals, ok := decimal(value)
		switch {
		case !ok:
			found |= traitsOf(value)
		case decimals == 0:
			found |= someInt
		default:
			found |= someDouble
		}
		switch {
		case kind == parquetInt && ok:
			e.out.Int(i, digits)
		case kind == parquetInt:
			e.out.Int(i, integer(value))
		case ok:
			e.out.Double(i, doubleOf(digits, decimals))
		default:
			e.out.Double(i, double(value))
		}
	}
	return found
}

// texts adds JSON values to a column of texts, and returns the kinds of the values. It overwrites the slice values.
func (e *parquetEncoder) texts(i int, values [][]byte) (found traits) {
	e.scratch = e.scratch[:0]
	for row, value := range values {
		if isNull(value) {
			values[row] = nil
			continue
		}
		traits := e.traits[row]
		if value[0] == '"' {
			found |= someText
			if value = value[1 : len(value)-1]; traits.mayHaveEscapes {
				value = e.decoded(value)
			}
		} else {
			found |= traitsOf(value)
		}
		if traits.mayHaveBadText {
			value = e.changes.validText(value)
		}
		values[row] = value
	}
	e.out.Texts(i, values)
	return found
}

// decoded returns the text of a JSON string. The result is valid until the next column is encoded.
func (e *parquetEncoder) decoded(text []byte) []byte {
	if !jsonscan.HasEscape(text) {
		return text
	}
	from := len(e.scratch)
	e.scratch = jsonscan.AppendDecoded(e.scratch, text)
	return e.scratch[from:len(e.scratch):len(e.scratch)]
}

// json adds JSON values to a column of JSON, and returns the kinds of the values. It overwrites the slice values.
func (e *parquetEncoder) json(i int, values [][]byte) (found traits) {
	for row, value := range values {
		if isNull(value) {
			values[row] = nil
			continue
		}
		found |= traitsOf(value)
		switch traits := e.traits[row]; {
		case traits.mayHaveNonFinite:
			var scratch []byte // new for each value, because the slice values keeps the result
			values[row] = e.changes.valid(value, true, &scratch)
		case traits.mayHaveBadText:
			values[row] = e.changes.validText(value)
		}
	}
	e.out.Texts(i, values)
	return found
}
