package wire

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"testing/synctest"
	"time"

	"sbwatch/internal/streams"
	"sbwatch/model/item"
	"sbwatch/model/jsonscan"
)

// decodeItems decodes an answer to a poll. It returns the answer without its items, the items, and the error.
func decodeItems(r io.Reader, onItems func(item.Table)) ([]byte, item.Table, error) {
	d := NewDecoder(r, DefaultLimits(), onItems)
	err := d.Decode()
	return d.Around(), d.Items(), err
}

// rowsOf returns the rows of a table, each with the number of its page.
func rowsOf(items item.Table) []string {
	var rows []string
	for i := range items.Len() {
		rows = append(rows, fmt.Sprintf("%d %s", items.Page(i), items.Row(i)))
	}
	return rows
}

func TestDecodeTakesTheItemsOutOfAnAnswer(t *testing.T) {
	for _, test := range []struct {
		what, body, skeleton string
		rows                 []string
	}{
		{
			"an answer", `{"status":"completed","data":{"id":"r","result":{"pages":[{"items":[{"a":1},{"b":[2, 3]}]},{"items":[{"a":4}]}],"drift":0.02}},"request_id":"q"}`,
			`{"status":"completed","data":{"id":"r","result":{"pages":[{"items":"2 items"},{"items":"1 item"}],"drift":0.02}},"request_id":"q"}`,
			[]string{`1 {"a":1}`, `1 {"b":[2, 3]}`, `2 {"a":4}`},
		},
		{
			"laid out to be read", "\r\n{\n  \"data\" : {\n    \"result\" : { \"pages\" : [ { \"items\" : [ { \"a\" : 1 } ,\n 2 ] , \"n\" : { \"x\" : 1 } } ] }\n  } , \"z\" : 1e5\n}\n ",
			`{"data":{"result":{"pages":[{"items":"2 items","n":{ "x" : 1 }}]}},"z":1e5}`,
			[]string{`1 { "a" : 1 }`, `1 2`},
		},
		{
			"empty pages count", `{"data":{"result":{"pages":[{"items":[]},{},null,7,{"items":[ ]},{"items":[1]}]}}}`,
			`{"data":{"result":{"pages":[{"items":"0 items"},{},null,7,{"items":"0 items"},{"items":"1 item"}]}}}`,
			[]string{"6 1"},
		},
		{
			"items elsewhere are none of ours", `{"items":[1],"result":{"pages":[{"items":[2]}]},"data":{"items":[3],"pages":[{"items":[4]}],"result":{"items":[5],"pages":[{"data":{"items":[6]}},[{"items":[7]}]]}}}`,
			`{"items":[1],"result":{"pages":[{"items":[2]}]},"data":{"items":[3],"pages":[{"items":[4]}],"result":{"items":[5],"pages":[{"data":{"items":[6]}},[{"items":[7]}]]}}}`,
			nil,
		},
		{
			"values of other types on the way", `{"data":null,"data":[],"data":{"result":"x","result":{"pages":{},"pages":[{"items":{"a":1}},{"items":null}]}}}`,
			`{"data":null,"data":[],"data":{"result":"x","result":{"pages":{},"pages":[{"items":{"a":1}},{"items":null}]}}}`,
			nil,
		},
		{
			"keys spelled with escapes", `{"d\u0061ta":{"r\u0065sult":{"\u0070ages":[{"\u0069tems":[1]}]}}}`,
			`{"d\u0061ta":{"r\u0065sult":{"\u0070ages":[{"\u0069tems":"1 item"}]}}}`,
			[]string{"1 1"},
		},
		{"an array", `[1,{"data":2}]`, `[1,{"data":2}]`, nil},
		{"null", ` null `, `null`, nil},
		{"a number", `-1.5e3`, `-1.5e3`, nil},
		{"an empty object", `{ }`, `{}`, nil},
	} {
		t.Run(test.what, func(t *testing.T) {
			for how, reader := range map[string]func(io.Reader) io.Reader{
				"whole": func(r io.Reader) io.Reader { return r }, "byte by byte": iotest.OneByteReader, "the error with the data": iotest.DataErrReader,
			} {
				skeleton, items, err := decodeItems(reader(strings.NewReader(test.body)), nil)
				if err != nil {
					t.Fatalf("%s: %v", how, err)
				}
				if string(skeleton) != test.skeleton {
					t.Errorf("%s: skeleton\n%s, want\n%s", how, skeleton, test.skeleton)
				}
				if got := rowsOf(items); strings.Join(got, "\n") != strings.Join(test.rows, "\n") {
					t.Errorf("%s: rows %q, want %q", how, got, test.rows)
				}
			}
		})
	}
}

