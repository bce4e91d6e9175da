package order

import (
	"bytes"
	"cmp"
	"slices"

	"sbwatch/model/parse"
)

// mostFurther is how much of the collations of texts is looked at, in bytes, before the texts are compared one by one.
const mostFurther = 48

// mostSingles is how many values are sorted with what they say at hand.
const mostSingles = 128 << 10

// rankOpen ranks values whose code is the same, and which may differ all the same. For texts, behind is how much of their
// collations, behind what their code holds, is the same as well.
func (s *Sorter) rankOpen(common code, behind, from, to int) {
	switch {
	case to-from == 1 || to-from > fewEntries && s.areSame(from, to):
		s.rank(from, to)
	case to-from > s.mostSingles && common.isText() && behind < mostFurther:
		s.rankFurther(common, behind, from, to)
	default:
		s.rankSingles(common, behind, from, to)
	}
}

// raw is the value of an entry as it was sent.
func (s *Sorter) raw(e entry) []byte { return s.taker.reader.Cell(s.column.row(e.at)).Raw() }

// areSame tells whether all values from one place up to another were sent in the same words.
func (s *Sorter) areSame(from, to int) bool {
	entries := s.entriesIn(from, to)
	first := s.raw(entries[0])
	// One of the last differs as a rule, if any does.
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

// rankFurther ranks texts by what comes next in their collations.
func (s *Sorter) rankFurther(common code, behind, from, to int) {
	entries := s.entriesIn(from, to)
	for i := range entries {
		if s.halted(1) {
			return
		}
		text := textOf(s.raw(entries[i]), &s.taker.decoded)
		entries[i].set(code(s.column.most.further(common, text, behind)))
	}
	s.sort(from, to)
	for from < to && !s.halted(1) {
		next := from + 1
		for next < to && entries[next-to+len(entries)].code() == entries[from-to+len(entries)].code() {
			next++
		}
		s.rankOpen(common, behind+8, from, next)
		from = next
	}
}

// single is an entry with what it is compared by.
type single struct {
	// key is what comes next in the text's collation; 0 for what is no text.
	key  uint64
	at   uint32
	text []byte
}

// rankSingles ranks values with what they say at hand.
func (s *Sorter) rankSingles(common code, behind, from, to int) {
	entries := s.entriesIn(from, to)
	s.singles = slices.Grow(s.singles[:0], len(entries))
	singles := s.singles[:len(entries)]
	for i, e := range entries {
		if s.halted(1) {
			return
		}
		var decoded []byte
		singles[i] = single{at: e.at, text: textOf(s.raw(e), &decoded)}
	}
	r := singleRanker{Sorter: s, common: common, compare: s.column.style.comparison(common), first: from}
	r.rank(singles, behind)
}

// singleRanker ranks singles that begin at a place among the entries.
type singleRanker struct {
	*Sorter
	common  code
	compare func(a, b []byte) int
	first   int
}

// rank ranks singles, which are in the order of their rows, by their texts; so much of their collations is the same.
func (r *singleRanker) rank(singles []single, behind int) {
	if !r.common.isText() || behind >= mostFurther || len(singles) <= fewSingles {
		r.rankCompared(singles)
		return
	}
	for i := range singles {
		singles[i].key = r.column.most.further(r.common, singles[i].text, behind)
	}
	r.sortByKeys(singles)
	for len(singles) > 0 && !r.halted(1) {
		same := 1
		for same < len(singles) && singles[same].key == singles[0].key {
			same++
		}
		if hasEnded := singles[0].key&0xff == 0; hasEnded {
			r.rankCompared(singles[:same])
		} else {
			r.rank(singles[:same], behind+8)
		}
		singles = singles[same:]
	}
}

// manySingles are sorted faster as entries.
const manySingles = 200

func (r *singleRanker) sortByKeys(singles []single) {
	if len(singles) < manySingles {
		slices.SortFunc(singles, func(a, b single) int {
			if order := cmp.Compare(a.key, b.key); order != 0 {
				return order
			}
			return cmp.Compare(a.at, b.at)
		})
		return
	}
	// Nobody needs their own entries any more.
	entries := r.entriesIn(r.first, r.first+len(singles))
	for i := range entries {
		entries[i].set(code(singles[i].key))
		entries[i].at = uint32(i)
	}
	r.sort(r.first, r.first+len(singles))
	arrange(singles, entries)
}

// arrange puts singles where entries say: to each place that one whose number its entry has.
func arrange(singles []single, entries []entry) {
	for i := range singles {
		first, to := singles[i], i
		for {
			from := int(entries[to].at)
			entries[to].at = uint32(to)
			if from == i {
				break
			}
			singles[to] = singles[from]
			to = from
		}
		singles[to] = first
	}
}

// roomFor is room for as many singles.
func (s *Sorter) roomFor(singles []single) []single {
	s.spare = slices.Grow(s.spare[:0], len(singles))
	return s.spare[:len(singles)]
}

// rankCompared ranks singles by comparing them with each other.
func (r *singleRanker) rankCompared(singles []single) {
	if len(singles) > 1 && !r.merge(singles, r.roomFor(singles), r.compare) {
		return
	}
	rank := r.first
	for i := range singles {
		if i > 0 && r.compare(singles[i-1].text, singles[i].text) != 0 {
			rank = r.first + i
		}
		r.column.ranks[singles[i].at] = uint32(rank)
	}
	r.first += len(singles)
}

// comparison is how texts are compared whose values have the same code.
func (s style) comparison(common code) func(a, b []byte) int {
	switch {
	case common.isText():
		return parse.CompareNatural
	case common >= codeDate:
		return s.compareDates
	case common.number() < 0:
		return func(a, b []byte) int { return parse.CompareNatural(b, a) }
	default:
		return parse.CompareNatural
	}
}

// compareDates orders two texts that read as dates.
func (s style) compareDates(a, b []byte) int {
	first, _ := s.dates.Date(a)
	second, _ := s.dates.Date(b)
	return first.Compare(second)
}

// merge sorts by merging: it keeps the order of equal ones, and can be stopped; false when it was.
func (s *Sorter) merge(singles, spare []single, compare func(a, b []byte) int) bool {
	if len(singles) <= fewSingles {
		insertSingles(singles, compare)
		return true
	}
	half := len(singles) / 2
	if !s.merge(singles[:half], spare[:half], compare) || !s.merge(singles[half:], spare[half:], compare) {
		return false
	}
	left, right := singles[:half], singles[half:]
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
	copy(singles, spare)
	return true
}

// fewSingles are sorted faster by insertion.
const fewSingles = 6

func insertSingles(singles []single, compare func(a, b []byte) int) {
	for i := 1; i < len(singles); i++ {
		one := singles[i]
		k := i
		for k > 0 && compare(singles[k-1].text, one.text) > 0 {
			singles[k] = singles[k-1]
			k--
		}
		singles[k] = one
	}
}
