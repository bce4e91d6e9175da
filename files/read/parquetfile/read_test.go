package parquetfile_test

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/parquet-go/parquet-go"

	"sbwatch/files/read/parquetfile"
	"sbwatch/model/jsonscan"
)

type size struct {
	W int32    `parquet:"w"`
	H *float64 `parquet:"h,optional"`
}

type numbers struct {
	N []int64 `parquet:"n,list"`
}

// allKinds is a row with a column for each kind of value in the files of other programs.
type allKinds struct {
	Text    string           `parquet:"text"`
	Bytes   []byte           `parquet:"bytes"`
	Whole   int64            `parquet:"whole"`
	Natural uint64           `parquet:"natural"`
	Small   float32          `parquet:"small"`
	Maybe   *int32           `parquet:"maybe,optional"`
	Truth   bool             `parquet:"truth"`
	Size    size             `parquet:"size"`
	None    *size            `parquet:"none,optional"`
	List    []string         `parquet:"list,list"`
	Bare    []int64          `parquet:"bare"`
	Sizes   []size           `parquet:"sizes,list"`
	Lists   []numbers        `parquet:"lists,list"`
	Map     map[string]int64 `parquet:"map"`
	Sized   map[string]size  `parquet:"sized"`
	When    time.Time        `parquet:"when,timestamp(microsecond)"`
	Day     int32            `parquet:"day,date"`
	Money   int64            `parquet:"money,decimal(2:18)"`
	ID      [16]byte         `parquet:"id,uuid"`
	JSON    string           `parquet:"json,json"`
}

// fileOf returns a Parquet file with the given rows, in row groups of two rows.
func fileOf[T any](tb testing.TB, rows ...T) []byte {
	tb.Helper()
	return written(tb, rows, parquet.MaxRowsPerRowGroup(2))
}

// written returns a Parquet file with the given rows.
func written[T any](tb testing.TB, rows []T, options ...parquet.WriterOption) []byte {
	tb.Helper()
	var out bytes.Buffer
	w := parquet.NewGenericWriter[T](&out, options...)
	if _, err := w.Write(rows); err != nil {
		tb.Fatal(err)
	}
	if err := w.Close(); err != nil {
		tb.Fatal(err)
	}
	return out.Bytes()
}

func read(file []byte) (string, error) {
	var rows []string
	err := parquetfile.Read(bytes.NewReader(file), int64(len(file)), parquetfile.Limits{Columns: 1000, Memory: 64 << 20, Row: 1 << 20}, func() {}, func(b *parquetfile.Batch) error {
		return b.Each(func(row []byte, hasNonFinite bool) error {
			if _, replaced := jsonscan.AppendFinite(nil, row); replaced > 0 && !hasNonFinite {
				return errors.New("runtime error: NaN or Infinity in " + string(row))
			}
			rows = append(rows, string(row))
			if len(rows) > 1000 { // a few bytes can stand for millions of nulls
				return errors.New("enough")
			}
			return nil
		})
	})
	return strings.Join(rows, "\n"), err
}

