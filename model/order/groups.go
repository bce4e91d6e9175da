package order

import "slices"

// group is a range of rows in split. Their values are texts with the same code. The stored sort keys of these texts
// start with the same bytes, and shared is the number of these bytes. A large group is split again, so that several
// cores can sort it.
type group struct {
	common   code
	shared   int
	from, to int
}

func (g group) isEmpty() bool { return g.from == g.to }

// maxGroup returns the maximum size of a group that one core sorts, given the number of rows.
func maxGroup(rows int) int {
	const (
		share = 8
		limit = 1 << 15 // a smaller group takes only a few milliseconds
	)
	return max(rows/share, limit)
}

// postpone records a large group to be split after all tasks have been sorted.
func (s *Sorter) postpone(g group) {
	c := s.column
	for i, e := range s.entriesIn(g.from, g.to) {
		c.split[g.from+i] = e.at
	}
	c.mutex.Lock()
	defer c.mutex.Unlock()
	c.groups = append(c.groups, g)
}

// Next returns a Split of values that are still to be sorted, or nil if there are none. All tasks must have been
// sorted. Each Split leads to new tasks.
func (c *Column) Next(parts int) *Split {
	if len(c.groups) == 0 {
		return nil
	}
	last := len(c.groups) - 1
	g := c.groups[last]
	c.groups = c.groups[:last]
	return &Split{column: c, parts: parts, group: g, rows: slices.Clone(c.split[g.from:g.to]), eachBit: ^code(0), ends: make([][]uint32, parts)}
}

// Load reads the next bytes of the sort keys of a part.
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

// Advance reports whether all bytes that Load has read are equal. If so, Load must read the next bytes.
func (s *Split) Advance() bool {
	isEqual := s.rows != nil && s.anyBit == s.eachBit
	if hasEnded := s.anyBit&0xff == 0; !isEqual || hasEnded || s.group.shared+8 >= s.column.keys.room {
		return false
	}
	s.group.shared += 8
	s.anyBit, s.eachBit = 0, ^code(0)
	return true
}
