package profile

import "testing"

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
