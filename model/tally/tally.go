package tally

import (
	"cmp"
	"math/bits"
	"slices"
)

// Tally counts how often each value occurs. If there are too many different values, it switches from exact to
// approximate counting and keeps only frequent values. Use [New] to create a Tally.
type Tally struct {
	slots []Slot // in the order of their first values; if it is full, Add calls makeRoom
	// index is a hash table of the values. Each element is an index in slots plus 1, or 0 if the element is free. The
	// length of the table is a power of two. As its elements are small, the table stays in the processor cache even if
	// slots does not, and it can be sparse.
	index []uint16
	max   int    // maximum size; see resize
	key   uint64 // odd; see start
	// sketch is nil while the tally is exact. short is the maximum error of a count: the true count may be higher by up
	// to short.
	sketch *sketch
	short  uint32
	// recent is nil unless values repeat often. last is the index of the slot that Add returned last.
	recent *recent
	last   uint16
}

// New returns an empty tally. It counts exactly up to about size values; sizes outside 16 to [MaxSlots] are limited to
// this range. The parameter key makes the places of values in the tally unpredictable. Otherwise, a web page could make
// the tally slow with values that all get the same place.
func New(size int, key uint64) Tally {
	powerOfTwo := 1 << bits.Len(uint(max(0, size))) >> 1
	return Tally{max: max(minSlots, min(MaxSlots, powerOfTwo)), key: key | 1}
}

// Slot holds the count of one value, and the first row with the value.
type Slot struct {
	// id combines two numbers: its lowest ClassBits bits are the class of the value, and its other bits are those of the
	// hash of the value.
	id         uint64
	Count, Row uint32
}

// Class is a number of at most [ClassBits] bits that is kept for each value, such as the type of the value.
type Class uint16

// ClassBits is the number of bits of a [Class].
const ClassBits = 9

// Class returns the class of the value, or 0 if none was set.
func (s *Slot) Class() Class { return Class(s.id & (1<<ClassBits - 1)) }

// SetClass sets the class of the value. It has no effect if the value has this class already. The class of a value must
// not change.
func (s *Slot) SetClass(c Class) { s.id |= uint64(c) }

// HasHash reports whether the slot belongs to the value with the given hash.
func (s *Slot) HasHash(hash uint64) bool { return s.id>>ClassBits == hash>>ClassBits }

const (
	minSlots = 16 // first size of a tally
	// MaxSlots is the maximum size of a tally. A tally of this size takes one megabyte and holds 49,152 values.
	MaxSlots    = 1 << maxSlotBits
	maxSlotBits = 16
	// slotsAfter is the size of a tally after its switch to approximate counting.
	slotsAfter = 1 << 12
)

// Add counts a value of a row and returns the slot of the value, and whether the slot is new. The parameter hash is the
// hash of the value. The slot must not be used after the next call of a method.
func (t *Tally) Add(hash uint64, row uint32) (s *Slot, fresh bool) {
	if len(t.slots) == cap(t.slots) {
		t.makeRoom()
	}
	if t.sketch != nil {
		t.sketch.add(hash)
	}
	id := hash &^ (1<<ClassBits - 1)
	mask := uint64(len(t.index) - 1)
	for i := t.start(hash); ; i++ {
		at := &t.index[i&mask]
		if *at == 0 {
			t.slots = append(t.slots, Slot{id: id, Count: 1, Row: row})
			t.last = uint16(len(t.slots) - 1)
			*at = t.last + 1
			return &t.slots[t.last], true
		}
		if s = &t.slots[*at-1]; s.id&^(1<<ClassBits-1) == id {
			s.Count++
			t.last = *at - 1
			return s, false
		}
	}
}

