package order

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"slices"

	"sbwatch/model/parse"
)

// maxKeyLen is the maximum number of bytes of a sort key that are compared. Texts that agree in these bytes are
// compared directly.
const maxKeyLen = 48

// maxLoaded is the maximum number of values whose text is loaded into memory at once.
const maxLoaded = 128 << 10

// rankTies ranks the values in [from, to), which have the same code but may differ. The code of a text contains the
// first bytes of its sort key. The next bytes of the sort keys are also equal, and shared is the number of these bytes.
func (s *Sorter) rankTies(common code, shared, from, to int) {
	switch {
	case to-from == 1:
		s.rank(from, to)
	case common.isText() && shared < s.column.keys.room && s.column.buckets != nil && to-from > s.maxGroup:
		s.postpone(group{common, shared, from, to})
	case common.isText() && shared < s.column.keys.room:
		s.rankStored(common, shared, from, to)
	case to-from > maxEntryInsertion && s.areSame(from, to):
		s.rank(from, to)
	case to-from > s.maxLoaded && common.isText() && shared < maxKeyLen:
		s.rankByKeys(common, shared, from, to)
	default:
		s.rankLoaded(common, shared, from, to)
	}
}

func (s *Sorter) raw(e entry) []byte { return s.loader.reader.Cell(s.column.row(e.at)).Raw() }

// areSame reports whether all values in a range have the same JSON.
func (s *Sorter) areSame(from, to int) bool {
	entries := s.entriesIn(from, to)
	first := s.raw(entries[0])
	// If any value differs from the first, the last one usually does.
	if !bytes.Equal(first, s.raw(entries[len(entries)-1])) {
		return false
	}
	for _, e := range entries[1:] {
		if s.halted(1) || !bytes.Equal(first, s.raw(e)) {
			return false
		}
	}
	return true
}

// rankByKeys ranks the texts in [from, to) by eight bytes of their sort keys. It skips the bytes that are in the code,
// and then the number of bytes given by shared. Texts that agree in the eight bytes are passed to rankTies.
func (s *Sorter) rankByKeys(common code, shared, from, to int) {
	entries := s.entriesIn(from, to)
	for i := range entries {
		if s.halted(1) {
			return
		}
		text := textOf(s.raw(entries[i]), &s.loader.decoded)
		entries[i].set(code(s.column.common.nextKey(common, text, shared)))
	}
	s.sort(from, to)
	for from < to && !s.halted(1) {
		next := from + 1
		for next < to && entries[next-to+len(entries)].code() == entries[from-to+len(entries)].code() {
			next++
		}
		s.rankTies(common, shared+8, from, next)
		from = next
	}
}

// textEntry is an entry with the text by which it is compared.
type textEntry struct {
	// key holds eight bytes of the sort key as a number. It is 0 if the value is not text.
	key uint64
	at  uint32
	// keyAt is the offset in Sorter.keys of the bytes that belong to this entry.
	keyAt uint32
	text  []byte
}

// rankLoaded loads the texts of all values in [from, to) into memory and then ranks the values.
func (s *Sorter) rankLoaded(common code, shared, from, to int) {
	entries := s.entriesIn(from, to)
	s.loaded = slices.Grow(s.loaded[:0], len(entries))
	loaded := s.loaded[:len(entries)]
	keyLen := 0
	if common.isText() && len(entries) > maxInsertion {
		keyLen = max(0, maxKeyLen-shared)
	}
	s.keys = slices.Grow(s.keys[:0], len(entries)*keyLen)[:len(entries)*keyLen]
	for from := 0; from < len(entries); from += touched {
		if s.halted(touched) {
			return
		}
		s.touch(entries[from:min(from+touched, len(entries))])
		for i := from; i < min(from+touched, len(entries)); i++ {
			var decoded []byte
			loaded[i] = textEntry{at: entries[i].at, keyAt: uint32(i * keyLen), text: s.cells[i-from]}
			if common >= codeDate { // the digits of numbers are read in another way if they are text
				loaded[i].text = textOf(loaded[i].text, &decoded)
			}
			if keyLen > 0 {
				s.column.common.putKey(s.keys[i*keyLen:(i+1)*keyLen], common, loaded[i].text, shared)
			}
		}
	}
	r := textRanker{Sorter: s, common: common, compare: s.column.style.comparison(common), first: from, begin: shared}
	r.rank(loaded, shared)
}

// touched is the maximum number of rows that the method touch loads into the processor cache at once.
const touched = 32

// touch stores the JSON of entries in the array cells. Pass no more entries than the array has room for. The rows are
// at random places in memory. touch reads a byte of each row, so that the processor loads all of them into its cache at
// the same time.
func (s *Sorter) touch(entries []entry) {
	for i, e := range entries {
		s.cells[i] = s.raw(e)
	}
	for _, raw := range s.cells[:len(entries)] {
		if len(raw) > 0 {
			s.sum += raw[0] + raw[len(raw)-1]
		}
	}
}

// textRanker ranks texts in ascending order. The field first is the index in Column.split of the next text.
type textRanker struct {
	*Sorter
	common  code
	compare func(a, b []byte) int
	first   int
	// begin is the offset in each sort key of the first byte that is stored in Sorter.keys.
	begin int
}

