package parquetfile

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/compress"
)

// A page that unpacks to more than its header says would take memory without a bound.
func TestPagesThatUnpackToMoreThanTheySay(t *testing.T) {
	text := bytes.Repeat([]byte("0"), 1<<20)
	for _, codec := range []compress.Codec{&parquet.Snappy, &parquet.Gzip, &parquet.Brotli, &parquet.Zstd} {
		packed, err := codec.Encode(nil, text)
		if err != nil {
			t.Fatal(err)
		}
		g := guard{file: bytes.NewReader(packed), size: int64(len(packed))}
		header := pageHeader{Uncompressed: int32(len(text)), Compressed: int32(len(packed))}
		if err := g.page(header, 0, codec.CompressionCodec()); err != nil {
			t.Errorf("%v: %v", codec, err)
		}
		header.Uncompressed--
		if err := g.page(header, 0, codec.CompressionCodec()); !errors.Is(err, errPage) {
			t.Errorf("%v: %v, want %v", codec, err, errPage)
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
		{"memory for the list", func(l *Limits) { l.Memory = 2 << 20 }, 0, errMemory.Error()},
		{"memory for the footer", func(l *Limits) { l.Memory = 1000 }, 0, errMemory.Error()},
		{"columns", func(l *Limits) { l.Columns = 2 }, 0, "more than 2 columns"},
		{"a row", func(l *Limits) { l.Row = 10_000 }, 1, errRow.Error()},
	} {
		limits, rows := enough, 0
		test.change(&limits)
		err := Read(bytes.NewReader(out.Bytes()), int64(out.Len()), limits, func() {}, func([]byte) error {
			rows++
			return nil
		})
		if rows != test.rows || (err == nil) != (test.words == "") || err != nil && !strings.Contains(err.Error(), test.words) {
			t.Errorf("%s: %d rows, %v", test.what, rows, err)
		}
	}
}
