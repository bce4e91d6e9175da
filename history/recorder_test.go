package history_test

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"sbwatch/files/read"
	"sbwatch/history"
	"sbwatch/history/sqlite"
	"sbwatch/history/storetest"
	"sbwatch/internal/collected"
	"sbwatch/model/item"
	"sbwatch/model/profile"
	"sbwatch/model/run"
	"sbwatch/query"
)

func configOf(path string, m *collected.Lines) history.RecorderConfig {
	now := storetest.Night(1)
	return history.RecorderConfig{
		Host:    "api.webscrape.ai",
		Open:    func(ctx context.Context) (history.Store, error) { return sqlite.Open(ctx, path) },
		Profile: profileOf,
		Say:     m.Add,
		Now: func() time.Time {
			now = now.Add(2 * time.Second)
			return now
		},
		Interval: 2 * time.Second,
	}
}

func profileOf(ctx context.Context, items item.Table) (*profile.Profile, error) {
	return query.Profile(ctx, items, nil)
}

// answers returns the answers to three polls of a run that completes.
func answers(t *testing.T) []run.Answer {
	t.Helper()
	var all []run.Answer
	for _, saved := range []string{
		`{"status":"completed","request_id":"req_1","data":{"id":"k7Xb9dRmQ2p","recipe_id":"m3Yc2tFvN8q","run_status":"queued"}}`,
		`{"status":"completed","request_id":"req_2","data":{"id":"k7Xb9dRmQ2p","recipe_id":"m3Yc2tFvN8q","run_status":"running","pages_extracted":1,"items_extracted":2}}`,
		`{"status":"completed","request_id":"req_3","data":{"id":"k7Xb9dRmQ2p","recipe_id":"m3Yc2tFvN8q","run_status":"completed",
			"started_at":"2026-10-02T03:00:00Z","completed_at":"2026-10-02T03:00:10Z","pages_extracted":2,"items_extracted":3,
			"result":{"drift":0.02,"warnings":["a popup was closed"],"pages":[{"items":[{"price":1},{"price":2}]},{"items":[{"name":"x"}]}]}}}`,
	} {
		answer, err := read.Open(strings.NewReader(saved), read.Options{})
		if err != nil {
			t.Fatal(err)
		}
		answer.RequestID = answer.Run.ID
		all = append(all, answer)
	}
	return all
}

func stored(t *testing.T, path string) *history.Record {
	t.Helper()
	store, err := sqlite.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = store.Close() }()
	record, err := store.Get(t.Context(), history.Key{Host: "api.webscrape.ai", RunID: "k7Xb9dRmQ2p"})
	if err != nil {
		t.Fatal(err)
	}
	return record
}

func TestRecorderRecordsARun(t *testing.T) {
	path, m := filepath.Join(t.TempDir(), "history.db"), &collected.Lines{}
	recorder := history.NewRecorder(configOf(path, m))
	for _, answer := range answers(t) {
		recorder.Polled(answer, time.Millisecond)
	}
	if err := recorder.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	got := stored(t, path)
	if got.Status != run.StatusCompleted || got.Items.Or(0) != 3 || got.Drift.Or(0) != 0.02 || len(got.Warnings) != 1 {
		t.Errorf("the facts are %+v", got)
	}
	if len(got.Samples) != 3 || got.Samples[1].Items != 2 {
		t.Errorf("the samples are %v", got.Samples)
	}
	if len(got.Columns) != 2 || got.Columns[0].Covered != 2 {
		t.Errorf("the columns are %+v", got.Columns)
	}
	if len(m.All()) != 0 {
		t.Errorf("it said %q", m.All())
	}
}

func TestRecorderUsesTheSpoolAndDeliversOnce(t *testing.T) {
	folder, m := t.TempDir(), &collected.Lines{}
	path, spool := filepath.Join(folder, "history.db"), filepath.Join(folder, "spool.db")
	config := configOf(path, m)
	working := config.Open
	config.Open = func(context.Context) (history.Store, error) { return nil, errors.New("no route to host") }
	config.OpenSpool = func(ctx context.Context) (history.Store, error) { return sqlite.Open(ctx, spool) }
	recorder := history.NewRecorder(config)
	for _, answer := range answers(t) {
		recorder.Polled(answer, time.Millisecond)
	}
	if err := recorder.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	if len(m.All()) != 1 || !strings.Contains(m.All()[0], "no route to host") {
		t.Errorf("it said %q, want one line with the reason", m.All())
	}

	config.Open = working
	recorder = history.NewRecorder(config)
	other := answers(t)[0]
	other.Run.ID = other.Run.RecipeID
	recorder.Polled(other, time.Millisecond)
	if err := recorder.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := stored(t, path); got.Status != run.StatusCompleted || len(got.Columns) != 2 {
		t.Errorf("delivered: %+v", got)
	}
	store, err := sqlite.Open(t.Context(), spool)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = store.Close() }()
	if stats, err := store.Stats(t.Context()); err != nil || stats.Runs != 0 {
		t.Errorf("the spool still has %+v, %v", stats, err)
	}
}

