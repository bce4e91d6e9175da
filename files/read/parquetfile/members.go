package parquetfile

// members holds the rendered text of one field for consecutive rows. The text for a row is a member of a JSON object,
// such as "price":1.
type members struct {
	// text holds the members, and ends holds the end of each member in text. Both are empty if the values come from a
	// rendered dictionary. Then indexes holds the index of each member in that dictionary.
	text       []byte
	ends       []int
	dictionary *rendered
	indexes    []uint64
	size       int // total length of the members that indexes stands for; not counted if all of them are short
	// nonFinite holds the indexes of the rows with NaN or Infinity.
	nonFinite []int
	// absent holds the rows without a value. It is used only if the field is a part of a struct.
	absent []absentRow
	passed int  // number of rows in absent that are already assembled
	used   int  // number of rows that are already assembled
	from   int  // where the next row begins in text
	loaded byte // combines the bytes that load reads, so that the compiler keeps the reads
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

// next returns the text for the next row: the first n bytes of text.
func (m *members) next() (text []byte, n int) {
	i := m.used
	m.used++
	if len(m.indexes) > 0 {
		return m.dictionary.at(m.indexes[i])
	}
	from := m.from
	m.from = m.ends[i]
	return m.text[from:], m.from - from
}

// sizeOf returns the total length, in bytes, of the text for the given number of next rows.
func (m *members) sizeOf(rows int) int {
	if rows == 0 {
		return 0
	}
	if len(m.indexes) == 0 {
		return m.ends[m.used+rows-1] - m.from
	}
	size := 0
	for _, index := range m.indexes[m.used : m.used+rows] {
		size += m.dictionary.sizeOf(index)
	}
	return size
}

// copyTexts replaces the indexes with the texts that they stand for.
func (m *members) copyTexts() {
	for _, index := range m.indexes {
		text, size := m.dictionary.at(index)
		m.text = appendShort(m.text, text, size)
		m.ends = append(m.ends, len(m.text))
	}
	m.indexes = m.indexes[:0]
}

// loadedRows is the maximum number of rows, and loadedCells the maximum number of values in these rows, that are loaded
// in one step; see [members.load]. The text of these values fits into the caches of a core.
const (
	loadedRows  = 64
	loadedCells = 1024
)

// minLoaded is the size, in bytes, from which a rendered dictionary may not fit into the fastest cache of a core.
const minLoaded = 16 << 10

// load makes the processor fetch the text for the given number of next rows into its cache. It reads one byte for each
// row, so that these memory accesses overlap.
func (m *members) load(rows int) {
	if len(m.indexes) == 0 || len(m.dictionary.text) < minLoaded {
		return
	}
	for _, index := range m.indexes[m.used : m.used+rows] {
		m.loaded ^= m.dictionary.text[m.dictionary.ends[index]]
	}
}

// isAbsent reports whether the definition level of the row that next returned is less than the given level. It must be
// called once after each call of next.
func (m *members) isAbsent(level int) bool {
	if m.passed == len(m.absent) || m.absent[m.passed].row >= m.used {
		return false
	}
	m.passed++
	return m.absent[m.passed-1].level < level
}

// nextAbsent searches m.absent, beginning with element i, for a row that is not assembled yet and whose definition
// level is less than the given level. It returns the row, counted from the next row to assemble, and its index in
// m.absent. If there is none, the returned row is batchRows.
func (m *members) nextAbsent(i, level int) (absentRow, int) {
	for ; i < len(m.absent); i++ {
		if a := m.absent[i]; a.row >= m.used && a.level < level {
			return absentRow{a.row - m.used, a.level}, i
		}
	}
	return absentRow{batchRows, level}, i
}

// agreement compares m and other, which belong to two fields of the same struct. In a damaged file, a row may say for
// one field that the struct is absent, and for the other that it is present. agreement returns the number of rows
// before the first such row, at most the parameter rows. It examines the structs around both fields; level is the
// definition level of the innermost one.
func (m *members) agreement(other *members, level, rows int) int {
	for i, j := 0, 0; ; i, j = i+1, j+1 {
		var a, b absentRow
		a, i = m.nextAbsent(i, level)
		b, j = other.nextAbsent(j, level)
		if a != b {
			rows = min(rows, a.row, b.row)
		}
		if a != b || a.row >= rows {
			return rows
		}
	}
}

func (m *members) reset() {
	*m = members{text: m.text[:0], ends: m.ends[:0], indexes: m.indexes[:0], nonFinite: m.nonFinite[:0], absent: m.absent[:0]}
}
