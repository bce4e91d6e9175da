package order

// isFirst reports whether the rank of row sorted[i] differs from the rank of row sorted[i-1]. It also returns true at
// the start and at the end of sorted.
func (r Ranks) isFirst(sorted []uint32, i int) bool {
	return i == 0 || i == len(sorted) || r.of[sorted[i]] != r.of[sorted[i-1]]
}

// LongestRun returns the length of the longest sequence of equal ranks in the slice sorted. Only sequences that start in
// [from, to) count.
func (r Ranks) LongestRun(sorted []uint32, from, to int) int {
	longest, start := 0, -1
	for i := from; i <= len(sorted); i++ {
		if r.isFirst(sorted, i) {
			if start >= 0 {
				longest = max(longest, i-start)
			}
			start = i
		}
		if i >= to && (start < 0 || start >= to) {
			break
		}
	}
	return longest
}

// Reverse copies rows from sorted, which is in ascending order, to reversed in descending order. Rows with equal ranks
// keep their order, and blank, null and missing values stay last. Reverse copies only the sequences of equal ranks that
// start in [from, to).
func (r Ranks) Reverse(sorted, reversed []uint32, from, to int) {
	count := int(r.nonEmpty)
	for i := from; i < to; {
		start := int(r.of[sorted[i]]) // the number of values before the run
		if i >= count {
			reversed[i] = sorted[i]
			i++
			continue
		}
		if start < from {
			i++
			continue
		}
		end := i + 1
		for end < count && int(r.of[sorted[end]]) == start {
			end++
		}
		copy(reversed[count-end:], sorted[i:end])
		i = end
	}
}

// OfRanks returns a column whose values are known only by their ranks. Use the column only with [Column.Within].
func OfRanks(ranks Ranks) *Column {
	c := &Column{codes: make([]code, len(ranks.of))}
	for at, rank := range ranks.of {
		c.codes[at] = codeBool | code(rank) // a code that stands for one value
		if rank >= ranks.nonEmpty {
			c.codes[at] = codeBlank | code(rank)
		}
	}
	return c
}

// A run is a sequence of rows with equal earlier ranks. For runs of at most shortRun rows, a column stores only
// shortKeyRoom bytes of each sort key.
const (
	shortRun     = 64
	shortKeyRoom = 8
)

// ForRuns makes loading faster if the column is only used to sort short sequences of rows with equal earlier sort keys;
// see [Column.Within]. The parameter longest is the length of the longest sequence. If it is small, the column stores
// only the first bytes of each text: few texts in a sequence start with the same bytes. Call ForRuns before the values
// are loaded.
func (c *Column) ForRuns(longest int) {
	if longest <= shortRun {
		c.keys.room = min(c.keys.room, shortKeyRoom)
	}
}

// Within prepares the column for sorting by a second or later sort key. The parameter earlier holds the ranks by the
// earlier keys. The slice sorted lists the rows in the order of these ranks; the column overwrites it. longest is the
// length of the longest sequence of equal ranks. Load all values first. After sorting, [Column.Ranks] returns ranks by
// all keys. If isLast is set, sorting is faster, but [Column.Ranks] does not return these ranks.
func (c *Column) Within(earlier Ranks, sorted []uint32, longest int, descending, isLast bool) {
	c.loaders = nil
	c.split, c.earlier, c.longest, c.descending = sorted, earlier, longest, descending
	c.ranks = make([]uint32, len(sorted))
	c.inRun, c.isLast = c.ranks, isLast
	if !isLast {
		c.inRun = make([]uint32, len(sorted))
	}
	c.nonEmpty = len(sorted)
	c.tasks = []int{0}
	for next := minTask; next < len(sorted); next += minTask {
		for !earlier.isFirst(sorted, next) {
			next++
		}
		if next < len(sorted) {
			c.tasks = append(c.tasks, next)
		}
	}
	if len(sorted) > 0 {
		c.tasks = append(c.tasks, len(sorted))
	}
}

// RanksInRuns returns, for each row, its rank among the rows that are equal in the earlier sort keys; see
// [Column.Within]. Call [Sorter.Sort] for every task first. The result does not depend on the directions of the sort
// keys.
func (c *Column) RanksInRuns() Ranks { return Ranks{of: c.inRun, nonEmpty: uint32(c.longest)} }

// sortRuns sorts each sequence of rows with equal earlier ranks by the values of this column.
func (s *Sorter) sortRuns(from, to int) {
	c := s.column
	s.load(from, to)
	for from < to && !s.halted(1) {
		next := from + 1
		for next < to && c.earlier.of[c.split[next]] == c.earlier.of[c.split[from]] {
			next++
		}
		if next > from+1 {
			s.sortRun(from, next)
		} else if !c.isLast {
			c.ranks[c.split[from]] = uint32(from)
		}
		from = next
	}
}

func (s *Sorter) sortRun(from, to int) {
	count := 0
	for _, e := range s.entriesIn(from, to) {
		if e.code().hasValue() {
			count++
		}
	}
	s.sortLoaded(from, to)
	if s.isHalted {
		return
	}
	c := s.column
	for i, at := range c.split[from:to] {
		c.inRun[at] = c.ranks[at] - uint32(from)
		if i >= count {
			c.inRun[at] += uint32(c.longest)
		}
	}
	if c.descending {
		s.reverse(from, from+count)
	}
}

// reverse reverses the sorted rows in [from, to), for a descending sort key, and gives them new ranks. Rows with equal
// ranks keep their order.
func (s *Sorter) reverse(from, to int) {
	c := s.column
	s.reversed = append(s.reversed[:0], c.split[from:to]...)
	for end := len(s.reversed); end > 0; {
		start := end - 1
		for start > 0 && c.ranks[s.reversed[start-1]] == c.ranks[s.reversed[start]] {
			start--
		}
		first := from + len(s.reversed) - end
		copy(c.split[first:], s.reversed[start:end])
		if !c.isLast {
			for _, at := range s.reversed[start:end] {
				c.ranks[at] = uint32(first)
			}
		}
		end = start
	}
}
