package order

import (
	"math/bits"
	"slices"
	"sync"
)

// Values are distributed to buckets by the highest bits in which their codes differ.
const (
	bucketBits = 14
	// emptyBuckets is the number of buckets for values without content: blank, null, missing.
	emptyBuckets = 3
)

// minTask is the minimum number of values that a [Sorter] sorts in one task.
const minTask = 4096

// Tasks returns the number of tasks. A task is a part of the values, which [Sorter.Sort] sorts in one call. Divide the
// values with a [Split] first.
func (c *Column) Tasks() int { return len(c.tasks) - 1 }

// TaskLen returns the number of values that [Sorter.Sort] sorts for a task.
func (c *Column) TaskLen(task int) int { return c.taskStart(task+1) - c.taskStart(task) }

// taskStart returns the index in the slice c.split of the first value of a task.
func (c *Column) taskStart(task int) int {
	if c.buckets == nil {
		return c.tasks[task]
	}
	return c.buckets[c.tasks[task]]
}

// Split distributes the values of a column to buckets. To work in parallel, it divides the values into parts. Call
// [Split.Load] for each part and then [Split.Advance]. Repeat these calls until Advance returns false. Then call
// [Split.Count] for each part, then [Split.Place], then [Split.Move] for each part. Calls of Load may run in parallel,
// and so may calls of Count and calls of Move.
type Split struct {
	column *Column
	parts  int
	ends   [][]uint32
	// group is the group to split, and rows are its rows. For the first Split of a column, group is empty and rows is
	// nil: all rows are put into buckets.
	group group
	rows  []uint32
	// anyBit is the bitwise OR of the codes of all values, and eachBit their bitwise AND.
	anyBit, eachBit code
	mutex           sync.Mutex // guards anyBit and eachBit
}

// Split returns a [Split], which divides the values into tasks. The parameter parts is the number of parts of the
// values that it can process in parallel. Load all values first.
func (c *Column) Split(parts int) *Split {
	s := &Split{column: c, parts: parts, eachBit: ^code(0), ends: make([][]uint32, parts)}
	for _, loader := range c.loaders {
		s.anyBit |= loader.anyBit
		s.eachBit &= loader.eachBit
	}
	c.loaders = nil
	c.split = make([]uint32, len(c.codes))
	c.ranks = make([]uint32, len(c.codes))
	return s
}

// bucketing maps codes to buckets.
type bucketing struct {
	// shift is the number of low bits of a [code] that are ignored when its value is put into a bucket.
	shift int
	// isGroup is set if only the rows of one [group] are put into buckets. Otherwise all rows are, and blank, null and
	// missing values have their own buckets.
	isGroup bool
}

func (s *Split) bucketing() bucketing {
	return bucketing{max(0, bits.Len64(uint64(s.anyBit&^s.eachBit))-bucketBits), s.rows != nil}
}

func (b bucketing) bucketOf(code code) int {
	if b.isGroup || code.hasValue() {
		return int(code >> b.shift & (1<<bucketBits - 1))
	}
	return 1<<bucketBits + int((code-codeBlank)>>codeShare)
}

// Len returns the number of values that are put into buckets.
func (s *Split) Len() int {
	if s.rows != nil {
		return len(s.rows)
	}
	return len(s.column.codes)
}

func (s *Split) part(part int) (from, to int) {
	return part * s.Len() / s.parts, (part + 1) * s.Len() / s.parts
}

// Count counts how many values of the given part belong in each bucket.
func (s *Split) Count(part int) {
	counts := make([]uint32, 1<<bucketBits+emptyBuckets)
	by, codes, rows := s.bucketing(), s.column.codes, s.rows
	from, to := s.part(part)
	for i := from; i < to; i++ {
		at := uint32(i)
		if rows != nil {
			at = rows[i]
		}
		counts[by.bucketOf(codes[at])]++
	}
	s.ends[part] = counts
}

// Place computes where in each bucket [Split.Move] puts the values of each part. Call it after [Split.Count] has been
// called for every part.
func (s *Split) Place() {
	c := s.column
	c.buckets, c.tasks, c.group = nil, nil, s.group
	begin := uint32(s.group.from)
	for bucket := range 1<<bucketBits + emptyBuckets {
		if bucket == 1<<bucketBits && s.rows == nil {
			c.nonEmpty = int(begin)
		}
		first := begin
		for _, ends := range s.ends {
			begin, ends[bucket] = begin+ends[bucket], begin
		}
		if begin > first {
			c.buckets = append(c.buckets, int(first))
		}
	}
	c.buckets = append(c.buckets, int(begin))
	for i, first := range c.buckets {
		if len(c.tasks) == 0 || i == len(c.buckets)-1 || first-c.buckets[c.tasks[len(c.tasks)-1]] >= minTask {
			c.tasks = append(c.tasks, i)
		}
	}
}

