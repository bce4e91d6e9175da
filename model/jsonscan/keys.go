package jsonscan

import "encoding/binary"

// Keys collects the distinct keys of many objects, decoded, in order of first appearance. The objects of a table mostly
// have the same keys in the same order. Each key therefore remembers which key followed it, so that most keys are found
// without a search.
type Keys struct {
	members
	limit  int
	capped bool

	objectNumber uint64 // number of the object, from 1

	// Properties of the current object; see IsRegular, IsNested and IsEscaped. If IsRegular is false because of a key
	// of the object itself, irregular is set. If it is false because of a key of a nested object, innerIrregular is
	// set.
	irregular, innerIrregular, nested, escaped bool
	// repeated is set if a nested object whose keys are known has a key twice.
	repeated bool
	// next holds the known keys of the object that is scanned next, or nil.
	next    *members
	decoded []byte // memory for a decoded key

	inner InnerKeys

	// The length of the field keys and the value of the field capped before the current object, for rollBack.
	savedLen    int
	savedCapped bool

	bytesLeft int // number of bytes that further names may have
}

// members holds the known keys of an object, or of all objects at the same path.
type members struct {
	// keys[0] is a placeholder. Its field guess is the index of the key that is expected first in an object. If the
	// field guess of an element is 0, no key is expected next.
	keys []key
	// index maps a name to its index in keys.
	index    map[string]int
	previous int // index of the previous key
}

func newMembers() members {
	m := members{keys: make([]key, 1), index: map[string]int{}}
	m.keys[0].expect(noMatch)
	return m
}

// append adds a key that is not known, and returns its index in the slice m.keys.
func (m *members) append(name string) int {
	at := len(m.keys)
	m.keys = append(m.keys, key{name: name})
	m.keys[at].expect(noMatch)
	m.index[name] = at
	return at
}

type key struct {
	name string
	// encoded is the expected text after the opening quote: the name, the closing quote and the colon. If the name has
	// escapes in JSON, encoded is noMatch.
	encoded string
	// begin holds the first 16 bytes of encoded as two numbers. mask selects the bytes that are compared.
	begin, mask [2]uint64
	guess       int    // index of the key that is expected next
	lastObject  uint64 // number of the last object that had the key
	// from and to are the offsets of the value of the key in this object.
	from, to uint32
	// inner holds the known keys of the objects that are values of the key. It is nil unless there is a [Field] for
	// one of them.
	inner *members
}

// noMatch is the expected text of keys that are not found by their text; see [key.match].
const noMatch = ""

// MaxNames is the maximum total size of the names in a Keys, in bytes.
const MaxNames = 16 << 20

// NewKeys returns an empty Keys for at most limit keys, whose names have at most [MaxNames] bytes together. Further
// keys are ignored.
func NewKeys(limit int) *Keys {
	return &Keys{members: newMembers(), limit: limit, bytesLeft: MaxNames}
}

// Len returns the number of keys.
func (k *Keys) Len() int { return len(k.keys) - 1 }

// Name returns key i, decoded.
func (k *Keys) Name(i int) string { return k.keys[i+1].name }

// Capped reports whether keys were ignored because there were too many, or because their names exceeded [MaxNames].
func (k *Keys) Capped() bool { return k.capped }

// IsRegular reports whether the newest object is suitable for a [Finder]. Each key of such an object is recorded,
// occurs once, has no escapes and is directly followed by a colon. No key of a nested object has escapes.
func (k *Keys) IsRegular() bool { return !k.irregular && !k.innerIrregular }

// HasRegularKeys is like IsRegular, but ignores the keys of nested objects.
func (k *Keys) HasRegularKeys() bool { return !k.irregular }

// IsNested reports whether the newest object contains objects.
func (k *Keys) IsNested() bool { return k.nested }

// IsEscaped reports whether the newest object contains a backslash.
func (k *Keys) IsEscaped() bool { return k.escaped }

// InnerKeys returns the keys of all nested objects that have been scanned.
func (k *Keys) InnerKeys() InnerKeys { return k.inner }

// Add adds the keys of another Keys, including keys of nested objects. If there would be more keys than the maximum, or
// if their names would exceed [MaxNames], Add returns false and changes nothing.
func (k *Keys) Add(other *Keys) bool { return k.AddFrom(other, 0, other.Len()) }

// AddFrom is like Add, but adds only the keys whose index in other is at least start and less than end.
func (k *Keys) AddFrom(other *Keys, start, end int) bool {
	added, size := 0, 0
	more := other.keys[1+start : 1+end]
	for i := range more {
		if _, known := k.index[more[i].name]; !known {
			added++
			size += len(more[i].name)
		}
	}
	if other.capped || k.Len()+added > k.limit || size > k.bytesLeft {
		return false
	}
	for i := range more {
		if added == 0 {
			break
		}
		if _, known := k.index[more[i].name]; !known {
			k.add(more[i].name)
		}
	}
	for i, bits := range other.inner.bits {
		k.inner.bits[i] |= bits
	}
	return true
}

