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

// hashOf is a number for a value: the same for values that are the same. scratch is for decoding.
func hashOf(cell item.Cell, scratch *[]byte) uint64 {
	raw := cell.Raw()
	if cell.Kind() != item.CellString {
		return hashOfValue(cell.Kind(), raw)
	}
	return hashOfText(jsonscan.Decoded(raw[1:len(raw)-1], scratch))
}

// hashOfText is the hash of a string, given decoded.
func hashOfText(text []byte) uint64 { return xxhash.Sum64(text) }

// hashOfValue is the hash of what is no string, as it was sent: 12 is another value than "12".
func hashOfValue(kind item.CellKind, raw []byte) uint64 {
	return xxhash.Sum64(raw) ^ uint64(kind)<<32
}

// tally counts how often each value is there. As long as there are not too many different ones it is exact; from then on
// it estimates how many there are, and keeps those that come often.
type tally struct {
	slots []slot // their number is a power of two
	used  int
	most  int    // slots at most
	spare []slot // of the size of slots, once they are rebuilt again and again
	// sketch is nil while the tally is exact. short is by how much counts may then be too low.
	sketch *sketch
	short  uint32
}

// slot is one value: the upper bits of its hash and, in the lowest eight, its class; how often it came; and the first row
// that has it. Slots without a count are free.
type slot struct {
	id         uint64
	count, row uint32
}

// class is what is known of a value that was seen before, so that it need not be judged again.
type class uint8

const classBits = 8

func classOf(v value) class { return class(v.kind) | class(v.stray)<<3 }

func (c class) kind() Type { return Type(c & 7) }

func (c class) stray() Stray { return Stray(c >> 3) }

// isSpread tells whether values of the class are numbers or dates.
func (c class) isSpread() bool {
	return c.kind() == Number || c.kind() == NumberInText || c.kind() == Date
}

func (s slot) class() class { return class(s.id & (1<<classBits - 1)) }

const (
	firstSlots = 16
	// mostSlots hold about 49,000 values, in a megabyte.
	mostSlots = 1 << 16
	// slotsAfter are kept for the commonest once there are too many values.
	slotsAfter = 1 << 12
)

// find gives the slot of a value, by its hash, and whether it is new. The class of a new one is to be set.
func (t *tally) find(hash uint64, row uint32) (s *slot, fresh bool) {
	if t.used >= len(t.slots)/4*3 {
		t.makeRoom()
	}
	if t.sketch != nil {
		t.sketch.add(hash)
	}
	id := hash &^ (1<<classBits - 1)
	mask := uint64(len(t.slots) - 1)
	for i := hash >> classBits; ; i++ {
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

// makeRoom grows the table or, where it is as large as it may get, gives up on values that are rare.
func (t *tally) makeRoom() {
	if len(t.slots) < t.most {
		t.rebuild(max(firstSlots, len(t.slots)*2), 0)
		return
	}
	t.estimate()
	for t.used >= len(t.slots)/2 {
		t.short++
		t.rebuild(len(t.slots), t.short)
	}
}

// estimate stops to be exact.
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
	t.most = min(t.most, slotsAfter)
	for t.used > t.most/2 {
		t.short++
		t.drop(t.short)
	}
	t.rebuild(t.most, 0)
}

// drop frees slots with counts up to one; the table is to be rebuilt.
func (t *tally) drop(count uint32) {
	t.used = 0
	for i := range t.slots {
		if t.slots[i].count <= count {
			t.slots[i].count = 0
		} else {
			t.used++
		}
	}
}

// rebuild moves what came more often than so many times to a table of a size.
func (t *tally) rebuild(size int, rare uint32) {
	old := t.slots
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
		i := s.id >> classBits
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

// merge adds what another tally counted.
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

// distinct is how many different values there are, of so many.
func (t *tally) distinct(values int) Amount {
	if t.sketch == nil {
		return Amount{N: t.used}
	}
	return Amount{N: min(values, max(t.used, t.sketch.estimate())), About: true}
}

// commonest are the slots of the values that came most often, at most so many, the commonest first.
func (t *tally) commonest(most int) []slot {
	var top []slot
	least := uint32(1)
	if t.sketch != nil {
		least = 2 + 2*t.short // what is counted far too low is no common value
	}
	for _, s := range t.slots {
		if s.count < least {
			continue
		}
		place, _ := slices.BinarySearchFunc(top, s, compareSlots)
		if place < most {
			top = slices.Insert(top, place, s)[:min(most, len(top)+1)]
		}
	}
	return top
}

// compareSlots puts the commoner one first, and of two that are as common the one that came first.
func compareSlots(a, b slot) int {
	return cmp.Or(cmp.Compare(b.count, a.count), cmp.Compare(a.row, b.row), cmp.Compare(a.id>>classBits, b.id>>classBits))
}

// sketch estimates how many different hashes it was given (HyperLogLog), some 1.6 % off as a rule.
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