// rank ranks loaded entries, which are in row order. shared is the number of bytes at the start of their sort keys that
// are equal.
func (r *textRanker) rank(loaded []textEntry, shared int) {
	if !r.common.isText() || shared >= maxKeyLen || len(loaded) <= maxInsertion {
		r.rankCompared(loaded)
		return
	}
	for i := range loaded {
		loaded[i].key = binary.BigEndian.Uint64(r.keys[int(loaded[i].keyAt)+shared-r.begin:])
	}
	r.sortByKeys(loaded)
	for len(loaded) > 0 && !r.halted(1) {
		same := 1
		for same < len(loaded) && loaded[same].key == loaded[0].key {
			same++
		}
		if hasEnded := loaded[0].key&0xff == 0; hasEnded {
			r.rankCompared(loaded[:same])
		} else {
			r.rank(loaded[:same], shared+8)
		}
		loaded = loaded[same:]
	}
}

// minRadix is the minimum number of entries for which radix sort is faster than comparing the keys.
const minRadix = 200

func (r *textRanker) sortByKeys(loaded []textEntry) {
	if len(loaded) < minRadix {
		slices.SortFunc(loaded, func(a, b textEntry) int {
			if order := cmp.Compare(a.key, b.key); order != 0 {
				return order
			}
			return cmp.Compare(a.at, b.at)
		})
		return
	}
	// The entries themselves are no longer needed, so they are reused for sorting.
	entries := r.entriesIn(r.first, r.first+len(loaded))
	for i := range entries {
		entries[i].set(code(loaded[i].key))
		entries[i].at = uint32(i)
	}
	r.sort(r.first, r.first+len(loaded))
	arrange(loaded, entries)
}

// arrange permutes loaded so that each position i holds the element that was at index entries[i].at.
func arrange(loaded []textEntry, entries []entry) {
	for i := range loaded {
		first, to := loaded[i], i
		for {
			from := int(entries[to].at)
			entries[to].at = uint32(to)
			if from == i {
				break
			}
			loaded[to] = loaded[from]
			to = from
		}
		loaded[to] = first
	}
}

func (s *Sorter) spareFor(loaded []textEntry) []textEntry {
	s.spare = slices.Grow(s.spare[:0], len(loaded))
	return s.spare[:len(loaded)]
}

// rankCompared ranks entries by comparing their text.
func (r *textRanker) rankCompared(loaded []textEntry) {
	if len(loaded) > 1 && !r.merge(loaded, r.spareFor(loaded), r.compare) {
		return
	}
	rank := r.first
	for i := range loaded {
		if i > 0 && r.compare(loaded[i-1].text, loaded[i].text) != 0 {
			rank = r.first + i
		}
		r.column.split[r.first+i] = loaded[i].at
		r.column.ranks[loaded[i].at] = uint32(rank)
	}
	r.first += len(loaded)
}

// comparison returns a function that compares two values by their texts. Both values have the given code.
func (s style) comparison(common code) func(a, b []byte) int {
	switch {
	case common.isText():
		return parse.CompareNatural
	case common >= codeDate:
		return s.compareDates
	default:
		return func(a, b []byte) int { return s.decimal(a).Compare(s.decimal(b)) }
	}
}

// decimal returns a number with all its digits. The parameter raw is a JSON number, or a JSON string with a number.
func (s style) decimal(raw []byte) parse.Decimal {
	if raw[0] != '"' {
		return parse.DecimalOfJSON(raw)
	}
	var decoded []byte
	return s.numbers.Decimal(textOf(raw, &decoded))
}

func (s style) compareDates(a, b []byte) int {
	first, _ := s.dates.Date(a)
	second, _ := s.dates.Date(b)
	return first.Compare(second)
}

// merge is a stable merge sort that can be stopped. It returns false if it was stopped.
func (s *Sorter) merge(loaded, spare []textEntry, compare func(a, b []byte) int) bool {
	if len(loaded) <= maxInsertion {
		insertLoaded(loaded, compare)
		return true
	}
	half := len(loaded) / 2
	if !s.merge(loaded[:half], spare[:half], compare) || !s.merge(loaded[half:], spare[half:], compare) {
		return false
	}
	left, right := loaded[:half], loaded[half:]
	for i := range spare {
		if s.halted(1) {
			return false
		}
		if len(right) == 0 || len(left) > 0 && compare(left[0].text, right[0].text) <= 0 {
			spare[i], left = left[0], left[1:]
		} else {
			spare[i], right = right[0], right[1:]
		}
	}
	copy(loaded, spare)
	return true
}

// maxInsertion is the maximum number of text entries for which insertion sort is faster than merge sort.
const maxInsertion = 6

func insertLoaded(loaded []textEntry, compare func(a, b []byte) int) {
	for i := 1; i < len(loaded); i++ {
		one := loaded[i]
		k := i
		for k > 0 && compare(loaded[k-1].text, one.text) > 0 {
			loaded[k] = loaded[k-1]
			k--
		}
		loaded[k] = one
	}
}