// add appends a key to the slice k.keys and returns its index there.
func (k *Keys) add(name string) int {
	k.bytesLeft -= len(name)
	return k.append(name)
}

func (k *Keys) begin() {
	k.previous, k.savedLen, k.savedCapped = 0, len(k.keys), k.capped
	k.objectNumber++
	k.reset()
}

func (k *Keys) reset() {
	k.irregular, k.innerIrregular, k.nested, k.escaped, k.repeated, k.next = false, false, false, false, false, nil
}

// ScanMember validates text as the value of a member of an object, and records the keys of objects in the value.
// Afterwards, IsNested reports whether the value is or contains an object, and IsRegular is false if a key in the value
// has escapes.
func (k *Keys) ScanMember(text []byte) error {
	k.reset()
	end := scanValue(text, 0, MaxDepth-1, k)
	switch {
	case end < 0:
		return failure(text, ^end)
	case end < len(text):
		return Unexpected(text[end], int64(end))
	}
	return nil
}

// rollBack removes the keys of an object that turned out to be invalid.
func (k *Keys) rollBack() {
	k.capped = k.savedCapped
	if len(k.keys) == k.savedLen {
		return
	}
	for _, dropped := range k.keys[k.savedLen:] {
		delete(k.index, dropped.name)
		k.bytesLeft += len(dropped.name)
	}
	k.keys = k.keys[:k.savedLen]
	for i := range k.keys {
		if k.keys[i].guess >= len(k.keys) {
			k.keys[i].guess = 0
		}
	}
}

// scan records a key and returns the offset after its colon, or a negative number if the key is invalid. The parameter
// start is the offset after the opening quote.
func (k *Keys) scan(text []byte, start int) int {
	guess := k.keys[k.previous].guess
	if end := start + k.keys[guess].match(text[start:]); end > start {
		k.markSeen(guess)
		return end
	}
	end := scanString(text, start, k)
	if end < 0 {
		return end
	}
	k.record(text[start : end-1])
	if end < len(text) && text[end] != ':' {
		k.irregular = true
	}
	return scanColon(text, end)
}

// match returns the length of the key if text starts with it, and otherwise 0. It may miss a key near the end of text.
func (k *key) match(text []byte) int {
	if len(text) < max(16, len(k.encoded)) {
		return 0
	}
	first, second := binary.LittleEndian.Uint64(text), binary.LittleEndian.Uint64(text[8:])
	if (first^k.begin[0])&k.mask[0]|(second^k.begin[1])&k.mask[1] != 0 {
		return 0
	}
	if len(k.encoded) > 16 && string(text[16:len(k.encoded)]) != k.encoded[16:] {
		return 0
	}
	return len(k.encoded)
}

// expect sets the text that the method match looks for.
func (k *key) expect(encoded string) {
	k.encoded = encoded
	var begin, mask [16]byte
	for i := range copy(begin[:], encoded) {
		mask[i] = 0xff
	}
	for i := range k.begin {
		k.begin[i], k.mask[i] = binary.LittleEndian.Uint64(begin[8*i:]), binary.LittleEndian.Uint64(mask[8*i:])
	}
}

// markSeen records that the current object has the key with index i in keys.
func (k *Keys) markSeen(i int) {
	current := &k.keys[i]
	if current.lastObject == k.objectNumber {
		k.irregular = true
	}
	current.lastObject = k.objectNumber
	k.previous = i
}

// scanInner is like the method scan, but for a key of a nested object.
func (k *Keys) scanInner(text []byte, start int) int {
	end := k.scanInnerName(text, start)
	if end < 0 {
		return end
	}
	return scanColon(text, end)
}

// scanInnerName records a key of a nested object and returns the offset after its closing quote, or a negative number if
// the key is invalid. The parameter start is the offset after the opening quote.
func (k *Keys) scanInnerName(text []byte, start int) int {
	k.nested = true
	end := scanString(text, start, k)
	if end < 0 {
		return end
	}
	encoded := text[start : end-1]
	k.inner.add(encoded)
	if HasEscape(encoded) { // the end of an escaped key may look like another key
		k.innerIrregular = true
	}
	return end
}

// record finds or adds a key that was not guessed. It makes this key the guess for the next time that the previous key
// occurs. The parameter encoded is the JSON of the key, without its quotes.
func (k *Keys) record(encoded []byte) {
	name := encoded
	plain := !HasEscape(encoded)
	if !plain {
		name = AppendDecoded(nil, encoded)
		k.irregular = true
	}
	place, found := k.index[string(name)]
	switch {
	case found:
	case k.Len() < k.limit && len(name) <= k.bytesLeft:
		place = k.add(string(name))
	default:
		k.capped, k.irregular = true, true
		return
	}
	if plain && k.keys[place].encoded == noMatch {
		k.keys[place].expect(k.keys[place].name + `":`)
	}
	k.keys[k.previous].guess = place
	k.markSeen(place)
}
