package files_test

import (
	"testing"

	"sbwatch/files"
)

func TestFormatsByFileName(t *testing.T) {
	for _, test := range []struct {
		name          string
		format        files.Format
		written, read bool
		compression   files.Compression
		allowed       bool // whether the format may be compressed in this way
	}{
		{"items.csv", files.CSV, true, true, files.Uncompressed, true},
		{"ITEMS.CSV.GZ", files.CSV, true, true, files.Gzip, true},
		{"items.jsonl.zst", files.NDJSON, true, true, files.Zstd, true},
		{"items.tsv", files.CSV, false, true, files.Uncompressed, true},
		{"items.csv.zstd", files.CSV, false, true, files.Uncompressed, true},
		{"items.pq", files.Parquet, true, true, files.Uncompressed, true},
		{"items.parquet.gz", files.Parquet, true, true, files.Gzip, false},
		{"items.json", files.JSON, true, true, files.Uncompressed, true},
		{"items.txt", 0, false, false, files.Uncompressed, true},
		{"items", 0, false, false, files.Uncompressed, true},
	} {
		if f, known := files.FormatOf(test.name); known != test.written || known && f != test.format {
			t.Errorf("%s: written as %v, %v", test.name, f, known)
		}
		if f, known := files.FormatToRead(test.name); known != test.read || known && f != test.format {
			t.Errorf("%s: read as %v, %v", test.name, f, known)
		}
		c, _ := files.CompressionOf(test.name)
		if c != test.compression || (files.CheckNested(test.format, c) == nil) != test.allowed {
			t.Errorf("%s: compression %d", test.name, c)
		}
	}
}
