package jsonscan

import (
	"bytes"
	"encoding/binary"
	"math/bits"
	"strings"
)

// Finder finds the value of one key in many similar objects. Unlike [Find], it does not scan each object from its
// start, but searches for the key near its position in the previous object. It is not safe for concurrent use.
//
// A Finder is correct only if [Keys.IsRegular] returns true for each object and no nested object has the key. It cannot
// mistake a string for the key: the search text starts with a quote, and quotes within strings have a backslash before
// them.
type Finder struct {
	// encoded is the key in quotes, with its colon.
	encoded []byte
	// after is the distance of the key from the start of the previous object. before is its distance from the end of
	// that object.
	after, before int
	// fromEnd is set if the key of the previous object was found by its distance from the end of the object rather than
	// from the start.
	fromEnd bool
	// size is the size of the previous value that was found.
	size int
}

// NewFinder returns a Finder for a decoded key. It returns false for a key that a text search could miss or find in the
// wrong place, such as a key that contains a quote.
func NewFinder(name string) (*Finder, bool) {
	for i := range len(name) {
		if name[i] < ' ' || name[i] == '"' || name[i] == '\\' {
			return nil, false
		}
	}
	// In the JSON of an object, a closing quote may come before one of these characters. The search text for a key that
	// starts with such a character would also match there.
	if name != "" && strings.IndexByte(",:]} ", name[0]) >= 0 {
		return nil, false
	}
	return &Finder{encoded: []byte(`"` + name + `":`)}, true
}

// Distances from the expected offset of a key, in bytes. A Finder first searches within closeBy bytes. If the key is
// not there, it searches within the larger distances, and at last in the whole object.
const (
	closeBy = 8
	nearby  = 24
	wider   = 256
)

// Find returns the value of the key in a regular object. It returns nil if the object does not have the key.
func (f *Finder) Find(object []byte) []byte {
	near := f.expected(len(object))
	at := f.search(object, near-closeBy, near+closeBy)
	if at < 0 {
		at = f.search(object, near-nearby, near+nearby)
	}
	if at < 0 { // if a longer value before the key has moved the key, its distance from the end is unchanged
		f.fromEnd = !f.fromEnd
		near = f.expected(len(object))
		at = f.search(object, near-nearby, near+nearby)
	}
	if at < 0 && len(object) > wider {
		at = f.search(object, near-wider, near+wider)
	}
	if at < 0 {
		at = f.search(object, 0, len(object))
	}
	if at < 0 {
		return nil
	}
	f.after, f.before = at, len(object)-at
	from := Space(object, at+len(f.encoded))
	end := scanValue(object, from, trustedDepth, nil)
	if end < 0 {
		return nil
	}
	f.size = end - from
	return object[from:end]
}

// Expected returns the part of an object in which Find expects the key and its value. The parameter size is the size of
// the object.
func (f *Finder) Expected(size int) (from, to int) {
	near := min(max(0, f.expected(size)), size)
	return max(0, near-nearby), min(size, near+nearby+len(f.encoded)+f.size)
}

// expected returns the offset at which the key is probably found in an object of the given size. The offset may be
// outside the object.
func (f *Finder) expected(size int) int {
	if f.fromEnd {
		return size - f.before
	}
	return f.after
}

// search returns the first offset of the key in [start, end), or -1 if there is none. It checks eight offsets at once:
// each must have a quote, and a colon where the key would end.
func (f *Finder) search(object []byte, start, end int) int {
	const size = 8
	start = max(0, start)
	end = min(end, len(object)-len(f.encoded)+1)
	last := len(f.encoded) - 1
	i := start
	for ; i < end && i+last+size <= len(object); i += size {
		quotes := binary.LittleEndian.Uint64(object[i:]) ^ '"'*ones
		colons := binary.LittleEndian.Uint64(object[i+last:]) ^ ':'*ones
		differs := quotes | colons
		for found := (differs - ones) &^ differs & highs; found != 0; found &= found - 1 { // only the first bit is certain
			if at := i + bits.TrailingZeros64(found)/size; at < end && bytes.Equal(object[at:at+len(f.encoded)], f.encoded) {
				return at
			}
		}
	}
	for ; i < end; i++ {
		if bytes.Equal(object[i:i+len(f.encoded)], f.encoded) {
			return i
		}
	}
	return -1
}

// InnerKeys is a set of the keys of nested objects, stored as a Bloom filter. It is comparable.
type InnerKeys struct{ bits [innerBits / 64]uint64 }

const innerBits = 1024

func innerBit[T string | []byte](encoded T) uint32 {
	hash := uint32(len(encoded))
	if len(encoded) > 0 {
		hash += uint32(encoded[0])*0x9e37 + uint32(encoded[len(encoded)-1])*0x79b1 + uint32(encoded[len(encoded)/2])*0x1f35
	}
	return hash * 0x9e3779b1 >> 22
}

func (k *InnerKeys) add(encoded []byte) {
	bit := innerBit(encoded)
	k.bits[bit/64] |= 1 << (bit % 64)
}

// MayHave reports whether a key may be in the set. The parameter encoded is the JSON of the key, without its quotes. If
// MayHave returns false, the key is certainly not in the set.
func (k *InnerKeys) MayHave(encoded string) bool {
	bit := innerBit(encoded)
	return k.bits[bit/64]&(1<<(bit%64)) != 0
}
