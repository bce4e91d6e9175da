package parquetfile

import (
	"hash/crc32"
	"io"
	"math/bits"
)

// column reads the values of a column in a row group, one after the other.
type column struct {
	leaf     *node
	unpacker *unpacker // unpacker of the goroutine that reads the column
	chunk    chunk
	end      int64 // offset after the last page
	nextPage int64 // offset of the next page
	left     int64 // number of remaining values, including nulls
	inPage   int64 // number of remaining values in the current page
	// level holds the levels of the next value if loaded is true.
	level  levels
	loaded bool

	header      []byte
	content     content
	repetitions levelReader
	definitions levelReader
	decoders    decoders
	values      decoder
	err         error

	rendered rendered // values of the dictionary, as JSON
}

func newColumn(leaf *node, budget *budget, end int64) *column {
	c := &column{leaf: leaf, end: end}
	c.content.source.budget = budget
	return c
}

func (c *column) close() { c.content.close() }

func (c *column) start(chunk chunk) error {
	switch {
	case chunk.encrypted:
		return errEncrypted
	case chunk.elsewhere:
		return c.withName(refusal("its values are stored in another file, which is not supported", "write all columns into one file"))
	case chunk.kind != c.leaf.kind || chunk.values < 0:
		return c.withName(errSchema)
	}
	c.chunk, c.left, c.inPage, c.loaded = chunk, chunk.values, 0, false
	c.nextPage = chunk.data
	if chunk.dictionary > 0 && chunk.dictionary < chunk.data {
		c.nextPage = chunk.dictionary
	}
	if c.nextPage < 0 || c.nextPage > c.end {
		return c.withName(broken("its values are not within the file"))
	}
	c.decoders.dictionary.count, c.decoders.dictionary.isImplied = 0, false
	c.rendered.valid, c.rendered.refused = false, false
	return nil
}

// peek returns the levels of the next value without consuming it. ok is false after an error and at the end of the row
// group.
func (c *column) peek() (valueLevels levels, ok bool) {
	if c.loaded {
		return c.level, true
	}
	if c.left == 0 || c.err != nil {
		return levels{}, false
	}
	for c.inPage == 0 {
		if c.err = c.page(); c.err != nil {
			return levels{}, false
		}
	}
	c.level.repetition, c.err = c.repetitions.next()
	if c.err == nil {
		c.level.definition, c.err = c.definitions.next()
	}
	if c.err != nil {
		c.err = c.withName(c.err)
	}
	c.loaded = c.err == nil
	return c.level, c.loaded
}

// skip consumes the next value, which must be null. Nulls have levels, but no stored value.
func (c *column) skip() {
	c.loaded = false
	c.left--
	c.inPage--
}

// next returns the next value, which must not be null.
func (c *column) next() (value, error) {
	c.skip()
	v, err := c.values.next()
	if err != nil {
		c.err = c.withName(err)
	}
	return v, c.err
}

// appendNext appends the next value as JSON. The value must not be null.
func (c *column) appendNext(dst []byte, n *node) ([]byte, error) {
	if x, isIndexed := c.values.(*indexed); isIndexed && (c.rendered.valid || c.render(n, new(frame))) {
		c.skip()
		i, err := x.nextIndex()
		if err != nil {
			c.err = c.withName(err)
			return dst, c.err
		}
		text, size := c.rendered.at(uint32(i))
		return appendShort(dst, text, size), nil
	}
	v, err := c.next()
	if err != nil {
		return dst, err
	}
	return n.write(dst, v), nil
}

func (c *column) withName(err error) error { return inColumn(c.leaf.path, err) }

// page reads the header of the next page of the column, and prepares to read its values.
func (c *column) page() error {
	for {
		if c.nextPage >= c.end {
			return c.withName(errShort)
		}
		header, length, buffer, err := readHeader(c.unpacker.file, c.nextPage, c.end, c.header, c.unpacker.budget)
		c.header = buffer
		if err != nil {
			return c.withName(err)
		}
		at := c.nextPage + length
		c.nextPage = at + header.packed
		switch header.kind {
		case indexPage:
		case dictionaryPage:
			err = c.dictionary(header, at)
		case dataPage, dataPageV2:
			if header.values == 0 {
				continue
			}
			if header.values > c.left {
				return c.withName(errLevels)
			}
			if err = c.data(header, at); err == nil {
				c.inPage = header.values
				return nil
			}
		}
		if err != nil {
			return c.withName(err)
		}
	}
}

// check compares the content of a page with the page's checksum.
func (c *column) check(header pageHeader, offset int64) error {
	if !header.hasChecksum {
		return nil
	}
	sum := crc32.NewIEEE()
	if _, err := io.Copy(sum, io.NewSectionReader(c.unpacker.file, offset, header.packed)); err != nil {
		return err
	}
	if sum.Sum32() != header.checksum {
		return errChecksum
	}
	return nil
}

func (c *column) dictionary(header pageHeader, at int64) error {
	if err := c.check(header, at); err != nil {
		return err
	}
	p := page{codec: c.chunk.codec, at: at, packed: header.packed, unpacked: header.unpacked}
	if err := c.unpacker.open(p, &c.content); err != nil {
		return err
	}
	c.forgetRendered()
	return c.decoders.dictionary.read(&c.content.source, c.leaf.kind, c.leaf.length, header.values)
}

