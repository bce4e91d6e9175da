package order

import (
	"bytes"

	"sbwatch/model"
	"sbwatch/model/reading"
)

// mostFurther is how much of the collations of texts is looked at, in bytes, before the texts are compared one by one.
const mostFurther = 48

// rankOpen ranks values whose code is the same, and which may differ all the same.
func (s *Sorter) rankOpen(from, to int) {
	common := s.column.entries[from].code
	switch {
	case to-from > fewEntries && s.areSame(from, to):
		s.rank(from, to)
	case common.isText():
		s.rankFurther(common, 0, from, to)
	default:
		s.rankOneByOne(common, from, to)
	}
}

// raw is the value of an entry as it was sent.
func (s *Sorter) raw(e entry) []byte { return s.cell(e).Raw() }

func (s *Sorter) cell(e entry) model.Cell { return s.taker.reader.Cell(s.column.row(e.at)) }

// areSame tells whether all values from one place up to another were sent in the same words.
func (s *Sorter) areSame(from, to int) bool {
	entries := s.column.entries[from:to]
	first := s.raw(entries[0])
	// One of the last differs as a rule, if any does.
	if !bytes.Equal(first, s.raw(entries[len(entries)-1])) {
		return false
	}
	for i, e := range entries[1:] {
		if i%stopEvery == 0 && s.stopped() || !bytes.Equal(first, s.raw(e)) {
			return false
		}
	}
	return true
}

// stopEvery is after how many values it is asked whether to stop.
const stopEvery = 4096

// rankFurther ranks texts whose collations are the same up to a place, so many bytes behind what their code holds.
func (s *Sorter) rankFurther(common code, behind, from, to int) {
	entries := s.column.entries[from:to]
	if behind >= mostFurther || len(entries) <= fewEntries {
		s.rankOneByOne(common, from, to)
		return
	}
	for i := range entries {
		if i%stopEvery == 0 && s.stopped() {
			return
		}
		text := textOf(s.raw(entries[i]), &s.taker.decoded)
		entries[i].code = code(s.column.most.further(common, text, behind))
	}
	s.sort(from, to)
	for from < to && !s.stopped() {
		next := from + 1
		for next < to && s.column.entries[next].code == s.column.entries[from].code {
			next++
		}
		switch ended := s.column.entries[from].code&0xff == 0; {
		case next-from == 1 || next-from > fewEntries && s.areSame(from, next):
			s.rank(from, next)
		case ended:
			s.rankOneByOne(common, from, next)
		default:
			s.rankFurther(common, behind+8, from, next)
		}
		from = next
	}
}

// single is an entry with what it is compared by.
type single struct {
	at   uint32
	text []byte
}

// rankOneByOne ranks values by comparing them. Their common code, or what follows it in their collations, is the same.
func (s *Sorter) rankOneByOne(common code, from, to int) {
	entries := s.column.entries[from:to]
	if cap(s.singles) < len(entries) {
		s.singles, s.spare = make([]single, len(entries)), make([]single, len(entries))
	}
	singles := s.singles[:len(entries)]
	for i, e := range entries {
		if i%stopEvery == stopEvery-1 && s.stopped() {
			return
		}
		var decoded []byte
		singles[i] = single{e.at, textOf(s.raw(e), &decoded)}
	}
	compare := s.column.style.comparison(common)
	if !s.merge(singles, s.spare[:len(entries)], compare) {
		return
	}
	first := 0
	for i := range singles {
		entries[i].at = singles[i].at
		if i > 0 && compare(singles[i-1].text, singles[i].text) != 0 {
			s.rank(from+first, from+i)
			first = i
		}
	}
	s.rank(from+first, to)
}

// comparison is how texts are compared whose values have the same code.
func (s style) comparison(common code) func(a, b []byte) int {
	switch {
	case common.isText():
		return reading.CompareNatural
	case common >= codeDate:
		return s.compareDates
	case common.number() < 0:
		return func(a, b []byte) int { return reading.CompareNatural(b, a) }
	default:
		return reading.CompareNatural
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
		if i%stopEvery == stopEvery-1 && s.stopped() {
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
