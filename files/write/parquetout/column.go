package parquetout

import (
	"encoding/binary"
	"hash/crc32"
	"math/bits"

	"github.com/klauspost/compress/s2"
	"github.com/klauspost/compress/zstd"
)

// column encodes the values of one column in a row group.
type column struct {
	kind Kind
	// hasDictionary is true if row groups begin with a dictionary.
	hasDictionary bool
	// values holds the values of the current page in plain encoding, after levelRoom unused bytes. If isIndexed is
	// true, the field indexes is used instead, and holds the indexes of the values in the dictionary.
	values    []byte
	indexes   []uint32
	isIndexed bool
	// present has a bit for each row of the current page. The bit is 1 if the row has a value. The slice present is
	// empty while the page has no nulls.
	present []byte
	rows    int
	nulls   int // number of nulls in the current page
	size    int // size of the values in the current page, in bytes

	dictionary dictionary
	stats      statistics

	// The finished data pages of the row group, with their totals.
	pages                        [][]byte
	packedSize, uncompressed     int
	allRows, allNulls            int
	hasPlainPages, hasIndexPages bool
	bools                        int // number of Booleans in the last byte of values
}

// levelRoom is the number of bytes before the values of a page. The levels of a page without nulls fit into these
// bytes, so the values of such a page need not be moved.
const levelRoom = 16

// reset prepares the column for the next row group.
func (c *column) reset() {
	c.resetPage()
	c.isIndexed = c.hasDictionary
	c.dictionary.reset()
	c.stats.reset()
	c.pages, c.packedSize, c.uncompressed, c.allRows, c.allNulls = c.pages[:0], 0, 0, 0, 0
	c.hasPlainPages, c.hasIndexPages = false, false
}

func (c *column) resetPage() {
	if c.values == nil {
		c.values = make([]byte, levelRoom)
	}
	c.values, c.indexes, c.present, c.rows, c.nulls, c.size, c.bools = c.values[:levelRoom], c.indexes[:0], c.present[:0], 0, 0, 0, 0
}

// value counts a row that has a value. The caller must then add the value.
func (c *column) value() {
	if c.nulls > 0 {
		c.addPresent(c.rows)
	}
	c.rows++
}

// null counts a row without a value.
func (c *column) null() {
	if c.nulls == 0 {
		for row := range c.rows {
			c.addPresent(row)
		}
	}
	if c.rows%8 == 0 {
		c.present = append(c.present, 0)
	}
	c.nulls++
	c.rows++
}

// addPresent sets the bit of the next row in present. The parameter row is the number of that row in the page.
func (c *column) addPresent(row int) {
	if row%8 == 0 {
		c.present = append(c.present, 0)
	}
	c.present[len(c.present)-1] |= 1 << (row % 8)
}

// bool adds a Boolean.
func (c *column) bool(v bool) {
	c.value()
	if c.bools%8 == 0 {
		c.values = append(c.values, 0)
	}
	if v {
		c.values[len(c.values)-1] |= 1 << (c.bools % 8)
	}
	c.bools++
	c.size = len(c.values)
}

// fixed adds a value of eight bytes.
func (c *column) fixed(v uint64) {
	c.value()
	c.size += fixedSize
	if c.isIndexed {
		if index, ok := c.dictionary.indexFixed(v); ok {
			c.indexes = append(c.indexes, index)
			return
		}
		c.leaveDictionary()
	}
	c.values = binary.LittleEndian.AppendUint64(c.values, v)
}

// bytes adds a value of any length. If isIndexed is true, i must be the index of v in the values given to
// [dictionary.prepare].
func (c *column) bytes(v []byte, i int) {
	c.value()
	c.size += len(v) + lengthSize
	if c.isIndexed {
		if index, ok := c.dictionary.index(v, i); ok {
			c.indexes = append(c.indexes, index)
			return
		}
		c.leaveDictionary()
	}
	c.values = append(binary.LittleEndian.AppendUint32(c.values, uint32(len(v))), v...)
}

// leaveDictionary makes the column stop using the dictionary. It converts the values of the current page to plain
// encoding, because all values of a page must have the same encoding.
func (c *column) leaveDictionary() {
	c.isIndexed = false
	for _, index := range c.indexes {
		c.values = c.dictionary.appendPlain(c.values, index)
	}
	c.indexes = c.indexes[:0]
}

// Sizes in bytes: of the length that precedes a text, and of a number.
const (
	lengthSize = 4
	fixedSize  = 8
)

// Encodings.
const (
	encodingPlain      = 0
	encodingRLE        = 3
	encodingDictionary = 8
)

