package write_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/file"

	"sbwatch/files"
	"sbwatch/files/read"
	"sbwatch/files/write"
	"sbwatch/model/item"
	"sbwatch/work"
)

// arrowColumn is a column of a file as read by Apache Arrow, which is independent of the packages that write the files.
type arrowColumn struct{ name, physical, logical, values string }

// readByArrow reads the columns of a file. It returns each value as text, and null as a dot.
func readByArrow(t *testing.T, text string) []arrowColumn {
	t.Helper()
	reader, err := file.NewParquetReader(bytes.NewReader([]byte(text)))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = reader.Close() }()
	var columns []arrowColumn
	for c := range reader.MetaData().Schema.NumColumns() {
		schema := reader.MetaData().Schema.Column(c)
		column := arrowColumn{name: schema.Name(), physical: schema.PhysicalType().String(), logical: schema.LogicalType().String()}
		if schema.MaxDefinitionLevel() != 1 || schema.MaxRepetitionLevel() != 0 {
			t.Errorf("column %s has levels %d, %d", column.name, schema.MaxDefinitionLevel(), schema.MaxRepetitionLevel())
		}
		var values []string
		for g := range reader.NumRowGroups() {
			chunk, err := reader.RowGroup(g).Column(c)
			if err != nil {
				t.Fatal(err)
			}
			values = append(values, arrowValues(t, chunk)...)
		}
		column.values = strings.Join(values, " ")
		columns = append(columns, column)
	}
	return columns
}

func arrowValues(t *testing.T, chunk file.ColumnChunkReader) []string {
	t.Helper()
	switch r := chunk.(type) {
	case *file.BooleanColumnChunkReader:
		return batches(t, r.ReadBatch, func(v bool) string { return fmt.Sprint(v) })
	case *file.Int64ColumnChunkReader:
		return batches(t, r.ReadBatch, func(v int64) string { return fmt.Sprint(v) })
	case *file.Float64ColumnChunkReader:
		return batches(t, r.ReadBatch, func(v float64) string { return fmt.Sprint(v) })
	case *file.ByteArrayColumnChunkReader:
		return batches(t, r.ReadBatch, func(v parquet.ByteArray) string { return string(v) })
	default:
		t.Fatalf("a column of %T", chunk)
		return nil
	}
}

func batches[V any](t *testing.T, read func(size int64, values []V, definition, repetition []int16) (int64, int, error), text func(V) string) []string {
	t.Helper()
	var all []string
	for {
		values, levels := make([]V, 1000), make([]int16, 1000)
		rows, _, err := read(int64(len(values)), values, levels, nil)
		if err != nil {
			t.Fatal(err)
		}
		if rows == 0 {
			return all
		}
		for _, level := range levels[:rows] {
			if level == 0 {
				all = append(all, ".")
				continue
			}
			all = append(all, text(values[0]))
			values = values[1:]
		}
	}
}

func TestParquetHasRealTypes(t *testing.T) {
	items := itemsOf(t,
		`{"text":"a","whole":1,"decimal":1.10,"truth":true,"list":[1, 2],"mixed":1,"long":1,"digits":0.1,"huge":1,"":"e","none":null}`,
		`{"text":"\u00e9\ud83d","whole":-9223372036854775808,"decimal":5,"truth":null,"list":null,"mixed":"x","long":12345678901234567890,"digits":0.12345678901234567890,"huge":1e300,"none":null}`,
		`{"text":"","whole":null,"decimal":-0.0,"truth":false,"list":{"a":null},"mixed":null,"digits":1e-7,"huge":-2}`,
	)
	got := readByArrow(t, written(t, items, write.Options{Format: files.Parquet}))
	want := []arrowColumn{
		{"text", "BYTE_ARRAY", "String", "a é\ufffd "},
		{"whole", "INT64", "Int(bitWidth=64, isSigned=true)", "1 -9223372036854775808 ."},
		{"decimal", "DOUBLE", "None", "1.1 5 -0"},
		{"truth", "BOOLEAN", "None", "true . false"},
		{"list", "BYTE_ARRAY", "JSON", `[1, 2] . {"a":null}`},
		{"mixed", "BYTE_ARRAY", "JSON", `1 "x" .`},
		{"long", "BYTE_ARRAY", "String", "1 12345678901234567890 ."},
		{"digits", "BYTE_ARRAY", "String", "0.1 0.12345678901234567890 1e-7"},
		{"huge", "DOUBLE", "None", "1 1e+300 -2"},
		{"(empty)", "BYTE_ARRAY", "String", "e . ."},
		{"none", "BYTE_ARRAY", "String", ". . ."},
	}
	if len(got) != len(want) {
		t.Fatalf("%d columns, want %d", len(got), len(want))
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("column %d is %q, want %q", i, got[i], want[i])
		}
	}
}