// Move moves the values of the given part to their buckets.
func (s *Split) Move(part int) {
	ends := s.ends[part]
	by, codes, rows, split := s.bucketing(), s.column.codes, s.rows, s.column.split
	from, to := s.part(part)
	for i := from; i < to; i++ {
		at := uint32(i)
		if rows != nil {
			at = rows[i]
		}
		end := &ends[by.bucketOf(codes[at])]
		split[*end] = at
		*end++
	}
	s.ends[part] = nil
}

// Sorter sorts the values of a column, one task at a time. A task is a part of the values. A Sorter is not safe for
// concurrent use, but several sorters may work on different tasks in parallel.
type Sorter struct {
	column *Column
	loader *Loader
	// stopped is called regularly. After it has returned true, the sorter does nothing more.
	stopped  func() bool
	since    int // number of values processed since stopped was last called
	isHalted bool
	// Copies of the constant maxLoaded and of the result of the function maxGroup. Tests set other limits.
	maxLoaded, maxGroup int

	bucket        []entry // a part of the sorted entries, starting at index begin
	begin         int
	entries       []entry     // scratch space for sort
	reversed      []uint32    // scratch space for reverse
	loaded, spare []textEntry // for rankLoaded
	keys          []byte      // sort keys of the loaded entries
	cells         [touched][]byte
	sum           byte // sum of the bytes that touch has read
}

// Sorter returns a new Sorter. It calls the function stopped about every millisecond. If stopped returns true, the
// sorter stops, and the ranks are invalid.
func (c *Column) Sorter(stopped func() bool) *Sorter {
	return &Sorter{column: c, loader: c.Loader(), stopped: stopped, maxLoaded: maxLoaded, maxGroup: maxGroup(c.Len())}
}

// stopEvery is the number of values between two calls of Sorter.stopped.
const stopEvery = 2048

// halted reports whether the function stopped has returned true, so that the sorter must stop. The parameter values is
// the number of values that were processed since the last call of halted.
func (s *Sorter) halted(values int) bool {
	if s.since += values; s.since >= stopEvery && !s.isHalted {
		s.since = 0
		s.isHalted = s.stopped()
	}
	return s.isHalted
}

// Sort sorts and ranks the values of a task, which is a number from 0 to [Column.Tasks]-1.
func (s *Sorter) Sort(task int) {
	c := s.column
	if c.buckets == nil {
		s.sortRuns(c.tasks[task], c.tasks[task+1])
		return
	}
	for bucket := c.tasks[task]; bucket < c.tasks[task+1] && !s.isHalted; bucket++ {
		from, to := c.buckets[bucket], c.buckets[bucket+1]
		s.load(from, to)
		if c.group.isEmpty() {
			s.sortLoaded(from, to)
		} else {
			s.rankWords(c.group.common, c.group.shared, from, to)
		}
	}
}

func (s *Sorter) sortLoaded(from, to int) {
	s.sort(from, to)
	for group := from; group < to; {
		next := s.rankGroup(group, to)
		if s.halted(next - group) {
			return
		}
		group = next
	}
}

func (s *Sorter) load(from, to int) {
	s.begin = from
	s.bucket = slices.Grow(s.bucket[:0], to-from)[:to-from]
	for i, at := range s.column.split[from:to] {
		e := &s.bucket[i]
		e.at = at
		e.set(s.column.codes[at])
	}
}

func (s *Sorter) entriesIn(from, to int) []entry { return s.bucket[from-s.begin : to-s.begin] }

// rankGroup ranks the entry at index from and all entries after it that have the same code. It returns the index after
// the last of these entries. Entries from bucketEnd on are in other buckets.
func (s *Sorter) rankGroup(from, bucketEnd int) int {
	rest := s.entriesIn(from, bucketEnd)
	common, same := rest[0].code(), 1
	for same < len(rest) && rest[same].code() == common {
		same++
	}
	to := from + same
	if to-from > 1 && (common.needsTieBreak() || common < codeDate && s.column.hasImprecise.Load()) {
		s.rankTies(common, 0, from, to)
		return to
	}
	s.rank(from, to)
	return to
}

// rank gives all values in a range the same rank, which is the number of values before the range.
func (s *Sorter) rank(from, to int) {
	for i, e := range s.entriesIn(from, to) {
		s.column.split[from+i] = e.at
		s.column.ranks[e.at] = uint32(from)
	}
}

// maxEntryInsertion is the maximum number of entries for which insertion sort is faster than radix sort.
const maxEntryInsertion = 24

// sort is a stable radix sort by code. It sorts by the highest eight bits that differ. Then it sorts each group of
// equal bits recursively.
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
