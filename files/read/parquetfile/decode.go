package parquetfile

import (
	"encoding/binary"
	"fmt"
	"math"

	"sbwatch/model/text"
)

// value is a value that is not null: a number (as bits) or bytes. The bytes are valid until the next value is read.
type value struct {
	number uint64
	bytes  []byte
}

// decoder returns the values of a page in order. It must not read data before the first value is requested, because a
// page with only nulls may have no data.
type decoder interface {
	next() (value, error)
}

// widthOf returns the number of bytes of each value of a type. It returns 0 if the number varies or if a value is
// smaller than a byte.
func widthOf(kind physical, length int) int {
	switch kind {
	case kindInt32, kindFloat:
		return 4
	case kindInt64, kindDouble:
		return 8
	case kindInt96:
		return 12
	case kindFixed:
		return length
	default:
		return 0
	}
}

// fixedValue returns the value that is stored in data. The length of data is the width of the type.
func fixedValue(kind physical, data []byte) value {
	switch kind {
	case kindInt32, kindFloat:
		return value{number: uint64(binary.LittleEndian.Uint32(data))}
	case kindInt64, kindDouble:
		return value{number: binary.LittleEndian.Uint64(data)}
	default:
		return value{bytes: data}
	}
}

// plain decodes values that are stored directly one after the other. The values must not be Booleans.
type plain struct {
	source *source
	kind   physical
	width  int
}

func (p *plain) next() (value, error) {
	switch p.kind {
	case kindBytes:
		if quick, n := quickNext(p.source.unread, min(plainShort, p.source.budget.maxValue)); quick != nil && !p.source.copying {
			p.source.unread = p.source.unread[plainHeader+n:]
			return value{bytes: quick[:n:n]}, nil
		}
		n, err := p.source.length()
		if err != nil {
			return value{}, err
		}
		return readBytes(p.source, n)
	default:
		data, err := p.source.next(p.width)
		if err != nil {
			return value{}, err
		}
		return fixedValue(p.kind, data), nil
	}
}

// Sizes in bytes for quickNext: the length that precedes each value, the maximum length of a value, and the number of
// bytes after a value that can be read too.
const (
	plainHeader = 4
	plainShort  = 4 << 10
	plainSlack  = 8
)

// quickNext returns the first byte string in the unread content of a page, followed by plainSlack further bytes, and its
// length. It returns nil if the byte string has more than maxLength bytes, or is not completely in unread.
func quickNext(unread []byte, maxLength int) (value []byte, n int) {
	if len(unread) < plainHeader+plainSlack {
		return nil, 0
	}
	n = int(binary.LittleEndian.Uint32(unread))
	if n > min(maxLength, len(unread)-plainHeader-plainSlack) {
		return nil, 0
	}
	return unread[plainHeader : plainHeader+n+plainSlack], n
}

func readBytes(source *source, n int) (value, error) {
	if err := source.budget.checkValue(int64(n)); err != nil {
		return value{}, err
	}
	data, err := source.next(n)
	return value{bytes: data}, err
}

// dictionary holds the distinct values of a column. Pages contain indexes of these values.
type dictionary struct {
	kind  physical
	width int
	data  []byte
	ends  []uint32 // end of each value as an offset; nil if all values have the same length
	count int
	// isImplied is true for the dictionary of false and true, which is not in the file. The bits of plain booleans are
	// indexes in this dictionary.
	isImplied bool
}

// fit makes the dictionary fit the encoding of the next page. It returns false if the dictionary has changed: plain
// booleans need the implied dictionary, and indexes must not refer to it.
func (d *dictionary) fit(e encoding, kind physical) bool {
	needsImplied := e == encodingPlain && kind == kindBoolean
	switch {
	case needsImplied && !d.isImplied:
		*d = dictionary{kind: kind, count: 2, isImplied: true}
	case (e == encodingDictionary || e == encodingPlainDictionary) && d.isImplied:
		*d = dictionary{kind: kind}
	default:
		return true
	}
	return false
}

// maxDictionary is the maximum size of a dictionary in bytes. Writers usually stop at a few megabytes.
const maxDictionary = 1 << 30

// endMemory is the number of bytes for one element of dictionary.ends.
const endMemory = 4

