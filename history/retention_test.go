package history_test

import (
	"context"
	"errors"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"sbwatch/history"
	"sbwatch/history/archive"
	"sbwatch/history/sqlite"
	"sbwatch/history/storetest"
	"sbwatch/internal/collected"
	"sbwatch/model/optional"
	"sbwatch/model/text"
)

// nights returns a store with two recipes and three runs of each. The archived items of each run have 1,234 bytes.
func nights(t *testing.T) history.Store {
	t.Helper()
	store, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "history.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close() })
	for n := range 3 {
		for _, recipe := range []string{"a", "b"} {
			r := storetest.Sample(recipe, n)
			r.Archive.Name = r.ID.Raw()
			if err := store.Put(t.Context(), r); err != nil {
				t.Fatal(err)
			}
		}
	}
	return store
}

func TestPruneRemovesTheOldestItemsAndNoFacts(t *testing.T) {
	store, archiver := nights(t), &memory{}
	for _, step := range []struct {
		keep int64
		runs int
	}{{6 * 1234, 0}, {6*1234 - 1, 1}, {3 * 1234, 2}, {0, 3}} {
		pruned, err := history.Prune(t.Context(), store, archiver, step.keep)
		if err != nil || pruned.Runs != step.runs || pruned.Bytes != int64(step.runs)*1234 {
			t.Errorf("keeping %d bytes removed %+v, %v, want %d runs", step.keep, pruned, err, step.runs)
		}
		if stats, err := store.Stats(t.Context()); err != nil || stats.ArchiveBytes > step.keep || stats.Runs != 6 {
			t.Errorf("keeping %d bytes left %+v, %v", step.keep, stats, err)
		}
	}
	if want := []string{"a-run0", "b-run0", "a-run1", "b-run1", "a-run2", "b-run2"}; !slices.Equal(archiver.removed, want) {
		t.Errorf("removed %v, want %v", archiver.removed, want)
	}
}

func TestForgettingRemovesItems(t *testing.T) {
	store, archiver := nights(t), &memory{fails: errors.New("no route to host")}
	if _, err := history.ForgetAll(t.Context(), store, archiver, history.Forget{RecipeID: "a"}); !errors.Is(err, archiver.fails) {
		t.Errorf("the error is %v", err)
	}
	if stats, err := store.Stats(t.Context()); err != nil || stats.Runs != 6 {
		t.Errorf("after a failure there are %+v, %v, want all runs", stats, err)
	}
	archiver.fails = nil
	gone, err := history.ForgetAll(t.Context(), store, archiver, history.Forget{RecipeID: "a"})
	if err != nil || len(gone) != 3 {
		t.Errorf("forgot %v, %v", gone, err)
	}
	if slices.Sort(archiver.removed); !slices.Equal(slices.Compact(archiver.removed), []string{"a-run0", "a-run1", "a-run2"}) {
		t.Errorf("removed %v", archiver.removed)
	}
	if gone, err := history.ForgetAll(t.Context(), store, archiver, history.Forget{RunID: "b-run1"}); err != nil || len(gone) != 1 {
		t.Errorf("forgot %v, %v", gone, err)
	}
	if gone, err := history.ForgetAll(t.Context(), store, nil, history.Forget{All: true}); err != nil || len(gone) != 2 {
		t.Errorf("forgot %v, %v", gone, err)
	}
}

func TestRecorderKeepsOnlySoManyItems(t *testing.T) {
	folder, m := t.TempDir(), &collected.Lines{}
	path, items := filepath.Join(folder, "history.db"), archive.NewDirectory(filepath.Join(folder, "items"))
	config := configOf(path, m)
	config.Archiver = func(context.Context) (history.Archiver, error) { return items, nil }
	config.KeepItems = optional.Some(int64(70)) // one run needs about fifty bytes
	recorder := history.NewRecorder(config)
	for n, id := range []string{"k7Xb9dRmQ2p", "second", "third"} {
		answer := answers(t)[2]
		answer.Run.ID, answer.Run.StartedAt = text.NewText(id), answer.Run.StartedAt.AddDate(0, 0, n)
		recorder.Polled(answer, time.Millisecond)
	}
	if err := recorder.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := stored(t, path); !got.Archive.IsEmpty() || len(got.Columns) != 2 {
		t.Errorf("the oldest run is %+v, want its facts without items", got)
	}
	kept, err := filepath.Glob(filepath.Join(folder, "items", "recipe=m3Yc2tFvN8q", "*"))
	if err != nil || len(kept) != 1 || !strings.HasSuffix(kept[0], "-third.ndjson.zst") || len(m.All()) != 0 {
		t.Errorf("kept %v, %v; it said %q", kept, err, m.All())
	}
}
