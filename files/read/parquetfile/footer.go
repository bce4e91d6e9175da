package parquetfile

import (
	"encoding/binary"
	"errors"
	"io"
	"time"
)

// footer is the part of the metadata that is needed to read the rows of a file.
type footer struct {
	schema []element
	groups []rowGroup
}

// element is an entry of the schema. The entries form a tree, in depth-first order.
type element struct {
	name       string
	kind       physical
	length     int // length of each value in bytes, if it is fixed
	repetition int
	children   int
	isGroup    bool
	logical    logical
	converted  int // converted type, an older form of the logical type; -1 if there is none
	scale      int
}

// The values of element.repetition.
const (
	repetitionOptional = 1
	repetitionRepeated = 2
)

// physical is the type in which values are stored.
type physical int

const (
	kindBoolean physical = iota
	kindInt32
	kindInt64
	kindInt96
	kindFloat
	kindDouble
	kindBytes
	kindFixed
)

// logical is the meaning of the stored values, such as a date.
type logical struct {
	meaning meaning
	scale   int           // for a decimal
	unit    time.Duration // for a time or a timestamp
	isUTC   bool
	signed  bool
}

// meaning is a kind of logical type. Its constants have the same numbers as in the file format.
type meaning int

const (
	meansNothing   meaning = 0
	meansString    meaning = 1
	meansMap       meaning = 2
	meansList      meaning = 3
	meansEnum      meaning = 4
	meansDecimal   meaning = 5
	meansDate      meaning = 6
	meansTime      meaning = 7
	meansTimestamp meaning = 8
	meansInterval  meaning = 9 // only for a converted type; no logical type has this number
	meansInteger   meaning = 10
	meansNull      meaning = 11
	meansJSON      meaning = 12
	meansBSON      meaning = 13
	meansUUID      meaning = 14
	meansFloat16   meaning = 15
	meansVariant   meaning = 16
)

// rowGroup is a range of rows.
type rowGroup struct {
	columns []chunk
	rows    int64
}

// chunk is the position of the values of one column in a row group.
type chunk struct {
	kind       physical
	codec      codec
	values     int64
	size       int64 // total length of its pages in bytes
	data       int64 // offset of the first data page
	dictionary int64 // offset of the dictionary; 0 if there is none
	encrypted  bool
	elsewhere  bool // whether the values are in another file
}

// Upper bounds, in bytes, for the memory that parts of the footer need. They allow for slices whose capacity is twice
// their length.
const (
	elementMemory = 400 // including its node in the schema
	nameMemory    = 8   // for each byte of a name, which is kept both as text and as JSON
	groupMemory   = 64
	chunkMemory   = 128
)

// readFooter reads and decodes the footer. It also returns the offset at which the footer begins.
func readFooter(file io.ReaderAt, size int64, budget *budget) (footer, int64, error) {
	const mark, encryptedMark = "PAR1", "PARE"
	const around = 4 + len(mark) // size of the length and of the signature after it
	if size < int64(len(mark)+around) {
		return footer{}, 0, ErrNoEnd
	}
	var end [around]byte
	if err := readAt(file, end[:], size-int64(around)); err != nil {
		return footer{}, 0, err
	}
	if string(end[4:]) == encryptedMark {
		return footer{}, 0, errEncrypted
	}
	length := int64(binary.LittleEndian.Uint32(end[:]))
	if string(end[4:]) != mark || length > size-int64(len(mark)+around) {
		return footer{}, 0, ErrNoEnd
	}
	if err := budget.reserve(length); err != nil {
		return footer{}, 0, err
	}
	data := make([]byte, length)
	offset := size - int64(around) - length
	if err := readAt(file, data, offset); err != nil {
		return footer{}, 0, err
	}
	t := thriftReader{data: data, budget: budget}
	parsed := parseFooter(&t)
	if t.err != nil {
		return footer{}, 0, brokenBy(t.err)
	}
	return parsed, offset, nil
}

// readAt fills a buffer from a file. The file must be long enough.
func readAt(file io.ReaderAt, buffer []byte, offset int64) error {
	n, err := file.ReadAt(buffer, offset)
	switch {
	case n == len(buffer):
		return nil
	case errors.Is(err, io.EOF):
		return io.ErrUnexpectedEOF
	default:
		return err
	}
}

func parseFooter(t *thriftReader) footer {
	var f footer
	t.structure(func(id int, kind byte) {
		switch {
		case id == 2 && kind == thriftList:
			t.list(thriftStruct, func() {
				t.keep(elementMemory)
				f.schema = append(f.schema, parseElement(t))
			})
		case id == 4 && kind == thriftList:
			t.list(thriftStruct, func() {
				t.keep(groupMemory)
				f.groups = append(f.groups, parseGroup(t))
			})
		}
	})
	return f
}