// TestParquetOfNoItemsHasAColumn is needed because DuckDB and Spark cannot read a file without columns.
func TestParquetOfNoItemsHasAColumn(t *testing.T) {
	columns := readByArrow(t, written(t, item.Table{}, write.Options{Format: files.Parquet}))
	if want := (arrowColumn{name: "(item)", physical: "BYTE_ARRAY", logical: "String"}); len(columns) != 1 || columns[0] != want {
		t.Errorf("columns %q, want %q", columns, want)
	}
}

// TestParquetOfManyRows writes several row groups and pages, and dictionaries that grow too large.
func TestParquetOfManyRows(t *testing.T) {
	const rows = 140_000
	var many []string
	for i := range rows {
		many = append(many, fmt.Sprintf(`{"n":%d,"t":"text number %d","b":"brand %d"}`, i, i, i%7))
	}
	items := itemsOf(t, many...)
	columns := readByArrow(t, written(t, items, write.Options{Format: files.Parquet, Columns: paths(t, items, "n", "b", "t")}))
	var n, b, text strings.Builder
	for i := range rows {
		fmt.Fprintf(&n, "%d ", i)
		fmt.Fprintf(&b, "brand %d ", i%7)
		fmt.Fprintf(&text, "text number %d ", i)
	}
	for i, want := range []string{n.String(), b.String(), text.String()} {
		if columns[i].values != strings.TrimSuffix(want, " ") {
			t.Errorf("column %s differs", columns[i].name)
		}
	}
}

func TestHostileItemsReadByAnotherReader(t *testing.T) {
	for _, recipe := range hostileRecipes() {
		items := itemsOfRecipe(t, recipe)
		columns := readByArrow(t, written(t, items, write.Options{Format: files.Parquet}))
		if len(columns) != len(items.Columns()) {
			t.Errorf("%s: %d columns, want %d", recipe, len(columns), len(items.Columns()))
		}
	}
}

// TestParquetOfBothCodecs writes nulls, columns with and without many repeated values, and a text longer than a page.
func TestParquetOfBothCodecs(t *testing.T) {
	const rows = 20_000
	var many []string
	var want [3]strings.Builder
	for i := range rows {
		brand, number, long := `"brand `+fmt.Sprint(i%7)+`"`, fmt.Sprint(i*i), "null"
		fmt.Fprintf(&want[0], "brand %d ", i%7)
		if i%3 == 0 {
			number = "null"
			want[1].WriteString(". ")
		} else {
			fmt.Fprintf(&want[1], "%d ", i*i)
		}
		if i%9_000 == 1 {
			text := strings.Repeat(fmt.Sprint(i, "-"), 100_000)
			long = `"` + text + `"`
			want[2].WriteString(text + " ")
		} else {
			want[2].WriteString(". ")
		}
		many = append(many, `{"brand":`+brand+`,"n":`+number+`,"long":`+long+`}`)
	}
	items := itemsOf(t, many...)
	for _, zstd := range []bool{false, true} {
		columns := readByArrow(t, written(t, items, write.Options{Format: files.Parquet, ParquetZstd: zstd}))
		for i := range want {
			if columns[i].values != strings.TrimSuffix(want[i].String(), " ") {
				t.Errorf("zstd %t: column %s differs", zstd, columns[i].name)
			}
		}
	}
}

// The same items give the same file, although they are encoded on all cores.
func TestParquetDoesNotDependOnTheCores(t *testing.T) {
	var many []string
	for i := range 3000 {
		many = append(many, fmt.Sprintf(`{"n":%d,"text":"%s"}`, i%100, strings.Repeat(fmt.Sprint(i), 6000)))
	}
	items := itemsOf(t, many...)
	first := written(t, items, write.Options{Format: files.Parquet})
	for range 3 {
		if written(t, items, write.Options{Format: files.Parquet}) != first {
			t.Fatal("the file differs")
		}
	}
}

