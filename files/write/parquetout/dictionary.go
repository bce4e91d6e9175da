package parquetout

import (
	"bytes"
	"encoding/binary"
	"hash/maphash"
	"math/bits"
)

// dictionary assigns an index to each distinct value of a column.
type dictionary struct {
	data []byte
	ends []uint32
	// slots is a hash table of the values.
	slots []slot
	seed  maphash.Seed
	// masks make the hashes of values of eight bytes unpredictable for attackers.
	masks [2]uint64
	added int // number of values that were found or added
}

// slot is an entry of the hash table. It refers to a value, or is free.
type slot struct {
	// hash is the hash of the value. If all values have eight bytes, it is the value itself.
	hash uint64
	from uint32 // offset of the value in data
	next uint32 // the index of the value plus 1; 0 if the slot is free
}

// Limits on a dictionary. A column stops using its dictionary if the dictionary becomes large, if a value is long, or
// if most of the first values are distinct.
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

// start creates the hash table if it does not exist yet.
func (d *dictionary) start() {
	if d.slots == nil {
		d.slots, d.seed = make([]slot, firstSlots), maphash.MakeSeed()
		d.masks = [2]uint64{maphash.String(d.seed, "value"), maphash.String(d.seed, "factor") | 1}
	}
}

// find returns the index of a value. It returns false if the value is not in the dictionary.
func (d *dictionary) find(v []byte) (uint32, bool) {
	if len(v) > maxIndexed || len(d.ends) == 0 {
		return 0, false
	}
	s := d.search(v, maphash.Bytes(d.seed, v))
	if s.next == 0 {
		return 0, false
	}
	d.added++
	return s.next - 1, true
}

// search returns the slot of a value. If the value is not in the table, search returns the free slot for it.
func (d *dictionary) search(v []byte, hash uint64) *slot {
	mask := uint64(len(d.slots) - 1)
	for at := hash & mask; ; at = (at + 1) & mask {
		s := &d.slots[at]
		if s.next == 0 || s.hash == hash && bytes.Equal(d.data[s.from:d.ends[s.next-1]], v) {
			return s
		}
	}
}

// index returns the index of a value. It adds the value to the dictionary if it is new. If the dictionary would make
// the file larger, it returns false.
func (d *dictionary) index(v []byte) (uint32, bool) {
	if len(v) > maxIndexed {
		return 0, false
	}
	d.start()
	d.added++
	hash := maphash.Bytes(d.seed, v)
	s := d.search(v, hash)
	switch {
	case s.next > 0:
		return s.next - 1, true
	case !d.hasRoom(len(v)):
		return 0, false
	}
	*s = slot{hash, uint32(len(d.data)), uint32(d.count() + 1)}
	d.data = append(d.data, v...)
	return d.add(func(s slot) uint64 { return s.hash }), true
}

// indexFixed is like index, for a value of eight bytes.
func (d *dictionary) indexFixed(v uint64) (uint32, bool) {
	d.start()
	d.added++
	mask := uint64(len(d.slots) - 1)
	at := d.hashOf(v) & mask
	for ; d.slots[at].next > 0; at = (at + 1) & mask {
		if s := d.slots[at]; s.hash == v {
			return s.next - 1, true
		}
	}
	if !d.hasRoom(fixedSize) {
		return 0, false
	}
	d.slots[at] = slot{v, uint32(len(d.data)), uint32(d.count() + 1)}
	d.data = binary.LittleEndian.AppendUint64(d.data, v)
	return d.add(func(s slot) uint64 { return d.hashOf(s.hash) }), true
}

// hashOf returns the hash of a value of eight bytes.
func (d *dictionary) hashOf(v uint64) uint64 {
	high, low := bits.Mul64(v^d.masks[0], d.masks[1])
	return high ^ low
}

// hasRoom reports whether another value may be added.
func (d *dictionary) hasRoom(size int) bool {
	isDistinct := d.added > firstValues && d.count() > d.added/4*3
	return !isDistinct && len(d.data)+size <= maxDictionarySize && d.count() < maxIndexes
}

// add adds the value at the end of data to the table, and returns its index. The function hash returns the hash of the
// value of a slot.
func (d *dictionary) add(hash func(slot) uint64) uint32 {
	d.ends = append(d.ends, uint32(len(d.data)))
	if d.count() > len(d.slots)/2 {
		d.grow(hash)
	}
	return uint32(d.count() - 1)
}

// grow doubles the size of the hash table.
func (d *dictionary) grow(hash func(slot) uint64) {
	old := d.slots
	d.slots = make([]slot, 2*len(old))
	mask := uint64(len(d.slots) - 1)
	for _, s := range old {
		if s.next == 0 {
			continue
		}
		at := hash(s) & mask
		for d.slots[at].next > 0 {
			at = (at + 1) & mask
		}
		d.slots[at] = s
	}
}
