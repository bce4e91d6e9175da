package filter

import (
	"errors"
	"strconv"
	"strings"

	"sbwatch/model/item"
	"sbwatch/model/jsonscan"
	"sbwatch/model/parse"
	"sbwatch/model/search"
	"sbwatch/model/text"
)

// source is where the values of one name come from.
type source struct {
	items item.Table
	place item.Place
	// counted is for page and row, which no item holds; nil for a place.
	counted func(row int) int
}

// resolve finds what a name stands for: a column or what is nested in one, the same in other letters, page, row.
func resolve(items item.Table, name string) (source, bool) {
	if place, found := items.FindPlace(name); found {
		return source{items: items, place: place}, true
	}
	switch name {
	case "page":
		return source{items: items, counted: items.Page}, true
	case "row":
		return source{items: items, counted: func(row int) int { return row + 1 }}, true
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

// unknownColumn is the error for a name that stands for nothing.
func unknownColumn(items item.Table, c column) *Error {
	err := &Error{From: c.from, To: c.to, Reason: "no column " + shown(quoteName(c.text))}
	if near := nearest(items, c.text); near != "" {
		err.Hint = "did you mean " + shown(quoteName(near)) + "?"
		return err
	}
	const most = 5
	var names []string
	for _, column := range items.Columns()[:min(most, len(items.Columns()))] {
		names = append(names, shown(quoteName(column.Name.Raw())))
	}
	if len(items.Columns()) > most {
		names = append(names, "…")
	}
	err.Hint = "there are " + strings.Join(names, ", ")
	return err
}

// nearest is the name that is most like one that is not there; "" where none is.
func nearest(items item.Table, name string) string {
	columns := func(yield func(string) bool) {
		for _, column := range items.Columns() {
			if !yield(column.Name.Raw()) {
				return
			}
		}
	}
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

// values reads the values of one name, row by row.
type values struct {
	source
	// reader is for a name of which an item has one value, many for one of which it can have several.
	reader *item.Reader
	many   *item.PlaceReader
	found  bool
	// at is the row of cell; -1 before the first.
	at      int
	cell    item.Cell
	decoded []byte
	learned bool
	numbers parse.Numbers
	dates   parse.Dates
}

// begin makes the reader.
func (v *values) begin() {
	if !v.found || v.counted != nil {
		return
	}
	if path, one := v.place.Path(); one {
		v.reader = v.items.Reader(path)
	} else {
		v.many = v.items.PlaceReader(v.place)
	}
}

// any makes what tells whether one of the values in a row is as asked.
func (v *values) any(is test) holds {
	if v.many != nil {
		return func(row int) bool { return v.many.Any(row, is) }
	}
	return func(row int) bool { return is(v.cellOf(row)) }
}

// cellOf is the only value in a row.
func (v *values) cellOf(row int) item.Cell {
	if row == v.at {
		return v.cell
	}
	v.at = row
	switch {
	case !v.found:
	case v.counted == nil:
		v.cell = v.reader.Cell(row)
	default:
		v.cell = item.Cell{}
		if n := v.counted(row); n > 0 {
			v.decoded = strconv.AppendInt(v.decoded[:0], int64(n), 10)
			v.cell = item.NewCell(v.decoded)
		}
	}
	return v.cell
}

// text is what a cell says, decoded. It is good until the next call.
func (v *values) text(cell item.Cell) []byte {
	raw := cell.Raw()
	if cell.Kind() != item.CellString {
		return raw
	}
	return jsonscan.Decoded(raw[1:len(raw)-1], &v.decoded)
}

// learn finds how the column is written.
func (v *values) learn() {
	if v.learned || !v.found || v.counted != nil {
		return
	}
	v.learned = true
	var learner parse.Learner
	add := v.any(func(cell item.Cell) bool {
		if cell.Kind() == item.CellString {
			learner.Add(v.text(cell))
		}
		return false // so that all are taken
	})
	for row := range parse.Sample(v.items.Len()) {
		add(row)
	}
	v.numbers, v.dates = learner.Numbers(), learner.Dates()
}

// number reads a cell as a number.
func (v *values) number(cell item.Cell) (float64, bool) {
	switch cell.Kind() {
	case item.CellNumber:
		return parse.JSON(cell.Raw()), true
	case item.CellString:
		return v.numbers.Number(v.text(cell))
	default:
		return 0, false
	}
}

// searchError is the error for a text that cannot be searched for.
func searchError(v value, err error) *Error {
	wrong := &Error{v.from, v.to, "this cannot be looked for", ""}
	if cause, ok := errors.AsType[*search.Error](err); ok {
		wrong.Reason = cause.Reason
		if !v.quoted {
			wrong.From, wrong.To = v.from+cause.From, min(v.from+cause.To, v.to)
		}
	}
	return wrong
}