// A column gets a dictionary if its values repeat often enough within a row group, even if most values of a small sample
// are distinct.
func TestParquetDictionaries(t *testing.T) {
	const rows, many = 60_000, 12_000
	var all []string
	want := map[string]*strings.Builder{"few": {}, "many": {}, "price": {}, "distinct": {}, "none": {}}
	random := rand.New(rand.NewPCG(1, 2))
	for i := range rows {
		few, repeated, price := i%7, random.IntN(many), float64(random.IntN(many))/4
		all = append(all, fmt.Sprintf(`{"few":"brand %d","many":"value %d","price":%v,"distinct":"id %d","none":%d}`, few, repeated, price, i, i))
		fmt.Fprintf(want["few"], "brand %d ", few)
		fmt.Fprintf(want["many"], "value %d ", repeated)
		fmt.Fprintf(want["price"], "%v ", price)
		fmt.Fprintf(want["distinct"], "id %d ", i)
		fmt.Fprintf(want["none"], "%d ", i)
	}
	items := itemsOf(t, all...)
	text := written(t, items, write.Options{Format: files.Parquet})
	for _, column := range readByArrow(t, text) {
		if column.values != strings.TrimSuffix(want[column.name].String(), " ") {
			t.Errorf("the values of %s differ", column.name)
		}
	}
	reader, err := file.NewParquetReader(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = reader.Close() }()
	for c := range reader.MetaData().Schema.NumColumns() {
		name := reader.MetaData().Schema.Column(c).Name()
		chunk, err := reader.MetaData().RowGroup(0).ColumnChunk(c)
		if err != nil {
			t.Fatal(err)
		}
		if has, want := chunk.HasDictionaryPage(), name != "distinct" && name != "none"; has != want {
			t.Errorf("%s: dictionary %t, want %t", name, has, want)
		}
	}
}

func TestParquetStatistics(t *testing.T) {
	items := itemsOf(t, `{"n":-2,"d":0.0,"t":"b","x":1.5}`, `{"n":30,"d":-0.5,"t":"é","x":null}`, `{"n":null,"d":2.5,"t":"a","x":null}`)
	reader, err := file.NewParquetReader(bytes.NewReader([]byte(written(t, items, write.Options{Format: files.Parquet}))))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = reader.Close() }()
	var got []string
	for c := range reader.MetaData().Schema.NumColumns() {
		chunk, err := reader.MetaData().RowGroup(0).ColumnChunk(c)
		if err != nil {
			t.Fatal(err)
		}
		stats, err := chunk.Statistics()
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, fmt.Sprintf("%q %q %d", stats.EncodeMin(), stats.EncodeMax(), stats.NullCount()))
	}
	const minusTwo, thirty, half, more, x = `"\xfe\xff\xff\xff\xff\xff\xff\xff"`, `"\x1e\x00\x00\x00\x00\x00\x00\x00"`, `"\x00\x00\x00\x00\x00\x00\xe0\xbf"`, `"\x00\x00\x00\x00\x00\x00\x04@"`, `"\x00\x00\x00\x00\x00\x00\xf8?"`
	want := []string{minusTwo + " " + thirty + " 1", half + " " + more + " 0", `"a" "\u00e9" 0`, x + " " + x + " 2"}
	for i := range want {
		if got[i] != want[i] && got[i] != strings.ReplaceAll(want[i], `\u00e9`, "é") {
			t.Errorf("column %d: %s, want %s", i, got[i], want[i])
		}
	}
}

// If a value does not fit the types that a sample suggests, the file is the same as if all values had been read first.
func TestParquetTypesDoNotDependOnTheSample(t *testing.T) {
	pad := strings.Repeat("pad", 35) // so that there are several row groups
	for what, odd := range map[string]string{
		"nothing": `{"n":1}`, "decimal": `{"n":1.5}`, "text": `{"n":"x"}`,
		"other column": `{"n":1,"b":"` + "\xff" + `"}`,
	} {
		var text strings.Builder
		const rows = 33_000
		for row := range rows {
			if row == rows-2 {
				text.WriteString(odd + "\n")
				continue
			}
			fmt.Fprintf(&text, `{"n":%d,"b":null,"pad":"%s"}`+"\n", row, pad)
		}
		answer, err := read.Open(strings.NewReader(text.String()), read.Options{Name: "x.ndjson"})
		if err != nil {
			t.Fatal(err)
		}
		file, err := os.Create(filepath.Join(t.TempDir(), "x.parquet"))
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = file.Close() }()
		var stream bytes.Buffer
		var progress work.Progress
		var ofFile, ofStream write.Changes
		if err := write.ToFile(t.Context(), file, answer.Items, write.Options{Format: files.Parquet, Changes: &ofFile, Progress: &progress}); err != nil {
			t.Fatal(err)
		}
		if err := write.Write(t.Context(), &stream, answer.Items, write.Options{Format: files.Parquet, Changes: &ofStream}); err != nil {
			t.Fatal(err)
		}
		content, err := os.ReadFile(file.Name())
		if err != nil || !bytes.Equal(content, stream.Bytes()) || ofFile != ofStream {
			t.Errorf("%s: %d bytes and %+v in the file, %d and %+v in the stream, %v", what, len(content), ofFile, stream.Len(), ofStream, err)
		}
		if progress.Share() != 1 {
			t.Errorf("%s: the progress ends at %v", what, progress.Share())
		}
	}
}
