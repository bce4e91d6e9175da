// Package marks implements the set of items that the user has marked. Marks belong to items rather than rows, so they stay
// when the rows are filtered or sorted.
package marks

import (
	"math/bits"

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

// Order returns the marked items. The marked items in rows come first, in the order of rows, then all others. nil means
// all items in their original order.
func (s *Set) Order(rows []uint32) []uint32 {
	ordered := make([]uint32, 0, s.count)
	for _, entry := range rows {
		if s.Has(int(entry)) {
			ordered = append(ordered, entry)
		}
	}
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
	copied := *s
	copied.words = append([]uint64(nil), s.words...)
	return &filter{copied}
}

// filter selects marked items.
type filter struct{ set Set }

// Title returns the number of marked items.
func (f *filter) Title() string { return text.Count(int64(f.set.count)) + " marked" }

// Picker returns a picker of the marked items.
func (f *filter) Picker(item.Table) item.Picker { return item.PickEach(f.set.Has) }
