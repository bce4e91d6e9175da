// Package testrun provides a run for tests, in several states. It is the run in the examples of the documentation.
package testrun

import (
	"testing"
	"time"

	"sbwatch/model/item"
	"sbwatch/model/optional"
	"sbwatch/model/run"
	"sbwatch/model/text"
	"sbwatch/model/watch"
)

// Of returns a run with the given status and counts. The run has used two credits per page.
func Of(status run.Status, pages, items int64) run.Run {
	return run.Run{
		ID: text.NewText("k7Xb9dRmQ2p"), RecipeID: text.NewText("m3Yc2tFvN8q"),
		StatusSent: text.NewText(status.String()),
		Pages:      optional.Some(pages), Items: optional.Some(items), Credits: optional.Some(2 * pages),
	}
}

// Running returns the answer to a poll of a running run.
func Running(pages, items int64) run.Answer {
	return run.Answer{Run: Of(run.StatusRunning, pages, items)}
}

// Completed returns the answer to a poll of a completed run that took 90 s and has no items.
func Completed(warnings ...string) run.Answer {
	r := Of(run.StatusCompleted, 0, 0)
	r.StartedAt = time.Date(2026, 5, 21, 12, 0, 0, 0, time.UTC)
	r.CompletedAt = r.StartedAt.Add(90 * time.Second)
	texts := []text.Text{}
	for _, w := range warnings {
		texts = append(texts, text.NewText(w))
	}
	r.Result = optional.Some(run.Result{
		Mode: text.NewText("replay"), Drift: optional.Some(0.02), Warnings: optional.Some(texts),
	})
	return run.Answer{Run: r, RequestID: text.NewText("req_aB3xY9Kp")}
}

// Watch returns a watch of the run with the given id.
func Watch(id string) watch.Watch { return watch.NewWatch(text.NewText(id)) }

// Dispatch returns a watch that starts by dispatching the recipe with the given id.
func Dispatch(id string) watch.Watch { return watch.NewDispatchWatch(text.NewText(id)) }

// Items returns a table of items. Each row is the JSON of an item.
func Items(t testing.TB, rows ...string) item.Table {
	t.Helper()
	var b item.Builder
	for _, row := range rows {
		if _, err := b.Append([]byte(row + ",")); err != nil {
			t.Fatal(err)
		}
	}
	return b.Items()
}
