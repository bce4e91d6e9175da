package write

import (
	"strings"
	"unicode/utf8"

	"sbwatch/files"
	"sbwatch/model/item"
	"sbwatch/model/text"
	"sbwatch/work"
)

// Options say what is written, and how.
type Options struct {
	Format      files.Format
	Compression files.Compression
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
