package jsonscan

import (
	"bytes"
	"encoding/binary"
	"strings"
)

// Finder finds the value of one key in many objects that are alike. What [Find] finds by going through the object from its
// beginning, it finds by searching for the text of the key, near where the object before had it. It is for one goroutine.
//
// That is right only for an object that is regular, as [Keys.IsRegular] tells, and none of whose inner objects has that
// key. No string can be taken for the key: the search begins at a quote, which no string has in it but behind a
// backslash, and a string with a backslash before the quote and a colon behind it is a key with an escape.
type Finder struct {
	// sent is the key between its quotes, and its colon.
	sent []byte
	// head is what sent begins with, as a number, and headMask which bytes of it count.
	head, headMask uint64
	guess          int
}

// NewFinder makes a finder for a key, given decoded; false for a key that it cannot search for.
func NewFinder(name string) (*Finder, bool) {
	for i := range len(name) {
		if name[i] < ' ' || name[i] == '"' || name[i] == '\\' {
			return nil, false
		}
	}
	// The quote that ends a string may stand before what such a key begins with.
	if name != "" && strings.IndexByte(",:]} ", name[0]) >= 0 {
		return nil, false
	}
	f := &Finder{sent: []byte(`"` + name + `":`)}
	var head, mask [8]byte
	copy(mask[:min(8, len(f.sent))], "\xff\xff\xff\xff\xff\xff\xff\xff")
	copy(head[:], f.sent)
	f.head, f.headMask = binary.LittleEndian.Uint64(head[:]), binary.LittleEndian.Uint64(mask[:])
	return f, true
}

// nearby is how far before and behind its guess a finder looks first, in bytes.
const nearby = 24

// Find gives the value that a regular object has for the key; nil where it has none.
func (f *Finder) Find(object []byte) []byte {
	at := f.search(object, max(0, f.guess-nearby), f.guess+nearby)
	if at < 0 {
		at = bytes.Index(object, f.sent)
	}
	if at < 0 {
		return nil
	}
	f.guess = at
	from := Space(object, at+len(f.sent))
	end := scanValue(object, from, MaxDepth, nil)
	if end < 0 {
		return nil
	}
	return object[from:end]
}

// search gives the first place of the key's text that is from or behind it, and before to; -1 where there is none.
func (f *Finder) search(object []byte, from, to int) int {
	to = min(to, len(object)-len(f.sent)+1)
	i := from
	for last := min(to, len(object)-7); i < last; i++ {
		if (binary.LittleEndian.Uint64(object[i:])^f.head)&f.headMask == 0 && bytes.Equal(object[i:i+len(f.sent)], f.sent) {
			return i
		}
	}
	for ; i < to; i++ {
		if bytes.Equal(object[i:i+len(f.sent)], f.sent) {
			return i
		}
	}
	return -1
}

// InnerKeys is what is remembered of the keys of objects within objects: enough to say of most keys that they are none of
// them. It is comparable.
type InnerKeys struct{ bits [innerBits / 64]uint64 }

const innerBits = 1024

// innerBit chooses the bit of a key.
func innerBit[T string | []byte](sent T) uint32 {
	hash := uint32(len(sent))
	if len(sent) > 0 {
		hash += uint32(sent[0])*0x9e37 + uint32(sent[len(sent)-1])*0x79b1 + uint32(sent[len(sent)/2])*0x1f35
	}
	return hash * 0x9e3779b1 >> 22
}

func (k *InnerKeys) add(sent []byte) {
	bit := innerBit(sent)
	k.bits[bit/64] |= 1 << (bit % 64)
}

// MayHave tells whether a key, as it stands between its quotes, may be among them. A false is sure.
func (k *InnerKeys) MayHave(sent string) bool {
	bit := innerBit(sent)
	return k.bits[bit/64]&(1<<(bit%64)) != 0
}