func parseElement(t *thriftReader) element {
	e := element{converted: -1, isGroup: true}
	t.structure(func(id int, kind byte) {
		switch {
		case id == 1 && kind == thriftInt32:
			e.kind, e.isGroup = physical(t.int()), false
		case id == 2 && kind == thriftInt32:
			e.length = int(t.int())
		case id == 3 && kind == thriftInt32:
			e.repetition = int(t.int())
		case id == 4 && kind == thriftBinary:
			name := t.binary()
			t.keep(nameMemory * int64(len(name)))
			e.name = string(name)
		case id == 5 && kind == thriftInt32:
			e.children = int(t.int())
		case id == 6 && kind == thriftInt32:
			e.converted = int(t.int())
		case id == 7 && kind == thriftInt32:
			e.scale = int(t.int())
		case id == 10 && kind == thriftStruct:
			e.logical = parseLogical(t)
		}
	})
	if e.logical.meaning == meansNothing {
		e.logical = ofConverted(e.converted, e.scale)
	}
	return e
}

// parseLogical reads a logical type. For an unknown type, it leaves the meaning of the result unset.
func parseLogical(t *thriftReader) logical {
	var l logical
	t.structure(func(id int, kind byte) {
		if kind != thriftStruct || id > int(meansFloat16) {
			return
		}
		l = logical{meaning: meaning(id), unit: time.Millisecond}
		t.structure(func(id int, kind byte) {
			isTrue := kind == thriftTrue
			switch {
			case l.meaning == meansDecimal && id == 1 && kind == thriftInt32:
				l.scale = int(t.int())
			case (l.meaning == meansTime || l.meaning == meansTimestamp) && id == 1:
				l.isUTC = isTrue
			case (l.meaning == meansTime || l.meaning == meansTimestamp) && id == 2 && kind == thriftStruct:
				l.unit = parseUnit(t)
			case l.meaning == meansInteger && id == 2:
				l.signed = isTrue
			}
		})
	})
	return l
}

func parseUnit(t *thriftReader) time.Duration {
	unit := time.Millisecond
	t.structure(func(id int, _ byte) {
		switch id {
		case 2:
			unit = time.Microsecond
		case 3:
			unit = time.Nanosecond
		}
	})
	return unit
}

// ofConverted returns the logical type that corresponds to a converted type, its older form in the file.
func ofConverted(converted, scale int) logical {
	switch converted {
	case 0:
		return logical{meaning: meansString}
	case 1, 2: // some writers mark a map with the type of its pairs
		return logical{meaning: meansMap}
	case 3:
		return logical{meaning: meansList}
	case 4:
		return logical{meaning: meansEnum}
	case 5:
		return logical{meaning: meansDecimal, scale: scale}
	case 6:
		return logical{meaning: meansDate}
	case 7:
		return logical{meaning: meansTime, unit: time.Millisecond, isUTC: true}
	case 8:
		return logical{meaning: meansTime, unit: time.Microsecond, isUTC: true}
	case 9:
		return logical{meaning: meansTimestamp, unit: time.Millisecond, isUTC: true}
	case 10:
		return logical{meaning: meansTimestamp, unit: time.Microsecond, isUTC: true}
	case 11, 12, 13, 14:
		return logical{meaning: meansInteger}
	case 15, 16, 17, 18:
		return logical{meaning: meansInteger, signed: true}
	case 19:
		return logical{meaning: meansJSON}
	case 20:
		return logical{meaning: meansBSON}
	case 21:
		return logical{meaning: meansInterval}
	default:
		return logical{}
	}
}

func parseGroup(t *thriftReader) rowGroup {
	var g rowGroup
	t.structure(func(id int, kind byte) {
		switch {
		case id == 1 && kind == thriftList:
			t.list(thriftStruct, func() {
				t.keep(chunkMemory)
				g.columns = append(g.columns, parseChunk(t))
			})
		case id == 3 && kind == thriftInt64:
			g.rows = t.int()
		}
	})
	return g
}

func parseChunk(t *thriftReader) chunk {
	var c chunk
	t.structure(func(id int, kind byte) {
		switch {
		case id == 1 && kind == thriftBinary:
			c.elsewhere = len(t.binary()) > 0
		case id == 3 && kind == thriftStruct:
			parseChunkData(t, &c)
		case id == 8: // encryption of the column
			c.encrypted = true
		}
	})
	return c
}

func parseChunkData(t *thriftReader, c *chunk) {
	t.structure(func(id int, kind byte) {
		switch {
		case id == 1 && kind == thriftInt32:
			c.kind = physical(t.int())
		case id == 4 && kind == thriftInt32:
			c.codec = codec(t.int())
		case id == 5 && kind == thriftInt64:
			c.values = t.int()
		case id == 7 && kind == thriftInt64:
			c.size = t.int()
		case id == 9 && kind == thriftInt64:
			c.data = t.int()
		case id == 11 && kind == thriftInt64:
			c.dictionary = t.int()
		}
	})
}
