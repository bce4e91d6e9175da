package filter

import (
	"math"
	"slices"
	"time"

	"sbwatch/model/item"
	"sbwatch/model/parse"
	"sbwatch/model/vector"
)

// Paths returns the paths of the values that the filter reads from a table. It leaves out values inside lists.
// [Expr.PickerOn] is faster if it gets compact columns for these paths.
func (e Expr) Paths(items item.Table) []item.Path {
	var paths []item.Path
	b := binder{items: items, cache: map[string]*values{}}
	e.root.each(func(c *condition) {
		if path, single := b.valuesOf(c.column).path(); single && !slices.Contains(paths, path) {
			paths = append(paths, path)
		}
	})
	return paths
}

// ReadsCells reports whether a condition reads the cells at a path, so that their numbers or dates are not enough.
func (e Expr) ReadsCells(items item.Table, path item.Path) bool {
	reads := false
	b := binder{items: items, cache: map[string]*values{}}
	e.root.each(func(c *condition) {
		if !c.op.isOrdering() {
			other, single := b.valuesOf(c.column).path()
			reads = reads || single && other == path
		}
	})
	return reads
}

// path returns the path to the values. It returns false if there is no path, or if an item can have several values.
func (v *values) path() (item.Path, bool) {
	if !v.found || v.ordinal != nil {
		return item.Path{}, false
	}
	return v.place.Path()
}

// picker compiles a node. Conditions on compact columns are checked for many rows at a time. All other conditions are
// checked row by row.
func (b *binder) picker(n *node) item.Picker {
	if !b.hasColumn(n) {
		return item.PickEach(b.bind(n))
	}
	switch n.kind {
	case andNode:
		return b.andPicker(n)
	case orNode:
		parts := make([]item.Picker, 0, len(n.nodes))
		for _, part := range n.nodes {
			parts = append(parts, b.picker(part))
		}
		return &anyPicker{parts: parts}
	case notNode:
		return &notPicker{part: b.picker(n.nodes[0])}
	default:
		return b.columnPicker(&n.condition)
	}
}

// hasColumn reports whether at least one condition of the node is on a compact column.
func (b *binder) hasColumn(n *node) bool {
	has := false
	n.each(func(c *condition) { has = has || b.valuesOf(c.column).column != nil })
	return has
}

// andPicker returns the picker for conditions that are joined by "and". Conditions on compact columns come first,
// because they are fast.
func (b *binder) andPicker(n *node) item.Picker {
	p := &allPicker{}
	rest := &node{kind: andNode}
	for _, part := range n.nodes {
		if b.hasColumn(part) {
			p.parts = append(p.parts, b.picker(part))
		} else {
			rest.nodes = append(rest.nodes, part)
		}
	}
	if len(rest.nodes) > 0 {
		p.parts = append(p.parts, item.PickEach(b.bind(rest)))
	}
	return p
}

// columnPicker returns a function that selects the rows that meet a condition. The values of the column are in a
// [compact.Column].
func (b *binder) columnPicker(c *condition) item.Picker {
	v := b.valuesOf(c.column)
	if cells := v.column.Values(); cells != nil {
		is, negated := bindCell(v, c)
		matches := make([]uint8, max(len(cells), 1<<8))
		for code, cell := range cells {
			if is(cell) != negated {
				matches[code] = 1
			}
		}
		small, large := v.column.Codes()
		if small != nil {
			return codePicker[uint8]{small, matches}
		}
		return codePicker[uint16]{large, matches}
	}
	if picker := b.orderPicker(v, c); picker != nil {
		return picker
	}
	return item.PickEach(b.bindCondition(c))
}

