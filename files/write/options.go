package write

import (
	"strings"
	"unicode/utf8"

	"sbwatch/files"
	"sbwatch/model/item"
	"sbwatch/model/jsonscan"
	"sbwatch/model/text"
	"sbwatch/work"
)

// Options configure an export.
type Options struct {
	Format      files.Format
	Compression files.Compression
	// Rows are the numbers of the items to write, in this order. If it is nil, all items are written in their original
	// order.
	Rows []uint32
	// Columns are the columns to write, in this order. If it is nil, whole items are written.
	Columns []Column
	// CSVSafe writes a ' before each text that a spreadsheet would treat as a formula. Such a text starts with =, +, -,
	// @, a tab or CR, and is not a number.
	CSVSafe bool
	// CSVDelimiter separates the fields of CSV. 0 means a comma.
	CSVDelimiter byte
	// CSVMark starts CSV with a byte order mark. Excel needs it to recognize UTF-8.
	CSVMark bool
	// ParquetZstd compresses Parquet with zstd, which takes less space than snappy.
	ParquetZstd bool
	// Changes, if not nil, receives the number of values that had to be changed.
	Changes *Changes
	// Progress, if not nil, receives the progress of the export.
	Progress *work.Progress
}

// Changes counts the values that an export had to change.
type Changes struct {
	// NonFinite is the number of NaN and Infinity values that were written as null. JSON has no such numbers.
	NonFinite int64
	// BadText is the number of values or items in which invalid UTF-8 was replaced by U+FFFD.
	BadText int64
}

// Sentences returns one sentence for each kind of change.
func (c *Changes) Sentences() []string {
	var sentences []string
	if c.NonFinite > 0 {
		sentences = append(sentences, text.Counted(c.NonFinite, "NaN or Infinity value")+" written as null, because JSON has no such numbers")
	}
	if c.BadText > 0 {
		sentences = append(sentences, text.Counted(c.BadText, "text")+" with invalid UTF-8: the invalid bytes were replaced by U+FFFD")
	}
	return sentences
}

// valid returns valid JSON: it replaces NaN and Infinity by null, and bytes that are not UTF-8 by U+FFFD. The result
// may use the memory of scratch. mayHave reports whether the text may contain NaN or Infinity.
func (c *Changes) valid(text []byte, mayHave bool, scratch *[]byte) []byte {
	if mayHave {
		var replaced int
		*scratch, replaced = jsonscan.AppendFinite((*scratch)[:0], text)
		c.NonFinite += int64(replaced)
		text = *scratch
	}
	return c.validText(text)
}

// validText returns text with each run of bytes that are not UTF-8 replaced by U+FFFD.
func (c *Changes) validText(text []byte) []byte {
	if utf8.Valid(text) {
		return text
	}
	c.BadText++
	return validUTF8(text)
}

// Column is a column to write: the path of its values, and its name.
type Column struct {
	Path item.Path
	// Name is the key or the header of the column. If it is empty, the name of the path is used.
	Name text.Text
}

// ColumnsOf returns a column for each path, named after the path.
func ColumnsOf(paths []item.Path) []Column {
	columns := make([]Column, len(paths))
	for i, p := range paths {
		columns[i] = Column{Path: p, Name: p.Name()}
	}
	return columns
}

// AllColumns returns the columns of a table in its order. It does not split nested values. If all items are empty
// objects, the table has no columns; AllColumns then returns one column of whole items.
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

// itemName is the name of a column of whole items.
const itemName = "(item)"

// names returns unique names for columns.
func names(columns []Column) []string {
	var taken text.Names
	all := make([]string, len(columns))
	for i, c := range columns {
		name := c.Name.Raw()
		if c.Name.IsEmpty() {
			name = c.Path.Name().Raw()
		}
		all[i] = taken.Distinct(string(validUTF8([]byte(name))))
	}
	return all
}

// validUTF8 returns text with each run of invalid bytes replaced by U+FFFD.
func validUTF8(text []byte) []byte {
	if utf8.Valid(text) {
		return text
	}
	return []byte(strings.ToValidUTF8(string(text), string(utf8.RuneError)))
}
