package profile

import (
	"bytes"
	"cmp"
	"math/bits"
	"slices"

	"github.com/cespare/xxhash/v2"

	"sbwatch/model/item"
)

// Duplicates are groups of items that are the same, whole or by a key.
type Duplicates struct {
	rows  []uint32 // group by group, ascending within
	begin []uint32 // where each group begins
}

// Groups is the number of groups.
func (d Duplicates) Groups() int { return len(d.begin) }

// Group are the items of a group, ascending, two at least. The groups are in order of their first items. The slice must
// not be altered.
func (d Duplicates) Group(i int) []uint32 {
	end := len(d.rows)
	if i+1 < len(d.begin) {
		end = int(d.begin[i+1])
	}
	return d.rows[d.begin[i]:end:end]
}

// Extra is how many items are there beyond the first of each group.
func (d Duplicates) Extra() int { return len(d.rows) - len(d.begin) }

// Keys finds duplicates by the values at one path.
type Keys struct {
	items  item.Table
	path   item.Path
	hashes []uint64 // 0 for items without a value
}

// NewKeys begins to look for items with the same value at a path; for the zero path, for items that are the same whole.
func NewKeys(items item.Table, path item.Path) *Keys {
	return &Keys{items: items, path: path, hashes: make([]uint64, items.Len())}
}

// KeyReader reads the values of some rows. It is for one goroutine; several may read side by side.
type KeyReader struct {
	keys    *Keys
	values  *item.Reader
	scratch []byte
}

// Reader makes a reader.
func (k *Keys) Reader() *KeyReader { return &KeyReader{keys: k, values: k.items.Reader(k.path)} }

// Rows reads the rows from number from up to, but not, number to.
func (r *KeyReader) Rows(from, to int) {
	for row := from; row < to; row++ {
		cell := r.values.Cell(row)
		if r.keys.path == (item.Path{}) {
			r.keys.hashes[row] = max(1, xxhash.Sum64(cell.Raw()))
			continue
		}
		if PresenceOf(cell) == Present {
			r.keys.hashes[row] = max(1, hashOf(cell, &r.scratch))
		}
	}
}

// Duplicates are the groups among all rows, which must have been read.
func (k *Keys) Duplicates() Duplicates {
	values := k.items.Reader(k.path)
	return findDuplicates(k.hashes, func(a, b int) bool {
		one, other := values.Cell(a), values.Cell(b)
		return bytes.Equal(one.Raw(), other.Raw()) || k.path != (item.Path{}) && isSame(one, other)
	})
}

// repeated is an item that is the same as an earlier one.
type repeated struct{ first, row uint32 }

// findDuplicates groups rows of the same hash that are truly the same. Rows with hash 0 are left out.
func findDuplicates(hashes []uint64, same func(a, b int) bool) Duplicates {
	slots := make([]uint32, 1<<bits.Len(uint(2*len(hashes)))) // rows, counted from 1
	mask := uint64(len(slots) - 1)
	var found []repeated
	for row, hash := range hashes {
		if hash == 0 {
			continue
		}
		for i := hash; ; i++ {
			slot := &slots[i&mask]
			if *slot == 0 {
				*slot = uint32(row + 1)
				break
			}
			if first := int(*slot) - 1; hashes[first] == hash && same(first, row) {
				found = append(found, repeated{uint32(first), uint32(row)})
				break
			}
		}
	}
	return groupsOf(found)
}

// groupsOf makes groups of what was found, in order of rows.
func groupsOf(found []repeated) Duplicates {
	slices.SortStableFunc(found, func(a, b repeated) int { return cmp.Compare(a.first, b.first) })
	var d Duplicates
	for i, r := range found {
		if i == 0 || found[i-1].first != r.first {
			d.begin = append(d.begin, uint32(len(d.rows)))
			d.rows = append(d.rows, r.first)
		}
		d.rows = append(d.rows, r.row)
	}
	return d
}