func TestDecodeKeepsWhatCameBeforeAnError(t *testing.T) {
	const begin = `{"status":"completed","data":{"id":"r","result":{"mode":"replay","pages":[{"items":[{"a":1},{"a":2}`
	const closed = `{"status":"completed","data":{"id":"r","result":{"mode":"replay","pages":[{"items":"2 items"}]}}}`
	for _, test := range []struct {
		what, body, skeleton string
		items                int
		wrongAt              int64 // expected offset of the error; -1 if the body was cut
	}{
		{"cut between items", begin, closed, 2, -1},
		{"cut behind a comma", begin + `,`, closed, 2, -1},
		{"cut inside an item", begin + `,{"a":"x`, closed, 2, -1},
		{"cut inside a number", begin + `,12`, closed, 2, -1},
		{"cut behind the items", begin + `]`, closed, 2, -1},
		{"cut behind the page", begin + `]},`, closed, 2, -1},
		{"cut inside a key", begin + `]}],"dri`, closed, 2, -1},
		{"cut before the end", begin + `]}]}}`, closed, 2, -1},
		{"cut at once", ``, ``, 0, -1},
		{"only space", "  \n ", ``, 0, -1},
		{"wrong inside an item", begin + `,{"a":x}`, closed, 2, int64(len(begin)) + 6},
		{"no comma", begin + ` {"a":3}`, closed, 2, int64(len(begin)) + 1},
		{"a comma too many", begin + `,]`, closed, 2, int64(len(begin)) + 1},
		{"the wrong bracket", begin + `}`, closed, 2, int64(len(begin))},
		{"no colon", `{"data" {}}`, `{}`, 0, 8},
		{"no key", `{"a":1,}`, `{"a":1}`, 0, 7},
		{"a key that is none", `{1:2}`, `{}`, 0, 1},
		{"something behind the end", `{"a":1} x`, `{"a":1}`, 0, 8},
		{"two answers", `{"a":1}{"a":2}`, `{"a":1}`, 0, 7},
		{"HTML", `<html>`, ``, 0, 0},
	} {
		skeleton, items, err := decodeItems(strings.NewReader(test.body), nil)
		if string(skeleton) != test.skeleton || items.Len() != test.items {
			t.Errorf("%s: %d items, skeleton\n%s, want %d,\n%s", test.what, items.Len(), skeleton, test.items, test.skeleton)
		}
		syntax, isSyntax := errors.AsType[*jsonscan.SyntaxError](err)
		switch {
		case test.wrongAt < 0 && !errors.Is(err, io.ErrUnexpectedEOF):
			t.Errorf("%s: %v, want %v", test.what, err, io.ErrUnexpectedEOF)
		case test.wrongAt >= 0 && (!isSyntax || syntax.Offset != test.wrongAt || errors.Is(err, io.ErrUnexpectedEOF)):
			t.Errorf("%s: %v, want wrong JSON at byte %d", test.what, err, test.wrongAt)
		}
	}
}

func TestDecodePassesOnErrorsOfTheReader(t *testing.T) {
	broken := errors.New("the line is dead")
	body := io.MultiReader(strings.NewReader(`{"data":{"result":{"pages":[{"items":[1,2,`), iotest.ErrReader(broken))
	_, items, err := decodeItems(body, nil)
	if !errors.Is(err, broken) || items.Len() != 2 {
		t.Errorf("%d items, %v", items.Len(), err)
	}
	_, items, err = decodeItems(io.MultiReader(strings.NewReader(`{"data":{"result":{"pages":[{"items":[1]}]}}}`), iotest.ErrReader(broken)), nil)
	if !errors.Is(err, broken) || items.Len() != 1 {
		t.Errorf("behind the end: %d items, %v", items.Len(), err)
	}
}

// silent is a reader that never returns any data.
type silent struct{}

func (silent) Read([]byte) (int, error) { return 0, nil }

func TestDecodeDoesNotWaitForASilentReader(t *testing.T) {
	if _, _, err := decodeItems(silent{}, nil); !errors.Is(err, io.ErrNoProgress) {
		t.Errorf("%v, want %v", err, io.ErrNoProgress)
	}
}