func (c *column) endPage(p *packer) {
	if c.rows == 0 {
		return
	}
	encoding, content := encodingPlain, c.values
	switch {
	case len(c.indexes) > 0:
		encoding = encodingDictionary
		p.content = appendLevels(p.content[:0], c.present, c.rows, c.nulls)
		p.content = appendIndexes(p.content, c.indexes, c.dictionary.count())
		content = p.content
		c.hasIndexPages = true
	case c.nulls == 0:
		var room [levelRoom]byte
		levels := appendLevels(room[:0], nil, c.rows, 0)
		content = content[levelRoom-len(levels):]
		copy(content, levels)
	default:
		p.content = append(appendLevels(p.content[:0], c.present, c.rows, c.nulls), c.values[levelRoom:]...)
		content = p.content
	}
	if encoding == encodingPlain {
		c.hasPlainPages = true
		c.stats.add(c.kind, c.values[levelRoom:])
	}
	rows := c.rows
	c.pages = append(c.pages, c.page(p, dataPage, content, func(t *thriftWriter) {
		t.structure(5, func() {
			t.int32(1, int64(rows))
			t.int32(2, int64(encoding))
			t.int32(3, encodingRLE)
			t.int32(4, encodingRLE)
		})
	}))
	c.allRows, c.allNulls = c.allRows+c.rows, c.allNulls+c.nulls
	c.resetPage()
}

// The types of pages in the file format.
const (
	dataPage       = 0
	dictionaryPage = 2
)

// page returns a page with its header. The function header appends the part of the page header that is specific to the
// type of the page.
func (c *column) page(p *packer, kind int64, content []byte, header func(*thriftWriter)) []byte {
	packed := p.pack(content)
	t := &p.header
	t.out, t.last = t.out[:0], 0
	t.int32(1, kind)
	t.int32(2, int64(len(content)))
	t.int32(3, int64(len(packed)))
	t.int32(4, int64(int32(crc32.ChecksumIEEE(packed))))
	header(t)
	t.out = append(t.out, 0)
	c.packedSize += len(t.out) + len(packed)
	c.uncompressed += len(t.out) + len(content)
	return append(append(p.finished.take(len(t.out)+len(packed)), t.out...), packed...)
}

// cut returns the values of the row group. The parameter used is a chunk that is already written. cut reuses the slices
// of that chunk.
func (c *column) cut(p *packer, used chunk) chunk {
	found := chunk{pages: used.pages[:0], encodings: append(used.encodings[:0], encodingRLE)}
	if c.hasIndexPages {
		found.pages = append(found.pages, c.dictionaryPage(p))
		found.dictionary = len(found.pages[0])
		found.encodings = append(found.encodings, encodingDictionary)
	}
	if c.hasPlainPages || c.hasIndexPages {
		found.encodings = append(found.encodings, encodingPlain)
	}
	found.pages = append(found.pages, c.pages...)
	found.size, found.uncompressed, found.nulls = c.packedSize, c.uncompressed, c.allNulls
	found.min, found.max, found.hasStatistics = c.stats.bounds(c.kind)
	return found
}

func (c *column) dictionaryPage(p *packer) []byte {
	d := &c.dictionary
	c.stats.add(c.kind, d.plain)
	return c.page(p, dictionaryPage, d.plain, func(t *thriftWriter) {
		t.structure(7, func() {
			t.int32(1, int64(d.count()))
			t.int32(2, encodingPlain)
		})
	})
}

// appendLevels appends the definition levels of a page, preceded by their length. If all levels are equal, it appends
// the level and its number of repetitions. Otherwise it packs the levels, with one bit for each.
func appendLevels(dst, present []byte, rows, nulls int) []byte {
	from := len(dst)
	dst = append(dst, 0, 0, 0, 0)
	switch nulls {
	case 0:
		dst = append(binary.AppendUvarint(dst, uint64(rows)<<1), 1)
	case rows:
		dst = append(binary.AppendUvarint(dst, uint64(rows)<<1), 0)
	default:
		dst = append(binary.AppendUvarint(dst, uint64(len(present))<<1|1), present...)
	}
	binary.LittleEndian.PutUint32(dst[from:], uint32(len(dst)-from-lengthSize))
	return dst
}

// appendIndexes appends indexes of a dictionary: first the width of an index, then all indexes, packed with this width.
// count is the number of values in the dictionary.
func appendIndexes(dst []byte, indexes []uint32, count int) []byte {
	width := max(1, bits.Len(uint(max(0, count-1))))
	groups := (len(indexes) + 7) / 8
	dst = binary.AppendUvarint(append(dst, byte(width)), uint64(groups)<<1|1)
	end := len(dst) + groups*width
	word, used := uint64(0), 0
	for _, index := range indexes {
		word |= uint64(index) << used
		if used += width; used >= 32 {
			dst = binary.LittleEndian.AppendUint32(dst, uint32(word))
			word, used = word>>32, used-32
		}
	}
	for ; len(dst) < end; word >>= 8 {
		dst = append(dst, byte(word))
	}
	return dst
}

// packer compresses pages. It is not safe for concurrent use.
type packer struct {
	codec   Codec
	zstd    *zstd.Encoder
	content []byte // buffer for the content of a page
	packed  []byte
	header  thriftWriter
	// finished holds the finished pages of the row group.
	finished arena
}

// pack returns the compressed content of a page. The result is valid until the next call.
func (p *packer) pack(content []byte) []byte {
	if p.codec == Zstd {
		p.packed = p.zstd.EncodeAll(content, p.packed[:0])
		return p.packed
	}
	if need := s2.MaxEncodedLen(len(content)); cap(p.packed) < need {
		p.packed = make([]byte, need+need/8) // reserve for later pages that are a little larger
	}
	return s2.EncodeSnappy(p.packed[:cap(p.packed)], content)
}
