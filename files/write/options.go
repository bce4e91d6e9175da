package write

import (
	"errors"
	"path/filepath"
	"strconv"
	"strings"
	"unicode/utf8"

	"sbwatch/model/item"
	"sbwatch/model/text"
	"sbwatch/work"
)

// Format is how items are written.
type Format int

// The formats.
const (
	CSV Format = iota
	JSON
	NDJSON
	Parquet
)

// Formats are all of them, in the order in which they are offered.
func Formats() []Format { return []Format{CSV, JSON, NDJSON, Parquet} }

// String is the format's name on the command line, which is also the usual ending of its files.
func (f Format) String() string {
	switch f {
	case CSV:
		return "csv"
	case JSON:
		return "json"
	case NDJSON:
		return "ndjson"
	case Parquet:
		return "parquet"
	default:
		return "format " + strconv.Itoa(int(f))
	}
}

// FormatNamed is the format of a name, whatever its case; false where there is none.
func FormatNamed(name string) (Format, bool) {
	name = strings.ToLower(name)
	for _, f := range Formats() {
		if f.String() == name {
			return f, true
		}
	}
	switch name {
	case "jsonl":
		return NDJSON, true
	case "pq":
		return Parquet, true
	default:
		return 0, false
	}
}

// Compression is what is put around a format.
type Compression int

// The compressions.
const (
	Uncompressed Compression = iota
	Gzip
	Zstd
)

// Ending is the usual ending of a file's name, with its dot; empty without compression.
func (c Compression) Ending() string {
	switch c {
	case Gzip:
		return ".gz"
	case Zstd:
		return ".zst"
	case Uncompressed:
	}
	return ""
}

// CompressionOf is what the ending of a file's name asks for, and the name without that ending.
func CompressionOf(name string) (c Compression, rest string) {
	ending := filepath.Ext(name)
	for _, c := range []Compression{Gzip, Zstd} {
		if strings.EqualFold(ending, c.Ending()) {
			return c, strings.TrimSuffix(name, ending)
		}
	}
	return Uncompressed, name
}

// FormatOf is the format that the ending of a file's name tells, also below that of a compression: "items.csv.gz".
func FormatOf(name string) (Format, bool) {
	_, name = CompressionOf(name)
	return FormatNamed(strings.TrimPrefix(filepath.Ext(name), "."))
}

// ErrPackedTwice is the error for a compression around Parquet, which is compressed within: other programs do not read that.
var ErrPackedTwice = errors.New("Parquet is compressed within: leave .gz or .zst out") //nolint:staticcheck // it begins with a name

// CheckNested tells whether a compression may be around a format.
func CheckNested(f Format, c Compression) error {
	if f == Parquet && c != Uncompressed {
		return ErrPackedTwice
	}
	return nil
}

// Options say what is written, and how.
type Options struct {
	Format      Format
	Compression Compression
	// Rows are the numbers of the items to write, in this order; nil: all of them, as they came.
	Rows []uint32
	// Columns are what is written of each item, in this order; nil: all of it.
	Columns []Column
	// CSVSafe writes a ' before each text in CSV that a spreadsheet would take for a formula: one that begins with =, +,
	// -, @, a tab or CR, and is no number.
	CSVSafe bool
	// Progress is told how far the writing has come; nil: it is not.
	Progress *work.Progress
}

// Column is a value of each item that is written, and under which name.
type Column struct {
	Path item.Path
	// Name is the key or the header; empty: the path's own name.
	Name text.Text
}

// ColumnsOf makes columns of paths, under the names of these.
func ColumnsOf(paths []item.Path) []Column {
	columns := make([]Column, len(paths))
	for i, p := range paths {
		columns[i] = Column{Path: p, Name: p.Name()}
	}
	return columns
}

// AllColumns are the columns of the table in its order, nested values within them. A table without a column, whose items
// are all empty objects, has one that holds the items whole, as there is nothing else to write.
func AllColumns(items item.Table) []Column {
	var columns []Column
	for _, c := range items.Columns() {
		columns = append(columns, Column{Path: c.Path(), Name: c.Name})
	}
	if len(columns) == 0 && items.Len() > 0 {
		columns = append(columns, Column{Name: text.NewText(itemName)})
	}
	return columns
}

// itemName is the name of a column that holds items whole.
const itemName = "(item)"

// names are the names of columns, no two alike.
func names(columns []Column) []string {
	var taken text.Names
	all := make([]string, len(columns))
	for i, c := range columns {
		name := c.Name.Raw()
		if c.Name.IsEmpty() {
			name = c.Path.Name().Raw()
		}
		all[i] = taken.Distinct(name)
	}
	return all
}

// validUTF8 is text in which every byte that is not UTF-8 has become U+FFFD.
func validUTF8(text []byte) []byte {
	if utf8.Valid(text) {
		return text
	}
	return []byte(strings.ToValidUTF8(string(text), string(utf8.RuneError)))
}