func TestDecodeBoundsWhatIsNoItem(t *testing.T) {
	for _, endless := range []io.Reader{
		io.MultiReader(strings.NewReader(`{"data":"`), streams.Repeat("x")),
		io.MultiReader(strings.NewReader(`{"`), streams.Repeat("x")),
		io.MultiReader(strings.NewReader(`{"data":{"result":{"pages":[`), streams.Repeat(`"`+strings.Repeat("x", 1000)+`",`)),
	} {
		d := NewDecoder(endless, Limits{Body: 20 << 20}, nil)
		d.skeleton.limit = 1 << 20
		err := d.answer(stepAnswer)
		skeleton := d.skeleton.end()
		if !errors.Is(err, ErrBody) || !json.Valid(skeleton) || len(skeleton) > 1<<20 {
			t.Errorf("%v, %d bytes of skeleton", err, len(skeleton))
		}
	}
}

// TestDecodeReadsGiantItems checks that the time for an item that arrives in many parts does not grow with the square
// of its size.
func TestDecodeReadsGiantItems(t *testing.T) {
	const size = 6 << 20
	body := io.MultiReader(
		strings.NewReader(`{"data":{"result":{"pages":[{"items":[{"a":"`),
		io.LimitReader(streams.Repeat("x"), size),
		strings.NewReader(`"},{"a":"small"}]}]}}}`),
	)
	began := time.Now()
	_, items, err := decodeItems(slowly{body}, nil)
	if err != nil || items.Len() != 2 || len(items.Row(0)) != size+len(`{"a":""}`) || string(items.Row(1)) != `{"a":"small"}` {
		t.Fatalf("%d items, %v", items.Len(), err)
	}
	if took := time.Since(began); took > 20*time.Second {
		t.Errorf("it took %v", took)
	}
}

// slowly is a reader that returns a few bytes at a time.
type slowly struct{ from io.Reader }

func (s slowly) Read(p []byte) (int, error) { return s.from.Read(p[:min(len(p), 1400)]) }

func TestDecodeTellsOfItemsWhileTheyArrive(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		body, service := io.Pipe()
		began := time.Now()
		go func() {
			_, _ = io.WriteString(service, `{"data":{"result":{"pages":[{"items":[0`)
			for i := range 100 {
				time.Sleep(10 * time.Millisecond)
				_, _ = fmt.Fprintf(service, ",%d", i+1)
			}
			_, _ = io.WriteString(service, `]}]}}}`)
			_ = service.Close()
		}()
		var counts []int
		var times []time.Duration
		_, items, err := decodeItems(body, func(items item.Table) {
			counts, times = append(counts, items.Len()), append(times, time.Since(began))
		})
		if err != nil || items.Len() != 101 {
			t.Fatalf("%d items, %v", items.Len(), err)
		}
		// The first item is known to be complete when the comma after it arrives.
		if len(counts) == 0 || counts[0] != 1 || times[0] > 10*time.Millisecond {
			t.Fatalf("told first of %v items at %v", counts, times)
		}
		if len(counts) < 15 || len(counts) > 22 {
			t.Errorf("told %d times in a second", len(counts))
		}
		for i := 1; i < len(times); i++ {
			if times[i]-times[i-1] < reportPause || counts[i] <= counts[i-1] {
				t.Errorf("told of %v items at %v", counts, times)
			}
		}
	})
}

func TestDecodeTellsOfAnAnswerThatComesAtOnce(t *testing.T) {
	told := 0
	_, _, err := decodeItems(strings.NewReader(`{"data":{"result":{"pages":[{"items":[1,2,3]}]}}}`), func(items item.Table) { told = items.Len() })
	if err != nil || told != 3 {
		t.Errorf("told of %d items, %v", told, err)
	}
	_, _, err = decodeItems(strings.NewReader(`{"data":{}}`), func(item.Table) { t.Error("told of no items") })
	if err != nil {
		t.Error(err)
	}
}

func BenchmarkDecode(b *testing.B) {
	body := streams.Answer(100_000)
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	for b.Loop() {
		if _, items, err := decodeItems(bytes.NewReader(body), nil); err != nil || items.Len() != 100_000 {
			b.Fatal(items.Len(), err)
		}
	}
}

// BenchmarkValid measures json.Valid, for comparison with BenchmarkDecode.
func BenchmarkValid(b *testing.B) {
	body := streams.Answer(100_000)
	b.SetBytes(int64(len(body)))
	for b.Loop() {
		if !json.Valid(body) {
			b.Fatal("not valid")
		}
	}
}
