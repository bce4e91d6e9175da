package parquetfile

import (
	"cmp"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"sync"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/snappy"
	"github.com/klauspost/compress/zstd"
	"github.com/pierrec/lz4/v4"

	"sbwatch/model/text"
)

// codec is a compression format of pages.
type codec int

const (
	codecNone   codec = 0
	codecSnappy codec = 1
	codecGzip   codec = 2
	codecLZO    codec = 3
	codecBrotli codec = 4
	codecLZ4    codec = 5 // with or without the framing of Hadoop
	codecZstd   codec = 6
	codecLZ4Raw codec = 7
)

// maxWholePage is the maximum size of a page, in bytes, that is decompressed as a whole. If the format allows it,
// larger pages are decompressed step by step, and then need little more memory than one value.
const maxWholePage = 1 << 20

// After the first row group, pages of up to maxHeldPage bytes are decompressed as a whole. maxHeldPages is the maximum
// total size of such pages in all columns, in bytes.
const (
	maxHeldPage  = 8 << 20
	maxHeldPages = 64 << 20
)

// Maximum number of bytes that one compressed byte can expand to, in the formats that are decompressed as a whole.
const (
	maxSnappyExpansion = 22
	maxLZ4Expansion    = 256
)

// Memory for decompressors, in bytes: the maximum window of a zstd frame, and the memory of a stream in addition to its
// window.
const (
	maxWindow    = 64 << 20
	streamMemory = 256 << 10
)

// unpackers manages the unpackers, one for each goroutine.
type unpackers struct {
	file   io.ReaderAt
	budget *budget

	mutex sync.Mutex
	all   []*unpacker
}

// get returns a new unpacker for the calling goroutine.
func (s *unpackers) get() *unpacker {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	u := &unpacker{file: s.file, budget: s.budget}
	s.all = append(s.all, u)
	return u
}

func (s *unpackers) close() {
	for _, u := range s.all {
		u.shared.close()
	}
}

// unpacker decompresses pages on one goroutine. All columns share its decompressors and its buffer for compressed
// bytes.
type unpacker struct {
	file    io.ReaderAt
	budget  *budget
	maxHeld int64
	packed  []byte
	shared  streams
}

// streams holds decompressors for reuse.
type streams struct {
	gzip   *gzip.Reader
	brotli *brotli.Reader
	zstd   *zstd.Decoder
	window uint64 // maximum window of the zstd decompressor in bytes; 0 means maxWindow
}

func (s *streams) close() {
	if s.zstd != nil {
		s.zstd.Close()
	}
	*s = streams{}
}

// open returns a reader of the decompressed content of in.
func (s *streams) open(c codec, in io.Reader) (_ io.Reader, err error) {
	switch c {
	case codecGzip:
		if s.gzip == nil {
			s.gzip = new(gzip.Reader)
		}
		return s.gzip, s.gzip.Reset(in)
	case codecBrotli:
		if s.brotli == nil {
			s.brotli = new(brotli.Reader)
		}
		return s.brotli, s.brotli.Reset(in)
	default:
		if err := s.openZstd(); err != nil {
			return nil, err
		}
		return s.zstd, s.zstd.Reset(in)
	}
}

// openZstd creates the zstd decompressor if it does not exist yet.
func (s *streams) openZstd() (err error) {
	if s.zstd == nil {
		s.zstd, err = zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true),
			zstd.WithDecodeAllCapLimit(true), zstd.WithDecoderMaxWindow(cmp.Or(s.window, maxWindow)))
	}
	return err
}

// page locates the content of one page in the file.
type page struct {
	codec            codec
	at               int64
	packed, unpacked int64
}

// content is the decompressed content of a page, with the buffer and the decompressor that it needs.
type content struct {
	source  source
	whole   []byte  // buffer for pages that are decompressed as a whole
	streams streams // decompressors for pages that are decompressed step by step
	window  int64   // memory in the budget for the current stream, in bytes
}

func (c *content) close() {
	c.streams.close()
	c.source.budget.release(c.window)
	c.window = 0
}

