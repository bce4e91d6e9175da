package write

import (
	"context"
	"io"
	"strconv"

	"github.com/parquet-go/parquet-go"

	"sbwatch/model/jsonscan"
	"sbwatch/model/text"
)

const (
	// groupRows is the number of rows in a row group. Readers process one group after the other, or several in
	// parallel.
	groupRows = 128 << 10
	// maxDictionarySize is the maximum size, in bytes, of a column's dictionary. After that, values are written without
	// a dictionary.
	maxDictionarySize = 1 << 20
	// maxPagesSize is the approximate maximum size, in bytes, of the unfinished pages of all columns together. In a
	// file with many columns, the pages are therefore smaller.
	maxPagesSize = 128 << 20
	// minPageSize and maxPageSize are the minimum and maximum size of a page, in bytes.
	minPageSize, maxPageSize = 2 << 10, 256 << 10
	// maxBufferedValues is the maximum number of values of all columns that are buffered before they are passed to the
	// library.
	maxBufferedValues = 1 << 20
)

// writeParquet writes a Parquet file.
func writeParquet(ctx context.Context, w io.Writer, t *table) error {
	if len(t.columns) == 0 { // there are no items; some readers cannot open a file without columns
		t.columns = []Column{{Name: text.NewText(itemName)}}
		t.names = names(t.columns)
	}
	kinds, err := parquetKinds(ctx, t)
	if err != nil {
		return err
	}
	out := parquet.NewWriter(w, parquetSchema(t, kinds),
		parquet.Compression(&parquet.Snappy),
		parquet.DataPageVersion(1), // every reader supports version 1
		parquet.DictionaryMaxBytes(maxDictionarySize),
		parquet.PageBufferSize(pageSize(len(kinds))),
		parquet.CreatedBy("sbwatch", "", ""),
	)
	columns := make([]parquetColumn, len(kinds))
	for i, kind := range kinds {
		columns[i] = parquetColumn{kind: kind, index: i, changes: t.changes}
	}
	cells := newCells(t)
	flush := func() error {
		for i := range columns {
			if err := columns[i].flush(out.ColumnWriters()[i]); err != nil {
				return err
			}
		}
		return nil
	}
	written, bufferedRows := 0, min(stepRows, max(1, maxBufferedValues/len(kinds)))
	err = t.each(ctx, func(row int) error {
		for i, value := range cells.of(row) {
			if kinds[i] == parquetJSON && value != nil && t.items.HasNonFinite(row) {
				value = t.changes.valid(value, true, new([]byte))
			}
			columns[i].add(value)
		}
		written++
		switch {
		case written%groupRows == 0:
			if err := flush(); err != nil {
				return err
			}
			return out.Flush()
		case written%bufferedRows == 0:
			return flush()
		default:
			return nil
		}
	})
	if err != nil {
		return err
	}
	if err := flush(); err != nil {
		return err
	}
	return out.Close()
}

// pageSize returns the size of a page, in bytes, in a file with the given number of columns.
func pageSize(columns int) int { return min(maxPageSize, max(minPageSize, maxPagesSize/columns)) }

// parquetSchema returns a schema that has the columns in their order.
func parquetSchema(t *table, kinds []parquetKind) *parquet.Schema {
	group, order := parquet.Group{}, make([]string, len(kinds))
	var taken text.Names
	for i, kind := range kinds {
		name := t.names[i]
		if name == "" {
			name = "(empty)" // Spark rejects a column without a name
		}
		order[i] = taken.Distinct(string(validUTF8([]byte(name))))
		group[order[i]] = parquet.Optional(kind.node())
	}
	return parquet.NewSchema("items", newOrderedGroup(group, order))
}

// node returns the library's type for a kind of column.
func (k parquetKind) node() parquet.Node {
	switch k {
	case parquetBool:
		return parquet.Leaf(parquet.BooleanType)
	case parquetInt:
		return parquet.Int(64)
	case parquetDouble:
		return parquet.Leaf(parquet.DoubleType)
	case parquetJSON:
		return parquet.JSON()
	default:
		return parquet.Encoded(parquet.String(), &parquet.RLEDictionary)
	}
}

// orderedGroup is a group that keeps the order of its fields. The library's own groups sort fields by name.
type orderedGroup struct {
	parquet.Group
	fields []parquet.Field
}

func newOrderedGroup(group parquet.Group, order []string) orderedGroup {
	byName := make(map[string]parquet.Field, len(order))
	for _, field := range group.Fields() {
		byName[field.Name()] = field
	}
	g := orderedGroup{Group: group}
	for _, name := range order {
		g.fields = append(g.fields, byName[name])
	}
	return g
}

// Fields returns the columns in their order.
func (g orderedGroup) Fields() []parquet.Field { return g.fields }

// parquetColumn buffers the values of a column, so that many are passed to the library at once.
type parquetColumn struct {
	kind    parquetKind
	index   int
	changes *Changes
	values  []parquet.Value
	// scratch holds decoded texts until they are written.
	scratch []byte
}

// add adds a JSON value. If value is nil, the value is missing.
func (c *parquetColumn) add(value []byte) {
	if len(value) == 0 || value[0] == 'n' {
		c.values = append(c.values, parquet.NullValue().Level(0, 0, c.index))
		return
	}
	c.values = append(c.values, c.valueOf(value).Level(0, 1, c.index))
}

func (c *parquetColumn) valueOf(value []byte) parquet.Value {
	switch c.kind {
	case parquetBool:
		return parquet.BooleanValue(value[0] == 't')
	case parquetInt:
		number, _ := strconv.ParseInt(string(value), 10, 64) // parquetKinds has checked that it fits
		return parquet.Int64Value(number)
	case parquetDouble:
		number, _ := strconv.ParseFloat(string(value), 64) // parquetKinds has checked that it fits
		return parquet.DoubleValue(number)
	case parquetText:
		if value[0] == '"' {
			value = value[1 : len(value)-1]
			if jsonscan.HasEscape(value) {
				from := len(c.scratch)
				c.scratch = jsonscan.AppendDecoded(c.scratch, value)
				value = c.scratch[from:]
			}
		}
	case parquetJSON:
	}
	return parquet.ByteArrayValue(c.changes.validText(value))
}

// flush writes the buffered values.
func (c *parquetColumn) flush(w *parquet.ColumnWriter) error {
	_, err := w.WriteRowValues(c.values)
	c.values, c.scratch = c.values[:0], c.scratch[:0]
	return err
}
