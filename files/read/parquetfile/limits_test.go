package parquetfile

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/compress"
	"github.com/parquet-go/parquet-go/compress/zstd"
)

// TestPagesThatUnpackToMoreThanTheySay checks that no page takes more memory than its header announces.
func TestPagesThatUnpackToMoreThanTheySay(t *testing.T) {
	text := bytes.Repeat([]byte("0123456789abcdef"), 1<<10)
	for _, compressor := range []compress.Codec{
		&parquet.Uncompressed, &parquet.Snappy, &parquet.Gzip, &parquet.Brotli, &parquet.Zstd, &parquet.Lz4Raw,
	} {
		packed, err := compressor.Encode(nil, text)
		if err != nil {
			t.Fatal(err)
		}
		budget := newBudget(Limits{Memory: 1 << 20, Row: 1 << 20}, int64(len(packed)))
		u := unpacker{file: bytes.NewReader(packed), budget: budget}
		p := page{codec: codec(compressor.CompressionCodec()), packed: int64(len(packed)), unpacked: int64(len(text))}
		var c content
		c.source.budget = budget
		if err := u.open(p, &c); err != nil {
			t.Errorf("%v: %v", compressor, err)
		}
		if read, err := c.source.rest(); err != nil || !bytes.Equal(read, text) {
			t.Errorf("%v: read %d bytes, %v", compressor, len(read), err)
		}
		p.unpacked--
		err = u.open(p, &c)
		if p.codec == codecNone && err == nil { // without compression, only the length of the page can be checked
			continue
		}
		if err == nil {
			t.Errorf("%v: a page that is larger than it says was read", compressor)
		}
	}
}

// TestLargePagesAreNotHeldInMemory checks that large pages are unpacked while they are read, and take little more
// memory than the window of the compression.
func TestLargePagesAreNotHeldInMemory(t *testing.T) {
	text := make([]byte, 0, 4*maxWholePage)
	for i := 0; len(text) < cap(text)-10; i++ {
		text = fmt.Appendf(text, "%d ", i*i)
	}
	for _, compressor := range []compress.Codec{&parquet.Uncompressed, &parquet.Gzip, &parquet.Brotli, &zstd.Codec{Level: zstd.SpeedFastest}} {
		packed, err := compressor.Encode(nil, text)
		if err != nil {
			t.Fatal(err)
		}
		budget := newBudget(Limits{Memory: 64 << 20, Row: 1 << 20}, int64(len(packed)))
		u := unpacker{file: bytes.NewReader(packed), budget: budget}
		p := page{codec: codec(compressor.CompressionCodec()), packed: int64(len(packed)), unpacked: int64(len(text))}
		var c content
		c.source.budget = budget
		if err := u.open(p, &c); err != nil {
			t.Errorf("%v: %v", compressor, err)
			continue
		}
		for read := 0; read < len(text); {
			part, err := c.source.next(min(1000, len(text)-read))
			if err != nil || !bytes.Equal(part, text[read:read+len(part)]) {
				t.Errorf("%v: at byte %d: %v", compressor, read, err)
				break
			}
			read += len(part)
		}
		if budget.used > streamBuffer+streamMemory+c.window {
			t.Errorf("%v: %d bytes were taken", compressor, budget.used)
		}
		if c.close(); budget.used > streamBuffer {
			t.Errorf("%v: %d bytes were taken after the page", compressor, budget.used)
		}
	}
}

// pageOf returns the source of a page.
func pageOf(limits Limits, content []byte) *source {
	s := &source{budget: newBudget(limits, int64(len(content)))}
	s.reset(content)
	return s
}

// TestEncodingsThatExpandTakeNoMemory checks that values are decoded one by one, because a few bytes can stand for any
// number of them.
func TestEncodingsThatExpandTakeNoMemory(t *testing.T) {
	limits := Limits{Memory: 4 << 10, Row: 1 << 10}
	const count = 1 << 20
	repeated := []byte{0x80, 0x80, 0x80, 1} // count times 2, and no bits
	for _, test := range []struct {
		what string
		e    encoding
		kind physical
		page []byte
	}{
		{"indexes", encodingDictionary, kindInt32, append([]byte{0}, repeated...)},
		{"truth values", encodingRLE, kindBoolean, append(append([]byte{5, 0, 0, 0}, repeated...), 1)},
		// A block with count values in one miniblock. All differences are 0, so each value equals the one before.
		{"differences", encodingDelta, kindInt64, []byte{0x80, 0x80, 0x40, 1, 0x80, 0x80, 0x40, 0, 0, 0}},
		{"lengths", encodingDeltaLength, kindBytes, []byte{0x80, 0x80, 0x40, 1, 0x80, 0x80, 0x40, 0, 0, 0}},
		{"beginnings", encodingDeltaBytes, kindBytes, []byte{
			0x80, 0x80, 0x40, 1, 0x80, 0x80, 0x40, 0, 0, 0, 0x80, 0x80, 0x40, 1, 0x80, 0x80, 0x40, 0, 0, 0,
		}},
	} {
		d := decoders{dictionary: dictionary{kind: kindInt32, width: 4, data: make([]byte, 4), count: 1}}
		in := pageOf(limits, test.page)
		decoder, err := d.reset(test.e, in, test.kind, 0, count)
		if err != nil {
			t.Fatal(err)
		}
		for i := range count {
			if _, err := decoder.next(); err != nil {
				t.Errorf("%s: value %d: %v", test.what, i, err)
				break
			}
		}
		if in.budget.used > 1<<10 {
			t.Errorf("%s: %d bytes were taken", test.what, in.budget.used)
		}
		// A page with fewer values than its encoding says is broken.
		if decoder, _ = d.reset(test.e, pageOf(limits, test.page), test.kind, 0, count-1); test.e >= encodingDelta && test.e < encodingDictionary {
			if _, err := decoder.next(); !errors.Is(err, errEncoding) {
				t.Errorf("%s: %v, want %v", test.what, err, errEncoding)
			}
		}
	}
}

