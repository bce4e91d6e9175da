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

// hashOfText returns the hash of a decoded string.
func hashOfText(text []byte) uint64 { return xxhash.Sum64(text) }

// hashOfValue returns the hash of a value other than a string. The number 12 and the string "12" differ.
func hashOfValue(kind item.CellKind, raw []byte) uint64 {
	return xxhash.Sum64(raw) ^ uint64(kind)<<32
}

// tally counts how often each value occurs. If there are too many different values, it switches from exact to
// approximate counting and keeps only frequent values.
type tally struct {
	slots []slot // its length is a power of two
	used  int
	full  int    // number of used slots at which find calls makeRoom
	max   int    // maximum number of slots
	key   uint64 // odd; see slotOf
	spare []slot // reused when slots are rebuilt at the same size
	// sketch is nil while the tally is exact. short is the maximum error of a count: the true count may be higher by up
	// to short.
	sketch *sketch
	short  uint32
}

// slot holds the count of one value. id consists of the upper bits of the value's hash and, in its lowest classBits
// bits, the class. row is the first row with the value. A slot whose count is 0 is free.
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
	// maxSlots is the maximum number of slots. They take one megabyte and can hold about 49,000 values.
	maxSlots    = 1 << maxSlotBits
	maxSlotBits = 16
	// slotsAfter is the number of slots after the switch to approximate counting.
	slotsAfter = 1 << 12
)

// find returns the slot of a value, and whether the slot is new. The caller must set the class of a new slot.
func (t *tally) find(hash uint64, row uint32) (s *slot, fresh bool) {
	if t.used >= t.full {
		t.makeRoom()
	}
	if t.sketch != nil {
		t.sketch.add(hash)
	}
	id := hash &^ (1<<classBits - 1)
	mask := uint64(len(t.slots) - 1)
	for i := t.slotOf(hash); ; i++ {
		s = &t.slots[i&mask]
		switch {
		case s.count == 0:
			*s = slot{id: id, count: 1, row: row}
			t.used++
			return s, true
		case s.id&^(1<<classBits-1) == id:
			s.count++
			return s, false
		}
	}
}

// touch loads the slots of values into the processor cache before find needs them. Loading many slots at once is faster
// than loading each when it is needed. The result is meaningless; it keeps the compiler from removing the reads.
func (t *tally) touch(values []pendingValue) uint32 {
	sum, mask := uint32(0), uint64(len(t.slots)-1)
	if len(t.slots) > 0 {
		for i := range values {
			sum += t.slots[t.slotOf(values[i].hash)&mask].count
		}
	}
	return sum
}

// slotOf returns the index of the slot at which the search for a value starts. It takes the hash of the value or the id
// of its slot.
func (t *tally) slotOf(id uint64) uint64 { return (id >> classBits * t.key) >> (64 - maxSlotBits) }

// makeRoom grows the table. At the maximum size, it drops rare values instead.
func (t *tally) makeRoom() {
	if t.sketch == nil && len(t.slots) < t.max {
		t.rebuild(max(firstSlots, len(t.slots)*2), 0)
		return
	}
	t.estimate()
	for t.used >= t.max/2 {
		t.short++
		t.rebuild(t.max, t.short)
	}
}

// estimate switches to approximate counting.
func (t *tally) estimate() {
	if t.sketch != nil {
		return
	}
	t.sketch = new(sketch)
	for _, s := range t.slots {
		if s.count > 0 {
			t.sketch.add(s.id)
		}
	}
	t.max = min(t.max, slotsAfter)
	for t.used > t.max/2 {
		t.short++
		t.drop(t.short)
	}
	t.rebuild(t.max, 0)
}

// drop frees the slots whose count is at most limit. The table must be rebuilt afterwards.
func (t *tally) drop(limit uint32) {
	t.used = 0
	for i := range t.slots {
		if t.slots[i].count <= limit {
			t.slots[i].count = 0
		} else {
			t.used++
		}
	}
}

// rebuild moves the slots to a table of the given size. It drops slots with a count of at most rare. In approximate
// counting it doubles the size of the table, because most values are new then, and searching a full table for a new
// value is slow.
func (t *tally) rebuild(size int, rare uint32) {
	const sparse = 2
	old := t.slots
	t.full = size / 4 * 3
	if t.sketch != nil {
		size *= sparse
	}
	if len(t.spare) == size {
		clear(t.spare)
		t.slots, t.spare = t.spare, nil
	} else {
		t.slots = make([]slot, size)
	}
	t.used = 0
	mask := uint64(size - 1)
	for _, s := range old {
		if s.count <= rare {
			continue
		}
		i := t.slotOf(s.id)
		for t.slots[i&mask].count > 0 {
			i++
		}
		t.slots[i&mask] = s
		t.used++
	}
	if len(old) == size {
		t.spare = old
	}
}

// merge adds the counts of another tally.
func (t *tally) merge(other *tally) {
	if other.sketch != nil {
		t.estimate()
	}
	for _, s := range other.slots {
		if s.count == 0 {
			continue
		}
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
// that.
func (t *tally) distinct(values int) Amount {
	if t.sketch == nil {
		return Amount{N: t.used}
	}
	return Amount{N: min(values, max(t.used, t.sketch.estimate())), Estimated: true}
}

// mostFrequent returns the slots with the highest counts, at most limit, in descending order.
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