func TestReadsWhatOthersWrite(t *testing.T) {
	half, three := 0.5, int32(3)
	rows := []allKinds{
		{
			Text: "é \"\n", Bytes: []byte("\xff\x00"), Whole: -1 << 63, Natural: 1<<64 - 1, Small: 0.1, Maybe: &three, Truth: true,
			Size: size{1, &half}, None: &size{2, nil}, List: []string{"a", "b"}, Bare: []int64{1, 2}, Sizes: []size{{1, nil}, {2, &half}},
			Lists: []numbers{{[]int64{1}}, {}, {[]int64{2, 3}}}, Map: map[string]int64{"k": 1}, Sized: map[string]size{"k": {1, nil}},
			When: time.Date(2026, 5, 21, 12, 0, 0, 500_000_000, time.UTC), Day: 20_594, Money: -5, ID: [16]byte{0xab, 15: 0xcd}, JSON: ` {"a": [1]} `,
		},
		{Bytes: []byte("text"), When: time.Unix(0, 0), Money: 123_456, JSON: "no JSON"},
		{Text: "third", When: time.Unix(-1, 0), JSON: "1"},
	}
	got, err := read(fileOf(t, rows...))
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		`{"text":"é \"\u000a","bytes":"/wA=","whole":-9223372036854775808,"natural":18446744073709551615,"small":0.1,"maybe":3,"truth":true,` +
			`"size":{"w":1,"h":0.5},"none":{"w":2,"h":null},"list":["a","b"],"bare":[1,2],"sizes":[{"w":1,"h":null},{"w":2,"h":0.5}],` +
			`"lists":[{"n":[1]},{"n":[]},{"n":[2,3]}],"map":{"k":1},"sized":{"k":{"w":1,"h":null}},` +
			`"when":"2026-05-21T12:00:00.5Z","day":"2026-05-21","money":-0.05,"id":"ab000000-0000-0000-0000-0000000000cd","json":{"a": [1]}}`,
		`{"text":"","bytes":"text","whole":0,"natural":0,"small":0,"maybe":null,"truth":false,"size":{"w":0,"h":null},"none":null,"list":[],` +
			`"bare":[],"sizes":[],"lists":[],"map":{},"sized":{},"when":"1970-01-01T00:00:00Z","day":"1970-01-01","money":1234.56,` +
			`"id":"00000000-0000-0000-0000-000000000000","json":"no JSON"}`,
		`{"text":"third","bytes":"","whole":0,"natural":0,"small":0,"maybe":null,"truth":false,"size":{"w":0,"h":null},"none":null,"list":[],` +
			`"bare":[],"sizes":[],"lists":[],"map":{},"sized":{},"when":"1969-12-31T23:59:59Z","day":"1970-01-01","money":0.00,` +
			`"id":"00000000-0000-0000-0000-000000000000","json":1}`,
	}
	for i, row := range strings.Split(got, "\n") {
		if i < len(want) && row != want[i] {
			t.Errorf("row %d is\n%s, want\n%s", i, row, want[i])
		}
	}
}

type plain struct {
	A int64   `parquet:"a,delta"`
	B *string `parquet:"b,optional,dict,snappy"`
	C float64 `parquet:"c,split,zstd"`
	D string  `parquet:"d,delta,gzip"`
}

func plainRows() []plain {
	b := "b"
	return []plain{{1, &b, 0.5, "x"}, {2, nil, -1e300, "xy"}, {3, &b, 3, ""}, {4, &b, 4, "z"}}
}

func TestABrokenFileGivesWhatWasWhole(t *testing.T) {
	file := fileOf(t, plainRows()...)
	if got, err := read(file); err != nil || strings.Count(got, "\n") != 3 {
		t.Fatalf("%s, %v", got, err)
	}
	if _, err := read(file[:len(file)-1]); !errors.Is(err, parquetfile.ErrNoEnd) {
		t.Errorf("a cut file: %v", err)
	}
	if _, err := read(nil); !errors.Is(err, parquetfile.ErrNoEnd) {
		t.Errorf("no file: %v", err)
	}
	failed := 0
	for i := 4; i < len(file)-8; i++ {
		broken := bytes.Clone(file)
		broken[i] ^= 0x55
		got, err := read(broken)
		if err != nil {
			failed++
		}
		for row := range strings.SplitSeq(got, "\n") {
			if row == "" {
				continue
			}
			finite, _ := jsonscan.AppendFinite(nil, []byte(row))
			if end, err := jsonscan.Value(finite); err != nil || end != len(finite) {
				t.Errorf("byte %d: %q is no JSON", i, row)
			}
		}
	}
	if failed == 0 {
		t.Error("no damage was noticed")
	}
}

