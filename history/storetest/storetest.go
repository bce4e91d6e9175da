// Package storetest is the conformance suite of [history.Store]. Every implementation must pass [Run].
package storetest

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"sync"
	"testing"
	"time"

	"sbwatch/history"
	"sbwatch/model/baseline"
	"sbwatch/model/item"
	"sbwatch/model/optional"
	"sbwatch/model/profile"
	"sbwatch/model/run"
	"sbwatch/model/text"
	"sbwatch/model/watch"
)

// Store stores the records of runs and the tasks of collectors. The suite tests both.
type Store interface {
	history.Store
	history.Tasks
}

// Run runs the suite. Within one test, all calls of open must return the same store through different connections. Each
// test must start with an empty store.
func Run(t *testing.T, open func(t *testing.T) Store) {
	for name, test := range map[string]func(t *testing.T, open func() Store){
		"a stored record is read unchanged":                          testRoundTrip,
		"storing a record twice changes nothing":                     testTwice,
		"records of one run are combined":                            testUnite,
		"runs are listed":                                            testList,
		"ids are data":                                               testHostileIDs,
		"runs are forgotten":                                         testForget,
		"archives are listed and dropped":                            testArchives,
		"several writers at once":                                    testConcurrent,
		"a canceled context ends a call":                             testCancelled,
		"statistics match the records":                               testStats,
		"the same id on two hosts is two runs":                       testHosts,
		"a run without times is sorted by the time of its recording": testWithoutTimes,
		"tasks survive":                                              testTasksSurvive,
		"BeginTasks begins or resumes an invocation":                 testInvocations,
		"a run has one task":                                         testRunOfTwoInvocations,
		"an expired lease moves a task":                              testLeases,
		"collectors share the runs":                                  testShares,
		"several collectors at once":                                 testManyCollectors,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, func() Store {
				store := open(t)
				t.Cleanup(func() { _ = store.Close() })
				return store
			})
		})
	}
}

// Night returns the time of the n-th nightly run.
func Night(n int) time.Time { return time.Date(2026, 10, 1, 3, 0, 0, 0, time.UTC).AddDate(0, 0, n) }

// Sample returns a complete record of the n-th run of a recipe.
func Sample(recipe string, n int) *history.Record {
	began := Night(n)
	return &history.Record{
		Host: "api.webscrape.ai",
		Run: baseline.Run{
			ID: text.NewText(fmt.Sprintf("%s-run%d", recipe, n)), RecipeID: text.NewText(recipe),
			Status: run.StatusCompleted, Cut: run.CutByPlan,
			CreatedAt: began.Add(-time.Second), StartedAt: began, CompletedAt: began.Add(90*time.Second + 123*time.Microsecond),
			Pages: optional.Some(int64(3)), Items: optional.Some(int64(87)), Credits: optional.Some(int64(6)), Drift: optional.Some(0.02),
			Columns: []profile.ColumnSummary{
				{
					Path: item.PlaceOf(item.PathOf("price")), Name: text.NewText("price"), Of: 87, Covered: 80, Missing: 7,
					Types: map[string]int{"number": 80}, Distinct: profile.Amount{N: 61},
					Numbers: &profile.NumberSummary{Count: 80, Min: 0.5, Median: 12.25, Max: 1e9},
				},
				{Path: item.PlaceOf(item.PathOf("offers")).Elements().Child("a.b"), Name: text.NewText("offers[].a.b"), Of: 5, Covered: 5, Types: map[string]int{"text": 5}},
			},
		},
		Mode:     text.NewText("replay"),
		Warnings: []text.Text{text.NewText("page 2: a popup was closed")},
		Samples:  []watch.Sample{{At: began.Add(2 * time.Second), Pages: 1, Items: 29}, {At: began.Add(4 * time.Second), Pages: 2, Items: 58}},
		Notes: []history.Note{
			{Kind: history.NoteFinding, Severity: "warning", Column: text.NewText("price"), Text: "price is missing in 7 items", Count: 7, Of: 87},
			{Kind: history.NoteRule, Severity: "fail", Subject: "min-items 100", Text: "87"},
		},
		RequestIDs: []text.Text{text.NewText("req_1"), text.NewText("req_2")},
		Archive:    history.Archive{Name: "recipe=" + recipe + "/x.ndjson.zst", Bytes: 1234, Pages: []int{29, 29, 29}},
		RecordedAt: began.Add(91 * time.Second),
	}
}

func put(t *testing.T, s history.Store, records ...*history.Record) {
	t.Helper()
	for _, r := range records {
		if err := s.Put(t.Context(), r); err != nil {
			t.Fatal(err)
		}
	}
}

