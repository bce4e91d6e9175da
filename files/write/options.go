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
	// Rows are the indexes of the items to write, in this order. If Rows is nil, all items are written in their
	// original order.
	Rows []uint32
	// Columns are the columns to write, in this order. If Columns is nil, the items are written with all their keys.
	Columns []Column
	// CSVSafe adds a ' before each text that a spreadsheet would treat as a formula. Such a text starts with =, +, -,
	// @, a tab or CR, and is not a number.
	CSVSafe bool
	// CSVDelimiter separates the fields of CSV. 0 means a comma.
	CSVDelimiter byte
	// CSVMark makes CSV start with a byte order mark. Without it, Excel does not recognize UTF-8.
	CSVMark bool
	// ParquetZstd compresses Parquet with zstd. The files are smaller than with snappy, the default.
	ParquetZstd bool
	// Changes receives the number of values that had to be changed. It may be nil.
	Changes *Changes
	// Progress receives the progress of the export. It may be nil.
	Progress *work.Progress
}

// Changes counts the values that an export had to change.
type Changes struct {
	// NonFinite is the number of NaN and Infinity values that were written as null, because JSON has no such numbers.
	NonFinite int64
	// BadText is the number of values or items with invalid UTF-8, which was replaced with U+FFFD.
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

// valid returns text as valid JSON: it replaces NaN and Infinity with null, and invalid UTF-8 with U+FFFD. mayHave says
// whether the text may contain NaN or Infinity. The result may be stored in scratch.
func (c *Changes) valid(text []byte, mayHave bool, scratch *[]byte) []byte {
	if mayHave {
		var replaced int
		*scratch, replaced = jsonscan.AppendFinite((*scratch)[:0], text)
		c.NonFinite += int64(replaced)
		text = *scratch
	}
	return c.validText(text)
}

// validText returns text as valid UTF-8. It replaces each sequence of invalid bytes with one U+FFFD, and counts the
// change.
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
	// Name is the key or the header of the column. If it is empty, the name of Path is used.
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

// AllColumns returns the columns of a table in their order in the table. It does not split nested values. If all items
// are empty objects, the table has no columns, and AllColumns returns a single column for the whole items.
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

// itemName is the name of the column for whole items.
const itemName = "(item)"

// names returns a unique name for each column.
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

// validUTF8 returns text with each sequence of invalid bytes replaced with one U+FFFD.
func validUTF8(text []byte) []byte {
	if utf8.Valid(text) {
		return text
	}
	return []byte(strings.ToValidUTF8(string(text), string(utf8.RuneError)))
}
