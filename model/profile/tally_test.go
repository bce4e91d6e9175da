package profile

import (
	"math"
	"testing"
)

// TestChosenHashesAreSpread looks for values whose hashes a page may have chosen. Without a secret key, all would be in
// the same place.
func TestChosenHashesAreSpread(t *testing.T) {
	const values = 2000
	counts := tally{max: maxSlots, key: 0x9e3779b97f4a7c15}
	places := map[uint64]bool{}
	for i := range uint64(values) {
		hash := i<<(classBits+maxSlotBits) | 1<<classBits
		if _, fresh := counts.find(hash, uint32(i)); !fresh {
			t.Fatalf("value %d is not new", i)
		}
		places[counts.start(hash)%(2*values)] = true
	}
	if len(places) < values/2 {
		t.Errorf("%d values are looked for in %d places", values, len(places))
	}
}

func TestDuplicatesOfManyRowsAreInOrder(t *testing.T) {
	hashes := make([]uint64, 3000)
	for row := range hashes {
		hashes[row] = max(1, mix(uint64(row*row%1000)))
	}
	for _, rows := range []int{3000, 300} { // many and few duplicates
		e := newEquals(hashes[:rows])
		s := search{same: func(a, b int) bool { return a*a%1000 == b*b%1000 }}
		for part := range partitions {
			s.find(e, part)
		}
		d := e.groups()
		last, extra := -1, 0
		for i := range d.Groups() {
			group := d.Group(i)
			if int(group[0]) <= last {
				t.Fatalf("group %d of %d begins at row %d, after %d", i, d.Groups(), group[0], last)
			}
			last = int(group[0])
			for k := range group[1:] {
				extra++
				if a, b := int(group[k]), int(group[k+1]); a >= b || a*a%1000 != b*b%1000 {
					t.Fatalf("rows %d and %d are in one group", a, b)
				}
			}
		}
		distinct := map[int]bool{}
		for row := range rows {
			distinct[row*row%1000] = true
		}
		if extra != rows-len(distinct) || d.Extra() != extra {
			t.Errorf("%d repeated rows of %d, want %d", extra, rows, rows-len(distinct))
		}
	}
}

// TestTallyIsExactUpToItsSize counts as many values as fit in a tally, and then more.
func TestTallyIsExactUpToItsSize(t *testing.T) {
	const room = maxSlots/4*3 - 1 // a full tally switches to estimates with the next value, even if it is known
	counts := tally{max: maxSlots, key: 0x9e3779b97f4a7c15}
	for i := range 2 * room {
		counts.find(mix(uint64(i%room)), uint32(i))
	}
	if got := counts.distinct(2 * room); got != (Amount{N: room}) {
		t.Errorf("got %v different values, want %d", got, room)
	}
	for i := range room {
		s, fresh := counts.find(mix(uint64(i)), 0)
		if fresh || s.count != 3 || s.row != uint32(i) {
			t.Fatalf("value %d: count %d, first row %d, new %t", i, s.count, s.row, fresh)
		}
	}
	const frequent = 5000
	for i := range frequent {
		counts.find(mix(room), uint32(i))
		counts.find(mix(uint64(room+1+i)), uint32(i))
	}
	got := counts.distinct(10 * room)
	if want := float64(room + 1 + frequent); !got.Estimated || math.Abs(float64(got.N)-want) > 0.1*want {
		t.Errorf("got %v different values, want about %v", got, want)
	}
	if top := counts.mostFrequent(1); len(top) != 1 || top[0].count+counts.short < frequent || top[0].count > frequent {
		t.Errorf("the most frequent values are %v, want one of about %d", top, frequent)
	}
}
