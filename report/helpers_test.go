package report

import (
	"os"
	"strings"
	"testing"
	"time"

	"sbwatch/model"
)

// signal is a reason to leave that knows its outcome.
type signal struct{ os.Signal }

func (s signal) Error() string { return s.String() }

func (s signal) Outcome() Outcome { return OutcomeOfSignal(s.Signal) }

func runOf(status model.Status, pages, items int64) model.Run {
	return model.Run{
		ID: model.NewText("k7Xb9dRmQ2p"), RecipeID: model.NewText("m3Yc2tFvN8q"),
		StatusSent: model.NewText(status.String()),
		Pages:      model.Some(pages), Items: model.Some(items), Credits: model.Some(2 * pages),
	}
}

// running is the run of the published sample at work; completed is that run at its end, 90 s later.
func running(pages, items int64) model.Answer {
	return model.Answer{Run: runOf(model.StatusRunning, pages, items)}
}

func completed(warnings ...string) model.Answer {
	run := runOf(model.StatusCompleted, 0, 0)
	run.StartedAt = time.Date(2026, 5, 21, 12, 0, 0, 0, time.UTC)
	run.CompletedAt = run.StartedAt.Add(90 * time.Second)
	result := model.Result{Mode: model.NewText("replay"), Drift: model.Some(0.02)}
	texts := []model.Text{}
	for _, w := range warnings {
		texts = append(texts, model.NewText(w))
	}
	result.Warnings = model.Some(texts)
	run.Result = model.Some(result)
	return model.Answer{Run: run, RequestID: model.NewText("req_aB3xY9Kp")}
}

func watchOf(id string) model.Watch { return model.NewWatch(model.NewText(id)) }

func dispatchOf(id string) model.Watch { return model.NewDispatchWatch(model.NewText(id)) }

func wantLines(t *testing.T, what, got, want string) {
	t.Helper()
	if want = strings.TrimPrefix(want, "\n"); got != want {
		t.Errorf("%s:\n%s\nwant:\n%s", what, got, want)
	}
}
