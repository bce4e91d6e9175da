package write

import (
	"strings"
	"unicode/utf8"

	"sbwatch/files"
	"sbwatch/model/item"
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
	// Progress receives the progress of the export, if not nil.
	Progress *work.Progress
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
		all[i] = taken.Distinct(name)
	}
	return all
}

// validUTF8 returns text with each invalid byte replaced by U+FFFD.
func validUTF8(text []byte) []byte {
	if utf8.Valid(text) {
		return text
	}
	return []byte(strings.ToValidUTF8(string(text), string(utf8.RuneError)))
}
