package read

import (
	"bytes"
	"errors"
	"io"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// maxPacked is the maximum number of times that a file may be compressed. Users sometimes compress a file twice by
// mistake. A file that is compressed three times is probably an attack.
const maxPacked = 2

// maxWindow is the maximum memory, in bytes, that the decompression of a zstd file may need. The zstd program has the
// same default.
const maxWindow = 128 << 20

var errPackedOften = errors.New("it is compressed three times or more")

// unpack decompresses a file that is compressed with gzip or zstd. It replaces f.Decoder with a decoder that reads the
// decompressed text. The caller must call closeAll, even after an error.
func (f *reader) unpack() (closeAll func(), err error) {
	closeAll = func() {}
	outermost := f.Decoder
	for times := 0; ; times++ {
		for len(f.Bytes()) < longestMark && f.Grow() == nil {
		}
		name, source, closeOne, err := f.decompressor()
		if err != nil {
			f.wrapping = " of " + name
			return closeAll, err
		}
		if source == nil {
			return closeAll, nil
		}
		if times == maxPacked {
			closeOne()
			return closeAll, errPackedOften
		}
		outer := closeAll
		closeAll = func() { closeOne(); outer() }
		f.Decoder, f.wrapping = f.Unpacked(f.decoded(source), outermost.Offset), " unpacked from "+name
		f.CountLines()
	}
}

// decompressor returns the name of the compression and a reader of the decompressed text. The reader is nil if the text
// is not compressed. closeOne closes the reader.
func (f *reader) decompressor() (name string, inside io.Reader, closeOne func(), err error) {
	switch {
	case bytes.HasPrefix(f.Bytes(), []byte(markGzip)):
		r, err := gzip.NewReader(f.Reader())
		if err != nil {
			return "gzip", nil, nil, f.Broken(err)
		}
		return "gzip", r, func() { _ = r.Close() }, nil
	case bytes.HasPrefix(f.Bytes(), []byte(markZstd)):
		// With several decoders, zstd would wait for more blocks before it returns the first.
		r, err := zstd.NewReader(f.Reader(), zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true), zstd.WithDecoderMaxWindow(maxWindow))
		if err != nil {
			return "zstd", nil, nil, f.Broken(err)
		}
		return "zstd", r, r.Close, nil
	default:
		return "", nil, nil, nil
	}
}
