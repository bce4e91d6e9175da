package filter

import (
	"bytes"
	"cmp"
	"time"

	"sbwatch/model"
	"sbwatch/model/profile"
	"sbwatch/model/reading"
	"sbwatch/model/search"
)

// Picker applies the filter to a table. Columns that the table does not have are missing in every item.
func (e Expr) Picker(items model.Items) model.Picker {
	if e.root == nil {
		return model.PickEach(func(int) bool { return true })
	}
	b := binder{items: items, known: map[string]*values{}}
	return model.PickEach(b.bind(e.root))
}

// holds tells of a row whether a part of the filter holds for it.
type holds = func(row int) bool

// binder makes what judges the rows of one table.
type binder struct {
	items model.Items
	// known has the values of each name, so that a column that is named twice is read once.
	known map[string]*values
}

func (b *binder) bind(n *node) holds {
	var parts []holds
	for _, part := range n.nodes {
		parts = append(parts, b.bind(part))
	}
	switch n.kind {
	case allOf:
		return func(row int) bool {
			for _, part := range parts {
				if !part(row) {
					return false
				}
			}
			return true
		}
	case anyOf:
		return func(row int) bool {
			for _, part := range parts {
				if part(row) {
					return true
				}
			}
			return false
		}
	case noneOf:
		return not(parts[0])
	default:
		return b.bindCondition(&n.condition)
	}
}

func not(part holds) holds { return func(row int) bool { return !part(row) } }

func (b *binder) bindCondition(c *condition) holds {
	v := b.valuesOf(c.column)
	switch c.op {
	case opPresent:
		return func(row int) bool { return profile.PresenceOf(v.cellOf(row)) == profile.Present }
	case opEqual:
		return bindEqual(v, c.value)
	case opNotEqual:
		return not(bindEqual(v, c.value))
	case opContains:
		return bindContains(v, c.value)
	case opNotContains:
		return not(bindContains(v, c.value))
	default:
		return bindOrder(v, c.op, c.value)
	}
}

// valuesOf are the values of a column.
func (b *binder) valuesOf(c column) *values {
	key := c.text
	if c.bound {
		key = "\x00" + key // the same name may stand for another path
	}
	if v := b.known[key]; v != nil {
		return v
	}
	v := &values{at: -1}
	if c.bound {
		v.source, v.found = source{items: b.items, path: c.path}, true
	} else {
		v.source, v.found = resolve(b.items, c.text)
	}
	if v.found && v.counted == nil {
		v.reader = b.items.Reader(v.path)
	}
	b.known[key] = v
	return v
}

func bindContains(v *values, what value) holds {
	query, err := search.Parse(what.text)
	if err != nil { // which parsing has refused
		return func(int) bool { return false }
	}
	return func(row int) bool {
		cell := v.cellOf(row)
		return cell.Kind() != model.CellNull && query.MatchCell(cell)
	}
}

// bindEqual makes what compares with a value: with a word that stands for itself; else with a text, and with the number
// or the date that it is, if it is not quoted.
func bindEqual(v *values, what value) holds {
	switch {
	case what.isWord("missing"):
		return func(row int) bool { return v.cellOf(row).Kind() == model.CellMissing }
	case what.isWord("null"):
		return func(row int) bool { return v.cellOf(row).Kind() == model.CellNull }
	case what.isWord("true"), what.isWord("false"):
		word := bytes.ToLower([]byte(what.text))
		return func(row int) bool { return bytes.EqualFold(v.text(v.cellOf(row)), word) }
	}
	text := []byte(what.text)
	isText := func(row int) bool {
		cell := v.cellOf(row)
		return cell.Kind() != model.CellMissing && cell.Kind() != model.CellNull && bytes.Equal(v.text(cell), text)
	}
	if what.quoted {
		return isText
	}
	v.learn()
	if number, ok := v.numbers.Number(text); ok {
		exact := digits(text) <= exactDigits
		return func(row int) bool {
			got, ok := v.number(v.cellOf(row))
			return ok && got == number && exact || isText(row)
		}
	}
	if date, ok := v.dateOf(what); ok {
		return func(row int) bool {
			order, ok := date.compare(v, v.cellOf(row))
			return ok && order == 0 || isText(row)
		}
	}
	return isText
}

// exactDigits is how many digits a number may have to be told from every other. Longer ones are compared as they are written.
const exactDigits = 15

func digits(text []byte) int {
	n := 0
	for _, c := range text {
		if c >= '0' && c <= '9' {
			n++
		}
	}
	return n
}

// bindOrder makes what asks which is the greater: as numbers or dates where the value is one, else in natural order.
func bindOrder(v *values, op operator, what value) holds {
	v.learn()
	text := []byte(what.text)
	if number, ok := v.numbers.Number(text); ok {
		return func(row int) bool {
			got, ok := v.number(v.cellOf(row))
			return ok && op.fits(cmp.Compare(got, number))
		}
	}
	if date, ok := v.dateOf(what); ok {
		return func(row int) bool {
			order, ok := date.compare(v, v.cellOf(row))
			return ok && op.fits(order)
		}
	}
	return func(row int) bool {
		cell := v.cellOf(row)
		return cell.Kind() == model.CellString && op.fits(reading.CompareNatural(v.text(cell), text))
	}
}

// fits tells whether an order, as comparisons give it, is what the operator asks for.
func (o operator) fits(order int) bool {
	switch o {
	case opLess:
		return order < 0
	case opLessEqual:
		return order <= 0
	case opGreater:
		return order > 0
	case opGreaterEqual:
		return order >= 0
	default:
		return false
	}
}

// dateValue is a date to compare with.
type dateValue struct {
	time.Time
	// isDay is true where no time of day was given: the whole day is then equal.
	isDay bool
}

// dateOf reads a value as a date.
func (v *values) dateOf(what value) (dateValue, bool) {
	date, ok := v.dates.Date([]byte(what.text))
	return dateValue{date, bytes.IndexByte([]byte(what.text), ':') < 0}, ok
}

// compare compares the date that a cell says with d.
func (d dateValue) compare(v *values, cell model.Cell) (order int, ok bool) {
	if cell.Kind() != model.CellString {
		return 0, false
	}
	got, ok := v.dates.Date(v.text(cell))
	if !ok {
		return 0, false
	}
	if d.isDay {
		got = got.Truncate(24 * time.Hour)
	}
	return got.Compare(d.Time), true
}