func get(t *testing.T, s history.Store, key history.Key) *history.Record {
	t.Helper()
	r, err := s.Get(t.Context(), key)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func testRoundTrip(t *testing.T, open func() Store) {
	want := Sample("m3Yc2tFvN8q", 1)
	put(t, open(), want)
	if got := get(t, open(), want.Key()); !reflect.DeepEqual(got, want) {
		t.Errorf("put\n%+v\ngot\n%+v", want, got)
	}
	if _, err := open().Get(t.Context(), history.Key{Host: want.Host, RunID: "none"}); !errors.Is(err, history.ErrNotFound) {
		t.Errorf("an unknown run: %v, want ErrNotFound", err)
	}
}

func testTwice(t *testing.T, open func() Store) {
	s, want := open(), Sample("recipe", 1)
	put(t, s, want, want)
	if got := get(t, s, want.Key()); !reflect.DeepEqual(got, want) {
		t.Errorf("after storing the record twice, it is\n%+v\nwant\n%+v", got, want)
	}
}

func testUnite(t *testing.T, open func() Store) {
	s, final := open(), Sample("recipe", 1)
	early := &history.Record{Host: final.Host, RecordedAt: final.RecordedAt.Add(time.Hour), Mode: text.NewText("other")}
	early.ID, early.Status, early.Items = final.ID, run.StatusRunning, optional.Some(int64(29))
	early.Samples = []watch.Sample{{At: Night(1).Add(3 * time.Second), Pages: 1, Items: 40}, final.Samples[0]}
	early.RequestIDs = []text.Text{text.NewText("req_2"), text.NewText("req_9")}
	put(t, s, early, final, early)
	got := get(t, s, final.Key())
	if got.Status != run.StatusCompleted || got.Items.Or(0) != 87 || got.Mode.Raw() != "replay" || len(got.Columns) != 2 || len(got.Notes) != 2 {
		t.Errorf("the combined record lacks facts of the record made after the end: %+v", got)
	}
	if len(got.Samples) != 3 || got.Samples[1].Items != 40 || len(got.RequestIDs) != 3 {
		t.Errorf("samples %v, request ids %v, want three of each", got.Samples, got.RequestIDs)
	}
}

func testList(t *testing.T, open func() Store) {
	s := open()
	for n := range 5 {
		put(t, s, Sample("b", n))
	}
	put(t, s, Sample("a", 7))
	runs, err := s.Runs(t.Context(), history.Query{RecipeID: "b", Before: Night(4), Limit: 3})
	if err != nil || len(runs) != 3 {
		t.Fatalf("%d runs, %v", len(runs), err)
	}
	for i, want := range []string{"b-run3", "b-run2", "b-run1"} {
		if runs[i].ID.Raw() != want {
			t.Errorf("run %d is %s, want %s", i, runs[i].ID, want)
		}
	}
	if r := runs[0]; len(r.Columns) != 2 || r.Warnings != 1 || r.Findings != 1 || r.Broken != 1 || r.Archive.IsEmpty() {
		t.Errorf("the first run is %+v", r)
	}
	recipes, err := s.Recipes(t.Context(), 2)
	if err != nil || len(recipes) != 2 || recipes[0].ID != "a" || recipes[1].Count != 5 || len(recipes[1].Runs) != 2 {
		t.Errorf("recipes %+v, %v", recipes, err)
	}
	if keys, err := s.Find(t.Context(), "b-run3"); err != nil || len(keys) != 1 || keys[0] != Sample("b", 3).Key() {
		t.Errorf("found %v, %v", keys, err)
	}
}

func testHostileIDs(t *testing.T, open func() Store) {
	s := open()
	for _, id := range []string{`'; DROP TABLE runs; --`, "../../x", "a\x1b[31mb", "\u202e\U0001f600", `"`, `\`, "?", "$1", "%_"} {
		r := Sample("recipe", 1)
		r.ID, r.RecipeID = text.NewText(id), text.NewText(id)
		put(t, s, r)
		if got := get(t, s, r.Key()); !reflect.DeepEqual(got, r) {
			t.Errorf("%q: got\n%+v\nwant\n%+v", id, got, r)
		}
		if runs, err := s.Runs(t.Context(), history.Query{RecipeID: id}); err != nil || len(runs) != 1 {
			t.Errorf("%q: %d runs, %v", id, len(runs), err)
		}
	}
	// Some databases cannot store these ids. They must still not cause a failure.
	for _, id := range []string{"nul\x00", "\xff"} {
		r := Sample("recipe", 1)
		r.ID, r.Error, r.Notes[0].Text = text.NewText(id), text.NewText(id), id
		put(t, s, r)
		get(t, s, r.Key())
	}
}

func testForget(t *testing.T, open func() Store) {
	s := open()
	put(t, s, Sample("a", 1), Sample("a", 2), Sample("b", 1))
	for _, step := range []struct {
		which history.Forget
		gone  int
		left  int
	}{
		{history.Forget{}, 0, 3},
		{history.Forget{RunID: "a-run1"}, 1, 2},
		{history.Forget{RecipeID: "a", Host: "elsewhere"}, 0, 2},
		{history.Forget{RecipeID: "a"}, 1, 1},
		{history.Forget{All: true}, 1, 0},
	} {
		gone, err := s.Forget(t.Context(), step.which)
		if err != nil || len(gone) != step.gone {
			t.Errorf("Forget(%+v) returned %v, %v, want %d runs", step.which, gone, err, step.gone)
		}
		if stats, err := s.Stats(t.Context()); err != nil || stats.Runs != step.left || stats.Samples != 2*step.left {
			t.Errorf("after Forget(%+v), the statistics are %+v, %v, want %d runs", step.which, stats, err, step.left)
		}
	}
}

func testArchives(t *testing.T, open func() Store) {
	s := open()
	bare := Sample("a", 3)
	bare.Archive = history.Archive{}
	put(t, s, Sample("a", 2), Sample("a", 1), bare)
	archives, err := s.Archives(t.Context())
	if err != nil || len(archives) != 2 || archives[0].RunID != "a-run1" || archives[0].Archive.Bytes != 1234 {
		t.Fatalf("archives %+v, %v", archives, err)
	}
	if err := s.DropArchive(t.Context(), archives[0].Key); err != nil {
		t.Fatal(err)
	}
	got := get(t, s, archives[0].Key)
	if !got.Archive.IsEmpty() || len(got.Columns) != 2 || got.Items.Or(0) != 87 {
		t.Errorf("after DropArchive, the record is %+v", got)
	}
}

func testConcurrent(t *testing.T, open func() Store) {
	const writers, nights = 4, 5
	open() // creates the schema
	stores := make([]history.Store, writers)
	for i := range stores {
		stores[i] = open()
	}
	var group sync.WaitGroup
	for i, s := range stores {
		group.Go(func() {
			for n := range nights {
				r := Sample("shared", n)
				r.Samples = []watch.Sample{{At: Night(n).Add(time.Duration(i) * time.Second), Items: int64(i)}}
				if err := s.Put(t.Context(), r); err != nil {
					t.Errorf("writer %d, night %d: %v", i, n, err)
				}
			}
		})
	}
	group.Wait()
	for n := range nights {
		if got := get(t, stores[0], Sample("shared", n).Key()); len(got.Samples) != writers {
			t.Errorf("night %d has the samples %v, want one of each writer", n, got.Samples)
		}
	}
}

func testCancelled(t *testing.T, open func() Store) {
	s := open()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.Put(ctx, Sample("a", 1)); err == nil {
		t.Error("Put with a canceled context succeeded")
	}
	put(t, s, Sample("a", 1))
}

func testStats(t *testing.T, open func() Store) {
	s := open()
	if stats, err := s.Stats(t.Context()); err != nil || stats.Runs != 0 || !stats.First.IsZero() {
		t.Errorf("empty: %+v, %v", stats, err)
	}
	put(t, s, Sample("a", 1), Sample("a", 4), Sample("b", 2))
	stats, err := s.Stats(t.Context())
	if err != nil || stats.Recipes != 2 || stats.Runs != 3 || stats.Archives != 3 || stats.ArchiveBytes != 3*1234 || stats.Bytes == 0 {
		t.Errorf("%+v, %v", stats, err)
	}
	if !stats.First.Equal(Night(1)) || !stats.Last.Equal(Night(4)) {
		t.Errorf("from %v to %v", stats.First, stats.Last)
	}
}

func testHosts(t *testing.T, open func() Store) {
	s, here, there := open(), Sample("a", 1), Sample("a", 1)
	there.Host, there.Items = "127.0.0.1:8080", optional.Some(int64(5))
	put(t, s, here, there)
	if got := get(t, s, here.Key()); got.Items.Or(0) != 87 {
		t.Errorf("the run on the first host has %v items", got.Items)
	}
	if keys, err := s.Find(t.Context(), here.ID.Raw()); err != nil || len(keys) != 2 {
		t.Errorf("found %v, %v", keys, err)
	}
}

func testWithoutTimes(t *testing.T, open func() Store) {
	s := open()
	for n := range 2 {
		r := Sample("a", n)
		r.CreatedAt, r.StartedAt, r.CompletedAt, r.Samples = time.Time{}, time.Time{}, time.Time{}, nil
		put(t, s, r)
	}
	if runs, err := s.Runs(t.Context(), history.Query{RecipeID: "a"}); err != nil || len(runs) != 2 || runs[0].ID.Raw() != "a-run1" {
		t.Errorf("runs %+v, %v", runs, err)
	}
}
