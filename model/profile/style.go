package profile

import (
	"sbwatch/model/item"
	"sbwatch/model/jsonscan"
	"sbwatch/model/parse"
)

// style describes how numbers and dates are written at one place.
type style struct {
	numbers parse.Numbers
	dates   parse.Dates
}

// learn reads a sample of rows. For each place, it returns how values are written.
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

// styles stores in the map known how values are written at the place of the node and at the places nested in it.
func (n *node) styles(known map[item.Place]style) {
	if learned := (style{n.learner.Numbers(), n.learner.Dates()}); learned != (style{}) {
		known[n.place] = learned
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

// learn passes each text in a value, including nested texts, to the learner of its place.
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
