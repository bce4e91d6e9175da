package api

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"sbwatch/api/wire"
	"sbwatch/internal/streams"
	"sbwatch/model/run"
	"sbwatch/model/text"
	"sbwatch/model/watch"
)

// pageOf returns the answer of a completed run with the given items. The fields of the run come after the items.
func pageOf(items string) string {
	return `{"data":{"id":"r1","result":{"pages":[{"items":[` + items + `]}],"warnings":["w"],"drift":0.5},` +
		`"run_status":"completed","items_extracted":7},"request_id":"q"}`
}

func TestPollsBeyondALimitEndTheWatchAndKeepWhatCame(t *testing.T) {
	many := strings.Repeat(`{"a":1},`, 1_000_000) + `{"a":2}`
	giant := `{"a":"` + strings.Repeat("x", 2<<20) + `"}`
	for _, test := range []struct {
		what        string
		limits      wire.Limits
		body        string
		kept, total int // number of items; a kept of -1 means any number above 0
		summary     string
		drift       bool // the fields after the items must be known
	}{
		{"nothing", wire.Limits{}, pageOf(`{"a":1},{"a":2}`), 2, 2, "", true},
		{"memory", wire.Limits{Memory: 8 << 20}, pageOf(many), -1, 1_000_001, "only the first ", true},
		{"one item", wire.Limits{Memory: 8 << 20}, pageOf(`{"b":1},` + giant + `,{"b":2}`), 2, 3, "1 item larger than 1.0 MB left out", true},
		{"the body", wire.Limits{Body: 1 << 20}, pageOf(many), -1, -1, "larger than 1.0 MB", false},
		{"a count", wire.Limits{CountOnly: true}, pageOf(many), 1, 1_000_001, "", true},
		{"a field", wire.Limits{}, strings.Replace(pageOf("1"), `"id"`, `"e":"`+strings.Repeat("x", 5<<20)+`","id"`, 1), 1, 1, "the data other than items is larger than 8.4 MB", true},
		{"a key", wire.Limits{}, strings.Replace(pageOf("1"), `"id"`, `"`+strings.Repeat("x", 5<<20)+`":0,"id"`, 1), 1, 1, "the data other than items is larger than 8.4 MB", true},
		{"pages", wire.Limits{}, strings.Replace(pageOf("1"), `[{"items"`, `[`+strings.Repeat("{},", 2_000_000)+`{"items"`, 1), 1, 1, "the data other than items is larger than 8.4 MB", true},
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

// TestAnAnswerTooLargeForItsStatusEndsTheWatch checks that an answer that exceeds the limit before its status is read
// is not requested again, because the next answer would be the same.
func TestAnAnswerTooLargeForItsStatusEndsTheWatch(t *testing.T) {
	client := newTransportClient(t, transportFunc(func(r *http.Request) (*http.Response, error) {
		return respond(r, http.StatusOK, nil, io.MultiReader(strings.NewReader(`{"data":{"x":[`), streams.Repeat("1,"))), nil
	}))
	client.limits = wire.Limits{Body: 1 << 20}
	_, err := client.Poll(t.Context(), "r1", nil)
	problem := problemOf(t, err)
	if problem.Kind != run.ProblemTooLarge || problem.Passing() || !strings.Contains(problem.Error(), "--max-body") {
		t.Errorf("kind %d, %v", problem.Kind, problem)
	}
}
