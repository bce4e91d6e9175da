package api

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"

	"sbwatch/model"
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
		watch := model.NewWatch(model.NewText("r1"))
		watch.Polled(answer, answer.ServedAt, 0)
		if watch.Phase() != model.PhaseEnded || watch.Run().Status() != model.StatusCompleted {
			t.Errorf("%s: the watch is in phase %d, the run %v", test.what, watch.Phase(), watch.Run().Status())
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
	if problem.Kind != model.ProblemTooLarge || problem.Passing() || !strings.Contains(problem.Error(), "--max-body") {
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
		{"three times packed", Limits{}, zipped(t, many, 3), false, "compressed more than twice"},
		{"zstd that refers far back", Limits{}, farBack.EncodeAll(bytes.Repeat(many, 20), nil), false, "of memory to unpack"},
		{"CSV with a wide header", Limits{Columns: 1000}, []byte(wide + wide), false, "more than 1,000 columns"},
		{"CSV with a wide record", Limits{Columns: 1000}, []byte("a,b\n1,2\n" + wide), true, "more than 1,000 columns"},
		{"CSV whose header comes again and again", Limits{Memory: 8 << 20}, []byte(strings.Repeat("name", 1000) + ",b\n" + strings.Repeat("1,2\n", 100_000)), true, "of 100,000"},
		{"CSV with a giant cell", Limits{Memory: 8 << 20}, []byte("a,b\n1,2\n" + strings.Repeat("x", 2<<20) + ",1\n"), true, "an item is larger"},
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
