// Package marks implements the set of items that the user has marked. Marks belong to items rather than rows, so they
// stay when the rows are filtered or sorted.
package marks

import (
	"math/bits"
	"slices"

	"sbwatch/model/item"
	"sbwatch/model/text"
)

const wordBits = 64

// Set is a set of items. The zero value is empty.
type Set struct {
	words []uint64 // one bit per item
	count int
	// last is the index of the item that was marked or unmarked last, plus one. It is 0 if there is none.
	last int
}

// Len returns the number of marked items.
func (s *Set) Len() int { return s.count }

// Has reports whether an item is marked.
func (s *Set) Has(entry int) bool {
	word := entry / wordBits
	return word < len(s.words) && s.words[word]&(1<<(entry%wordBits)) != 0
}

// Set marks an item, or removes its mark.
func (s *Set) Set(entry int, isMarked bool) {
	s.last = entry + 1
	if s.Has(entry) == isMarked {
		return
	}
	for len(s.words) <= entry/wordBits {
		s.words = append(s.words, make([]uint64, 1+entry/wordBits-len(s.words))...)
	}
	s.words[entry/wordBits] ^= 1 << (entry % wordBits)
	if isMarked {
		s.count++
	} else {
		s.count--
	}
}

// Last returns the item that was marked or unmarked last. It returns false if there is none.
func (s *Set) Last() (entry int, found bool) { return s.last - 1, s.last > 0 }

// Clear removes all marks.
func (s *Set) Clear() { *s = Set{} }

// Clone returns a copy of the set.
func (s *Set) Clone() *Set {
	copied := *s
	copied.words = slices.Clone(s.words)
	return &copied
}

// stepRows is the number of rows to process between reports of progress.
const stepRows = 1 << 15

// steps splits n rows into ranges of stepRows rows and calls the function process for each range. Before that call, it
// calls the function next with the number of rows in the range. If process or next returns false, steps stops and
// returns false. Otherwise it returns true.
func steps(n int, next func(rows int) bool, process func(from, to int) bool) bool {
	for from := 0; from < n; from += stepRows {
		to := min(n, from+stepRows)
		if !next(to-from) || !process(from, to) {
			return false
		}
	}
	return true
}

// SetAll marks the items entry(0) to entry(n-1), or removes their marks. Before each batch of items, SetAll calls the
// function next with the number of items in the batch. It stops if next returns false.
func (s *Set) SetAll(n int, entry func(i int) int, isMarked bool, next func(items int) bool) {
	steps(n, next, func(from, to int) bool {
		for i := from; i < to; i++ {
			s.Set(entry(i), isMarked)
		}
		return true
	})
}

// HasAll reports whether the items entry(0) to entry(n-1) are all marked. Before each batch of items, HasAll calls the
// function next with the number of items in the batch. It returns false if next returns false.
func (s *Set) HasAll(n int, entry func(i int) int, next func(items int) bool) bool {
	return steps(n, next, func(from, to int) bool {
		for i := from; i < to; i++ {
			if !s.Has(entry(i)) {
				return false
			}
		}
		return true
	})
}

// Order returns the marked items: first those in rows, in the order of rows, then the other marked items in their
// original order. Before each batch of rows, Order calls the function next with the number of rows in the batch. If
// next returns false, the result must be ignored.
func (s *Set) Order(rows []uint32, next func(items int) bool) []uint32 {
	ordered := make([]uint32, 0, s.count)
	steps(len(rows), next, func(from, to int) bool {
		for _, entry := range rows[from:to] {
			if s.Has(int(entry)) {
				ordered = append(ordered, entry)
			}
		}
		return len(ordered) < s.count
	})
	if len(ordered) == s.count {
		return ordered
	}
	var listed Set
	for _, entry := range ordered {
		listed.Set(int(entry), true)
	}
	for i, word := range s.words {
		for ; word != 0; word &= word - 1 {
			if entry := i*wordBits + bits.TrailingZeros64(word); !listed.Has(entry) {
				ordered = append(ordered, uint32(entry))
			}
		}
	}
	return ordered
}

// Filter returns a filter for the items that are marked now.
func (s *Set) Filter() item.Filter {
	return &filter{*s.Clone()}
}

// filter selects marked items.
type filter struct{ set Set }

// Title returns the number of marked items.
func (f *filter) Title() string { return text.Count(int64(f.set.count)) + " marked" }

// Picker returns a picker of the marked items.
func (f *filter) Picker(item.Table) item.Picker { return item.PickEach(f.set.Has) }
