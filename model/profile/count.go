package profile

import (
	"math"
	"unicode/utf8"

	"github.com/zeebo/xxh3"

	"sbwatch/model/item"
	"sbwatch/model/jsonscan"
	"sbwatch/model/tally"
)

// hashOf returns the hash of a value. Equal values have equal hashes. scratch is used for decoding.
func hashOf(cell item.Cell, scratch *[]byte) uint64 {
	raw := cell.Raw()
	if cell.Kind() != item.CellString {
		return hashOfValue(cell.Kind(), raw)
	}
	return hashOfText(jsonscan.Decoded(raw[1:len(raw)-1], scratch))
}

func hashOfText(text []byte) uint64 { return xxh3.Hash(text) }

// hashOfValue returns the hash of a value other than a string. The number 12 and the string "12" differ.
func hashOfValue(kind item.CellKind, raw []byte) uint64 {
	return xxh3.Hash(raw) ^ uint64(kind)<<32
}

// class is the type of a value and its peculiarities, such as markup. It is kept in the tally, so that equal values need
// not be classified again.
type class tally.Class

const (
	typeBits = 3
	_        = uint(tally.ClassBits - typeBits - strayKinds) // does not compile if a class needs more bits
)

func classOf(v value) class { return class(v.kind) | class(v.stray)<<typeBits }

func (c class) kind() Type { return Type(c & (1<<typeBits - 1)) }

func (c class) stray() Stray { return Stray(c >> typeBits) }

// isSpread reports whether values of the class are numbers or dates.
func (c class) isSpread() bool {
	return c.kind() == Number || c.kind() == NumberInText || c.kind() == Date
}

// count counts the pending values of a node. If these are often the same few values, most of them are found in the tally
// by their text. Otherwise, count computes the hashes of all values first and loads their tally slots into the processor
// cache together, which is faster than loading each slot when it is needed.
func (p *Part) count(n *node) {
	p.present, p.hashes = p.present[:0], p.hashes[:0]
	segment := p.scan.segments.of(p.rows[n.pending[0].at].number)
	repeats := n.tally.Repeats()
	for _, v := range n.pending {
		row := &p.rows[v.at]
		raw := row.raw[v.from:v.to]
		slot, number := n.tally.Again(raw)
		kind, presence := item.CellMissing, item.Present
		if slot == nil {
			cell := item.NewCell(raw)
			kind = cell.Kind()
			if kind != item.CellNumber && kind != item.CellBool {
				presence = cell.Presence()
			}
		}
		if n.presence[presence] == 0 {
			n.presenceFirst[presence] = row.number
		}
		n.presence[presence]++
		if presence != item.Present {
			continue
		}
		n.last = row.number
		if n.segments != nil {
			for p.scan.segments.from[segment+1] <= row.number {
				segment++
			}
			n.segments[segment]++
		}
		switch {
		case slot != nil:
			n.add(class(slot.Class()), number, row)
		case repeats: // the tally is small, so its slots are in the processor cache
			n.tally.Remember(raw, p.countPresent(n, row, raw, kind, p.hash(kind, raw, row)))
		default:
			p.present = append(p.present, presentValue{v, kind})
			p.hashes = append(p.hashes, p.hash(kind, raw, row))
		}
	}
	p.touched += n.tally.Touch(p.hashes)
	for i := range p.present {
		v := &p.present[i]
		row := &p.rows[v.at]
		p.countPresent(n, row, row.raw[v.from:v.to], v.kind, p.hashes[i])
	}
	n.tally.Tune(n.presence[item.Present])
}

// hash returns the same hash as hashOf.
func (p *Part) hash(kind item.CellKind, raw []byte, row *pendingRow) uint64 {
	if kind == item.CellString {
		return hashOfText(p.textOf(raw, row))
	}
	return hashOfValue(kind, raw)
}

// textOf returns the decoded text of a JSON string. The result is valid until the next call.
func (p *Part) textOf(raw []byte, row *pendingRow) []byte {
	sent := raw[1 : len(raw)-1]
	if !row.isEscaped {
		return sent
	}
	return jsonscan.Decoded(sent, &p.scratch)
}

// countPresent counts a present value. It returns the number of the value, or 0 if the value is neither a number nor a
// date.
func (p *Part) countPresent(n *node, row *pendingRow, raw []byte, kind item.CellKind, hash uint64) float64 {
	slot, fresh := n.tally.Add(hash, uint32(row.number))
	var v value
	known := class(slot.Class())
	if fresh || known.isSpread() {
		var text []byte
		if kind == item.CellString {
			text = p.textOf(raw, row)
		}
		v = classify(kind, raw, text, &n.style, &p.words)
		known = classOf(v)
		slot.SetClass(tally.Class(known))
		if fresh && known.kind().IsText() {
			n.measure(text, v.isASCII, row.number)
		}
	}
	n.add(known, v.number, row)
	return v.number
}

// add adds a value of a class. If the class is that of numbers or dates, the parameter number is the number of the value.
func (n *node) add(c class, number float64, row *pendingRow) {
	kind := c.kind()
	if n.types[kind] == 0 {
		n.typeFirst[kind] = row.number
	}
	n.types[kind]++
	if c.stray() != 0 {
		n.addStray(c.stray(), row.number)
	}
	switch kind {
	case Number, NumberInText:
		n.spread = n.spread.with(number, row)
	case Date:
		n.dates = n.dates.with(number, row)
	case Text, URL, Bool, Object, List, types:
	}
}

func (n *node) addStray(stray Stray, row int) {
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

// with adds a number of a row to the distribution s, which it creates if s is nil.
func (s *spread) with(number float64, row *pendingRow) *spread {
	if math.IsNaN(number) { // NaN is not part of the range of numbers
		return s
	}
	if s == nil {
		s = new(spread)
	}
	s.add(number, row.number, row.samples)
	return s
}

func (n *node) measure(text []byte, isASCII bool, row int) {
	if n.longest.Known && len(text) <= n.longest.Length && len(text) >= n.shortest.Length*utf8.UTFMax {
		return // neither shorter nor longer, even when counted in characters
	}
	length := len(text)
	if !isASCII {
		length = utf8.RuneCount(text)
	}
	n.shortest.update(length, row, true)
	n.longest.update(length, row, false)
}

// update keeps the shorter of the extreme and length if the parameter shorter is true, and the longer one if it is
// false. If the lengths are equal, it keeps the lower row number.
func (e *Extreme) update(length, row int, shorter bool) {
	switch {
	case !e.Known || shorter && length < e.Length || !shorter && length > e.Length:
		*e = Extreme{Known: true, Length: length, Row: row}
	case length == e.Length:
		e.Row = min(e.Row, row)
	}
}
