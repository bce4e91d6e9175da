package report

import (
	"os"
	"strings"
	"testing"
	"time"

	"sbwatch/model/optional"
	"sbwatch/model/run"
	"sbwatch/model/text"
	"sbwatch/model/watch"
)

// signal is a signal as a reason for leaving.
type signal struct{ os.Signal }

func (s signal) Error() string { return s.String() }

func (s signal) Outcome() Outcome { return OutcomeOfSignal(s.Signal) }

func runOf(status run.Status, pages, items int64) run.Run {
	return run.Run{
		ID: text.NewText("k7Xb9dRmQ2p"), RecipeID: text.NewText("m3Yc2tFvN8q"),
		StatusSent: text.NewText(status.String()),
		Pages:      optional.Some(pages), Items: optional.Some(items), Credits: optional.Some(2 * pages),
	}
}

// running returns an answer with an unfinished run.
func running(pages, items int64) run.Answer {
	return run.Answer{Run: runOf(run.StatusRunning, pages, items)}
}

// completed returns an answer with a completed run that took 90 s.
func completed(warnings ...string) run.Answer {
	r := runOf(run.StatusCompleted, 0, 0)
	r.StartedAt = time.Date(2026, 5, 21, 12, 0, 0, 0, time.UTC)
	r.CompletedAt = r.StartedAt.Add(90 * time.Second)
	result := run.Result{Mode: text.NewText("replay"), Drift: optional.Some(0.02)}
	texts := []text.Text{}
	for _, w := range warnings {
		texts = append(texts, text.NewText(w))
	}
	result.Warnings = optional.Some(texts)
	r.Result = optional.Some(result)
	return run.Answer{Run: r, RequestID: text.NewText("req_aB3xY9Kp")}
}

func watchOf(id string) watch.Watch { return watch.NewWatch(text.NewText(id)) }

func dispatchOf(id string) watch.Watch { return watch.NewDispatchWatch(text.NewText(id)) }

func wantLines(t *testing.T, what, got, want string) {
	t.Helper()
	if want = strings.TrimPrefix(want, "\n"); got != want {
		t.Errorf("got %s:\n%s\nwant:\n%s", what, got, want)
	}
}
