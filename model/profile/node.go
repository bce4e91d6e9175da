package profile

import (
	"sbwatch/model/item"
	"sbwatch/model/jsonscan"
	"sbwatch/model/parse"
)

// node is what was found so far at one place.
type node struct {
	place item.Place
	style style
	// learner is used before the rest, to find the style.
	learner parse.Learner
	// visit is the object in which the node was met last, to know a key that is sent twice.
	visit uint64
	// since tells where the place was met first: the row, and what is before it there.
	since int64

	presence      [Presences]int
	presenceFirst [Presences]int
	types         [Types]int
	typeFirst     [Types]int
	strays        [strayKinds]Mark
	last          int // row with something present

	tally             tally
	shortest, longest Extreme
	spread, dates     *spread
	segments          []uint16

	object   *object
	elements *node
}

const strayKinds = 3

// object has the nodes of the keys of the objects at one place.
type object struct {
	children []*node
	// sent are the keys as they mostly stand in the text; byName finds them decoded.
	sent   []string
	names  []string
	byName map[string]int
	// fixed takes no further keys: those of items have been found before.
	fixed bool
	// areData marks too many different keys to be columns.
	areData bool
}

// mostKeys is how many different keys the objects at one place may have before they are taken for data.
const mostKeys = 200

func newObject() *object { return &object{byName: map[string]int{}} }

func (o *object) add(name string, child *node) int {
	o.byName[name] = len(o.children)
	o.children = append(o.children, child)
	o.names = append(o.names, name)
	sent := name
	if jsonscan.HasEscape([]byte(name)) { // it is another key as it stands
		sent = "\x00"
	}
	o.sent = append(o.sent, sent)
	return len(o.children) - 1
}

// find gives the number of a key, as it stands in the text; guess is where it probably is. -1 for one that is new.
func (o *object) find(sent []byte, guess int) (at int, name string) {
	if guess < len(o.sent) && string(sent) == o.sent[guess] {
		return guess, ""
	}
	decodedKey := sent
	if jsonscan.HasEscape(sent) {
		decodedKey = jsonscan.AppendDecoded(nil, sent)
	}
	if at, known := o.byName[string(decodedKey)]; known {
		return at, ""
	}
	return -1, string(decodedKey)
}

// member is a key's node and its value.
type member struct {
	node  *node
	value []byte
}

// object looks at an object at one place.
func (p *Part) object(o *object, place item.Place, raw []byte) {
	p.visits++
	visit, begin, guess := p.visits, len(p.members), 0
	for key, value := range jsonscan.Members(raw) {
		at, name := o.find(key, guess)
		if at < 0 {
			if at = p.newKey(o, place, name); at < 0 {
				continue
			}
		}
		guess = at + 1
		child := o.children[at]
		if child.visit == visit { // sent twice: the last one counts
			for i := begin; i < len(p.members); i++ {
				if p.members[i].node == child {
					p.members[i].value = value
				}
			}
			continue
		}
		child.visit = visit
		p.members = append(p.members, member{child, value})
	}
	for i := begin; i < len(p.members); i++ {
		p.value(p.members[i].node, p.members[i].value)
	}
	p.members = p.members[:begin]
}

// newKey makes a node for a key that was not met before; -1 where it gets none.
func (p *Part) newKey(o *object, place item.Place, name string) int {
	switch {
	case o.fixed || o.areData:
		return -1
	case len(o.children) >= mostKeys || p.nodes >= mostNodes:
		o.areData = true
		return -1
	}
	return o.add(name, p.newNode(place.Child(name), true))
}

// mostNodes is how many places are looked at, beside the columns themselves.
const mostNodes = 5000

func (p *Part) newNode(place item.Place, nested bool) *node {
	p.newHere++
	n := &node{place: place, since: int64(p.row)<<16 | int64(min(p.newHere, 1<<16-1)), last: -1, style: p.scan.styles[place]}
	n.tally.most = p.scan.mostSlots
	if nested {
		p.nodes++
	}
	if !p.learns && !place.InList() && p.scan.counts(nested, p.nodes) {
		n.segments = make([]uint16, p.scan.segments.len())
	}
	return n
}

// value looks at one value at a place.
func (p *Part) value(n *node, raw []byte) {
	kind := item.NewCell(raw).Kind()
	if p.learns {
		p.learn(n, kind, raw)
		return
	}
	presence, text := p.presence(kind, raw)
	if n.presence[presence] == 0 {
		n.presenceFirst[presence] = p.row
	}
	n.presence[presence]++
	if presence != Present {
		return
	}
	n.last = p.row
	if n.segments != nil {
		n.segments[p.segment]++
	}
	p.present(n, kind, raw, text)
	p.within(n, kind, raw)
}

// within looks at what an object or a list holds.
func (p *Part) within(n *node, kind item.CellKind, raw []byte) {
	switch kind {
	case item.CellObject:
		if n.place.Steps() < item.MaxPlaceSteps {
			if n.object == nil {
				n.object = newObject()
			}
			p.object(n.object, n.place, raw)
		}
	case item.CellArray:
		p.elements(n, raw)
	case item.CellMissing, item.CellNull, item.CellBool, item.CellNumber, item.CellString:
	}
}

// elements looks at the elements of a list.
func (p *Part) elements(n *node, raw []byte) {
	if n.place.Steps() >= item.MaxPlaceSteps {
		return
	}
	if n.elements == nil {
		if p.nodes >= mostNodes {
			return
		}
		n.elements = p.newNode(n.place.Elements(), true)
	}
	for element := range jsonscan.Elements(raw) {
		p.value(n.elements, element)
	}
}

// presence judges a value; text is what it says, of a string that is present.
func (p *Part) presence(kind item.CellKind, raw []byte) (presence Presence, text []byte) {
	presence = PresenceOf(item.NewCell(raw))
	if presence == Present && kind == item.CellString {
		text = jsonscan.Decoded(raw[1:len(raw)-1], &p.scratch)
	}
	return presence, text
}

// present counts a value that is there.
func (p *Part) present(n *node, kind item.CellKind, raw, text []byte) {
	var hash uint64
	if kind == item.CellString {
		hash = hashOfText(text)
	} else {
		hash = hashOfValue(kind, raw)
	}
	seen, fresh := n.tally.find(hash, uint32(p.row))
	var v value
	known := seen.class()
	if fresh || known.isSpread() {
		v = judge(kind, raw, text, n.style)
		known = classOf(v)
		seen.id |= uint64(known)
		if fresh && known.kind().IsText() {
			n.measure(text, p.row)
		}
	}
	n.count(known, p.row)
	switch known.kind() {
	case Number, NumberInText:
		add(&n.spread, v.number, p)
	case Date:
		add(&n.dates, v.number, p)
	case Text, URL, Bool, Object, List, types:
	}
}

func add(s **spread, number float64, p *Part) {
	if *s == nil {
		*s = new(spread)
	}
	(*s).add(number, p.row, p.samples)
}

// count counts what a value is.
func (n *node) count(c class, row int) {
	kind := c.kind()
	if n.types[kind] == 0 {
		n.typeFirst[kind] = row
	}
	n.types[kind]++
	stray := c.stray()
	for i := 0; stray != 0; i, stray = i+1, stray>>1 {
		if stray&1 == 0 {
			continue
		}
		if n.strays[i].Count == 0 {
			n.strays[i].Row = row
		}
		n.strays[i].Count++
	}
}
