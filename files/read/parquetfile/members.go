package parquetfile

import (
	"encoding/binary"
	"sort"
)

// members holds the rendered text of one field for consecutive rows. The text for a row is a member of a JSON object,
// such as "price":1.
type members struct {
	// text holds the members, and ends holds the end of each member in text. Both are empty if the values come from a
	// rendered dictionary. Then indexes holds the index of each member in that dictionary.
	text       []byte
	ends       []int
	dictionary *rendered
	indexes    []uint32
	size       int // total length of the members that indexes stands for; not counted if all of them are short
	// nonFinite holds the indexes of the rows with NaN or Infinity.
	nonFinite []int
	// absent holds the rows without a value. It is used only if the field is a part of a struct.
	absent []absentRow
	used   int // number of rows that are assembled already or are being assembled
	users  int // number of batches that are being assembled from these members
}

// absentRow is the index of a row without a value, and the definition level of that row.
type absentRow struct{ row, level int }

// count returns the number of rows.
func (m *members) count() int { return len(m.ends) + len(m.indexes) }

// rows returns the number of rows that are not assembled yet.
func (m *members) rows() int { return m.count() - m.used }

// length returns the total length of the text for all rows, in bytes. If the text is only in a dictionary whose values
// are all short, length returns 0.
func (m *members) length() int { return max(len(m.text), m.size) }

// copyTexts replaces the indexes with the texts that they stand for.
func (m *members) copyTexts() {
	for _, index := range m.indexes {
		text, size := m.dictionary.at(index)
		m.text = appendShort(m.text, text, size)
		m.ends = append(m.ends, len(m.text))
	}
	m.indexes = m.indexes[:0]
}

func (m *members) reset() {
	*m = members{text: m.text[:0], ends: m.ends[:0], indexes: m.indexes[:0], nonFinite: m.nonFinite[:0], absent: m.absent[:0]}
}

// cursor is a position in members, from which rows are assembled. Several goroutines can assemble different rows of the
// same members.
type cursor struct {
	text    []byte      // the texts of the members or of the dictionary
	ends    []int       // ends of the texts of the next rows; empty if the values come from a dictionary
	indexes []uint32    // indexes of the texts of the next rows in the dictionary
	bounds  []uint32    // [rendered.ends] of the dictionary
	from    int         // where the next row begins in text, unless the values come from a dictionary
	row     int         // index of the next row for isAbsent
	absent  []absentRow // rows without a value, from this row on
	loaded  byte        // combines the bytes that load reads, so that the compiler keeps the reads
}

// cursor returns a cursor at a row.
func (m *members) cursor(row int) cursor {
	c := cursor{text: m.text, row: row}
	c.absent = m.absent[sort.Search(len(m.absent), func(i int) bool { return m.absent[i].row >= row }):]
	if len(m.indexes) > 0 {
		c.text, c.indexes, c.bounds = m.dictionary.text, m.indexes[row:], m.dictionary.ends
		return c
	}
	c.ends = m.ends[row:]
	if row > 0 {
		c.from = m.ends[row-1]
	}
	return c
}

// sizeOf returns the total length, in bytes, of the text for the given number of next rows.
func (c *cursor) sizeOf(rows int) int {
	if rows == 0 {
		return 0
	}
	if c.bounds == nil {
		return c.ends[rows-1] - c.from
	}
	size := 0
	for _, index := range c.indexes[:rows] {
		size += int(c.bounds[index+1] - c.bounds[index])
	}
	return size
}

// cell is the place of the text of one field for one row: the bytes from the offset from.
type cell struct{ from, size int }

// loadedRows is the maximum number of rows, and loadedCells the maximum number of values in these rows, that are loaded
// in one step; see [cursor.load]. The text of these values fits into the caches of a core.
const (
	loadedRows  = 64
	loadedCells = 1024
)

// minLoaded is the size, in bytes, from which a rendered dictionary may not fit into the fastest cache of a core.
const minLoaded = 16 << 10

// load finds the texts for the given number of next rows. It writes their places to every element of cells whose index
// is a multiple of step. It also makes the processor fetch the texts of a large dictionary into its cache: it reads one
// byte for each row, so that these memory accesses overlap.
func (c *cursor) load(cells []cell, step, rows int) {
	if c.bounds == nil {
		from := c.from
		for i, end := range c.ends[:rows] {
			cells[i*step] = cell{from, end - from}
			from = end
		}
		c.from, c.ends = from, c.ends[rows:]
		return
	}
	text, bounds := c.text, c.bounds
	for i, index := range c.indexes[:rows] {
		from := bounds[index]
		cells[i*step] = cell{int(from), int(bounds[index+1] - from)}
	}
	if len(text) >= minLoaded {
		for i := range rows {
			c.loaded ^= text[cells[i*step].from]
		}
	}
	c.indexes = c.indexes[rows:]
}

// isAbsent reports whether the definition level of the next row is less than the given level. It must be called once for
// each row.
func (c *cursor) isAbsent(level int) bool {
	row := c.row
	c.row++
	if len(c.absent) == 0 || c.absent[0].row > row {
		return false
	}
	found := c.absent[0].level
	c.absent = c.absent[1:]
	return found < level
}

// nextAbsent searches c.absent, beginning with element i, for a row whose definition level is less than the given
// level. It returns the row, counted from the next row to assemble, and its index in c.absent. If there is none, the
// returned row is batchRows.
func (c *cursor) nextAbsent(i, level int) (absentRow, int) {
	for ; i < len(c.absent); i++ {
		if a := c.absent[i]; a.level < level {
			return absentRow{a.row - c.row, a.level}, i
		}
	}
	return absentRow{batchRows, level}, i
}

// agreement compares c and other, which belong to two fields of the same struct. In a damaged file, a row may say for
// one field that the struct is absent, and for the other that it is present. agreement returns the number of rows
// before the first such row, at most the parameter rows. It examines the structs around both fields; level is the
// definition level of the innermost one.
func (c *cursor) agreement(other *cursor, level, rows int) int {
	for i, j := 0, 0; ; i, j = i+1, j+1 {
		var a, b absentRow
		a, i = c.nextAbsent(i, level)
		b, j = other.nextAbsent(j, level)
		if a != b {
			rows = min(rows, a.row, b.row)
		}
		if a != b || a.row >= rows {
			return rows
		}
	}
}

// maxShort is the maximum number of bytes that appendShort copies without a loop.
const maxShort = 64

// appendShort appends the first n bytes of text. It is faster than append for short texts: if dst and text have room, it
// copies half of maxShort bytes or all of them, whatever n is, because the bytes after the n-th do not matter.
func appendShort(dst, text []byte, n int) []byte {
	const word = 8
	end := len(dst)
	if n > maxShort || len(text) < maxShort || cap(dst)-end < maxShort {
		return append(dst, text[:n]...)
	}
	from, to := text[:maxShort], dst[end:end+maxShort]
	copyHalf := func(from, to []byte) {
		a, b := binary.LittleEndian.Uint64(from), binary.LittleEndian.Uint64(from[word:])
		c, d := binary.LittleEndian.Uint64(from[2*word:]), binary.LittleEndian.Uint64(from[3*word:])
		binary.LittleEndian.PutUint64(to, a)
		binary.LittleEndian.PutUint64(to[word:], b)
		binary.LittleEndian.PutUint64(to[2*word:], c)
		binary.LittleEndian.PutUint64(to[3*word:], d)
	}
	copyHalf(from, to)
	if n > maxShort/2 {
		copyHalf(from[maxShort/2:], to[maxShort/2:])
	}
	return dst[:end+n]
}
