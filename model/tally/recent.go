package tally

import "encoding/binary"

// recent finds the slots of short values without their hashes. If two values have the same place, the newer one replaces
// the other.
type recent [recentValues]recentValue

const (
	recentValues = 1 << recentBits
	recentBits   = 9
	// maxRecent is the maximum length of a value in bytes.
	maxRecent = 16
)

// recentValue is a value with its slot and its number.
type recentValue struct {
	key    recentKey
	slot   uint16
	number float64
}

// recentKey is a short text: its length, and its first and its last eight bytes, which may overlap. If the text has at
// most eight bytes, only begin is used. The length of a text that is too long for a key is 0.
type recentKey struct {
	begin, end uint64
	length     uint8
}

func keyOf(text []byte) recentKey {
	const word = 8
	key := recentKey{length: uint8(len(text))}
	switch {
	case len(text) > maxRecent:
		return recentKey{}
	case len(text) > word:
		key.begin, key.end = binary.LittleEndian.Uint64(text), binary.LittleEndian.Uint64(text[len(text)-word:])
	case cap(text) >= word:
		key.begin = binary.LittleEndian.Uint64(text[:word]) & (^uint64(0) >> (64 - 8*len(text)))
	default:
		for i, c := range text {
			key.begin |= uint64(c) << (8 * i)
		}
	}
	return key
}

// place returns the place of a value.
func (r *recent) place(k recentKey) *recentValue {
	const spread = 0x9e3779b97f4a7c15
	return &r[((k.begin*spread)^k.end)*spread>>(64-recentBits)]
}

// Tune decides whether values repeat so often that [Tally.Again] should remember them. Call it from time to time. The
// parameter values is the number of values that were counted so far.
func (t *Tally) Tune(values int) {
	const repeats = 16 // how often values must occur on average
	switch {
	case t.sketch != nil || len(t.slots) > 2*recentValues:
		t.recent = nil
	case t.recent == nil && len(t.slots) <= recentValues && values >= repeats*len(t.slots):
		t.recent = new(recent)
	}
}

// Repeats reports whether the tally remembers values.
func (t *Tally) Repeats() bool { return t.recent != nil }

// Again counts a value once more if it was passed to [Tally.Remember]. Otherwise, it returns nil. The parameter text is
// the same as in Remember. Again also returns the number that was remembered. It is faster than [Tally.Add], because it
// needs no hash.
func (t *Tally) Again(text []byte) (*Slot, float64) {
	if t.recent == nil {
		return nil, 0
	}
	return t.again(text)
}

func (t *Tally) again(text []byte) (*Slot, float64) {
	key := keyOf(text)
	found := t.recent.place(key)
	if found.key != key || key.length == 0 {
		return nil, 0
	}
	slot := &t.slots[found.slot]
	slot.Count++
	return slot, found.number
}

// Remember remembers the value that was passed to [Tally.Add] last, together with a number, for [Tally.Again]. Equal
// texts must stand for equal values. It does nothing if the text is long, or if values do not repeat.
func (t *Tally) Remember(text []byte, number float64) {
	if t.recent == nil {
		return
	}
	if key := keyOf(text); key.length > 0 {
		*t.recent.place(key) = recentValue{key, t.last, number}
	}
}
