package api

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"net/http"
	"runtime"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"

	"sbwatch/model/run"
	"sbwatch/model/text"
	"sbwatch/model/watch"
)

// pageOf is a completed answer with a text for its items, and fields of the run behind them.
func pageOf(items string) string {
	return `{"data":{"id":"r1","result":{"pages":[{"items":[` + items + `]}],"warnings":["w"],"drift":0.5},` +
		`"run_status":"completed","items_extracted":7},"request_id":"q"}`
}

func TestPollsBeyondALimitEndTheWatchAndKeepWhatCame(t *testing.T) {
	many := strings.Repeat(`{"a":1},`, 1_000_000) + `{"a":2}`
	giant := `{"a":"` + strings.Repeat("x", 2<<20) + `"}`
	for _, test := range []struct {
		what        string
		limits      Limits
		body        string
		kept, total int // of the items; kept -1 is some
		summary     string
		drift       bool // what stands behind the items is known
	}{
		{"nothing", Limits{}, pageOf(`{"a":1},{"a":2}`), 2, 2, "", true},
		{"memory", Limits{Memory: 8 << 20}, pageOf(many), -1, 1_000_001, "the items need more than half of 8.4 MB of memory", true},
		{"one item", Limits{Memory: 8 << 20}, pageOf(`{"b":1},` + giant + `,{"b":2}`), 2, 3, "1 item larger than 1.0 MB left out", true},
		{"the body", Limits{Body: 1 << 20}, pageOf(many), -1, -1, "larger than 1.0 MB", false},
		{"a count", Limits{CountOnly: true}, pageOf(many), 1, 1_000_001, "", true},
		{"a field", Limits{}, strings.Replace(pageOf("1"), `"id"`, `"e":"`+strings.Repeat("x", 5<<20)+`","id"`, 1), 1, 1, "it holds more than 8.4 MB beside the items", true},
		{"a key", Limits{}, strings.Replace(pageOf("1"), `"id"`, `"`+strings.Repeat("x", 5<<20)+`":0,"id"`, 1), 1, 1, "it holds more than 8.4 MB beside the items", true},
		{"pages", Limits{}, strings.Replace(pageOf("1"), `[{"items"`, `[`+strings.Repeat("{},", 2_000_000)+`{"items"`, 1), 1, 1, "it holds more than 8.4 MB beside the items", true},
	} {
		client := newTransportClient(t, transportFunc(func(r *http.Request) (*http.Response, error) {
			return respond(r, http.StatusOK, nil, strings.NewReader(test.body)), nil
		}))
		client.limits = test.limits
		answer, err := client.Poll(t.Context(), "r1", nil)
		if err != nil {
			t.Errorf("%s: %v", test.what, err)
			continue
		}
		w := watch.NewWatch(text.NewText("r1"))
		w.Polled(answer, answer.ServedAt, 0)
		if w.Phase() != watch.PhaseEnded || w.Run().Status() != run.StatusCompleted {
			t.Errorf("%s: the watch is in phase %d, the run %v", test.what, w.Phase(), w.Run().Status())
		}
		items := answer.Items
		if test.kept >= 0 && items.Len() != test.kept || test.kept < 0 && (items.Len() < 10_000 || items.Len() > 500_000) ||
			test.total >= 0 && items.Total() != test.total {
			t.Errorf("%s: %d of %d items kept, want %d of %d", test.what, items.Len(), items.Total(), test.kept, test.total)
		}
		summary := ""
		if answer.Incomplete != nil {
			summary = answer.Incomplete.Summary.Raw()
		}
		if !strings.HasPrefix(summary, test.summary) || test.summary == "" && summary != "" {
			t.Errorf("%s: %q, want %q", test.what, summary, test.summary)
		}
		if answer.Run.Drift().Known() != test.drift {
			t.Errorf("%s: drift known: %v", test.what, !test.drift)
		}
	}
}