// read reads a dictionary of count values. It allocates memory only for values that it has found, because count may be
// wrong.
func (d *dictionary) read(source *source, kind physical, length int, count int64) error {
	d.kind, d.width, d.data, d.ends, d.count = kind, widthOf(kind, length), d.data[:0], d.ends[:0], 0
	if kind == kindBoolean {
		return errEncoding
	}
	values := plain{source: source, kind: kind, width: d.width}
	for range count {
		var data []byte
		var err error
		if kind == kindBytes {
			var v value
			v, err = values.next()
			data = v.bytes
		} else {
			data, err = source.next(d.width)
		}
		if err != nil {
			return err
		}
		if len(d.data)+len(data) > maxDictionary {
			return refusal("a dictionary has more than "+text.Bytes(maxDictionary), "write the file with smaller dictionaries")
		}
		if d.data, err = source.budget.append(d.data, data); err != nil {
			return err
		}
		if d.count++; kind != kindBytes {
			continue
		}
		if n := len(d.ends); n == cap(d.ends) {
			grown := max(usualHeader, 2*n)
			if err := source.budget.reserve(int64(grown-n) * endMemory); err != nil {
				return err
			}
			d.ends = append(make([]uint32, 0, grown), d.ends...)
		}
		d.ends = append(d.ends, uint32(len(d.data)))
	}
	return nil
}

func (d *dictionary) at(i uint64) (value, error) {
	switch {
	case i >= uint64(d.count):
		return value{}, errEncoding
	case d.kind == kindBoolean:
		return value{number: i}, nil
	case d.kind != kindBytes:
		return fixedValue(d.kind, d.data[int(i)*d.width:][:d.width]), nil
	}
	from := uint32(0)
	if i > 0 {
		from = d.ends[i-1]
	}
	return value{bytes: d.data[from:d.ends[i]]}, nil
}

// longest returns the length of the longest value in bytes.
func (d *dictionary) longest() int {
	if d.kind != kindBytes {
		return d.width
	}
	longest, from := uint32(0), uint32(0)
	for _, end := range d.ends {
		longest, from = max(longest, end-from), end
	}
	return int(longest)
}

// indexed decodes values that are stored as indexes of a dictionary.
type indexed struct {
	source     *source
	dictionary *dictionary
	indexes    hybrid
	started    bool
}

func (x *indexed) next() (value, error) {
	i, err := x.nextIndex()
	if err != nil {
		return value{}, err
	}
	return x.dictionary.at(i)
}

func (x *indexed) nextIndex() (uint64, error) {
	if err := x.start(); err != nil {
		return 0, err
	}
	i, err := x.indexes.next()
	if err == nil && i >= uint64(x.dictionary.count) {
		err = errEncoding
	}
	return i, err
}

// start reads the width of the indexes. Later calls do nothing.
func (x *indexed) start() error {
	if x.started {
		return nil
	}
	width, err := x.source.next(1)
	if err != nil {
		return err
	}
	if width[0] > maxHybridWidth {
		return errEncoding
	}
	x.indexes.reset(x.source, int(width[0]))
	x.started = true
	return nil
}

// fill reads indexes into dst until dst is full, and returns the number of indexes. If there is an error, the indexes
// before it are valid.
func (x *indexed) fill(dst []uint32) (n int, err error) {
	if err := x.start(); err != nil {
		return 0, err
	}
	n, err = x.indexes.fill(dst)
	for i, index := range dst[:n] {
		if int64(index) >= int64(x.dictionary.count) {
			return i, errEncoding
		}
	}
	return n, err
}

// booleans decodes run-length encoded booleans.
type booleans struct {
	source  *source
	bits    hybrid
	started bool
}

func (r *booleans) next() (value, error) {
	if !r.started {
		if _, err := r.source.next(4); err != nil { // skips the length, which is also known from the page header
			return value{}, err
		}
		r.bits.reset(r.source, 1)
		r.started = true
	}
	n, err := r.bits.next()
	return value{number: n}, err
}

// deltas decodes integers that are stored as differences.
type deltas struct {
	source   *source
	maxCount int64
	is32     bool
	integers delta
	started  bool
}

func (d *deltas) next() (value, error) {
	if !d.started {
		if err := d.integers.reset(d.source, d.maxCount); err != nil {
			return value{}, err
		}
		d.started = true
	}
	n, err := d.integers.next()
	if d.is32 {
		return value{number: uint64(uint32(n))}, err
	}
	return value{number: uint64(n)}, err
}

// lengths decodes the lengths of values. In a page, all lengths come before all values. The lengths are kept in encoded
// form, because a few bytes can encode millions of lengths.
type lengths struct {
	written  []byte
	kept     source
	integers delta
}

func (l *lengths) read(page *source, maxCount int64) error {
	page.copied, page.copying = l.written[:0], true
	err := l.integers.reset(page, maxCount)
	if err == nil {
		err = l.integers.skip()
	}
	l.written, page.copied, page.copying = page.copied, nil, false
	if err != nil {
		return err
	}
	l.kept.budget = page.budget
	l.kept.reset(l.written)
	return l.integers.reset(&l.kept, maxCount)
}