// Touch loads the slots of values into the processor cache before the method Add reads them. Loading many slots at once
// is faster than loading each when it is needed. The result is meaningless; it keeps the compiler from removing the
// reads.
func (t *Tally) Touch(hashes []uint64) uint32 {
	sum, mask := uint32(0), uint64(len(t.index)-1)
	if len(t.index) > 2*slotsAfter { // a smaller tally is in the cache anyway
		for _, hash := range hashes {
			if at := t.index[t.start(hash)&mask]; at > 0 {
				sum += t.slots[at-1].Count
			}
		}
	}
	return sum
}

// start returns the index at which the search for a value starts. It takes the hash of the value or the id of its slot.
func (t *Tally) start(id uint64) uint64 { return (id >> ClassBits * t.key) >> (64 - maxSlotBits - 1) }

// makeRoom grows the tally. At the maximum size, it drops rare values instead.
func (t *Tally) makeRoom() {
	size := cap(t.slots) / 3 * 4
	if t.sketch == nil && size < t.max {
		t.resize(max(minSlots, size*2))
		return
	}
	t.estimate()
	for len(t.slots) >= t.max/2 {
		t.short++
		t.drop(t.short)
	}
	t.resize(t.max)
}

// estimate switches to approximate counting.
func (t *Tally) estimate() {
	if t.sketch != nil {
		return
	}
	t.sketch, t.recent = new(sketch), nil // the slots will move
	for _, s := range t.slots {
		t.sketch.add(s.id)
	}
	t.max = min(t.max, slotsAfter)
	for len(t.slots) > t.max/2 {
		t.short++
		t.drop(t.short)
	}
	t.resize(t.max)
}

// drop removes the values that were counted at most limit times. Call resize afterwards.
func (t *Tally) drop(limit uint32) {
	t.slots = slices.DeleteFunc(t.slots, func(s Slot) bool { return s.Count <= limit })
}

// resize sets the size of the tally and rebuilds the index. The size must be a multiple of four.
func (t *Tally) resize(size int) {
	if room := size / 4 * 3; cap(t.slots) != room {
		t.slots = append(make([]Slot, 0, room), t.slots...)
	}
	if len(t.index) == 2*size {
		clear(t.index)
	} else {
		t.index = make([]uint16, 2*size)
	}
	mask := uint64(len(t.index) - 1)
	for at, s := range t.slots {
		i := t.start(s.id)
		for t.index[i&mask] > 0 {
			i++
		}
		t.index[i&mask] = uint16(at + 1)
	}
}

// Merge adds the counts of another tally, which must not be used afterwards.
func (t *Tally) Merge(other *Tally) {
	if other.sketch != nil {
		t.estimate()
	}
	for _, s := range other.slots {
		own, fresh := t.Add(s.id, s.Row)
		if fresh {
			*own = s
			continue
		}
		own.Count += s.Count - 1
		own.Row = min(own.Row, s.Row)
	}
	if other.sketch != nil {
		t.sketch.merge(other.sketch)
		t.short += other.short
	}
}

// IsExact reports whether all values are counted exactly.
func (t *Tally) IsExact() bool { return t.sketch == nil }

// Distinct returns the number of different values. It is an estimate unless the tally is exact.
func (t *Tally) Distinct() int {
	if t.sketch == nil {
		return len(t.slots)
	}
	return max(len(t.slots), t.sketch.estimate())
}

// MostFrequent returns the slots of the most frequent values, at most limit, in descending order of frequency.
func (t *Tally) MostFrequent(limit int) []Slot {
	var top []Slot
	minCount := uint32(1)
	if t.sketch != nil {
		minCount = 2 + 2*t.short // lower counts are too inaccurate
	}
	for _, s := range t.slots {
		if s.Count < minCount {
			continue
		}
		place, _ := slices.BinarySearchFunc(top, s, compareSlots)
		if place < limit {
			top = slices.Insert(top, place, s)[:min(limit, len(top)+1)]
		}
	}
	return top
}

// compareSlots orders slots by descending count, then by first row.
func compareSlots(a, b Slot) int {
	return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Row, b.Row), cmp.Compare(a.id>>ClassBits, b.id>>ClassBits))
}
