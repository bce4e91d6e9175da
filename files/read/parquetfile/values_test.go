package parquetfile

import (
	"bytes"
	"encoding/binary"
	"slices"
	"strings"
	"testing"

	"github.com/pierrec/lz4/v4"
)

func TestValuesThatOtherLibrariesDoNotWrite(t *testing.T) {
	float16 := element{kind: kindFixed, length: 2, logical: logical{meaning: meansFloat16}}
	interval := element{kind: kindFixed, length: 12, logical: ofConverted(21, 0)}
	for _, test := range []struct {
		of    element
		bytes []byte
		want  string
	}{
		{float16, []byte{0x00, 0x3c}, "1"},
		{float16, []byte{0x00, 0xc0}, "-2"},
		{float16, []byte{0xff, 0x7b}, "65504"},
		{float16, []byte{0x01, 0x00}, "5.9604645e-08"}, // the smallest positive number
		{float16, []byte{0xff, 0x03}, "0.00006097555"},
		{float16, []byte{0x00, 0x7c}, `Infinity`},
		{float16, []byte{0x00, 0xfc}, `-Infinity`},
		{float16, []byte{0x01, 0x7e}, `NaN`},
		{interval, []byte{14, 0, 0, 0, 3, 0, 0, 0, 0xdc, 5, 0, 0}, `"P14M3DT1.5S"`},
		{element{kind: kindBytes, logical: ofConverted(20, 0)}, []byte("ab"), `"YWI="`},
		{element{kind: kindBytes, logical: logical{meaning: meansDecimal, scale: 1}}, []byte{0xff, 0x85}, `-12.3`},
		{element{kind: kindBytes, logical: logical{meaning: meansDecimal}}, bytes.Repeat([]byte("a"), 2000), `"` + strings.Repeat("a", 2000) + `"`},
		// Values whose length does not match their type are read as bytes.
		{element{kind: kindFixed, length: 3, logical: logical{meaning: meansUUID}}, []byte("abc"), `"abc"`},
		{element{kind: kindBytes, logical: logical{meaning: meansFloat16}}, []byte("a"), `"a"`},
	} {
		if got := string(writerOf(test.of)(nil, value{bytes: test.bytes})); got != test.want {
			t.Errorf("% x: %s, want %s", test.bytes, got, test.want)
		}
	}
}

// TestLZ4BlocksOfHadoop checks both forms of LZ4 pages. Hadoop splits a page into blocks, each with its lengths before
// it. Other writers compress a page as one block without lengths.
func TestLZ4BlocksOfHadoop(t *testing.T) {
	parts := [][]byte{bytes.Repeat([]byte("first"), 1000), bytes.Repeat([]byte("second"), 1000)}
	text := slices.Concat(parts...)
	block := func(text []byte) []byte {
		packed := make([]byte, lz4.CompressBlockBound(len(text)))
		n, err := lz4.CompressBlock(text, packed, nil)
		if err != nil {
			t.Fatal(err)
		}
		return packed[:n]
	}
	var framed []byte
	for _, part := range parts {
		packed := block(part)
		framed = binary.BigEndian.AppendUint32(framed, uint32(len(part)))
		framed = binary.BigEndian.AppendUint32(framed, uint32(len(packed)))
		framed = append(framed, packed...)
	}
	for name, packed := range map[string][]byte{"framed": framed, "raw": block(text)} {
		got, err := unpackBlock(codecLZ4, make([]byte, len(text)), packed)
		if err != nil || !bytes.Equal(got, text) {
			t.Errorf("%s: %d bytes, %v", name, len(got), err)
		}
	}
}

// Short texts are copied with bytes that follow them, which must not matter.
func TestAppendShort(t *testing.T) {
	source := []byte(strings.Repeat("0123456789", 10))
	for n := range maxShort + 10 {
		for _, length := range []int{n, max(n, maxShort), len(source)} {
			for _, room := range []int{0, n, maxShort, 100} {
				dst := append(make([]byte, 0, 3+room), "abc"...)
				got := append(appendShort(dst, source[:length], n), '.')
				if want := "abc" + string(source[:n]) + "."; string(got) != want {
					t.Errorf("%d of %d bytes with room for %d: %q, want %q", n, length, room, got, want)
				}
			}
		}
	}
}
