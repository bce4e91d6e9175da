package parquetfile

import (
	"encoding/binary"
	"errors"
)

// Types of Thrift's compact protocol.
const (
	thriftTrue   = 1
	thriftFalse  = 2
	thriftInt8   = 3
	thriftInt16  = 4
	thriftInt32  = 5
	thriftInt64  = 6
	thriftDouble = 7
	thriftBinary = 8
	thriftList   = 9
	thriftSet    = 10
	thriftMap    = 11
	thriftStruct = 12
)

// maxThriftDepth is the maximum nesting depth of structures that is accepted. The structures of Parquet have fewer than
// ten levels.
const maxThriftDepth = 32

var (
	// errThriftShort is the error for data that ends inside a value.
	errThriftShort = errors.New("its metadata ends too early")
	errThrift      = errors.New("its metadata is not valid")
)

// thriftReader reads data in Thrift's compact protocol. It compares each size in the data with the number of remaining
// bytes before it uses the size. After the first error, all reads return zero values.
type thriftReader struct {
	data  []byte
	pos   int
	depth int
	err   error
	// budget is the memory budget for the values that stay in memory.
	budget *budget
}

// keep reserves memory for a value that stays in memory.
func (t *thriftReader) keep(bytes int64) {
	if err := t.budget.reserve(bytes); err != nil {
		t.fail(err)
	}
}

func (t *thriftReader) fail(err error) {
	if t.err == nil {
		t.err = err
	}
}

func (t *thriftReader) byte() byte {
	if t.err != nil || t.pos >= len(t.data) {
		t.fail(errThriftShort)
		return 0
	}
	t.pos++
	return t.data[t.pos-1]
}

func (t *thriftReader) uvarint() uint64 {
	if t.err != nil {
		return 0
	}
	n, length := binary.Uvarint(t.data[t.pos:])
	switch {
	case length == 0:
		t.fail(errThriftShort)
		return 0
	case length < 0:
		t.fail(errThrift)
		return 0
	}
	t.pos += length
	return n
}

// int returns an integer of at most 64 bits.
func (t *thriftReader) int() int64 { return unzigzag(t.uvarint()) }

func unzigzag(n uint64) int64 { return int64(n>>1) ^ -int64(n&1) }

// binary returns a byte string. The result is a part of the data, not a copy.
func (t *thriftReader) binary() []byte {
	n := t.uvarint()
	if t.err != nil {
		return nil
	}
	if n > uint64(len(t.data)-t.pos) {
		t.fail(errThriftShort)
		return nil
	}
	t.pos += int(n)
	return t.data[t.pos-int(n) : t.pos]
}

// structure reads a structure. For each field, it calls the function field with the id and the type. If this function
// does not read the value, structure skips the value.
func (t *thriftReader) structure(field func(id int, kind byte)) {
	if t.depth++; t.depth > maxThriftDepth {
		t.fail(errThrift)
	}
	for id := 0; t.err == nil; {
		head := t.byte()
		kind := head & 0xf
		if t.err != nil || kind == 0 {
			break
		}
		if delta := int(head >> 4); delta != 0 {
			id += delta
		} else {
			id = int(t.int())
		}
		if kind == thriftTrue || kind == thriftFalse { // the type of a boolean is its value
			field(id, kind)
			continue
		}
		from := t.pos
		if field(id, kind); t.pos == from {
			t.skip(kind)
		}
	}
	t.depth--
}

// list reads a list. It calls the function element for each element, and this function must read the element. If the
// elements do not have the expected type, list skips them.
func (t *thriftReader) list(kind byte, element func()) {
	n, of := t.listHead()
	for range n {
		if t.err != nil {
			return
		}
		if of == kind {
			element()
		} else {
			t.skip(of)
		}
	}
}

// listHead reads the number of elements of a list and their type.
func (t *thriftReader) listHead() (n uint64, kind byte) {
	head := t.byte()
	if n = uint64(head >> 4); n == 0xf {
		n = t.uvarint()
	}
	if n > uint64(len(t.data)-t.pos) { // each element has at least one byte
		t.fail(errThriftShort)
	}
	return n, head & 0xf
}

// skip reads a value and ignores it.
func (t *thriftReader) skip(kind byte) {
	switch kind {
	case thriftTrue, thriftFalse, thriftInt8: // a boolean has a byte only in lists and maps
		t.byte()
	case thriftInt16, thriftInt32, thriftInt64:
		t.uvarint()
	case thriftDouble:
		if len(t.data)-t.pos < 8 {
			t.fail(errThriftShort)
			return
		}
		t.pos += 8
	case thriftBinary:
		t.binary()
	case thriftList, thriftSet:
		t.skipList()
	case thriftMap:
		t.skipMap()
	case thriftStruct:
		t.structure(func(int, byte) {})
	default:
		t.fail(errThrift)
	}
}

func (t *thriftReader) skipList() {
	if t.depth++; t.depth > maxThriftDepth {
		t.fail(errThrift)
	}
	n, kind := t.listHead()
	for i := uint64(0); i < n && t.err == nil; i++ {
		t.skip(kind)
	}
	t.depth--
}

func (t *thriftReader) skipMap() {
	if t.depth++; t.depth > maxThriftDepth {
		t.fail(errThrift)
	}
	if n := t.uvarint(); n > 0 {
		kinds := t.byte()
		for i := uint64(0); i < n && t.err == nil; i++ {
			t.skip(kinds >> 4)
			t.skip(kinds & 0xf)
		}
	}
	t.depth--
}
