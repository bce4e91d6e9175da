package profile

import (
	"sbwatch/model/item"
	"sbwatch/model/jsonscan"
	"sbwatch/model/parse"
)

// style is how the values at one place are written.
type style struct {
	numbers parse.Numbers
	dates   parse.Dates
}

// learn finds out how the values at each place are written, from some rows.
func (s *Scan) learn() map[item.Place]style {
	p := s.part(true)
	for row := range parse.Sample(s.items.Len()) {
		p.row = row
		p.item(s.items.Row(row))
	}
	styles := map[item.Place]style{}
	for _, child := range p.root.children {
		child.styles(styles)
	}
	if p.whole != nil {
		p.whole.styles(styles)
	}
	return styles
}

// styles notes what was learnt at a place and at those within.
func (n *node) styles(known map[item.Place]style) {
	if learnt := (style{n.learner.Numbers(), n.learner.Dates()}); learnt != (style{}) {
		known[n.place] = learnt
	}
	if n.object != nil {
		for _, child := range n.object.children {
			child.styles(known)
		}
	}
	if n.elements != nil {
		n.elements.styles(known)
	}
}

// learn takes in one value, and what is within it.
func (p *Part) learn(n *node, kind item.CellKind, raw []byte) {
	switch kind {
	case item.CellString:
		if text := jsonscan.Decoded(raw[1:len(raw)-1], &p.scratch); len(text) <= maxNumber {
			n.learner.Add(text)
		}
	case item.CellArray, item.CellObject:
		p.within(n, kind, raw)
	case item.CellMissing, item.CellNull, item.CellBool, item.CellNumber:
	}
}