// TestReadPassesOnThePanicOfACaller checks that a bug of the caller is not reported as a broken file.
func TestReadPassesOnThePanicOfACaller(t *testing.T) {
	file := fileOf(t, plainRows()...)
	defer func() {
		if reason := recover(); reason != "bug" {
			t.Errorf("recovered %v", reason)
		}
	}()
	err := parquetfile.Read(bytes.NewReader(file), int64(len(file)), parquetfile.Limits{Columns: 9, Memory: 1 << 20, Row: 1 << 20}, func() {},
		func(*parquetfile.Batch) error { panic("bug") })
	t.Errorf("no panic, %v", err)
}

type described struct {
	Number int64  `parquet:"number"`
	Text   string `parquet:"text"`
}

// TestBatchesAreLargeAfterALongText checks that rows after one with a long text are not read in tiny batches.
func TestBatchesAreLargeAfterALongText(t *testing.T) {
	rows := make([]described, 20_000)
	rows[2049].Text = strings.Repeat("x", 300<<10)
	file := written(t, rows)
	batches := 0
	limits := parquetfile.Limits{Columns: 9, Memory: 64 << 20, Row: 1 << 20}
	err := parquetfile.Read(bytes.NewReader(file), int64(len(file)), limits, func() {}, func(*parquetfile.Batch) error {
		batches++
		return nil
	})
	if err != nil || batches > 50 {
		t.Errorf("%d batches, %v", batches, err)
	}
}

type packedByLZ4 struct {
	A int64 `parquet:"a,lz4"`
}

// TestBooleansAfterAPageWithADictionary reads a page of nulls that is declared to have a dictionary, and then a page of
// plain booleans.
func TestBooleansAfterAPageWithADictionary(t *testing.T) {
	for file, want := range map[string]string{
		"504152311500150c150c2c150615101506150600000200000006001500150e150e2c15061500150615060000020000000601aa1502192c4801721502001500250218016200160c191c191c26081c1500191500191801621500160c165e165e260800001666160c00003600000050415231":                         `{"b":null} {"b":null} {"b":null} {"b":false} {"b":true} {"b":false}`,
		"504152311500150c150c2c150615101506150600000200000006001500150e150e2c15061500150615060000020000000602aa1502193c48017215020035021801731502001500250218016200160c191c191c26081c15001915001928017301621500160c165e165e260800001666160c00004000000050415231":     `{"s":null} {"s":null} {"s":null} {"s":{"b":false}} {"s":{"b":true}} {"s":{"b":false}}`,
		"504152311500151815182c150615101506150600000200000006000200000006001500151a151a2c15061500150615060000020000000600020000000601051502192c4801721502001500250418016200160c191c191c26081c1500191500191801621500160c1676167626080000167e160c00003600000050415231": `{"b":[]} {"b":[]} {"b":[]} {"b":[true]} {"b":[false]} {"b":[true]}`,
	} {
		content, err := hex.DecodeString(file)
		if err != nil {
			t.Fatal(err)
		}
		got, err := read(content)
		if got = strings.ReplaceAll(got, "\n", " "); err != nil || got != want {
			t.Errorf("%s, %v, want %s", got, err, want)
		}
	}
}

func TestLZ4IsRead(t *testing.T) {
	if got, err := read(fileOf(t, packedByLZ4{1})); err != nil || got != `{"a":1}` {
		t.Errorf("%s, %v", got, err)
	}
}

// describedFile returns a Parquet file with several row groups, whose rows are numbered and have texts of about 200
// bytes.
func describedFile(t *testing.T, rows int) []byte {
	t.Helper()
	all := make([]described, rows)
	for i := range all {
		all[i] = described{int64(i), strings.Repeat("x", 100+i%200)}
	}
	return written(t, all, parquet.MaxRowsPerRowGroup(int64(rows/3)))
}