// Asking again would bring the same: the watch must not.
func TestAnAnswerTooLargeForItsStatusEndsTheWatch(t *testing.T) {
	client := newTransportClient(t, transportFunc(func(r *http.Request) (*http.Response, error) {
		return respond(r, http.StatusOK, nil, io.MultiReader(strings.NewReader(`{"data":{"x":[`), again("1,"))), nil
	}))
	client.limits = Limits{Body: 1 << 20}
	_, err := client.Poll(t.Context(), "r1", nil)
	problem := problemOf(t, err)
	if problem.Kind != run.ProblemTooLarge || problem.Passing() || !strings.Contains(problem.Error(), "--max-body") {
		t.Errorf("kind %d, %v", problem.Kind, problem)
	}
}

// zipped is a text as gzip, so many times.
func zipped(t *testing.T, text []byte, times int) []byte {
	t.Helper()
	for range times {
		var b bytes.Buffer
		w := gzip.NewWriter(&b)
		_, err := w.Write(text)
		if err = errors.Join(err, w.Close()); err != nil {
			t.Fatal(err)
		}
		text = b.Bytes()
	}
	return text
}

func TestFilesBeyondALimitKeepWhatCame(t *testing.T) {
	many := []byte(`[` + strings.Repeat(`{"a":1},`, 1_000_000) + `{"a":2}]`)
	wide := strings.Repeat("a,", 1000) + "a\n"
	farBack, _ := zstd.NewWriter(nil, zstd.WithWindowSize(256<<20))
	for _, test := range []struct {
		what   string
		limits Limits
		text   []byte
		some   bool // of the items are kept
		words  string
	}{
		{"memory", Limits{Memory: 8 << 20}, many, true, "raise --max-memory"},
		{"memory, NDJSON", Limits{Memory: 8 << 20}, bytes.ReplaceAll(many[1:len(many)-1], []byte("},"), []byte("}\n")), true, "of 1,000,001"},
		{"the body", Limits{Body: 1 << 20}, many, true, "raise --max-body"},
		{"the body, packed", Limits{Body: 1 << 20}, zipped(t, many, 2), true, "raise --max-body"},
		{"three times packed", Limits{}, zipped(t, many, 3), false, "compressed more than twice: unpack it first"},
		{"zstd that refers far back", Limits{}, farBack.EncodeAll(bytes.Repeat(many, 20), nil), false, "of memory to unpack"},
		{"CSV with a wide header", Limits{Columns: 1000}, []byte(wide + wide), false, "more than 1,000 columns"},
		{"CSV with a wide record", Limits{Columns: 1000}, []byte("a,b\n1,2\n" + wide), true, "more than 1,000 columns"},
		{"CSV whose header comes again and again", Limits{Memory: 8 << 20}, []byte(strings.Repeat("name", 1000) + ",b\n" + strings.Repeat("1,2\n", 100_000)), true, "of 100,000"},
		{"CSV with a giant cell", Limits{Memory: 8 << 20}, []byte("a,b\n1,2\n" + strings.Repeat("x", 2<<20) + ",1\n"), true, "a record is larger than 1.0 MB: raise --max-memory"},
	} {
		answer, err := test.limits.OpenNamed("", bytes.NewReader(test.text), nil)
		if err == nil || !strings.Contains(err.Error(), test.words) {
			t.Errorf("%s: %v, want %q", test.what, err, test.words)
		}
		if (answer.Items.Len() > 0) != test.some {
			t.Errorf("%s: %d items", test.what, answer.Items.Len())
		}
	}
}

// What is kept of an answer's fields, and what is made of them, has bounds, too.
func TestFieldsOfARunAreBounded(t *testing.T) {
	nested := strings.Repeat("[", 1000) + strings.Repeat("1,", 100_000) + "1" + strings.Repeat("]", 1000)
	long := strings.Repeat("é", 1<<20)
	text := `{"data":{"id":"` + long + `","run_status":"failed","error":"` + long + `","x":` + nested +
		`,"result":{"warnings":[` + strings.Repeat(`"",`, 500_000) + `""]}},"request_id":"` + long + `"}`
	answer, problem := readRun([]byte(text))
	if problem != nil {
		t.Fatal(problem)
	}
	for what, field := range map[string]struct{ got, most int }{
		"id":         {len(answer.Run.ID.Raw()), maxID + 10},
		"error":      {len(answer.Run.Error.Raw()), maxText + 10},
		"request id": {len(answer.RequestID.Raw()), maxID + 10},
		"envelope":   {len(answer.Envelope.Raw()), maxIndented},
		"warnings":   {len(answer.Run.Warnings().Or(nil)), maxTexts + 1},
	} {
		if field.got == 0 || field.got > field.most {
			t.Errorf("%s: %d, want at most %d", what, field.got, field.most)
		}
	}
	if last := answer.Run.Warnings().Or(nil)[maxTexts].Raw(); last != "490,001 more were left out" {
		t.Errorf("the last warning is %q", last)
	}
}