// next returns the next length.
func (l *lengths) next() (int, error) {
	n, err := l.integers.next()
	if err == nil && (n < 0 || n > math.MaxInt32) {
		err = errEncoding
	}
	return int(n), err
}

// sized decodes byte strings. In a page, the lengths of all strings come before the strings.
type sized struct {
	source   *source
	maxCount int64
	lengths  lengths
	started  bool
}

func (s *sized) next() (value, error) {
	if !s.started {
		if err := s.lengths.read(s.source, s.maxCount); err != nil {
			return value{}, err
		}
		s.started = true
	}
	n, err := s.lengths.next()
	if err != nil {
		return value{}, err
	}
	return readBytes(s.source, n)
}

// incremental decodes byte strings. Each is stored as the length of the prefix that it has in common with the previous
// string, and the bytes after this prefix.
type incremental struct {
	prefixes lengths
	suffixes sized
	last     []byte
	width    int // length of each value, or 0 if lengths vary
}

func (i *incremental) next() (value, error) {
	page := i.suffixes.source
	if !i.suffixes.started {
		if err := i.prefixes.read(page, i.suffixes.maxCount); err != nil {
			return value{}, err
		}
	}
	n, err := i.prefixes.next()
	if err != nil {
		return value{}, err
	}
	suffix, err := i.suffixes.next()
	switch {
	case err != nil:
		return value{}, err
	case n > len(i.last), i.width > 0 && n+len(suffix.bytes) != i.width:
		return value{}, errEncoding
	}
	if err := page.budget.checkValue(int64(n + len(suffix.bytes))); err != nil {
		return value{}, err
	}
	i.last, err = page.budget.append(i.last[:n], suffix.bytes)
	return value{bytes: i.last}, err
}

// split decodes values whose bytes are stored separately: the first bytes of all values, then the second bytes of all
// values, and so on.
type split struct {
	source  *source
	kind    physical
	width   int
	data    []byte
	at      int
	started bool
	buffer  []byte
}

func (s *split) next() (value, error) {
	if !s.started {
		var err error
		if s.data, err = s.source.rest(); err != nil {
			return value{}, err
		}
		s.started = true
	}
	count := len(s.data) / s.width
	if s.at >= count {
		return value{}, errShort
	}
	var err error
	if s.buffer, err = s.source.budget.grow(s.buffer, s.width); err != nil {
		return value{}, err
	}
	s.buffer = s.buffer[:s.width]
	for i := range s.buffer {
		s.buffer[i] = s.data[i*count+s.at]
	}
	s.at++
	return fixedValue(s.kind, s.buffer), nil
}

// decoders holds one decoder of each kind for a column. They reuse their buffers for each page.
type decoders struct {
	plain       plain
	indexed     indexed
	booleans    booleans
	deltas      deltas
	sized       sized
	incremental incremental
	split       split
	dictionary  dictionary
}

// reset returns a decoder for the next page. maxCount is the maximum number of values in the page.
func (d *decoders) reset(e encoding, source *source, kind physical, length int, maxCount int64) (decoder, error) {
	width := widthOf(kind, length)
	switch {
	case e == encodingPlain && kind == kindBoolean:
		bits := hybrid{source: source, width: 1, packed: true, left: math.MaxInt}
		d.indexed = indexed{source: source, dictionary: &d.dictionary, indexes: bits, started: true}
		return &d.indexed, nil
	case e == encodingPlain:
		d.plain = plain{source: source, kind: kind, width: width}
		return &d.plain, nil
	case e == encodingDictionary || e == encodingPlainDictionary:
		d.indexed = indexed{source: source, dictionary: &d.dictionary}
		return &d.indexed, nil
	case e == encodingRLE && kind == kindBoolean:
		d.booleans = booleans{source: source}
		return &d.booleans, nil
	case e == encodingDelta && (kind == kindInt32 || kind == kindInt64):
		d.deltas = deltas{source: source, maxCount: maxCount, is32: kind == kindInt32}
		return &d.deltas, nil
	case e == encodingDeltaLength && kind == kindBytes:
		d.sized.source, d.sized.maxCount, d.sized.started = source, maxCount, false
		return &d.sized, nil
	case e == encodingDeltaBytes && (kind == kindBytes || kind == kindFixed):
		i := &d.incremental
		i.suffixes.source, i.suffixes.maxCount, i.suffixes.started = source, maxCount, false
		i.last, i.width = i.last[:0], width
		return i, nil
	case e == encodingSplit && width > 0:
		d.split = split{source: source, kind: kind, width: width, buffer: d.split.buffer}
		return &d.split, nil
	default:
		return nil, refusal(fmt.Sprintf("its values have an encoding that is not supported (number %d)", e), "write the column with plain or dictionary encoding")
	}
}
