package profile

import (
	"encoding/binary"
	"strings"

	"sbwatch/model/item"
	"sbwatch/model/jsonscan"
	"sbwatch/model/parse"
	"sbwatch/model/tally"
)

// node collects the properties of all values at one place.
type node struct {
	place item.Place
	style style
	// learner learns the number and date formats from a sample of the values, before the values are profiled.
	learner parse.Learner
	// visit is the number of the last object that had a value for this node. It serves to detect duplicate keys.
	visit uint64
	// since determines the order of nodes, which is the order of their first appearance. It combines the row with the
	// number of places that appeared earlier in that row.
	since int64

	presence      [item.Presences]int
	presenceFirst [item.Presences]int
	types         [Types]int
	typeFirst     [Types]int
	strays        [strayKinds]Mark
	last          int // last row with a present value

	tally             tally.Tally
	shortest, longest Extreme
	spread, dates     *spread
	segments          []uint16

	object   *object
	elements *node

	// pending holds the values at this place that are not counted yet.
	pending []pendingValue
}

// object holds a node for each key of the objects at one place.
type object struct {
	children []*node
	// sent holds the keys as JSON without quotes, or "\x00" for a key that needs escapes. quoted holds the same keys in
	// quotes, followed by a colon. byName maps each decoded key to its index in children.
	sent   []string
	quoted []quotedKey
	names  []string
	byName map[string]int
	// fixed means that no keys are added. It is set for the items themselves, whose keys are known from the table.
	fixed bool
	// areData means that there are too many different keys. They do not become columns.
	areData bool
}

// maxKeys is the maximum number of different keys. If the objects have more, their keys are treated as data and do not
// become columns.
const maxKeys = 200

func newObject() *object { return &object{byName: map[string]int{}} }

func (o *object) add(name string, child *node) int {
	o.byName[name] = len(o.children)
	o.children = append(o.children, child)
	o.names = append(o.names, name)
	sent := name
	if strings.ContainsFunc(name, func(r rune) bool { return r < ' ' || r == '"' || r == '\\' }) { // the JSON of the key differs from its name
		sent = "\x00"
	}
	o.sent = append(o.sent, sent)
	o.quoted = append(o.quoted, newQuotedKey(`"`+sent+`":`))
	return len(o.children) - 1
}

// quotedKey is a text to compare with the start of other texts. begin holds its first eight bytes. mask selects the
// bytes of begin to compare, because the text may be shorter.
type quotedKey struct {
	text        string
	begin, mask uint64
}

func newQuotedKey(text string) quotedKey {
	k := quotedKey{text: text, mask: ^uint64(0) >> (64 - 8*min(len(text), 8))}
	var begin [8]byte
	copy(begin[:], text)
	k.begin = binary.LittleEndian.Uint64(begin[:])
	return k
}

// isAt reports whether raw starts with the key. If raw has fewer than eight bytes, isAt returns false.
func (k *quotedKey) isAt(raw []byte) bool {
	if len(raw) < max(8, len(k.text)) || (binary.LittleEndian.Uint64(raw)^k.begin)&k.mask != 0 {
		return false
	}
	return len(k.text) <= 8 || string(raw[8:len(k.text)]) == k.text[8:]
}

// expected returns the JSON of the key at an index, without quotes. It returns "" if there is no such key.
func (o *object) expected(at int) string {
	if at < len(o.sent) {
		return o.sent[at]
	}
	return ""
}

// find returns the index of a key. For a new key it returns -1 and the decoded name. guess is the index at which find
// looks first.
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

// member is a member of an object: the node of its key, and its value.
type member struct {
	node  *node
	value []byte
}

// object adds the values of raw, a JSON object, to the nodes of their keys. The parameter o holds these nodes, and
// place is the place of raw.
func (p *Part) object(o *object, place item.Place, raw []byte) {
	p.visits++
	visit, begin, guess := p.visits, len(p.members), 0
	for key, value, next := jsonscan.MemberAt(raw, 1, o.expected(0)); next > 0; key, value, next = jsonscan.MemberAt(raw, next, o.expected(guess)) {
		at, name := o.find(key, guess)
		if at < 0 {
			if at = p.newKey(o, place, name); at < 0 {
				continue
			}
		}
		guess = at + 1
		child := o.children[at]
		if child.visit == visit { // a duplicate key: the last one wins
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

// newKey adds a node for a new key and returns the index of the key, or -1 if there are too many keys.
func (p *Part) newKey(o *object, place item.Place, name string) int {
	switch {
	case o.fixed || o.areData:
		return -1
	case len(o.children) >= maxKeys || p.nodes >= maxNodes:
		o.areData = true
		return -1
	}
	return o.add(name, p.newNode(place.Child(name), true))
}

// maxNodes is the maximum number of nested places. Columns are not counted.
const maxNodes = 5000

func (p *Part) newNode(place item.Place, nested bool) *node {
	p.newHere++
	n := &node{place: place, since: int64(p.row)<<16 | int64(min(p.newHere, 1<<16-1)), last: -1, style: p.scan.styles[place]}
	n.tally = tally.New(p.scan.maxSlots, p.scan.slotKey)
	if nested {
		p.nodes++
	}
	if !p.learns && !place.InList() && p.scan.canCount(nested, p.nodes) {
		n.segments = make([]uint16, p.scan.segments.len())
	}
	return n
}

func (p *Part) value(n *node, raw []byte) {
	kind := item.NewCell(raw).Kind()
	if p.learns {
		p.learn(n, kind, raw)
		return
	}
	p.holdPart(n, raw)
	p.within(n, kind, raw)
}

// within reads the values inside a value: the members of an object or the elements of a list.
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

func (p *Part) elements(n *node, raw []byte) {
	if n.place.Steps() >= item.MaxPlaceSteps || isEmptyList(raw) {
		return
	}
	if n.elements == nil {
		if p.nodes >= maxNodes {
			return
		}
		n.elements = p.newNode(n.place.Elements(), true)
	}
	for element := range jsonscan.Elements(raw) {
		p.value(n.elements, element)
	}
}

// isEmptyList reports whether raw, which starts with "[", is an empty list.
func isEmptyList(raw []byte) bool { return raw[jsonscan.Space(raw, 1)] == ']' }