// TestLengthsWithoutBytesTakeNoMemory checks that no memory is allocated for a length in a file before its bytes are
// found.
func TestLengthsWithoutBytesTakeNoMemory(t *testing.T) {
	limits := Limits{Memory: 1 << 30, Row: 1 << 30}
	long := []byte{0, 0, 0, 1, 'x'} // a length of 16 MB
	for name, read := range map[string]func(*source) error{
		"a value":      func(s *source) error { _, err := (&plain{source: s, kind: kindBytes}).next(); return err },
		"a dictionary": func(s *source) error { return new(dictionary).read(s, kindBytes, 0, 1<<31-1) },
		"levels":       func(s *source) error { return new(levelReader).read(s, 1, encodingRLE, 1<<31-1) },
		"old levels":   func(s *source) error { return new(levelReader).read(s, 1, encodingBitPacked, 1<<31-1) },
		"a list": func(s *source) error {
			t := thriftReader{data: []byte{0x29, 0xfc, 0xff, 0xff, 0xff, 0xff, 0x07}, budget: s.budget}
			parseFooter(&t)
			return t.err
		},
	} {
		for _, in := range []*source{pageOf(limits, long), {budget: newBudget(limits, 1<<30), in: bytes.NewReader(long)}} {
			if err := read(in); err == nil || strings.Contains(err.Error(), "limit") {
				t.Errorf("%s: %v", name, err)
			}
			if in.budget.used > 64<<10 {
				t.Errorf("%s: %d bytes were taken", name, in.budget.used)
			}
		}
	}
}

func TestFilesThatNeedTooMuch(t *testing.T) {
	type row struct {
		List []string `parquet:"list,list"`
		B, C string
	}
	long := row{List: make([]string, 100_000)}
	var out bytes.Buffer
	w := parquet.NewGenericWriter[row](&out, parquet.Compression(&parquet.Brotli))
	_, err := w.Write([]row{{B: strings.Repeat("x", 1000)}, long})
	if err = errors.Join(err, w.Close()); err != nil {
		t.Fatal(err)
	}
	if out.Len() > 20_000 {
		t.Fatalf("the file has %d bytes", out.Len())
	}
	enough := Limits{Columns: 3, Memory: 16 << 20, Row: 1 << 20}
	for _, test := range []struct {
		what   string
		change func(*Limits)
		rows   int
		words  string
	}{
		{"enough", func(*Limits) {}, 2, ""},
		// Columns are read at the same time. Which of them needs too much depends on which began first.
		{"memory for a page", func(l *Limits) { l.Memory = 10000 }, 0, "kB of memory or more, above the limit of 10 kB: raise --max-memory"},
		{"memory for the footer", func(l *Limits) { l.Memory = 1000 }, 0, "above the limit of 1.0 kB: raise --max-memory"},
		{"columns", func(l *Limits) { l.Columns = 2 }, 0, "more than 2 columns: write only the columns that you need"},
		{"a row", func(l *Limits) { l.Row = 150_000 }, 1, "a row has 150 kB or more, above the limit of 150 kB: raise --max-memory"},
		{"a value", func(l *Limits) { l.Row = 900 }, 0, "column B: a value has 1.0 kB, above the limit of 900 B: raise --max-memory"},
	} {
		limits, rows := enough, 0
		test.change(&limits)
		err := Read(bytes.NewReader(out.Bytes()), int64(out.Len()), limits, func() {}, func(b *Batch) error {
			return b.Each(func([]byte, bool) error {
				rows++
				return nil
			})
		})
		if rows != test.rows || (err == nil) != (test.words == "") || err != nil && !strings.Contains(err.Error(), test.words) {
			t.Errorf("%s: %d rows, %v", test.what, rows, err)
		}
	}
}

// TestLongNamesOfNestedColumnsAreCounted checks that the texts for missing structs, which contain the names of all
// structs around them, are limited.
func TestLongNamesOfNestedColumnsAreCounted(t *testing.T) {
	n := parquet.Optional(parquet.Leaf(parquet.Int64Type))
	for range 50 {
		n = parquet.Optional(parquet.Group{strings.Repeat("\x01", 1000): n}) // each character takes six bytes of JSON
	}
	var file bytes.Buffer
	if err := parquet.NewWriter(&file, parquet.NewSchema("root", parquet.Group{"a": n})).Close(); err != nil {
		t.Fatal(err)
	}
	for memory, want := range map[int64]string{4 << 20: "above the limit of 4.2 MB: raise --max-memory", 16 << 20: ""} {
		_, _, err := open(bytes.NewReader(file.Bytes()), int64(file.Len()), Limits{Columns: 9, Memory: memory, Row: 1 << 20})
		if (err == nil) != (want == "") || err != nil && !strings.HasSuffix(err.Error(), want) {
			t.Errorf("with a limit of %d bytes: %v", memory, err)
		}
	}
}