// TestManyCoresKeepTheOrder reads a file on different numbers of cores. Several batches are assembled at the same time.
func TestManyCoresKeepTheOrder(t *testing.T) {
	const rows = 30_000
	file := describedFile(t, rows)
	for _, cores := range []int{1, 2, 8} {
		defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(cores))
		n := 0
		limits := parquetfile.Limits{Columns: 9, Memory: 64 << 20, Row: 1 << 20}
		err := parquetfile.Read(bytes.NewReader(file), int64(len(file)), limits, func() {}, func(b *parquetfile.Batch) error {
			return b.Each(func(row []byte, _ bool) error {
				if want := fmt.Sprintf(`{"number":%d,"text":"%s"}`, n, strings.Repeat("x", 100+n%200)); string(row) != want {
					return fmt.Errorf("row %d is %s", n, row)
				}
				n++
				return nil
			})
		})
		if err != nil || n != rows {
			t.Errorf("%d cores: %d rows, %v", cores, n, err)
		}
	}
}

// TestReadStopsAtAnErrorOfTheCaller checks that no batch follows the one for which the caller returned an error.
func TestReadStopsAtAnErrorOfTheCaller(t *testing.T) {
	file := describedFile(t, 30_000)
	batches, enough := 0, errors.New("enough")
	limits := parquetfile.Limits{Columns: 9, Memory: 64 << 20, Row: 1 << 20}
	err := parquetfile.Read(bytes.NewReader(file), int64(len(file)), limits, func() {}, func(*parquetfile.Batch) error {
		if batches++; batches == 5 {
			return enough
		}
		return nil
	})
	if !errors.Is(err, enough) || batches != 5 {
		t.Errorf("%d batches, %v", batches, err)
	}
}

// TestPlainTextsAreQuoted reads plain texts of many lengths, with and without a character that needs an escape.
func TestPlainTextsAreQuoted(t *testing.T) {
	type part struct {
		S string `parquet:"s,plain" json:"s"`
	}
	type texts struct {
		P part    `parquet:"p"                json:"p"`
		A string  `parquet:"a,plain"          json:"a"`
		B *string `parquet:"b,plain,optional" json:"b"`
	}
	const special = `"\` + "\x00\x1f"
	var rows []texts
	for n := range 40 {
		rows = append(rows, texts{P: part{strings.Repeat("ü", n)}, A: strings.Repeat("é", n)})
		for i := range n {
			text := []byte(strings.Repeat("x", n))
			text[i] = special[(n+i)%len(special)]
			rows = append(rows, texts{P: part{string(text)}, A: strings.Repeat("x", n), B: new(string(text))})
		}
	}
	rows = append(rows, texts{A: strings.Repeat("long", 2000)})
	got, err := read(written(t, rows))
	if err != nil {
		t.Fatal(err)
	}
	for i, row := range strings.Split(got, "\n") {
		var found texts
		if err := json.Unmarshal([]byte(row), &found); err != nil || !reflect.DeepEqual(found, rows[i]) {
			t.Fatalf("row %d is %s, want %+v, %v", i, row, rows[i], err)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add(fileOf(f, plainRows()...))
	f.Add(fileOf(f, allKinds{Text: "x", List: []string{"a"}, Map: map[string]int64{"k": 1}, When: time.Unix(0, 0)}))
	seeds, err := filepath.Glob(filepath.Join(conformanceFiles, "*.parquet*"))
	if err != nil {
		f.Fatal(err)
	}
	for _, path := range seeds {
		file, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(file)
	}
	f.Fuzz(func(t *testing.T, file []byte) {
		got, err := read(file)
		if err != nil && strings.Contains(err.Error(), "runtime error") { // the decoder panicked
			t.Fatal(err)
		}
		for row := range strings.SplitSeq(got, "\n") {
			if row == "" {
				continue
			}
			finite, _ := jsonscan.AppendFinite(nil, []byte(row))
			if end, err := jsonscan.Value(finite); err != nil || end != len(finite) {
				t.Fatalf("%q is no JSON", row)
			}
		}
	})
}
