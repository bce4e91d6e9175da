package filter

import (
	"bytes"
	"cmp"
	"time"

	"sbwatch/model/item"
	"sbwatch/model/parse"
	"sbwatch/model/profile"
	"sbwatch/model/search"
)

// Picker applies the filter to a table. Columns that the table does not have are missing in every item.
func (e Expr) Picker(items item.Table) item.Picker {
	if e.root == nil {
		return item.PickEach(func(int) bool { return true })
	}
	b := binder{items: items, known: map[string]*values{}}
	return item.PickEach(b.bind(e.root))
}

// holds tells of a row whether a part of the filter holds for it, and test of a value whether it is as asked.
type (
	holds = func(row int) bool
	test  = func(cell item.Cell) bool
)

// binder makes what judges the rows of one table.
type binder struct {
	items item.Table
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
		return v.any(isPresent)
	case opEqual:
		return v.any(bindEqual(v, c.value))
	case opNotEqual:
		return not(v.any(bindEqual(v, c.value)))
	case opContains:
		return v.any(bindContains(c.value))
	case opNotContains:
		return not(v.any(bindContains(c.value)))
	default:
		return v.any(bindOrder(v, c.op, c.value))
	}
}

func isPresent(cell item.Cell) bool { return profile.PresenceOf(cell) == profile.Present }

// valuesOf are the values of a column.
func (b *binder) valuesOf(c column) *values {
	key := c.text
	if c.bound {
		key = "\x00" + key // the same name may stand for another place
	}
	if v := b.known[key]; v != nil {
		return v
	}
	v := &values{at: -1}
	if c.bound {
		v.source, v.found = source{items: b.items, place: c.place}, true
	} else {
		v.source, v.found = resolve(b.items, c.text)
	}
	v.begin()
	b.known[key] = v
	return v
}

func bindContains(what value) test {
	query, err := search.Parse(what.text)
	if err != nil { // which parsing has refused
		return func(item.Cell) bool { return false }
	}
	return func(cell item.Cell) bool { return cell.Kind() != item.CellNull && query.MatchCell(cell) }
}

// bindEqual makes what compares with a value: with a word that stands for itself; else with a text, and with the number
// or the date that it is, if it is not quoted.
func bindEqual(v *values, what value) test {
	switch {
	case what.isWord("missing"):
		return func(cell item.Cell) bool { return cell.Kind() == item.CellMissing }
	case what.isWord("null"):
		return func(cell item.Cell) bool { return cell.Kind() == item.CellNull }
	case what.isWord("true"), what.isWord("false"):
		word := bytes.ToLower([]byte(what.text))
		return func(cell item.Cell) bool { return bytes.EqualFold(v.text(cell), word) }
	}
	text := []byte(what.text)
	isText := func(cell item.Cell) bool {
		return cell.Kind() != item.CellMissing && cell.Kind() != item.CellNull && bytes.Equal(v.text(cell), text)
	}
	if what.quoted {
		return isText
	}
	v.learn()
	if number, ok := v.numbers.Number(text); ok {
		exact := digits(text) <= exactDigits
		return func(cell item.Cell) bool {
			got, ok := v.number(cell)
			return ok && got == number && exact || isText(cell)
		}
	}
	if date, ok := v.dateOf(what); ok {
		return func(cell item.Cell) bool {
			order, ok := date.compare(v, cell)
			return ok && order == 0 || isText(cell)
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
func bindOrder(v *values, op operator, what value) test {
	v.learn()
	text := []byte(what.text)
	if number, ok := v.numbers.Number(text); ok {
		return func(cell item.Cell) bool {
			got, ok := v.number(cell)
			return ok && op.fits(cmp.Compare(got, number))
		}
	}
	if date, ok := v.dateOf(what); ok {
		return func(cell item.Cell) bool {
			order, ok := date.compare(v, cell)
			return ok && op.fits(order)
		}
	}
	return func(cell item.Cell) bool {
		return cell.Kind() == item.CellString && op.fits(parse.CompareNatural(v.text(cell), text))
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
func (d dateValue) compare(v *values, cell item.Cell) (order int, ok bool) {
	if cell.Kind() != item.CellString {
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
