package filter

import (
	"errors"
	"math"
	"strconv"
	"strings"

	"sbwatch/model/compact"
	"sbwatch/model/item"
	"sbwatch/model/jsonscan"
	"sbwatch/model/lang"
	"sbwatch/model/parse"
	"sbwatch/model/text"
)

// source is where the values of a column name come from: a place in the items, or a function that returns the page or
// row number.
type source struct {
	items item.Table
	place item.Place
	// ordinal returns the page or row number of a row. It is nil if the values are at a place in the items.
	ordinal func(row int) int
}

// resolve finds the source that a name refers to: a column, a nested value, or the page or row number. If no name is
// exactly the same, it finds the column whose name differs only in case. If there are several such columns, it finds
// none.
func resolve(items item.Table, name string) (source, bool) {
	if place, found := items.FindPlace(name); found {
		return source{items: items, place: place}, true
	}
	switch name {
	case "page":
		return source{items: items, ordinal: items.Page}, true
	case "row":
		return source{items: items, ordinal: func(row int) int { return row + 1 }}, true
	}
	var only string
	for _, column := range items.Columns() {
		own := column.Name.Raw()
		if len(name) < len(own) || !strings.EqualFold(name[:len(own)], own) || !item.LeadsWithin(name[len(own):]) {
			continue
		}
		if only != "" {
			return source{}, false
		}
		only = own + name[len(own):]
	}
	if only == "" {
		return source{}, false
	}
	place, found := items.FindPlace(only)
	return source{items: items, place: place}, found
}

func unknownColumn(items item.Table, c column) *lang.Error {
	return lang.UnknownColumn(c.from, c.to, c.text, suggestColumn(items, c.text), items.ColumnNames(), quoteName)
}

// suggestColumn returns the column name closest to name, or "" if none is similar.
func suggestColumn(items item.Table, name string) string {
	columns := items.ColumnNames()
	if near := text.Nearest(name, columns); near != "" && !strings.Contains(name, "[]") {
		return near
	}
	for i := range name {
		if item.LeadsWithin(name[i:]) {
			if near := text.Nearest(name[:i], columns); near != "" {
				return near + name[i:]
			}
			break
		}
	}
	return ""
}

// values reads the values of a column, or the page or row numbers, row by row.
type values struct {
	source
	// reader is set if an item has at most one value. The field many is set if an item can have several values.
	reader interface{ Cell(row int) item.Cell }
	// column is the compact column of the values, or nil if there is none.
	column *compact.Column
	many   *item.PlaceReader
	found  bool
	// The field at is the row from which cell was read, or -1 if no row was read yet.
	at      int
	cell    item.Cell
	decoded []byte
	learned bool
	numbers parse.Numbers
	dates   parse.Dates
}

// open creates the reader.
func (v *values) open() {
	if !v.found || v.ordinal != nil {
		return
	}
	if path, one := v.place.Path(); one {
		v.reader = v.items.Reader(path)
	} else {
		v.many = v.items.PlaceReader(v.place)
	}
}

// matchAny returns a predicate for rows. The predicate is true for a row if at least one value in the row satisfies the
// given predicate for cells.
func (v *values) matchAny(matches cellPredicate) rowPredicate {
	if v.many != nil {
		return func(row int) bool { return v.many.Any(row, matches) }
	}
	return func(row int) bool { return matches(v.cellAt(row)) }
}

// cellAt returns the value in a row. The source must have at most one value in each row.
func (v *values) cellAt(row int) item.Cell {
	if row == v.at {
		return v.cell
	}
	v.at = row
	switch {
	case !v.found:
	case v.ordinal == nil:
		v.cell = v.reader.Cell(row)
	default:
		v.cell = item.Cell{}
		if n := v.ordinal(row); n > 0 {
			v.decoded = strconv.AppendInt(v.decoded[:0], int64(n), 10)
			v.cell = item.NewCell(v.decoded)
		}
	}
	return v.cell
}

// text returns the decoded text of a cell. The result is valid until the next call.
func (v *values) text(cell item.Cell) []byte {
	raw := cell.Raw()
	if cell.Kind() != item.CellString {
		return raw
	}
	return jsonscan.Decoded(raw[1:len(raw)-1], &v.decoded)
}

// learn learns the number and date formats of the column from a sample of its values.
func (v *values) learn() {
	if v.learned || !v.found || v.ordinal != nil {
		return
	}
	v.learned = true
	if v.column != nil {
		v.numbers, v.dates = v.column.Style()
		return
	}
	var learner parse.Learner
	add := v.matchAny(func(cell item.Cell) bool {
		if cell.Kind() == item.CellString {
			learner.Add(v.text(cell))
		}
		return false // continue with the next value
	})
	for row := range parse.Sample(v.items.Len()) {
		add(row)
	}
	v.numbers, v.dates = learner.Numbers(), learner.Dates()
}

// number returns the number in a cell; see [parse.Imprecise].
func (v *values) number(cell item.Cell) (float64, bool) {
	switch cell.Kind() {
	case item.CellNumber:
		number := parse.JSON(cell.Raw())
		return number, !math.IsNaN(number)
	case item.CellString:
		return v.numbers.Number(v.text(cell))
	default:
		return 0, false
	}
}

// decimal returns the number in a cell with all its digits. The cell must have a number.
func (v *values) decimal(cell item.Cell) parse.Decimal {
	if cell.Kind() == item.CellNumber {
		return parse.DecimalOfJSON(cell.Raw())
	}
	return v.numbers.Decimal(v.text(cell))
}

// number is an operand that is a number.
type number struct {
	// nearest is the nearest float64. isPrecise reports whether it stands for no other number; if so, it suffices to
	// compare it. decimal has all digits.
	nearest   float64
	isPrecise bool
	decimal   parse.Decimal
}

// parseNumber parses an operand. It returns false if the operand is not a number.
func (v *values) parseNumber(operand value) (number, bool) {
	text := []byte(operand.text)
	read, ok := v.numbers.Number(text)
	if !ok {
		return number{}, false
	}
	n := number{nearest: read, decimal: v.numbers.Decimal(text)}
	if parse.Imprecise(read) {
		n.nearest, _ = v.numbers.Read(text)
		return n, true
	}
	n.isPrecise = math.Abs(read) < parse.MaxExact
	return n, true
}

// compare compares the number in a cell with n. It returns false if the cell is not a number.
func (n *number) compare(v *values, cell item.Cell) (order int, ok bool) {
	got, ok := v.number(cell)
	switch {
	case !ok:
		return 0, false
	case got < n.nearest:
		return -1, true
	case got > n.nearest && !parse.Imprecise(got):
		return 1, true
	case got == n.nearest && n.isPrecise:
		return 0, true
	default:
		return v.decimal(cell).Compare(n.decimal), true
	}
}

// searchError returns the error for a value that cannot be searched for, such as an invalid regular expression.
func searchError(v value, err error) *lang.Error {
	wrong := &lang.Error{From: v.from, To: v.to, Reason: "cannot search for this"}
	if cause, ok := errors.AsType[*lang.Error](err); ok {
		wrong.Reason, wrong.Hint = cause.Reason, cause.Hint
		if !v.quoted {
			wrong.From, wrong.To = v.from+cause.From, min(v.from+cause.To, v.to)
		}
	}
	return wrong
}
