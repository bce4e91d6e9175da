package parquetout

import "encoding/binary"

// Types of fields in the compact protocol of Thrift.
const (
	thriftTrue   = 1
	thriftInt8   = 3
	thriftInt16  = 4
	thriftInt32  = 5
	thriftInt64  = 6
	thriftBinary = 8
	thriftList   = 9
	thriftStruct = 12
)

// thriftWriter appends values in the compact protocol of Thrift.
type thriftWriter struct {
	out  []byte
	last int // the id of the previous field in the current structure
}

// field appends the header of a field.
func (t *thriftWriter) field(id int, kind byte) {
	if delta := id - t.last; delta > 0 && delta <= 15 {
		t.out = append(t.out, byte(delta)<<4|kind)
	} else {
		t.out = binary.AppendVarint(append(t.out, kind), int64(id))
	}
	t.last = id
}

// integer appends a field with an integer of 16, 32 or 64 bits.
func (t *thriftWriter) integer(id int, kind byte, n int64) {
	t.field(id, kind)
	t.out = binary.AppendVarint(t.out, n)
}

func (t *thriftWriter) int32(id int, n int64) { t.integer(id, thriftInt32, n) }
func (t *thriftWriter) int64(id int, n int64) { t.integer(id, thriftInt64, n) }

// binary appends a field with bytes.
func (t *thriftWriter) binary(id int, text string) {
	t.field(id, thriftBinary)
	t.bytes(text)
}

// bytes appends bytes as an element of a list.
func (t *thriftWriter) bytes(text string) {
	t.out = append(binary.AppendUvarint(t.out, uint64(len(text))), text...)
}

// structure appends a field with a structure. The function write appends the fields of the structure.
func (t *thriftWriter) structure(id int, write func()) {
	t.field(id, thriftStruct)
	t.element(write)
}

// element appends a structure as an element of a list.
func (t *thriftWriter) element(write func()) {
	outer := t.last
	t.last = 0
	write()
	t.out = append(t.out, 0)
	t.last = outer
}

// list appends the header of a field with a list.
func (t *thriftWriter) list(id int, kind byte, length int) {
	t.field(id, thriftList)
	const long = 15
	if length < long {
		t.out = append(t.out, byte(length)<<4|kind)
	} else {
		t.out = binary.AppendUvarint(append(t.out, long<<4|kind), uint64(length))
	}
}