// open prepares to read the content of a page.
func (u *unpacker) open(p page, c *content) error {
	c.close()
	switch {
	case p.packed == 0 || p.unpacked == 0: // an empty page is compressed to nothing by some writers, and to a few bytes by others
		c.source.reset(nil)
		return nil
	case p.codec == codecNone && p.packed < p.unpacked:
		return errPage
	case p.codec == codecNone && p.unpacked > maxWholePage:
		c.source.stream(io.NewSectionReader(u.file, p.at, p.unpacked))
		return nil
	}
	switch p.codec {
	case codecNone, codecSnappy, codecLZ4, codecLZ4Raw:
		return u.block(p, c)
	case codecGzip, codecBrotli, codecZstd:
	case codecLZO:
		return errLZO
	default:
		return refusal(fmt.Sprintf("its compression method (number %d) is not supported", p.codec), writeAgain)
	}
	section := io.NewSectionReader(u.file, p.at, p.packed)
	if p.codec == codecZstd && u.canHold(p, c) {
		if done, err := u.frame(p, c); done || err != nil {
			return err
		}
	}
	if p.unpacked > maxWholePage {
		return u.stream(section, p, c)
	}
	in, err := u.shared.open(p.codec, section)
	if err != nil {
		return brokenBy(err)
	}
	return u.wholePage(in, p, c)
}

// stream decompresses a page step by step, while it is being read.
func (u *unpacker) stream(section *io.SectionReader, p page, c *content) error {
	window, err := windowOf(section, p.codec)
	if err != nil {
		return err
	}
	if err := u.budget.reserve(window); err != nil {
		return err
	}
	c.window, c.streams.window = window, uint64(window)
	in, err := c.streams.open(p.codec, section)
	if err != nil {
		return brokenBy(err)
	}
	c.source.stream(io.LimitReader(in, p.unpacked))
	return nil
}

// windowOf returns the memory that decompressing a stream needs, in bytes. Most of it is the window: the recent output
// that a decompressor must remember.
func windowOf(in io.ReaderAt, c codec) (int64, error) {
	var begin [zstd.HeaderMaxSize]byte
	n, err := in.ReadAt(begin[:], 0)
	switch {
	case err != nil && !errors.Is(err, io.EOF):
		return 0, err
	case c == codecBrotli:
		return streamMemory + brotliWindow(begin[0]), nil
	case c != codecZstd:
		return streamMemory, nil
	}
	var header zstd.Header
	if err := header.Decode(begin[:n]); err != nil {
		return 0, brokenBy(err)
	}
	window := header.WindowSize
	if header.SingleSegment { // the decompressor may have to remember all of the content
		window = header.FrameContentSize
	}
	if window > maxWindow {
		return 0, refusal("a page needs "+text.Bytes(int64(min(window, math.MaxInt64)))+" of memory to unpack, above the limit of "+
			text.Bytes(maxWindow), "write the file with a lower level of compression")
	}
	return streamMemory + 2*int64(window), nil
}

// brotliWindow returns the window size that the first byte of a stream contains.
func brotliWindow(begin byte) int64 {
	const base, smallBase = 17, 8
	switch n := begin >> 1 & 7; {
	case begin&1 == 0:
		return 1 << 16
	case n != 0:
		return 1 << (base + n)
	case begin>>4&7 == 0:
		return 1 << base
	default:
		return 1 << (smallBase + begin>>4&7)
	}
}

// canHold reports whether to decompress a page as a whole, which is usually faster. It returns true for small pages,
// and for pages of up to u.maxHeld bytes if it could reserve the memory for them. It returns false for other pages.
// Decompressing such a page in parts makes its first rows available earlier.
func (u *unpacker) canHold(p page, c *content) bool {
	switch {
	case p.packed > p.unpacked:
		return false
	case p.unpacked <= maxWholePage:
		return true
	case p.unpacked > u.maxHeld:
		return false
	}
	need := int(p.unpacked) + frameSlack
	if need > cap(c.whole) {
		if !u.budget.reserveSpare(int64(need - cap(c.whole))) {
			return false
		}
		c.whole = make([]byte, need)
	}
	return true
}

// frameSlack is the number of unused bytes after a page in its buffer. They make decompression faster.
const frameSlack = 64

