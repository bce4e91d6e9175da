package filter

import (
	"bytes"
	"time"

	"sbwatch/model/compact"
	"sbwatch/model/item"
	"sbwatch/model/parse"
	"sbwatch/model/search"
)

// Picker applies the filter to a table. Columns that do not exist count as missing in every item.
func (e Expr) Picker(items item.Table) item.Picker { return e.PickerOn(items, nil) }

// PickerOn is like [Expr.Picker], but reads values from the given compact columns of the table. It reads other values
// from the items.
func (e Expr) PickerOn(items item.Table, columns map[item.Path]*compact.Column) item.Picker {
	if e.root == nil {
		return item.PickEach(func(int) bool { return true })
	}
	b := binder{items: items, columns: columns, cache: map[string]*values{}}
	return b.picker(e.root)
}

// A rowPredicate reports whether a row matches. A cellPredicate reports whether a single value matches.
type (
	rowPredicate  = func(row int) bool
	cellPredicate = func(cell item.Cell) bool
)

// binder compiles a filter for one table.
type binder struct {
	items   item.Table
	columns map[item.Path]*compact.Column
	// cache maps a column name to its values, so that a column that is named twice is read only once.
	cache map[string]*values
}

func (b *binder) bind(n *node) rowPredicate {
	var parts []rowPredicate
	for _, part := range n.nodes {
		parts = append(parts, b.bind(part))
	}
	switch n.kind {
	case andNode:
		return func(row int) bool {
			for _, part := range parts {
				if !part(row) {
					return false
				}
			}
			return true
		}
	case orNode:
		return func(row int) bool {
			for _, part := range parts {
				if part(row) {
					return true
				}
			}
			return false
		}
	case notNode:
		return not(parts[0])
	default:
		return b.bindCondition(&n.condition)
	}
}

func not(part rowPredicate) rowPredicate { return func(row int) bool { return !part(row) } }

func (b *binder) bindCondition(c *condition) rowPredicate {
	v := b.valuesOf(c.column)
	is, negated := bindCell(v, c)
	if negated {
		return not(v.matchAny(is))
	}
	return v.matchAny(is)
}

// bindCell returns a predicate for the values of a condition. If negated is false, a row matches if at least one of its
// values matches the predicate. If negated is true, a row matches if no value matches.
func bindCell(v *values, c *condition) (is cellPredicate, negated bool) {
	switch c.op {
	case opPresent:
		return isPresent, false
	case opEqual, opNotEqual:
		return bindEqual(v, c.value), c.op == opNotEqual
	case opContains, opNotContains:
		return bindContains(c.value), c.op == opNotContains
	default:
		return bindOrder(v, c.op, c.value), false
	}
}

func isPresent(cell item.Cell) bool { return cell.Presence() == item.Present }

func (b *binder) valuesOf(c column) *values {
	key := c.text
	if c.bound {
		key = "\x00" + key // the key of an unbound name can be the same text, but refer to another place
	}
	if v := b.cache[key]; v != nil {
		return v
	}
	v := &values{at: -1}
	if c.bound {
		v.source, v.found = source{items: b.items, place: c.place}, true
	} else {
		v.source, v.found = resolve(b.items, c.text)
	}
	v.open()
	if path, single := v.path(); single && b.columns[path] != nil {
		v.column = b.columns[path]
		v.reader = v.column.Reader()
	}
	b.cache[key] = v
	return v
}

func bindContains(operand value) cellPredicate {
	query, err := search.Parse(operand.text)
	if err != nil { // impossible after Parse
		return func(item.Cell) bool { return false }
	}
	matches := query.CellMatcher()
	return func(cell item.Cell) bool { return cell.Kind() != item.CellNull && matches(cell) }
}

// bindEqual returns a predicate for values that equal operand. A keyword such as null matches all values of that kind.
// Any other operand is compared as text. If it is not quoted, it is also compared as a number or a date.
func bindEqual(v *values, operand value) cellPredicate {
	switch {
	case operand.isWord("missing"):
		return func(cell item.Cell) bool { return cell.Kind() == item.CellMissing }
	case operand.isWord("null"):
		return func(cell item.Cell) bool { return cell.Kind() == item.CellNull }
	case operand.isWord("true"), operand.isWord("false"):
		word := bytes.ToLower([]byte(operand.text))
		return func(cell item.Cell) bool { return bytes.EqualFold(v.text(cell), word) }
	}
	text := []byte(operand.text)
	isText := func(cell item.Cell) bool {
		return cell.Kind() != item.CellMissing && cell.Kind() != item.CellNull && bytes.Equal(v.text(cell), text)
	}
	if operand.quoted {
		return isText
	}
	v.learn()
	if number, ok := v.parseNumber(operand); ok {
		return func(cell item.Cell) bool {
			order, ok := number.compare(v, cell)
			return ok && order == 0 || isText(cell)
		}
	}
	if date, ok := v.parseDate(operand); ok {
		return func(cell item.Cell) bool {
			order, ok := date.compare(v, cell)
			return ok && order == 0 || isText(cell)
		}
	}
	return isText
}

// bindOrder returns a predicate for an ordering operator. If operand is a number or a date, the predicate compares
// numbers or dates. Otherwise it compares text in natural order.
func bindOrder(v *values, op operator, operand value) cellPredicate {
	v.learn()
	text := []byte(operand.text)
	if number, ok := v.parseNumber(operand); ok {
		return func(cell item.Cell) bool {
			order, ok := number.compare(v, cell)
			return ok && op.accepts(order)
		}
	}
	if date, ok := v.parseDate(operand); ok {
		return func(cell item.Cell) bool {
			order, ok := date.compare(v, cell)
			return ok && op.accepts(order)
		}
	}
	return func(cell item.Cell) bool {
		return cell.Kind() == item.CellString && op.accepts(parse.CompareNatural(v.text(cell), text))
	}
}

// accepts reports whether the result of a comparison satisfies the operator. The result is negative, zero or positive.
func (o operator) accepts(order int) bool {
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

type dateValue struct {
	time.Time
	// isDay is set if the value has no time of day. The value then equals any time on that day.
	isDay bool
}

func (v *values) parseDate(operand value) (dateValue, bool) {
	date, ok := v.dates.Date([]byte(operand.text))
	return dateValue{date, bytes.IndexByte([]byte(operand.text), ':') < 0}, ok
}

// compare compares the date in a cell with d. It returns false if the cell is not a date.
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
