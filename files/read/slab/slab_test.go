package slab

import (
	"bytes"
	"testing"
)

// Slices do not overlap, whether they come from a slab or not.
func TestSlicesDoNotOverlap(t *testing.T) {
	var a Allocator
	var slices [][]byte
	size, slabs := 0, 0
	for i := 0; size < 3*maxSlab; i++ {
		n := 1 + i*7919%(maxSlab/16)
		taken, slab := a.Take(n), a.slab
		if len(taken) != 0 || cap(taken) != n {
			t.Fatalf("a slice of %d bytes has length %d and capacity %d", n, len(taken), cap(taken))
		}
		if len(slab) > 0 && a.used == n {
			slabs++
		}
		slices, size = append(slices, append(taken, bytes.Repeat([]byte{byte(i)}, n)...)), size+n
	}
	for i, s := range slices {
		if bytes.Count(s, []byte{byte(i)}) != len(s) {
			t.Errorf("slice %d was overwritten", i)
		}
	}
	if slabs < 2 {
		t.Errorf("%d slabs, want several", slabs)
	}
}

// A small table does not allocate a slab, which is much larger than the table.
func TestLittleMemoryNeedsNoSlab(t *testing.T) {
	var a Allocator
	for range minSlab/minTaken - 1 {
		a.Take(minTaken)
	}
	if len(a.slab) > 0 {
		t.Errorf("a slab of %d bytes", len(a.slab))
	}
}