func TestRecorderSurvivesABrokenStore(t *testing.T) {
	path, m := filepath.Join(t.TempDir(), "history.db"), &collected.Lines{}
	if err := os.WriteFile(path, []byte(strings.Repeat("no database ", 1000)), 0o600); err != nil {
		t.Fatal(err)
	}
	recorder := history.NewRecorder(configOf(path, m))
	for _, answer := range answers(t) {
		recorder.Polled(answer, time.Millisecond)
	}
	if err := recorder.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	if len(m.All()) != 1 || !strings.HasPrefix(m.All()[0], "this run is not recorded: ") {
		t.Errorf("it said %q, want one line", m.All())
	}
}

// brokenArchiver is an archive that fails, as one on a full disk does.
type brokenArchiver struct{}

func (brokenArchiver) Write(context.Context, *history.Record, item.Table) (history.Archive, error) {
	return history.Archive{}, errors.New("no space left on device")
}

func (brokenArchiver) Open(context.Context, history.Archive) (io.ReadCloser, error) {
	return nil, errors.ErrUnsupported
}
func (brokenArchiver) Remove(context.Context, history.Archive) error  { return nil }
func (brokenArchiver) Deliver(context.Context, history.Archive) error { return nil }

func TestRecorderKeepsFactsWithoutAnArchive(t *testing.T) {
	path, m := filepath.Join(t.TempDir(), "history.db"), &collected.Lines{}
	config := configOf(path, m)
	config.Archiver = func(context.Context) (history.Archiver, error) { return brokenArchiver{}, nil }
	recorder := history.NewRecorder(config)
	recorder.Polled(answers(t)[2], time.Millisecond)
	if err := recorder.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := stored(t, path); !got.Archive.IsEmpty() || len(got.Columns) != 2 {
		t.Errorf("recorded %+v", got)
	}
	if len(m.All()) != 1 || m.All()[0] != "the items are not recorded: no space left on device" {
		t.Errorf("it said %q", m.All())
	}
}

// TestRecorderTellsOfFinishedRuns checks that a finished run is in the store when Finished is called, and that a run is
// finished again if it is polled after Forget.
func TestRecorderTellsOfFinishedRuns(t *testing.T) {
	path, m := filepath.Join(t.TempDir(), "history.db"), &collected.Lines{}
	config := configOf(path, m)
	finished := make(chan *history.Record, 5)
	config.Finished = func(record *history.Record) { finished <- record }
	recorder := history.NewRecorder(config)
	polls := answers(t)
	for _, answer := range polls {
		recorder.Polled(answer, time.Millisecond)
	}
	record := <-finished
	if got := stored(t, path); record.ID.Raw() != "k7Xb9dRmQ2p" || got.Status != run.StatusCompleted || len(record.Columns) != 2 {
		t.Errorf("finished %+v, stored %+v", record, got)
	}
	recorder.Forget(record.ID)
	recorder.Polled(polls[2], time.Millisecond)
	if again := <-finished; again == record || again.Items.Or(0) != 3 {
		t.Errorf("after it was forgotten: %+v", again)
	}
	if err := recorder.Close(t.Context()); err != nil || len(finished) > 0 || len(stored(t, path).Columns) != 2 {
		t.Errorf("%v, %d more, stored %+v", err, len(finished), stored(t, path))
	}
}

// TestRecorderTellsOfFailures checks that Failed is called once for a record that cannot be written, and that Finished
// is called nevertheless.
func TestRecorderTellsOfFailures(t *testing.T) {
	m := &collected.Lines{}
	config := configOf("", m)
	config.Open = func(context.Context) (history.Store, error) { return nil, errors.New("no database") }
	finished, failures := make(chan *history.Record, 1), make(chan error, 5)
	config.Finished = func(record *history.Record) { finished <- record }
	config.Failed = func(err error) { failures <- err }
	recorder := history.NewRecorder(config)
	recorder.Polled(answers(t)[2], time.Millisecond)
	<-finished
	if err := recorder.Close(t.Context()); err != nil || len(failures) != 1 {
		t.Errorf("%v, %d failures", err, len(failures))
	}
}
