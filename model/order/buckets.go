package order

import (
	"math/bits"
	"slices"
)

// Values are distributed to buckets by the highest bits in which their codes differ.
const (
	bucketBits = 14
	// emptyBuckets is the number of buckets for values without content: blank, null, missing.
	emptyBuckets = 3
)

// Buckets returns the number of buckets.
func (c *Column) Buckets() int { return len(c.buckets) - 1 }

// BucketLen returns the number of values in a bucket.
func (c *Column) BucketLen(bucket int) int { return c.buckets[bucket+1] - c.buckets[bucket] }

// Split distributes the values to buckets. All values must have been loaded.
func (c *Column) Split() {
	shift := c.bucketShift()
	bucketOf := func(code code) int {
		if code.hasValue() {
			return int(code >> shift & (1<<bucketBits - 1))
		}
		return 1<<bucketBits + int((code-codeBlank)>>codeShare)
	}
	counts := make([]int, 1<<bucketBits+emptyBuckets)
	for _, code := range c.codes {
		counts[bucketOf(code)]++
	}
	begin := 0
	for i, count := range counts {
		if i == 1<<bucketBits {
			c.nonEmpty = begin
		}
		counts[i] = begin
		if count > 0 {
			c.buckets = append(c.buckets, begin)
		}
		begin += count
	}
	c.buckets = append(c.buckets, begin)
	c.split = make([]uint32, len(c.codes))
	for at, code := range c.codes {
		end := &counts[bucketOf(code)]
		c.split[*end] = uint32(at)
		*end++
	}
	c.ranks = make([]uint32, len(c.codes))
}

// bucketShift returns the number of low bits of a code that do not select the bucket.
func (c *Column) bucketShift() int {
	first, differing := code(0), code(0)
	begun := false
	for _, code := range c.codes {
		switch {
		case !code.hasValue():
		case begun:
			differing |= code ^ first
		default:
			first, begun = code, true
		}
	}
	return max(0, bits.Len64(uint64(differing))-bucketBits)
}

// Sorter sorts buckets. It must not be used by several goroutines, but several sorters may sort different buckets in
// parallel.
type Sorter struct {
	column *Column
	loader *Loader
	// stopped is called regularly. After it has returned true, the sorter does nothing more.
	stopped  func() bool
	since    int // number of values since stopped was called
	isHalted bool
	// maxLoaded is the constant of the same name, except in tests.
	maxLoaded int

	bucket        []entry // a part of the sorted entries, starting at index begin
	begin         int
	entries       []entry     // scratch space for sort
	loaded, spare []textEntry // for rankLoaded
	keys          []byte      // sort keys of the loaded entries
	cells         [touched][]byte
	sum           byte // sum of the bytes that touch has read
}

// Sorter returns a new Sorter. It calls stopped about every millisecond. If that returns true, the ranks are invalid.
func (c *Column) Sorter(stopped func() bool) *Sorter {
	return &Sorter{column: c, loader: c.Loader(), stopped: stopped, maxLoaded: maxLoaded}
}

// stopEvery is the number of values after which stopped is called.
const stopEvery = 2048

// halted counts processed values and reports whether to stop.
func (s *Sorter) halted(values int) bool {
	if s.since += values; s.since >= stopEvery && !s.isHalted {
		s.since = 0
		s.isHalted = s.stopped()
	}
	return s.isHalted
}

// Sort sorts a bucket and ranks its values.
func (s *Sorter) Sort(bucket int) {
	from, to := s.column.buckets[bucket], s.column.buckets[bucket+1]
	s.load(from, to)
	s.sort(from, to)
	for group := from; group < to; {
		next := s.rankGroup(group, to)
		if s.halted(next - group) {
			return
		}
		group = next
	}
}

// load creates the entries of a bucket.
func (s *Sorter) load(from, to int) {
	s.begin = from
	s.bucket = slices.Grow(s.bucket[:0], to-from)[:to-from]
	for i, at := range s.column.split[from:to] {
		e := &s.bucket[i]
		e.at = at
		e.set(s.column.codes[at])
	}
}

// entriesIn returns a range of the entries.
func (s *Sorter) entriesIn(from, to int) []entry { return s.bucket[from-s.begin : to-s.begin] }

// rankGroup ranks the values that have the same code as the entry at index from. It returns the index after the last of
// these values.
func (s *Sorter) rankGroup(from, bucketEnd int) int {
	rest := s.entriesIn(from, bucketEnd)
	common, same := rest[0].code(), 1
	for same < len(rest) && rest[same].code() == common {
		same++
	}
	to := from + same
	if to-from > 1 && common.needsTieBreak() {
		s.rankTies(common, 0, from, to)
		return to
	}
	s.rank(from, to)
	return to
}

// rank gives all values in a range the same rank, which is the number of values before the range.
func (s *Sorter) rank(from, to int) {
	for _, e := range s.entriesIn(from, to) {
		s.column.ranks[e.at] = uint32(from)
	}
}

// maxEntryInsertion is the number of entries up to which insertion sort is faster.
const maxEntryInsertion = 24

// sort is a stable radix sort by code. It sorts by the highest eight bits that differ, and then each group recursively.
func (s *Sorter) sort(from, to int) {
	entries := s.entriesIn(from, to)
	if len(entries) <= maxEntryInsertion {
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
