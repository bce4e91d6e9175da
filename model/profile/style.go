package profile

import (
	"sbwatch/model"
	"sbwatch/model/jsonscan"
	"sbwatch/model/reading"
)

// style is how the values at one place are written.
type style struct {
	numbers reading.Numbers
	dates   reading.Dates
}

// learn finds out how the values at each place are written, from some rows.
func (s *Scan) learn() map[model.Place]style {
	p := s.part(true)
	for row := range reading.Sampled(s.items.Len()) {
		p.row = row
		p.item(s.items.Row(row))
	}
	styles := map[model.Place]style{}
	for _, child := range p.root.children {
		child.styles(styles)
	}
	if p.whole != nil {
		p.whole.styles(styles)
	}
	return styles
}

// styles notes what was learnt at a place and at those within.
func (n *node) styles(known map[model.Place]style) {
	if learnt := (style{n.learner.Style(), n.learner.Dates()}); learnt != (style{}) {
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
func (p *Part) learn(n *node, kind model.CellKind, raw []byte) {
	switch kind {
	case model.CellString:
		if text := jsonscan.Decoded(raw[1:len(raw)-1], &p.scratch); len(text) <= maxNumber {
			n.learner.Add(text)
		}
	case model.CellArray, model.CellObject:
		p.within(n, kind, raw)
	case model.CellMissing, model.CellNull, model.CellBool, model.CellNumber:
	}
}