// orderPicker returns the picker for a comparison with a number or a date. It returns nil if the column does not store
// numbers or dates.
func (b *binder) orderPicker(v *values, c *condition) item.Picker {
	if !c.op.isOrdering() {
		return nil
	}
	v.learn()
	if operand, ok := v.parseNumber(c.value); ok {
		if v.column.Floats() == nil || !operand.isPrecise {
			return nil
		}
		number := operand.nearest
		p := floatPicker{v.column.Floats(), math.Inf(-1), math.MaxFloat64, b.bindCondition(c)}
		switch c.op {
		case opLess:
			p.high = math.Nextafter(number, math.Inf(-1))
		case opLessEqual:
			p.high = number
		case opGreater:
			p.low = math.Nextafter(number, math.Inf(1))
		default:
			p.low = number
		}
		return p
	}
	date, ok := v.parseDate(c.value)
	if !ok || v.column.Times() == nil {
		return nil
	}
	micros, exact := vector.Micros(date.Time)
	if !exact {
		return nil
	}
	p := timePicker{times: v.column.Times(), low: 0, high: math.MaxInt64, unit: 1}
	if date.isDay {
		p.unit = int64(24 * time.Hour / time.Microsecond)
	}
	switch c.op {
	case opLess:
		p.high = micros - 1
	case opLessEqual:
		p.high = micros
	case opGreater:
		p.low = micros + 1
	default:
		p.low = micros
	}
	return p
}

// codePicker picks the rows whose value matches. For each row, it has the code of the value: an index in the dictionary
// of the column.
type codePicker[Code uint8 | uint16] struct {
	codes   []Code
	matches []uint8 // 1 for the codes of values that match, 0 for all others
}

func (p codePicker[Code]) Pick(picked, rows []uint32) []uint32 {
	picked = slices.Grow(picked, len(rows))
	out, n := picked[len(picked):len(picked)+len(rows)], 0
	for _, row := range rows { // without a branch, because processors cannot predict which rows match
		out[n] = row
		n += int(p.matches[p.codes[row]])
	}
	return picked[:len(picked)+n]
}

// floatPicker picks the rows whose number is in a range.
type floatPicker struct {
	floats    []float64
	low, high float64
	// exact checks a row whose number is imprecise; see [parse.Imprecise].
	exact rowPredicate
}

func (p floatPicker) Pick(picked, rows []uint32) []uint32 {
	for _, row := range rows {
		if number := p.floats[row]; number >= p.low && number <= p.high || parse.Imprecise(number) && p.exact(int(row)) {
			picked = append(picked, row)
		}
	}
	return picked
}

// timePicker picks the rows whose date is in a range. It first rounds the date down to a multiple of unit, such as a
// day. low is at least 0, so that the range excludes values that are not dates.
type timePicker struct {
	times           []int64
	low, high, unit int64
}

func (p timePicker) Pick(picked, rows []uint32) []uint32 {
	for _, row := range rows {
		micros := p.times[row]
		if p.unit > 1 {
			micros -= micros % p.unit
		}
		if micros >= p.low && micros <= p.high {
			picked = append(picked, row)
		}
	}
	return picked
}

// allPicker picks the rows that all pickers in parts pick.
type allPicker struct {
	parts   []item.Picker
	between [2][]uint32
}

func (p *allPicker) Pick(picked, rows []uint32) []uint32 {
	last := len(p.parts) - 1
	for i, part := range p.parts[:last] {
		p.between[i%2] = part.Pick(p.between[i%2][:0], rows)
		rows = p.between[i%2]
	}
	return p.parts[last].Pick(picked, rows)
}

// anyPicker picks the rows that at least one picker in parts picks.
type anyPicker struct {
	parts              []item.Picker
	found, rest, other []uint32
}

func (p *anyPicker) Pick(picked, rows []uint32) []uint32 {
	begin := len(picked)
	p.rest = append(p.rest[:0], rows...)
	for _, part := range p.parts {
		p.found = part.Pick(p.found[:0], p.rest)
		picked = append(picked, p.found...)
		p.other = appendWithout(p.other[:0], p.rest, p.found)
		p.rest, p.other = p.other, p.rest
	}
	slices.Sort(picked[begin:])
	return picked
}

// notPicker picks the rows that the picker in part does not pick.
type notPicker struct {
	part  item.Picker
	found []uint32
}

func (p *notPicker) Pick(picked, rows []uint32) []uint32 {
	p.found = p.part.Pick(p.found[:0], rows)
	return appendWithout(picked, rows, p.found)
}

// appendWithout appends the rows that are not in excluded. Both lists are in ascending order.
func appendWithout(dst, rows, excluded []uint32) []uint32 {
	for _, row := range rows {
		if len(excluded) > 0 && excluded[0] == row {
			excluded = excluded[1:]
			continue
		}
		dst = append(dst, row)
	}
	return dst
}
