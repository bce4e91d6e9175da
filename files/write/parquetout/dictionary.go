package parquetout

import (
	"bytes"
	"hash/maphash"
)

// dictionary assigns an index to each distinct value of a column.
type dictionary struct {
	data []byte
	ends []uint32
	// slots is a hash table of the values. A free slot is 0. A used slot holds the index of a value plus 1, and the
	// hash of the value.
	slots []slot
	seed  maphash.Seed
	added int // number of lookups
}

type slot struct{ place, hash uint32 }

// Limits on a dictionary. It is no longer used if it becomes large, if a value is long, or if most of the first values
// are distinct.
const (
	maxDictionarySize = 1 << 20
	maxIndexes        = 1 << 16
	firstValues       = 4096
	firstSlots        = 64
	maxIndexed        = 2 << 10 // maximum size of a value in bytes
)

func (d *dictionary) reset() {
	d.data, d.ends, d.added = d.data[:0], d.ends[:0], 0
	clear(d.slots)
}

// count returns the number of distinct values.
func (d *dictionary) count() int { return len(d.ends) }

// at returns the value with index i.
func (d *dictionary) at(i uint32) []byte {
	from := uint32(0)
	if i > 0 {
		from = d.ends[i-1]
	}
	return d.data[from:d.ends[i]]
}

// index returns the index of a value. It adds a new value to the dictionary. If the dictionary would then make the file
// larger, it returns false.
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

// grow doubles the size of the hash table.
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
