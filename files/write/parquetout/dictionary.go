package parquetout

import (
	"bytes"
	"hash/maphash"
)

// dictionary numbers the distinct values of a column.
type dictionary struct {
	data []byte
	ends []uint32
	// slots is a hash table: 0 for a free slot, and otherwise an index plus 1 and the upper bits of the hash.
	slots []slot
	seed  maphash.Seed
	added int // values that were looked up
}

type slot struct{ place, hash uint32 }

// A dictionary ends if it does not pay: if it is large, if a value is long, or if most of many values are distinct.
const (
	maxDictionarySize = 1 << 20
	maxIndexes        = 1 << 16
	firstValues       = 4096
	firstSlots        = 64
	maxIndexed        = 2 << 10 // the size of a value in bytes
)

func (d *dictionary) reset() {
	d.data, d.ends, d.added = d.data[:0], d.ends[:0], 0
	clear(d.slots)
}

// count returns the number of values.
func (d *dictionary) count() int { return len(d.ends) }

// at returns a value.
func (d *dictionary) at(i uint32) []byte {
	from := uint32(0)
	if i > 0 {
		from = d.ends[i-1]
	}
	return d.data[from:d.ends[i]]
}

// index returns the index of a value, which it adds if it is new. It returns false if the dictionary does not pay.
func (d *dictionary) index(v []byte) (uint32, bool) {
	if len(v) > maxIndexed {
		return 0, false
	}
	if d.slots == nil {
		d.slots, d.seed = make([]slot, firstSlots), maphash.MakeSeed()
	}
	d.added++
	hash := uint32(maphash.Bytes(d.seed, v))
	mask := uint32(len(d.slots) - 1)
	at := hash & mask
	for ; d.slots[at].place != 0; at = (at + 1) & mask {
		if s := d.slots[at]; s.hash == hash && bytes.Equal(d.at(s.place-1), v) {
			return s.place - 1, true
		}
	}
	isDistinct := d.added > firstValues && d.count() > d.added/4*3
	if isDistinct || len(d.data)+len(v) > maxDictionarySize || d.count() == maxIndexes {
		return 0, false
	}
	d.data = append(d.data, v...)
	d.ends = append(d.ends, uint32(len(d.data)))
	d.slots[at] = slot{uint32(d.count()), hash}
	if d.count() > len(d.slots)/2 {
		d.grow()
	}
	return uint32(d.count() - 1), true
}

// grow doubles the hash table.
func (d *dictionary) grow() {
	old := d.slots
	d.slots = make([]slot, 2*len(old))
	mask := uint32(len(d.slots) - 1)
	for _, s := range old {
		if s.place == 0 {
			continue
		}
		at := s.hash & mask
		for d.slots[at].place != 0 {
			at = (at + 1) & mask
		}
		d.slots[at] = s
	}
}
