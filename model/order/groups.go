package order

import "slices"

// group is a range of the slice Column.split. The values in this range are texts with the same code. The stored sort
// keys of these texts start with the same bytes, and shared is the number of these bytes. A large group is split again,
// so that several cores can sort it.
type group struct {
	common   code
	shared   int
	from, to int
}

func (g group) isEmpty() bool { return g.from == g.to }

// maxGroup returns the maximum number of values in a group that a single core sorts. A larger group is split again. The
// parameter rows is the number of rows of the column.
func maxGroup(rows int) int {
	const (
		share = 8
		limit = 1 << 15 // a smaller group takes only a few milliseconds
	)
	return max(rows/share, limit)
}

// postpone records a large group for [Column.Next], which divides it so that several cores can sort it.
func (s *Sorter) postpone(g group) {
	c := s.column
	for i, e := range s.entriesIn(g.from, g.to) {
		c.split[g.from+i] = e.at
	}
	c.mutex.Lock()
	defer c.mutex.Unlock()
	c.groups = append(c.groups, g)
}

// Next returns a [Split] for a large group of values that is not sorted yet, or nil if there is none. Call
// [Sorter.Sort] for every task before Next. The new Split creates new tasks, which sort the group.
func (c *Column) Next(parts int) *Split {
	if len(c.groups) == 0 {
		return nil
	}
	last := len(c.groups) - 1
	g := c.groups[last]
	c.groups = c.groups[:last]
	return &Split{column: c, parts: parts, group: g, rows: slices.Clone(c.split[g.from:g.to]), eachBit: ^code(0), ends: make([][]uint32, parts)}
}

// Load reads the next eight bytes of the sort key of each value in the given part. For the first Split of a column, it
// does nothing.
func (s *Split) Load(part int) {
	if s.rows == nil {
		return // the codes are loaded
	}
	c := s.column
	from, to := s.part(part)
	anyBit, eachBit := code(0), ^code(0)
	for _, at := range s.rows[from:to] {
		word := code(c.keys.word(at, s.group.shared))
		c.codes[at] = word
		anyBit |= word
		eachBit &= word
	}
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.anyBit |= anyBit
	s.eachBit &= eachBit
}

// Advance returns true if the bytes that Load has read are the same for all values. In that case, call Load again for
// each part, to read the next bytes.
func (s *Split) Advance() bool {
	isEqual := s.rows != nil && s.anyBit == s.eachBit
	if hasEnded := s.anyBit&0xff == 0; !isEqual || hasEnded || s.group.shared+8 >= s.column.keys.room {
		return false
	}
	s.group.shared += 8
	s.anyBit, s.eachBit = 0, ^code(0)
	return true
}
