package parquetfile_test

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"sbwatch/files/read/parquetfile"
)

const conformanceFiles = "testdata/parquet-testing"

// summary describes the result of reading a file: the number of rows, their hash and the first row, or the error.
func summary(file []byte) string {
	rows, hash, first := 0, sha256.New(), ""
	limits := parquetfile.Limits{Columns: 1000, Memory: 4 << 30, Row: 1 << 30}
	err := parquetfile.Read(bytes.NewReader(file), int64(len(file)), limits, func() {}, func(b *parquetfile.Batch) error {
		return b.Each(func(row []byte, _ bool) error {
			if rows++; rows == 1 {
				first = string(row)
			}
			hash.Write(append(bytes.Clone(row), '\n'))
			return nil
		})
	})
	if err != nil {
		first = "error: " + err.Error()
	}
	return fmt.Sprintf("%d %x %s", rows, hash.Sum(nil)[:8], first)
}

// TestConformance reads files of many writers, with many encodings. The file NOTICE next to them names their sources.
func TestConformance(t *testing.T) {
	expected, err := os.ReadFile(filepath.Join(conformanceFiles, "expected.txt"))
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{}
	for line := range strings.Lines(string(expected)) {
		name, rest, _ := strings.Cut(strings.TrimSuffix(line, "\n"), " ")
		want[name] = rest
	}
	files, err := filepath.Glob(filepath.Join(conformanceFiles, "*.parquet*"))
	if err != nil || len(files) != len(want) {
		t.Fatalf("%d files, %d expected, %v", len(files), len(want), err)
	}
	for _, path := range files {
		file, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if got := summary(file); got != want[filepath.Base(path)] {
			t.Errorf("%s:\n%s, want\n%s", filepath.Base(path), got, want[filepath.Base(path)])
		}
	}
}

// TestAFileThatUnpacksToMuchMoreTakesLittleMemory reads a file of 4 KB that contains a value of 1 GB.
func TestAFileThatUnpacksToMuchMoreTakesLittleMemory(t *testing.T) {
	file, err := os.ReadFile(filepath.Join(conformanceFiles, "large_string_map.brotli.parquet"))
	if err != nil {
		t.Fatal(err)
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	got := summary(file)
	runtime.ReadMemStats(&after)
	if !strings.Contains(got, "a value has 1.1 GB, above the limit of 67 MB for a file of 4.3 kB") {
		t.Error(got)
	}
	if taken := after.TotalAlloc - before.TotalAlloc; taken > 16<<20 {
		t.Errorf("%d bytes were allocated", taken)
	}
}

// TestSplitValuesEqualPlainOnes reads a file with two columns for each type. Both have the same values. One is encoded
// plainly, the other with its bytes split.
func TestSplitValuesEqualPlainOnes(t *testing.T) {
	file, err := os.ReadFile(filepath.Join(conformanceFiles, "byte_stream_split_extended.gzip.parquet"))
	if err != nil {
		t.Fatal(err)
	}
	got, err := read(file)
	if err != nil {
		t.Fatal(err)
	}
	for row := range strings.SplitSeq(got, "\n") {
		values := strings.Split(strings.Trim(row, "{}"), ",")
		for i := 0; i+1 < len(values); i += 2 {
			_, plain, _ := strings.Cut(values[i], ":")
			if _, split, _ := strings.Cut(values[i+1], ":"); split != plain {
				t.Errorf("%s, but %s", values[i], values[i+1])
			}
		}
	}
}

// TestDamagedFiles checks that damage to a byte leads to an error or to other values, but never to a panic or to much
// memory.
func TestDamagedFiles(t *testing.T) {
	for _, name := range []string{
		"nested_maps.snappy.parquet", "lz4_raw_compressed.parquet", "hadoop_lz4_compressed.parquet", "rle_boolean_encoding.parquet",
		"page_v2_empty_compressed.parquet", "concatenated_gzip_members.parquet", "float16_nonzeros_and_nans.parquet",
	} {
		file, err := os.ReadFile(filepath.Join(conformanceFiles, name))
		if err != nil {
			t.Fatal(err)
		}
		for i := range file {
			for _, change := range []byte{0x01, 0xff} {
				broken := bytes.Clone(file)
				broken[i] ^= change
				if _, err := read(broken); err != nil && strings.Contains(err.Error(), "runtime error") {
					t.Fatalf("%s, byte %d, change %x: %v", name, i, change, err)
				}
			}
		}
	}
}