// JSON that would grow too much when it is laid out is left as it was sent.
func TestLayingOutIsBounded(t *testing.T) {
	deep := strings.Repeat("[", indentLevels) + strings.Repeat("1,", 1_000_000) + "1" + strings.Repeat("]", indentLevels)
	if got := indented([]byte(deep)).Raw(); got != deep {
		t.Errorf("%d bytes became %d", len(deep), len(got))
	}
	shallow := "[" + strings.Repeat("1,", 1000) + "1]"
	if got := indented([]byte(shallow)).Raw(); strings.Count(got, "\n") < 1000 {
		t.Errorf("%d lines", strings.Count(got, "\n"))
	}
}

// peakHeap is the most memory that was in use, in bytes, at any of the reads of a source while it was read.
func peakHeap(t *testing.T, text string, limits Limits) (peak uint64, answer run.Answer) {
	t.Helper()
	runtime.GC()
	var before, now runtime.MemStats
	runtime.ReadMemStats(&before)
	reads := 0
	from := strings.NewReader(text)
	source := readerFunc(func(p []byte) (int, error) {
		if reads++; reads%8 == 0 {
			runtime.GC() // what is left is in use
			runtime.ReadMemStats(&now)
			peak = max(peak, now.HeapAlloc-min(now.HeapAlloc, before.HeapAlloc))
		}
		return from.Read(p)
	})
	answer, _ = limits.OpenNamed("", source, nil) // what is wrong with it is of no interest here
	runtime.GC()
	runtime.ReadMemStats(&now)
	return max(peak, now.HeapAlloc-min(now.HeapAlloc, before.HeapAlloc)), answer
}

func TestHostileFilesTakeNoMoreMemoryThanTheyMay(t *testing.T) {
	keys := new(strings.Builder)
	for i := range 300_000 {
		fmt.Fprintf(keys, "{\"key number %d\":1}\n", i)
	}
	for what, text := range map[string]string{
		"tiny items":    strings.Repeat("{},", 4_000_000),
		"one item":      `{"a":"` + strings.Repeat("x", 24<<20) + `"}`,
		"one key":       `{"` + strings.Repeat("x", 24<<20) + `":1}`,
		"many keys":     keys.String(),
		"many columns":  strings.Repeat("a,", 4<<20) + "\n",
		"empty pages":   `{"pages":[{"items":[]},` + strings.Repeat("{},", 3<<20) + `{}]}`,
		"many warnings": `{"pages":[{"items":[]}],"warnings":[` + strings.Repeat(`"",`, 3<<20) + `""]}`,
	} {
		if what == "tiny items" {
			text = "[" + text + "{}]"
		}
		for _, limits := range []Limits{{Memory: 32 << 20}, {Memory: 32 << 20, CountOnly: true}} {
			peak, answer := peakHeap(t, text, limits)
			if most := uint64(32 << 20); peak > most {
				t.Errorf("%s, %+v: %d MiB in use, want at most %d", what, limits, peak>>20, most>>20)
			}
			runtime.KeepAlive(answer)
		}
	}
}

func TestDecoderSkipsValuesInParts(t *testing.T) {
	for _, value := range []string{`{"a":["}\"]",{}],"b":"\\"}`, `"a\"b"`, `-12.5e3`, `[[],[[]]]`, `null`} {
		w := window{read: newPieces(slowly1{strings.NewReader(value + ` ,"rest"`)}).read, beforeRead: func() {}}
		if err := w.skip(); err != nil {
			t.Errorf("%s: %v", value, err)
		}
		if next, err := w.next(); next != ',' || err != nil {
			t.Errorf("%s: behind it %q, %v", value, next, err)
		}
	}
}

// slowly1 gives a byte at a time.
type slowly1 struct{ from io.Reader }

func (s slowly1) Read(p []byte) (int, error) { return s.from.Read(p[:min(len(p), 1)]) }
