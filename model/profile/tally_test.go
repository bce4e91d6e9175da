package profile

import (
	"testing"
	"time"
)

// TestChosenHashesTakeLinearTime counts values whose hashes a page may have chosen: without a secret, all would be looked for in the same
// slot first.
func TestChosenHashesTakeLinearTime(t *testing.T) {
	took := func(values int) time.Duration {
		shortest := time.Hour
		for range 5 {
			counts := tally{max: maxSlots, key: 0x9e3779b97f4a7c15}
			began := time.Now()
			for i := range values {
				counts.find(uint64(i)<<(classBits+maxSlotBits)|1<<classBits, uint32(i))
			}
			shortest = min(shortest, time.Since(began))
			if counts.used != values {
				t.Fatalf("%d values, want %d", counts.used, values)
			}
		}
		return shortest
	}
	if few, many := took(2000), took(32_000); many > 16*5*few+time.Millisecond {
		t.Errorf("2,000 values take %v, 32,000 %v", few, many)
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
