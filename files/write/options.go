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
	// Rows are the numbers of the items to write, in this order; nil means all items in their original order.
	Rows []uint32
	// Columns are the columns to write, in this order; nil means whole items.
	Columns []Column
	// CSVSafe writes a ' before each text in CSV that a spreadsheet would take for a formula: a text that begins with
	// =, +, -, @, a tab or CR and is not a number.
	CSVSafe bool
	// CSVDelimiter separates the fields of CSV; 0 is a comma.
	CSVDelimiter byte
	// CSVMark begins CSV with a byte order mark, from which Excel knows that the text is UTF-8.
	CSVMark bool
	// ParquetZstd compresses Parquet with zstd, which takes less space than snappy.
	ParquetZstd bool
	// Changes receives what had to be written differently, if not nil.
	Changes *Changes
	// Progress receives the progress of the export, if not nil.
	Progress *work.Progress
}

// Changes counts what an export could not hold as it was.
type Changes struct {
	// NonFinite is how many NaN and Infinity were written as null, because JSON has no such numbers.
	NonFinite int64
	// BadText is in how many places bytes that are not UTF-8 were written as U+FFFD: values, or whole items.
	BadText int64
}

// Sentences describes the changes, one sentence each.
func (c *Changes) Sentences() []string {
	var sentences []string
	if c.NonFinite > 0 {
		sentences = append(sentences, text.Counted(c.NonFinite, "value")+" NaN or Infinity: written as null, because JSON has no such numbers")
	}
	if c.BadText > 0 {
		sentences = append(sentences, text.Counted(c.BadText, "text")+" with bytes that are not UTF-8: written with U+FFFD in their place")
	}
	return sentences
}

// valid returns JSON text with null in the place of NaN and Infinity, and U+FFFD in the place of bytes that are not UTF-8. It may use
// scratch. mayHave reports whether the text may hold NaN or Infinity.
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

// Column is a value to write of each item, and its name.
type Column struct {
	Path item.Path
	// Name is the key or the header; the default is the name of the path.
	Name text.Text
}

// ColumnsOf returns columns for paths, with the names of the paths.
func ColumnsOf(paths []item.Path) []Column {
	columns := make([]Column, len(paths))
	for i, p := range paths {
		columns[i] = Column{Path: p, Name: p.Name()}
	}
	return columns
}

// AllColumns returns the columns of the table in its order, without splitting nested values. A table of empty objects
// has no columns; for it the result is one column of whole items, because there is nothing else to write.
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
