// Package slab allocates memory for the text of a large table.
package slab

import "sync"

// Sizes of slabs in bytes. The size of a slab is at most the number of bytes that were taken so far, so that a small
// table does not need much more memory than its text.
const (
	minSlab = 4 << 20
	maxSlab = 16 << 20
)

// minTaken is the minimum size of a slice, in bytes, that is cut out of a slab. A smaller slice may be copied to another
// place soon, and must not keep a slab in memory.
const minTaken = 64 << 10

// populated is the number of bytes for which memory is requested from the operating system at a time. It is a multiple
// of the size of a memory page.
const populated = 256 << 10

// Allocator cuts slices out of large pieces of memory, the slabs. It requests the memory of many pages from the
// operating system at once, which is faster than one page at a time. The zero value is ready to use. An Allocator is
// safe for concurrent use.
type Allocator struct {
	mutex sync.Mutex

	slab  []byte // the current slab
	used  int    // bytes of the slab that were taken
	ready int    // bytes of the slab that have memory
	taken int    // bytes that were taken from all slabs
}

// Take returns an empty slice with the given capacity. As long as the slice is in use, its slab stays in memory.
func (a *Allocator) Take(size int) []byte {
	taken, fresh := a.cut(size)
	if len(fresh) > 0 {
		populate(fresh)
	}
	return taken
}

// cut returns an empty slice with the given capacity, and the part of the slab for which memory must be requested.
func (a *Allocator) cut(size int) (taken, fresh []byte) {
	a.mutex.Lock()
	defer a.mutex.Unlock()
	a.taken += size
	if size < minTaken {
		return make([]byte, 0, size), nil
	}
	if size > len(a.slab)-a.used {
		slab := min(maxSlab, a.taken)
		if slab < minSlab || size > slab/4 {
			return make([]byte, 0, size), nil
		}
		a.slab, a.used, a.ready = make([]byte, slab), 0, 0
	}
	from := a.used
	a.used += size
	if a.used > a.ready {
		end := min(len(a.slab), (a.used+populated-1)/populated*populated)
		fresh, a.ready = a.slab[a.ready:end], end
	}
	return a.slab[from:from:a.used], fresh
}
