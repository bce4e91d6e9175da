// Package tabular writes items as text to paste into other programs: CSV, tab-separated values, a Markdown table or
// JSON.
package tabular

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"sbwatch/model/item"
	"sbwatch/model/jsonscan"
	"sbwatch/model/parse"
)

// Format is a text format, such as CSV.
type Format int

// The formats.
const (
	// CSV follows RFC 4180. Null and missing values are empty fields. An empty text is written as two quotes.
	CSV Format = iota
	// TSV separates values with tabs, for spreadsheets. Tabs and line breaks inside a value become spaces. A text that
	// a spreadsheet would execute as a formula starts with an apostrophe.
	TSV
	// Markdown is a table. Line breaks inside a value become <br>.
	Markdown
	// JSON is an array of whole items.
	JSON
)

// Formats returns all formats.
func Formats() []Format { return []Format{CSV, TSV, Markdown, JSON} }

// String returns the name of the format.
func (f Format) String() string {
	return [...]string{CSV: "CSV", TSV: "TSV", Markdown: "Markdown", JSON: "JSON"}[f]
}

// Writer writes items of a table. The methods are called in this order: Begin, Add for each item, End.
type Writer struct {
	Format Format
	Items  item.Table
	// Columns are the columns to write. JSON ignores them, because it always has whole items.
	Columns []item.Path
	// Shown returns the text that the table shows for a value, or false to write the value itself. It may be nil. JSON
	// ignores it.
	Shown func(path item.Path, value item.Cell) (string, bool)

	text    []byte
	scratch []byte
	readers []*item.Reader
	rows    int
}

// Begin writes the text before the items, such as a header.
func (w *Writer) Begin() {
	for _, path := range w.Columns {
		w.readers = append(w.readers, w.Items.Reader(path))
	}
	if w.Format == JSON {
		w.text = append(w.text, '[')
		return
	}
	for i, path := range w.Columns {
		w.field(i, []byte(path.Name().Raw()), true)
	}
	w.endRow()
	if w.Format == Markdown {
		w.text = append(w.text, strings.Repeat("| --- ", len(w.Columns))...)
		w.text = append(w.text, "|\n"...)
	}
}

// Add writes an item.
func (w *Writer) Add(entry int) {
	w.rows++
	if w.Format == JSON {
		if w.rows > 1 {
			w.text = append(w.text, ',')
		}
		w.text = append(w.text, '\n')
		w.text, _ = jsonscan.AppendFinite(w.text, w.Items.Row(entry))
		return
	}
	for i, reader := range w.readers {
		value := reader.Cell(entry)
		if w.Shown != nil {
			if shown, ok := w.Shown(w.Columns[i], value); ok {
				w.field(i, []byte(shown), false)
				continue
			}
		}
		switch value.Kind() {
		case item.CellMissing, item.CellNull:
			w.field(i, nil, false)
		case item.CellString:
			raw := value.Raw()
			w.field(i, jsonscan.Decoded(raw[1:len(raw)-1], &w.scratch), true)
		case item.CellBool, item.CellNumber, item.CellArray, item.CellObject:
			w.field(i, value.Raw(), false)
		}
	}
	w.endRow()
}

// End writes the text after the items. It returns the whole text, in which bytes that are not UTF-8 are replaced.
func (w *Writer) End() string {
	if w.Format == JSON {
		w.text = append(w.text, "\n]\n"...)
	}
	return string(bytes.ToValidUTF8(w.text, []byte(string(utf8.RuneError))))
}

// Len returns the size of the text so far, in bytes.
func (w *Writer) Len() int { return len(w.text) }

// field writes a value of column i. The parameter isText says whether the value is a text. Other values are null,
// numbers, booleans and nested JSON.
func (w *Writer) field(i int, value []byte, isText bool) {
	switch w.Format {
	case CSV:
		if i > 0 {
			w.text = append(w.text, ',')
		}
		w.text = appendCSV(w.text, value, isText)
	case TSV:
		if i > 0 {
			w.text = append(w.text, '\t')
		}
		if isText && isFormula(value) {
			w.text = append(w.text, '\'')
		}
		w.text = append(w.text, oneLine(value, " ")...)
	case Markdown:
		if i == 0 {
			w.text = append(w.text, '|')
		}
		w.text = append(w.text, ' ')
		w.text = append(w.text, markdownEscapes().Replace(oneLine(value, "<br>"))...)
		w.text = append(w.text, " |"...)
	case JSON:
	}
}

func (w *Writer) endRow() {
	if w.Format == CSV {
		w.text = append(w.text, '\r')
	}
	w.text = append(w.text, '\n')
}

// appendCSV writes a field, in quotes if necessary. An empty text is also quoted, to distinguish it from null.
func appendCSV(dst, value []byte, isText bool) []byte {
	if !bytes.ContainsAny(value, "\",\r\n") && (len(value) > 0 || !isText) {
		return append(dst, value...)
	}
	dst = append(dst, '"')
	dst = append(dst, bytes.ReplaceAll(value, []byte(`"`), []byte(`""`))...)
	return append(dst, '"')
}

// isFormula reports whether a spreadsheet would treat a text as a formula. Numbers such as -5 are not formulas.
func isFormula(value []byte) bool {
	if len(value) == 0 || !bytes.ContainsRune([]byte("=+-@\t\r"), rune(value[0])) {
		return false
	}
	_, isNumber := (parse.Numbers{}).Number(value)
	return !isNumber
}

// oneLine replaces each line break with lineBreak, and each tab with a space.
func oneLine(value []byte, lineBreak string) string {
	return strings.NewReplacer("\r\n", lineBreak, "\n", lineBreak, "\r", lineBreak, "\t", " ").Replace(string(value))
}

// markdownEscapes returns a replacer that escapes the characters that would end a cell of a Markdown table.
func markdownEscapes() *strings.Replacer { return strings.NewReplacer(`\`, `\\`, "|", `\|`) }
