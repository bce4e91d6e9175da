// Package files describes the file formats for items: the name of each format, its file name endings, and how its files
// can be compressed. Package files/read opens files in these formats, and package files/write creates them.
package files

import (
	"errors"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// Format is a file format for items, such as CSV.
type Format int

// The formats that can be read or written.
const (
	CSV Format = iota
	JSON
	NDJSON
	Parquet
)

// entry describes a format or a compression.
type entry struct {
	// name is the name on the command line. For a format, the name is also the usual ending of its files.
	name string
	// endings holds the file name endings for writing, without the dot. The usual ending comes first.
	endings []string
	// readEndings holds file name endings that are accepted only for reading.
	readEndings []string
	// compressed is true for a format with its own compression. Such files are not compressed a second time.
	compressed bool
}

// formats returns the table of formats, in the order of their constants. Users see the formats in this order.
func formats() []entry {
	return []entry{
		CSV:     {name: "csv", endings: []string{"csv"}, readEndings: []string{"tsv"}},
		JSON:    {name: "json", endings: []string{"json"}},
		NDJSON:  {name: "ndjson", endings: []string{"ndjson", "jsonl"}},
		Parquet: {name: "parquet", endings: []string{"parquet", "pq"}, compressed: true},
	}
}

// Formats returns all formats, in the order in which users see them.
func Formats() []Format {
	all := make([]Format, len(formats()))
	for i := range all {
		all[i] = Format(i)
	}
	return all
}

// String returns the name of the format on the command line. The name is also the usual ending of files in this format.
func (f Format) String() string {
	if table := formats(); f >= 0 && int(f) < len(table) {
		return table[f].name
	}
	return "format " + strconv.Itoa(int(f))
}

// FormatNamed returns the format with this name or ending, in upper or lower case. It returns false if there is none.
func FormatNamed(name string) (Format, bool) {
	i := slices.IndexFunc(formats(), func(e entry) bool { return slices.Contains(e.endings, strings.ToLower(name)) })
	return Format(max(0, i)), i >= 0
}

// FormatOf returns the format in which to write a file, according to the ending of its name. The ending of a
// compression may follow, as in "items.csv.gz".
func FormatOf(name string) (Format, bool) {
	_, name = CompressionOf(name)
	return FormatNamed(ending(name))
}

// FormatToRead returns the format in which to read a file, according to the ending of its name. It accepts more endings
// than [FormatOf].
func FormatToRead(name string) (Format, bool) {
	name = strings.ToLower(name)
	for _, c := range compressions() {
		for _, suffix := range append(c.endings, c.readEndings...) {
			name = strings.TrimSuffix(name, "."+suffix)
		}
	}
	i := slices.IndexFunc(formats(), func(e entry) bool {
		return slices.Contains(append(e.endings, e.readEndings...), ending(name))
	})
	return Format(max(0, i)), i >= 0
}

// ending returns the ending of a file name, without the dot.
func ending(name string) string { return strings.TrimPrefix(filepath.Ext(name), ".") }

// Endings lists the file name endings for writing, as a text for the user: ".csv .json (also .gz .zst), .parquet".
func Endings() string {
	var plain, compressed, added []string
	for _, f := range formats() {
		if f.compressed {
			compressed = append(compressed, "."+f.name)
		} else {
			plain = append(plain, "."+f.name)
		}
	}
	for _, c := range compressions()[Uncompressed+1:] {
		added = append(added, "."+c.endings[0])
	}
	return strings.Join(plain, " ") + " (also " + strings.Join(added, " ") + "), " + strings.Join(compressed, " ")
}

// Compression is a method of compressing a whole file.
type Compression int

// The compressions.
const (
	Uncompressed Compression = iota
	Gzip
	Zstd
)

// compressions returns the table of compressions, in the order of their constants.
func compressions() []entry {
	return []entry{
		Uncompressed: {},
		Gzip:         {name: "gzip", endings: []string{"gz"}},
		Zstd:         {name: "zstd", endings: []string{"zst"}, readEndings: []string{"zstd"}},
	}
}

// CompressionOf returns the compression of a file to be written, according to the ending of its name. It also returns
// the name without that ending.
func CompressionOf(name string) (c Compression, rest string) {
	suffix := filepath.Ext(name)
	i := slices.IndexFunc(compressions(), func(e entry) bool { return slices.Contains(e.endings, strings.ToLower(ending(name))) })
	if i < 0 {
		return Uncompressed, name
	}
	return Compression(i), strings.TrimSuffix(name, suffix)
}

// ErrPackedTwice is the error for compressing a Parquet file. The content of a Parquet file is already compressed, and
// other programs cannot read a Parquet file that is compressed again.
var ErrPackedTwice = errors.New("Parquet files are already compressed: leave out .gz or .zst") //nolint:staticcheck // the first word is a name

// CheckNested returns [ErrPackedTwice] if the compression must not be applied to files of the format.
func CheckNested(f Format, c Compression) error {
	if c != Uncompressed && formats()[f].compressed {
		return ErrPackedTwice
	}
	return nil
}
