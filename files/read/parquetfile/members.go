package parquetfile

// members are the rendered members of consecutive rows.
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
	// absent holds the rows without a value if the field is a part of a struct.
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

// next returns a text whose first n bytes are the member of the next row.
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

// sizeOf returns the total length, in bytes, of the members of the next rows.
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

// loadedRows and loadedCells are the maximum numbers of rows and of their members for which [members.load] is called at a
// time. These members fit into the caches of a core.
const (
	loadedRows  = 64
	loadedCells = 1024
)

// minLoaded is the minimum size of a rendered dictionary, in bytes, that may not fit into the first cache of a core.
const minLoaded = 16 << 10

// load reads one byte of each of the next members, so that the processor loads all of them from memory at the same
// time.
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

// nextAbsent returns the first row, not before the element i of m.absent and not yet assembled, whose definition level
// is less than the given level. It returns the row relative to the next row, and its index in m.absent.
func (m *members) nextAbsent(i, level int) (absentRow, int) {
	for ; i < len(m.absent); i++ {
		if a := m.absent[i]; a.row >= m.used && a.level < level {
			return absentRow{a.row - m.used, a.level}, i
		}
	}
	return absentRow{batchRows, level}, i
}

// agreement returns the number of rows, at most the given number, in which the structs that contain both m and other
// are absent in both or in none. level is the definition level of the innermost of these structs.
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
