package profile

import (
	"bytes"
	"cmp"
	"hash/maphash"
	"math/bits"
	"slices"

	"sbwatch/model/item"
	"sbwatch/model/jsonscan"
)

// Duplicates are groups of items that are equal, either in whole or in one value.
type Duplicates struct {
	rows  []uint32 // all groups, one after the other, each in ascending order
	begin []uint32 // index in rows of the start of each group
}

// Groups returns the number of groups of equal items.
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

// Extra returns the number of items that repeat an earlier item: all but the first item of each group.
func (d Duplicates) Extra() int { return len(d.rows) - len(d.begin) }

// Keys finds items with equal values at one path. First, each [KeyReader] reads the values of a range of rows. Then
// [Keys.Split] divides the rows into partitions, and each [KeyFinder] finds the equal values in some of the partitions.
// Several readers or several finders can run in parallel.
type Keys struct {
	items  item.Table
	path   item.Path
	seed   maphash.Seed
	hashes []uint64 // 0 for items without a value
	equals *equals
}

// NewKeys returns a Keys for the values at a path. The zero path compares whole items byte for byte.
func NewKeys(items item.Table, path item.Path) *Keys {
	return &Keys{items: items, path: path, seed: maphash.MakeSeed(), hashes: make([]uint64, items.Len())}
}

// KeyReader reads values for a [Keys]. Each goroutine needs its own KeyReader.
type KeyReader struct {
	keys    *Keys
	values  *item.Reader
	scratch []byte
}

// Reader returns a reader.
func (k *Keys) Reader() *KeyReader { return &KeyReader{keys: k, values: k.items.Reader(k.path)} }

// rowsAtOnce is the number of rows to load into the processor cache at once.
const rowsAtOnce = 64

// Rows reads the values of the rows in [from, to).
func (r *KeyReader) Rows(from, to int) {
	for row := from; row < to; row++ {
		if (row-from)%rowsAtOnce == 0 {
			r.values.Ahead(row, min(row+rowsAtOnce, to))
		}
		cell := r.values.Cell(row)
		if r.keys.path == (item.Path{}) || cell.Presence() == item.Present {
			r.keys.hashes[row] = r.hash(cell)
		}
	}
}

// hash returns the hash of a value. The seed is random, so that nobody can choose values with the same hash.
func (r *KeyReader) hash(cell item.Cell) uint64 {
	raw := cell.Raw()
	if cell.Kind() == item.CellString && r.keys.path != (item.Path{}) {
		raw = jsonscan.Decoded(raw[1:len(raw)-1], &r.scratch)
	}
	return max(1, maphash.Bytes(r.keys.seed, raw))
}

// Split divides the rows into partitions, in each of which a [KeyFinder] can search for equal values. It returns the
// number of partitions. All rows must have been read.
func (k *Keys) Split() int {
	k.equals = newEquals(k.hashes)
	return partitions
}

// KeyFinder finds the rows of a partition that have equal values. Each goroutine needs its own KeyFinder.
type KeyFinder struct {
	keys   *Keys
	search search
}

// Finder returns a new KeyFinder. Call [Keys.Split] first.
func (k *Keys) Finder() *KeyFinder {
	first, second := k.items.Reader(k.path), k.items.Reader(k.path)
	return &KeyFinder{keys: k, search: search{same: func(a, b int) bool {
		one, other := first.Cell(a), second.Cell(b)
		return bytes.Equal(one.Raw(), other.Raw()) || k.path != (item.Path{}) && isSame(one, other)
	}}}
}

// Find searches a partition for rows with equal values, for [Keys.Duplicates] to return. Partitions are numbered from
// 0; see [Keys.Split].
func (f *KeyFinder) Find(partition int) { f.search.find(f.keys.equals, partition) }

// Duplicates returns the groups of items with equal values. If Split was called, Find must have been called for every
// partition. If Split was not called, Duplicates does the work of both.
func (k *Keys) Duplicates() Duplicates {
	if k.equals == nil {
		finder := k.Finder()
		for partition := range k.Split() {
			finder.Find(partition)
		}
	}
	return k.equals.groups()
}

// partitions is the number of partitions of the rows. Each partition is searched for equal rows on its own. The rows of
// one partition fit in the cache of a processor.
const (
	partitionBits = 8
	partitions    = 1 << partitionBits
)

// equals finds rows with equal values by their hashes, one partition after the other. Rows with the same hash are in
// the same partition.
type equals struct {
	hashes []uint64
	rows   []uint32 // one partition after the other, each in ascending order
	begin  [partitions + 1]int
	found  [partitions][]repeated
}

type repeated struct{ first, row uint32 }

// newEquals divides the rows with the given hashes into partitions. It ignores rows with hash 0.
func newEquals(hashes []uint64) *equals {
	e := &equals{hashes: hashes}
	for _, hash := range hashes {
		if hash != 0 {
			e.begin[hash>>(64-partitionBits)+1]++
		}
	}
	for part := range partitions {
		e.begin[part+1] += e.begin[part]
	}
	e.rows = make([]uint32, e.begin[partitions])
	next := slices.Clone(e.begin[:])
	for row, hash := range hashes {
		if hash != 0 {
			part := hash >> (64 - partitionBits)
			e.rows[next[part]] = uint32(row)
			next[part]++
		}
	}
	return e
}

// search finds the rows with equal values among those with the same hash. It is not safe for concurrent use.
type search struct {
	same  func(a, b int) bool
	slots []uint32 // rows, counted from 1
}

// find finds the equal rows of a partition. It compares the rows that have the same hash.
func (s *search) find(e *equals, part int) {
	rows := e.rows[e.begin[part]:e.begin[part+1]]
	size := 1 << bits.Len(uint(2*len(rows)))
	s.slots = slices.Grow(s.slots[:0], size)[:size]
	clear(s.slots)
	mask := uint64(size - 1)
	for _, row := range rows {
		hash := e.hashes[row]
		for i := hash; ; i++ {
			slot := &s.slots[i&mask]
			if *slot == 0 {
				*slot = row + 1
				break
			}
			if first := *slot - 1; e.hashes[first] == hash && s.same(int(first), int(row)) {
				e.found[part] = append(e.found[part], repeated{first, row})
				break
			}
		}
	}
}

func (e *equals) groups() Duplicates {
	found := slices.Concat(e.found[:]...)
	if len(found)*16 < len(e.hashes) {
		slices.SortFunc(found, func(a, b repeated) int { return cmp.Or(cmp.Compare(a.first, b.first), cmp.Compare(a.row, b.row)) })
	} else {
		found = sortRepeated(found, len(e.hashes))
	}
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

// sortRepeated returns found sorted by the field first, in linear time. Elements with the same value of first keep
// their order. The parameter rows is the number of rows of the table.
func sortRepeated(found []repeated, rows int) []repeated {
	next := make([]uint32, rows+1)
	for _, r := range found {
		next[r.first+1]++
	}
	for row := range rows {
		next[row+1] += next[row]
	}
	sorted := make([]repeated, len(found))
	for _, r := range found {
		sorted[next[r.first]] = r
		next[r.first]++
	}
	return sorted
}
