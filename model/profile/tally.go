package profile

import (
	"cmp"
	"math"
	"math/bits"
	"slices"

	"github.com/cespare/xxhash/v2"

	"sbwatch/model/item"
	"sbwatch/model/jsonscan"
)

// hashOf returns the hash of a value. Equal values have equal hashes. scratch is used for decoding.
func hashOf(cell item.Cell, scratch *[]byte) uint64 {
	raw := cell.Raw()
	if cell.Kind() != item.CellString {
		return hashOfValue(cell.Kind(), raw)
	}
	return hashOfText(jsonscan.Decoded(raw[1:len(raw)-1], scratch))
}

func hashOfText(text []byte) uint64 { return xxhash.Sum64(text) }

// hashOfValue returns the hash of a value other than a string. The number 12 and the string "12" differ.
func hashOfValue(kind item.CellKind, raw []byte) uint64 {
	return xxhash.Sum64(raw) ^ uint64(kind)<<32
}

// tally counts how often each value occurs. If there are too many different values, it switches from exact to
// approximate counting and keeps only frequent values.
type tally struct {
	slots []slot // in the order of their first values; if it is full, find calls makeRoom
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
}

// slot holds the count of one value. The lowest classBits bits of id are the class of the value, such as a number, and
// its other bits are those of the hash of the value. row is the first row with the value.
type slot struct {
	id         uint64
	count, row uint32
}

// class is the type of a value. It is kept so that equal values need not be classified again.
type class uint16

const classBits = 3 + strayKinds

func classOf(v value) class { return class(v.kind) | class(v.stray)<<3 }

func (c class) kind() Type { return Type(c & 7) }

func (c class) stray() Stray { return Stray(c >> 3) }

// isSpread reports whether values of the class are numbers or dates.
func (c class) isSpread() bool {
	return c.kind() == Number || c.kind() == NumberInText || c.kind() == Date
}

func (s slot) class() class { return class(s.id & (1<<classBits - 1)) }

const (
	firstSlots = 16
	// maxSlots is the maximum size of a tally. A tally of this size takes one megabyte and holds 49,152 values.
	maxSlots    = 1 << maxSlotBits
	maxSlotBits = 16
	// slotsAfter is the size of a tally after its switch to approximate counting.
	slotsAfter = 1 << 12
)

// find returns the slot of a value, and whether the slot is new. The caller must set the class of a new slot.
func (t *tally) find(hash uint64, row uint32) (s *slot, fresh bool) {
	if len(t.slots) == cap(t.slots) {
		t.makeRoom()
	}
	if t.sketch != nil {
		t.sketch.add(hash)
	}
	id := hash &^ (1<<classBits - 1)
	mask := uint64(len(t.index) - 1)
	for i := t.start(hash); ; i++ {
		at := &t.index[i&mask]
		if *at == 0 {
			t.slots = append(t.slots, slot{id: id, count: 1, row: row})
			*at = uint16(len(t.slots))
			return &t.slots[len(t.slots)-1], true
		}
		if s = &t.slots[*at-1]; s.id&^(1<<classBits-1) == id {
			s.count++
			return s, false
		}
	}
}

// touch loads the slots of values into the processor cache before the method find reads them. Loading many slots at
// once is faster than loading each when it is needed. The result is meaningless; it keeps the compiler from removing
// the reads.
func (t *tally) touch(values []presentValue) uint32 {
	sum, mask := uint32(0), uint64(len(t.index)-1)
	if len(t.index) > 2*slotsAfter { // a smaller tally is in the cache anyway
		for i := range values {
			if at := t.index[t.start(values[i].hash)&mask]; at > 0 {
				sum += t.slots[at-1].count
			}
		}
	}
	return sum
}

// start returns the index at which the search for a value starts. It takes the hash of the value or the id of its slot.
func (t *tally) start(id uint64) uint64 { return (id >> classBits * t.key) >> (64 - maxSlotBits - 1) }

// makeRoom grows the tally. At the maximum size, it drops rare values instead.
func (t *tally) makeRoom() {
	size := cap(t.slots) / 3 * 4
	if t.sketch == nil && size < t.max {
		t.resize(max(firstSlots, size*2))
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
func (t *tally) estimate() {
	if t.sketch != nil {
		return
	}
	t.sketch = new(sketch)
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
func (t *tally) drop(limit uint32) {
	t.slots = slices.DeleteFunc(t.slots, func(s slot) bool { return s.count <= limit })
}

// resize sets the size of the tally and rebuilds the index. A tally of size 400 has room for 300 values. size must be a
// multiple of four.
func (t *tally) resize(size int) {
	if room := size / 4 * 3; cap(t.slots) != room {
		t.slots = append(make([]slot, 0, room), t.slots...)
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

func (t *tally) merge(other *tally) {
	if other.sketch != nil {
		t.estimate()
	}
	for _, s := range other.slots {
		own, fresh := t.find(s.id, s.row)
		if fresh {
			*own = s
			continue
		}
		own.count += s.count - 1
		own.row = min(own.row, s.row)
	}
	if other.sketch != nil {
		t.sketch.merge(other.sketch)
		t.short += other.short
	}
}

// distinct returns the number of different values. values is the number of all values. An estimate is never higher than
// values.
func (t *tally) distinct(values int) Amount {
	if t.sketch == nil {
		return Amount{N: len(t.slots)}
	}
	return Amount{N: min(values, max(len(t.slots), t.sketch.estimate())), Estimated: true}
}

// mostFrequent returns the slots of the most frequent values, at most limit, in descending order of frequency.
func (t *tally) mostFrequent(limit int) []slot {
	var top []slot
	minCount := uint32(1)
	if t.sketch != nil {
		minCount = 2 + 2*t.short // lower counts are too inaccurate
	}
	for _, s := range t.slots {
		if s.count < minCount {
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
func compareSlots(a, b slot) int {
	return cmp.Or(cmp.Compare(b.count, a.count), cmp.Compare(a.row, b.row), cmp.Compare(a.id>>classBits, b.id>>classBits))
}

// sketch estimates the number of different hashes (HyperLogLog), with a standard error of 1.6 percent.
type sketch [1 << sketchBits]uint8

const sketchBits = 12

func (s *sketch) add(hash uint64) {
	rank := uint8(bits.LeadingZeros64(hash<<sketchBits|1)) + 1
	register := &s[hash>>(64-sketchBits)]
	*register = max(*register, rank)
}

func (s *sketch) merge(other *sketch) {
	for i, rank := range other {
		s[i] = max(s[i], rank)
	}
}

func (s *sketch) estimate() int {
	const size = float64(len(sketch{}))
	sum, empty := 0.0, 0.0
	for _, rank := range s {
		sum += math.Ldexp(1, -int(rank))
		if rank == 0 {
			empty++
		}
	}
	estimate := 0.7213 / (1 + 1.079/size) * size * size / sum
	if estimate <= 2.5*size && empty > 0 {
		estimate = size * math.Log(size/empty)
	}
	return int(estimate + 0.5)
}