// frame decompresses a zstd page as a whole. It returns false if the page is invalid or has an unexpected size. In this
// case, the page must be decompressed as a stream.
func (u *unpacker) frame(p page, c *content) (done bool, err error) {
	if u.packed, err = u.budget.grow(u.packed, int(p.packed)); err != nil {
		return false, err
	}
	if c.whole, err = u.budget.grow(c.whole, int(p.unpacked)+frameSlack); err != nil {
		return false, err
	}
	packed := u.packed[:p.packed]
	if err := readAt(u.file, packed, p.at); err != nil {
		return false, err
	}
	if err := u.shared.openZstd(); err != nil {
		return false, brokenBy(err)
	}
	unpacked, err := u.shared.zstd.DecodeAll(packed, c.whole[:0:int(p.unpacked)+frameSlack])
	if err != nil || int64(len(unpacked)) != p.unpacked {
		return false, nil //nolint:nilerr // decompressing in parts returns the same error
	}
	c.source.reset(unpacked)
	return true, nil
}

func (u *unpacker) wholePage(in io.Reader, p page, c *content) (err error) {
	if c.whole, err = u.budget.grow(c.whole, int(p.unpacked)); err != nil {
		return err
	}
	n, err := io.ReadFull(in, c.whole[:p.unpacked])
	c.source.reset(c.whole[:n])
	if isShort := errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF); isShort {
		return nil // the values may need only these bytes
	}
	if err != nil {
		return brokenBy(err)
	}
	var more [1]byte
	switch n, err := io.ReadFull(in, more[:]); {
	case n > 0:
		return errPage
	case !errors.Is(err, io.EOF):
		return brokenBy(err)
	default:
		return nil
	}
}

// block decompresses a page in a format that can only be decompressed as a whole. It returns an error if the page is
// too large for its number of compressed bytes.
func (u *unpacker) block(p page, c *content) (err error) {
	if u.packed, err = u.budget.grow(u.packed, int(p.packed)); err != nil {
		return err
	}
	packed := u.packed[:p.packed]
	if err := readAt(u.file, packed, p.at); err != nil {
		return err
	}
	expansion := int64(maxLZ4Expansion)
	if p.codec == codecSnappy {
		expansion = maxSnappyExpansion
		length, err := snappy.DecodedLen(packed)
		if err != nil {
			return brokenBy(err)
		}
		if int64(length) > p.unpacked {
			return errPage
		}
		p.unpacked = int64(length)
	}
	if p.unpacked > p.packed*expansion {
		return errPage
	}
	if c.whole, err = u.budget.grow(c.whole, int(p.unpacked)); err != nil {
		return err
	}
	unpacked, err := unpackBlock(p.codec, c.whole[:p.unpacked], packed)
	if err != nil {
		return brokenBy(err)
	}
	c.source.reset(unpacked)
	return nil
}

// unpackBlock decompresses a block into dst. dst must have the length of the decompressed block.
func unpackBlock(c codec, dst, packed []byte) ([]byte, error) {
	switch c {
	case codecSnappy:
		return snappy.Decode(dst, packed)
	case codecLZ4:
		if unpacked, ok := unpackHadoop(dst, packed); ok {
			return unpacked, nil
		}
		return unpackLZ4(dst, packed)
	case codecLZ4Raw:
		return unpackLZ4(dst, packed)
	default:
		return dst[:copy(dst, packed)], nil
	}
}

func unpackLZ4(dst, packed []byte) ([]byte, error) {
	n, err := lz4.UncompressBlock(packed, dst)
	if err != nil {
		return nil, err
	}
	return dst[:n], nil
}

// unpackHadoop decompresses LZ4 in the framing of Hadoop. A frame is a block, preceded by its lengths before and after
// compression. ok is false if packed is not in this framing.
func unpackHadoop(dst, packed []byte) (_ []byte, ok bool) {
	done := 0
	for len(packed) > 0 {
		if len(packed) < 8 {
			return nil, false
		}
		unpacked, length := binary.BigEndian.Uint32(packed), binary.BigEndian.Uint32(packed[4:])
		packed = packed[8:]
		if uint64(length) > uint64(len(packed)) || uint64(unpacked) > uint64(len(dst)-done) {
			return nil, false
		}
		n, err := lz4.UncompressBlock(packed[:length], dst[done:done+int(unpacked)])
		if err != nil || n != int(unpacked) {
			return nil, false
		}
		done += n
		packed = packed[length:]
	}
	return dst[:done], true
}
