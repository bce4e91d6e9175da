package order

import (
	"math/bits"
	"slices"
)

// Codes are made into piles by the highest bits in which they differ.
const (
	pileBits = 14
	// silentPiles are those of what says nothing: blank, null, missing.
	silentPiles = 3
)

// Piles is how many piles there are.
func (c *Column) Piles() int { return len(c.piles) - 1 }

// PileLen is how many values a pile has, by its number from 0.
func (c *Column) PileLen(pile int) int { return c.piles[pile+1] - c.piles[pile] }

// Split sorts the values, which must all have been taken in, into piles.
func (c *Column) Split() {
	shift := c.pileShift()
	pileOf := func(code code) int {
		if code.isSaid() {
			return int(code >> shift & (1<<pileBits - 1))
		}
		return 1<<pileBits + int((code-codeBlank)>>codeShare)
	}
	counts := make([]int, 1<<pileBits+silentPiles)
	for _, code := range c.codes {
		counts[pileOf(code)]++
	}
	begin := 0
	for i, count := range counts {
		if i == 1<<pileBits {
			c.said = begin
		}
		counts[i] = begin
		if count > 0 {
			c.piles = append(c.piles, begin)
		}
		begin += count
	}
	c.piles = append(c.piles, begin)
	c.split = make([]uint32, len(c.codes))
	for at, code := range c.codes {
		end := &counts[pileOf(code)]
		c.split[*end] = uint32(at)
		*end++
	}
	c.ranks = make([]uint32, len(c.codes))
}

// pileShift is how many bits stand behind those that make the piles.
func (c *Column) pileShift() int {
	first, differing := code(0), code(0)
	begun := false
	for _, code := range c.codes {
		switch {
		case !code.isSaid():
		case begun:
			differing |= code ^ first
		default:
			first, begun = code, true
		}
	}
	return max(0, bits.Len64(uint64(differing))-pileBits)
}

// Sorter sorts piles. It is for one goroutine; there may be several, on different piles.
type Sorter struct {
	column *Column
	taker  *Taker
	// stopped is asked every so many values, and once it says so no more is done.
	stopped  func() bool
	since    int // values, for which it was not asked
	isHalted bool
	// mostSingles is the constant, but in tests.
	mostSingles int

	pile           []entry // of which the first is at place begin among all
	begin          int
	entries        []entry  // spare ones for sort
	singles, spare []single // for rankSingles
}

// Sorter makes a sorter. It asks stopped about every millisecond; when that says so what it does comes to nothing.
func (c *Column) Sorter(stopped func() bool) *Sorter {
	return &Sorter{column: c, taker: c.Taker(), stopped: stopped, mostSingles: mostSingles}
}

// stopEvery is after how many values it is asked whether to stop.
const stopEvery = 2048

// halted notes that so many values were dealt with, and tells whether to stop.
func (s *Sorter) halted(values int) bool {
	if s.since += values; s.since >= stopEvery && !s.isHalted {
		s.since = 0
		s.isHalted = s.stopped()
	}
	return s.isHalted
}

// Sort sorts a pile, by its number from 0, and ranks what is in it.
func (s *Sorter) Sort(pile int) {
	from, to := s.column.piles[pile], s.column.piles[pile+1]
	s.take(from, to)
	s.sort(from, to)
	for group := from; group < to; {
		next := s.rankGroup(group, to)
		if s.halted(next - group) {
			return
		}
		group = next
	}
}

// take makes the entries of a pile.
func (s *Sorter) take(from, to int) {
	s.begin = from
	s.pile = slices.Grow(s.pile[:0], to-from)[:to-from]
	for i, at := range s.column.split[from:to] {
		e := &s.pile[i]
		e.at = at
		e.set(s.column.codes[at])
	}
}

// entriesIn are those of the pile from one place up to another.
func (s *Sorter) entriesIn(from, to int) []entry { return s.pile[from-s.begin : to-s.begin] }

// rankGroup ranks the values of equal code that begin at a place, and gives the place behind them.
func (s *Sorter) rankGroup(from, pileEnd int) int {
	rest := s.entriesIn(from, pileEnd)
	common, same := rest[0].code(), 1
	for same < len(rest) && rest[same].code() == common {
		same++
	}
	to := from + same
	if to-from > 1 && common.isOpen() {
		s.rankOpen(common, 0, from, to)
		return to
	}
	s.rank(from, to)
	return to
}

// rank gives the values from one place up to another the same rank: how many values come before them.
func (s *Sorter) rank(from, to int) {
	for _, e := range s.entriesIn(from, to) {
		s.column.ranks[e.at] = uint32(from)
	}
}

// fewEntries are sorted faster by insertion.
const fewEntries = 24

// sort sorts entries by their codes, and keeps the order of equal ones: by the highest eight bits in which they differ, and
// then each of those.
func (s *Sorter) sort(from, to int) {
	entries := s.entriesIn(from, to)
	if len(entries) <= fewEntries {
		insert(entries)
		return
	}
	if s.halted(len(entries)) {
		return
	}
	differing, first := code(0), entries[0].code()
	for i := range entries {
		differing |= entries[i].code() ^ first
	}
	if differing == 0 {
		return
	}
	shift := max(0, bits.Len64(uint64(differing))-8)
	var ends [256]int
	for i := range entries {
		ends[byte(entries[i].code()>>shift)]++
	}
	begin := 0
	for i, count := range ends {
		ends[i] = begin
		begin += count
	}
	s.entries = append(s.entries[:0], entries...)
	for _, e := range s.entries {
		end := &ends[byte(e.code()>>shift)]
		entries[*end] = e
		*end++
	}
	if shift == 0 {
		return
	}
	begin = 0
	for _, end := range ends {
		if end-begin > 1 {
			s.sort(from+begin, from+end)
		}
		begin = end
	}
}

func insert(entries []entry) {
	for i := 1; i < len(entries); i++ {
		e := entries[i]
		k := i
		for k > 0 && entries[k-1].code() > e.code() {
			entries[k] = entries[k-1]
			k--
		}
		entries[k] = e
	}
}
