package profile

import (
	"bytes"
	"cmp"
	"math/bits"
	"slices"

	"github.com/cespare/xxhash/v2"

	"sbwatch/model/item"
)

// Duplicates are groups of items that are equal, either in whole or in one value.
type Duplicates struct {
	rows  []uint32 // all groups, one after the other, each in ascending order
	begin []uint32 // index in rows of the start of each group
}

// Groups returns the number of groups.
func (d Duplicates) Groups() int { return len(d.begin) }

// Group returns the row numbers of group i in ascending order, at least two. Groups are sorted by their first items. Do
// not modify the slice.
func (d Duplicates) Group(i int) []uint32 {
	end := len(d.rows)
	if i+1 < len(d.begin) {
		end = int(d.begin[i+1])
	}
	return d.rows[d.begin[i]:end:end]
}

// Extra returns the number of items that repeat an earlier one: all but the first item of each group.
func (d Duplicates) Extra() int { return len(d.rows) - len(d.begin) }

// Keys finds items with equal values at one path.
type Keys struct {
	items  item.Table
	path   item.Path
	hashes []uint64 // 0 for items without a value
}

// NewKeys returns a Keys for the values at a path. The zero path compares whole items byte for byte.
func NewKeys(items item.Table, path item.Path) *Keys {
	return &Keys{items: items, path: path, hashes: make([]uint64, items.Len())}
}

// KeyReader reads values for a [Keys]. Each goroutine needs its own.
type KeyReader struct {
	keys    *Keys
	values  *item.Reader
	scratch []byte
}

// Reader returns a reader.
func (k *Keys) Reader() *KeyReader { return &KeyReader{keys: k, values: k.items.Reader(k.path)} }

// Rows reads the rows from up to but not including to.
func (r *KeyReader) Rows(from, to int) {
	for row := from; row < to; row++ {
		cell := r.values.Cell(row)
		if r.keys.path == (item.Path{}) {
			r.keys.hashes[row] = max(1, xxhash.Sum64(cell.Raw()))
			continue
		}
		if cell.Presence() == item.Present {
			r.keys.hashes[row] = max(1, hashOf(cell, &r.scratch))
		}
	}
}

// Duplicates returns the groups. All rows must have been read.
func (k *Keys) Duplicates() Duplicates {
	values := k.items.Reader(k.path)
	return findDuplicates(k.hashes, func(a, b int) bool {
		one, other := values.Cell(a), values.Cell(b)
		return bytes.Equal(one.Raw(), other.Raw()) || k.path != (item.Path{}) && isSame(one, other)
	})
}

// repeated is an item that equals an earlier one.
type repeated struct{ first, row uint32 }

// findDuplicates returns the groups of equal rows. It uses same to compare rows that have the same hash, and ignores
// rows whose hash is 0.
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

// groupsOf sorts repeated items into groups.
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
