package profile

import "testing"

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
		places[counts.slotOf(hash)%(2*values)] = true
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
