package api

import (
	"bytes"
	"errors"
	"io"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// mostPacked is how many compressions may be around each other: two are a slip of the hand, and more an attack.
const mostPacked = 2

// maxWindow is how far back zstd may refer, in bytes: as far as its own program allows without being told.
const maxWindow = 128 << 20

var errPackedOften = errors.New("it is compressed more than twice")

// unpacked gives a decoder of the text inside of gzip and zstd; without these it is d itself. The function ends what it
// takes, whatever the error.
func (d *decoder) unpacked() (*decoder, func(), error) {
	end := func() {}
	outermost := d
	for times := 0; ; times++ {
		for len(d.rest()) < longestMark && d.grow() == nil {
		}
		name, source, closeOne, err := d.unpack()
		if err != nil {
			d.wrapping = " of " + name
			return d, end, err
		}
		if source == nil {
			return d, end, nil
		}
		if times == mostPacked {
			closeOne()
			return d, end, errPackedOften
		}
		inner, outer := newDecoder(source, d.limits, d.onItems), end
		inner.source.packed = outermost.offset
		inner.countsLines, inner.wrapping = true, " unpacked from "+name
		d, end = inner, func() { closeOne(); outer() }
	}
}

// unpack gives what is inside of the compression that the text begins with; nil where there is none.
func (d *decoder) unpack() (name string, inside io.Reader, closeOne func(), err error) {
	switch {
	case bytes.HasPrefix(d.rest(), []byte("\x1f\x8b")):
		r, err := gzip.NewReader(d.reader())
		if err != nil {
			return "gzip", nil, nil, d.broken(err)
		}
		return "gzip", r, func() { _ = r.Close() }, nil
	case bytes.HasPrefix(d.rest(), []byte("\x28\xb5\x2f\xfd")):
		// A block at a time: decoders beside each other would wait for more before they hand out what there is.
		r, err := zstd.NewReader(d.reader(), zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true), zstd.WithDecoderMaxWindow(maxWindow))
		if err != nil {
			return "zstd", nil, nil, d.broken(err)
		}
		return "zstd", r, r.Close, nil
	default:
		return "", nil, nil, nil
	}
}