// forgetRendered ends the use of the JSON texts of the current dictionary, because another dictionary follows. The
// texts themselves stay, because rows that are not assembled yet may refer to them. If there are such texts, the values
// of the next dictionary are converted one by one.
func (c *column) forgetRendered() {
	c.rendered.valid, c.rendered.refused = false, c.rendered.valid || c.rendered.refused
}

// data prepares to decode the levels and the values of a data page.
func (c *column) data(header pageHeader, offset int64) (err error) {
	if err = c.check(header, offset); err != nil {
		return err
	}
	p := page{codec: c.chunk.codec, at: offset, packed: header.packed, unpacked: header.unpacked}
	if header.kind == dataPageV2 {
		err = c.dataV2(header, p)
	} else {
		err = c.dataV1(header, p)
	}
	if err != nil {
		return err
	}
	if !c.decoders.dictionary.fit(header.encoding, c.leaf.kind) {
		c.forgetRendered()
	}
	c.values, err = c.decoders.reset(header.encoding, &c.content.source, c.leaf.kind, c.leaf.length, header.values)
	return err
}

// dataV1 begins to read a Parquet page of version 1. Its levels are part of the compressed content.
func (c *column) dataV1(header pageHeader, p page) error {
	if err := c.unpacker.open(p, &c.content); err != nil {
		return err
	}
	in := &c.content.source
	if err := c.repetitions.read(in, c.leaf.levels.repetition, header.repetitionEncoding, header.values); err != nil {
		return err
	}
	return c.definitions.read(in, c.leaf.levels.definition, header.definitionEncoding, header.values)
}

// dataV2 begins to read a Parquet page of version 2. Its levels come before the content and are not compressed.
func (c *column) dataV2(header pageHeader, p page) error {
	before := header.repetition + header.definition
	if header.repetition < 0 || header.definition < 0 || before > p.packed || before > p.unpacked {
		return errPage
	}
	if err := c.repetitions.readAt(c.unpacker, p.at, header.repetition, c.leaf.levels.repetition); err != nil {
		return err
	}
	if err := c.definitions.readAt(c.unpacker, p.at+header.repetition, header.definition, c.leaf.levels.definition); err != nil {
		return err
	}
	p.at, p.packed, p.unpacked = p.at+before, p.packed-before, p.unpacked-before
	if header.uncompressed {
		p.codec = codecNone
	}
	return c.unpacker.open(p, &c.content)
}

// levelReader decodes the repetition or definition levels of a page.
type levelReader struct {
	max    int
	buffer []byte
	source source
	levels hybrid
	// legacy selects the deprecated encoding, in which the most significant bit comes first.
	legacy bool
	bit    int
}

// next returns the next level.
func (l *levelReader) next() (int, error) {
	if l.max == 0 {
		return 0, nil
	}
	if l.legacy {
		return l.nextLegacy()
	}
	n, err := l.levels.next()
	if err == nil && n > uint64(l.max) {
		err = errLevels
	}
	return int(n), err
}

// fill reads levels into dst until dst is full, and returns the number of levels. If there is an error, the levels
// before it are valid.
func (l *levelReader) fill(dst []uint32) (n int, err error) {
	if l.max == 0 {
		clear(dst)
		return len(dst), nil
	}
	if !l.legacy {
		n, err = l.levels.fill(dst)
		for i, level := range dst[:n] {
			if level > uint32(l.max) {
				return i, errLevels
			}
		}
		return n, err
	}
	for ; n < len(dst); n++ {
		level, err := l.next()
		if err != nil {
			return n, err
		}
		dst[n] = uint32(level)
	}
	return n, nil
}

func (l *levelReader) nextLegacy() (int, error) {
	n := 0
	for range bits.Len(uint(l.max)) {
		if l.bit>>3 >= len(l.buffer) {
			return 0, errLevels
		}
		n = n<<1 | int(l.buffer[l.bit>>3]>>(7-l.bit&7))&1
		l.bit++
	}
	if n > l.max {
		return 0, errLevels
	}
	return n, nil
}

// read reads the given number of levels from the content of a page of version 1.
func (l *levelReader) read(in *source, maxLevel int, e encoding, count int64) (err error) {
	if l.max = maxLevel; maxLevel == 0 {
		return nil
	}
	var n int
	l.legacy, l.bit = e == encodingBitPacked, 0
	switch e {
	case encodingRLE:
		n, err = in.length()
	case encodingBitPacked:
		n = int((count*int64(bits.Len(uint(maxLevel))) + 7) / 8)
	default:
		err = errEncoding
	}
	if err != nil {
		return err
	}
	data, err := in.next(n)
	if err != nil {
		return err
	}
	if l.buffer, err = in.budget.append(l.buffer[:0], data); err != nil {
		return err
	}
	l.start(in.budget)
	return nil
}

// readAt reads the levels of a page of version 2 from a file.
func (l *levelReader) readAt(u *unpacker, offset, length int64, maxLevel int) (err error) {
	if l.max = maxLevel; maxLevel == 0 {
		return nil
	}
	l.legacy = false
	if l.buffer, err = u.budget.grow(l.buffer[:0], int(length)); err != nil {
		return err
	}
	l.buffer = l.buffer[:length]
	l.start(u.budget)
	return readAt(u.file, l.buffer, offset)
}

func (l *levelReader) start(budget *budget) {
	l.source.budget = budget
	l.source.reset(l.buffer)
	l.levels.reset(&l.source, bits.Len(uint(l.max)))
}
