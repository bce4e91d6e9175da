package profile

import (
	"slices"

	"sbwatch/model/item"
	"sbwatch/model/jsonscan"
)

// pendingValue is a value that is not counted yet. The values of many rows are counted together, one node after
// another, so that the tally of the node stays in the processor cache.
type pendingValue struct {
	at       uint32 // index of the row in Part.rows
	from, to uint32 // offsets of the value in the row
}

// presentValue is a present value that is not counted yet, with its kind.
type presentValue struct {
	pendingValue
	kind item.CellKind
}

type pendingRow struct {
	raw       []byte
	number    int
	isEscaped bool
	// samples is the maximum number of values of one place that the row adds to the sample; see [Scan.maxPerRow].
	samples int
}

// maxPending is the number of values that a Part collects before it counts them.
const maxPending = 1 << 13

// hold adds a value of the current row to n.pending, the values that are counted later. The parameter from is the
// offset of the value in the row. The caller must set the end of the value in the returned element.
func (p *Part) hold(n *node, from int) *pendingValue {
	if len(n.pending) == 0 {
		p.holders = append(p.holders, n)
	}
	n.pending = append(n.pending, pendingValue{at: uint32(len(p.rows) - 1), from: uint32(from)})
	p.held++
	return &n.pending[len(n.pending)-1]
}

// holdPart adds raw, a value of the current row, to n.pending, the values that are counted later. The slice raw must be
// a part of the slice that holds the row.
func (p *Part) holdPart(n *node, raw []byte) {
	from := len(p.rows[len(p.rows)-1].raw) - cap(raw) // the capacity of a value extends to the end of its row
	p.hold(n, from).to = uint32(from + len(raw))
}

func (p *Part) release() {
	current := uint32(len(p.rows) - 1)
	p.holders = slices.DeleteFunc(p.holders, func(n *node) bool {
		before := len(n.pending)
		for len(n.pending) > 0 && n.pending[len(n.pending)-1].at == current {
			n.pending = n.pending[:len(n.pending)-1]
		}
		p.held -= before - len(n.pending)
		return len(n.pending) == 0
	})
}

// known adds the values of the object at raw[i] to the values that are counted later, and returns the offset after the
// object. It returns -1 if a key has no node yet or occurs twice. In that case, the caller must call release.
func (p *Part) known(o *object, raw []byte, i int) int {
	p.visits++
	visit, guess := p.visits, 0
	for i = jsonscan.Space(raw, i+1); raw[i] != '}'; {
		var child *node
		if i, child = o.member(raw, i, &guess); i < 0 {
			return -1
		}
		if child == nil {
			i = p.skip(raw, i)
		} else {
			if child.visit == visit {
				return -1
			}
			child.visit = visit
			if i = p.knownValue(child, raw, i); i < 0 {
				return -1
			}
		}
		if i = jsonscan.Space(raw, i); raw[i] == ',' {
			i = jsonscan.Space(raw, i+1)
		}
	}
	return i + 1
}

// skip returns the offset after the value at raw[i].
func (p *Part) skip(raw []byte, i int) int {
	if p.rows[len(p.rows)-1].isEscaped {
		return jsonscan.SkipValue(raw, i)
	}
	return jsonscan.SkipPlain(raw, i)
}

// member reads the key at raw[i]. It returns the offset of the value of this key, and the node of the key. The node is
// nil if the values of this key are not counted. The offset is -1 if the key needs a new node. *guess is the most
// likely index of the key; member changes it to the most likely index of the next key.
func (o *object) member(raw []byte, i int, guess *int) (value int, child *node) {
	if at := *guess; at < len(o.quoted) {
		if key := &o.quoted[at]; key.isAt(raw[i:]) {
			*guess = at + 1
			return jsonscan.Space(raw, i+len(key.text)), o.children[at]
		}
	}
	end := jsonscan.SkipValue(raw, i)
	at, _ := o.find(raw[i+1:end-1], *guess)
	value = jsonscan.Space(raw, jsonscan.Space(raw, end)+1)
	switch {
	case at >= 0:
		*guess = at + 1
		return value, o.children[at]
	case o.fixed || o.areData:
		return value, nil
	default:
		return -1, nil
	}
}

// knownValue adds the value at raw[i], and the values nested in it, to the values that are counted later. It returns
// the offset after the value, or -1 if a key in the value has no node yet or occurs twice.
func (p *Part) knownValue(n *node, raw []byte, i int) int {
	held := p.hold(n, i)
	hasRoom := n.place.Steps() < item.MaxPlaceSteps
	switch {
	case raw[i] == '{' && hasRoom:
		if n.object == nil {
			return -1
		}
		i = p.known(n.object, raw, i)
	case raw[i] == '[' && hasRoom && !isEmptyList(raw[i:]):
		if n.elements == nil {
			return -1
		}
		i = p.knownElements(n.elements, raw, i)
	default:
		i = p.skip(raw, i)
	}
	held.to = uint32(i) // unused if i is negative
	return i
}

// knownElements is like knownValue, but adds each element of the list at raw[i]. The parameter n is the node of the
// elements.
func (p *Part) knownElements(n *node, raw []byte, i int) int {
	for i = jsonscan.Space(raw, i+1); raw[i] != ']'; {
		if i = p.knownValue(n, raw, i); i < 0 {
			return -1
		}
		if i = jsonscan.Space(raw, i); raw[i] == ',' {
			i = jsonscan.Space(raw, i+1)
		}
	}
	return i + 1
}

// countPending counts all pending values.
func (p *Part) countPending() {
	for _, k := range p.kept {
		p.passOn(k)
	}
	for _, n := range p.holders {
		p.count(n)
		n.pending = n.pending[:0]
	}
	p.holders, p.rows, p.held = p.holders[:0], p.rows[:0], 0
}

// passOn calls k.put for each pending row. It passes the value of the column or, if the row has none, a missing cell.
func (p *Part) passOn(k kept) {
	values := k.node.pending
	for at, row := range p.rows {
		var value item.Cell
		if len(values) > 0 && values[0].at == uint32(at) {
			value = item.NewCell(row.raw[values[0].from:values[0].to])
			values = values[1:]
		}
		k.put(row.number, value)
	}
}
