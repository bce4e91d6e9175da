package write

import "testing"

// TestUnfinishedPagesTakeBoundedMemory writes many columns. An encoder keeps an unfinished page of each column in
// memory: 10,000 pages of 256 KB would be 2.5 GB.
func TestUnfinishedPagesTakeBoundedMemory(t *testing.T) {
	for _, columns := range []int{1, 100, 512, 513, 10_000, 16_384} {
		if size := pageSize(columns); size < minPageSize || size > maxPageSize || columns*size > maxPagesSize {
			t.Errorf("%d columns have pages of %d bytes", columns, size)
		}
	}
}
