package parquetfile

import (
	"errors"
	"io"
)

type pageType int

const (
	dataPage       pageType = 0
	indexPage      pageType = 1
	dictionaryPage pageType = 2
	dataPageV2     pageType = 3
)

type encoding int

const (
	encodingPlain           encoding = 0
	encodingPlainDictionary encoding = 2
	encodingRLE             encoding = 3
	encodingBitPacked       encoding = 4
	encodingDelta           encoding = 5
	encodingDeltaLength     encoding = 6
	encodingDeltaBytes      encoding = 7
	encodingDictionary      encoding = 8
	encodingSplit           encoding = 9
)

// pageHeader describes a page.
type pageHeader struct {
	kind             pageType
	unpacked, packed int64 // lengths of the content before and after compression, in bytes
	checksum         uint32
	hasChecksum      bool
	values           int64
	encoding         encoding
	// definitionEncoding and repetitionEncoding are the encodings of the levels. They are set for pages of version 1.
	definitionEncoding, repetitionEncoding encoding
	// definition and repetition are the lengths of the levels in bytes. They are set for pages of version 2.
	definition, repetition int64
	uncompressed           bool // set for version 2 if the content is not compressed
}

// Sizes of a page header in bytes. A header can contain statistics, which include values of the column. These values
// may be long.
const (
	usualHeader = 512
	maxHeader   = 1 << 20
)

// readHeader reads the page header at an offset. It returns the header, its length, and the buffer, which it enlarges
// if necessary.
func readHeader(file io.ReaderAt, offset, end int64, buffer []byte, budget *budget) (pageHeader, int64, []byte, error) {
	for size := int64(usualHeader); ; size *= 4 {
		buffer, err := budget.grow(buffer, int(size))
		if err != nil {
			return pageHeader{}, 0, buffer, err
		}
		data := buffer[:max(0, min(size, end-offset))]
		if err := readAt(file, data, offset); err != nil {
			return pageHeader{}, 0, buffer, err
		}
		t := thriftReader{data: data, budget: budget}
		header := parseHeader(&t)
		switch {
		case errors.Is(t.err, errThriftShort) && int64(len(data)) == size && size < maxHeader:
			continue
		case t.err != nil:
			return header, 0, buffer, brokenBy(t.err)
		case header.unpacked < 0 || header.packed < 0 || header.packed > end-offset-int64(t.pos) || header.values < 0:
			return header, 0, buffer, errPage
		}
		return header, int64(t.pos), buffer, nil
	}
}

func parseHeader(t *thriftReader) pageHeader {
	h := pageHeader{definitionEncoding: encodingRLE, repetitionEncoding: encodingRLE}
	t.structure(func(id int, kind byte) {
		switch {
		case id == 1 && kind == thriftInt32:
			h.kind = pageType(t.int())
		case id == 2 && kind == thriftInt32:
			h.unpacked = t.int()
		case id == 3 && kind == thriftInt32:
			h.packed = t.int()
		case id == 4 && kind == thriftInt32:
			h.checksum, h.hasChecksum = uint32(t.int()), true
		case (id == 5 || id == 7) && kind == thriftStruct:
			parseValues(t, &h)
		case id == 8 && kind == thriftStruct:
			parseValuesV2(t, &h)
		}
	})
	return h
}

// parseValues reads the part of the header that describes a dictionary page, or a data page of version 1.
func parseValues(t *thriftReader, h *pageHeader) {
	t.structure(func(id int, kind byte) {
		if kind != thriftInt32 {
			return
		}
		switch id {
		case 1:
			h.values = t.int()
		case 2:
			h.encoding = encoding(t.int())
		case 3:
			h.definitionEncoding = encoding(t.int())
		case 4:
			h.repetitionEncoding = encoding(t.int())
		}
	})
}

func parseValuesV2(t *thriftReader, h *pageHeader) {
	t.structure(func(id int, kind byte) {
		switch {
		case id == 7 && kind == thriftFalse:
			h.uncompressed = true
		case kind != thriftInt32:
		case id == 1:
			h.values = t.int()
		case id == 4:
			h.encoding = encoding(t.int())
		case id == 5:
			h.definition = t.int()
		case id == 6:
			h.repetition = t.int()
		}
	})
}
