package recording

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"sbwatch/api/wire"
	"sbwatch/cmd/machine"
	"sbwatch/files/read"
	"sbwatch/history"
	"sbwatch/model/baseline"
	"sbwatch/model/item"
	"sbwatch/model/run"
	"sbwatch/model/text"
	"sbwatch/ui"
)

// Reader implements [ui.History]: it reads recorded runs for the dashboard. It opens the database at the first call and
// keeps the database open until Close.
type Reader struct {
	// OpenStore opens the database. It returns [ErrNone] if nothing is recorded yet.
	OpenStore func(ctx context.Context) (history.Store, error)
	// OpenArchive opens the archive of the items.
	OpenArchive func(ctx context.Context) (history.Archiver, error)
	// Host is the host of the service that the dashboard uses. If it is empty, the Reader returns the runs of all
	// hosts.
	Host string
	// Limits are the limits for reading the items of a run.
	Limits wire.Limits

	mu    sync.Mutex
	store history.Store
}

// database returns the database. The first call opens it.
func (r *Reader) database(ctx context.Context) (history.Store, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.store != nil {
		return r.store, nil
	}
	store, err := r.OpenStore(ctx)
	if err == nil {
		r.store = store
	}
	return store, err
}

// Close closes the database.
func (r *Reader) Close() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.store != nil {
		_ = r.store.Close()
		r.store = nil
	}
}

// Recipes returns the recorded recipes with their newest runs.
func (r *Reader) Recipes(ctx context.Context) ([]ui.RecordedRecipe, error) {
	store, err := r.database(ctx)
	if err != nil {
		return nil, unlessNone(err)
	}
	recipes, err := store.Recipes(ctx, 1)
	if err != nil {
		return nil, err
	}
	var recorded []ui.RecordedRecipe
	for _, recipe := range recipes {
		if r.Host != "" && r.Host != recipe.Host {
			continue
		}
		one := ui.RecordedRecipe{RecipeKey: ui.RecipeKey{Host: recipe.Host, ID: recipe.ID}, Runs: recipe.Count}
		if len(recipe.Runs) > 0 {
			one.LastAt = recipe.Runs[0].At()
		}
		recorded = append(recorded, one)
	}
	return recorded, nil
}

// Runs returns the newest recorded runs of a recipe. limit is the maximum number of runs.
func (r *Reader) Runs(ctx context.Context, recipe ui.RecipeKey, limit int) ([]ui.RecordedRun, error) {
	store, err := r.database(ctx)
	if err != nil {
		return nil, unlessNone(err)
	}
	host := recipe.Host
	if host == "" {
		host = r.Host
	}
	summaries, err := store.Runs(ctx, history.Query{Host: host, RecipeID: recipe.ID, Limit: limit})
	if err != nil {
		return nil, err
	}
	runs := make([]ui.RecordedRun, 0, len(summaries))
	for _, s := range slices.Backward(summaries) {
		runs = append(runs, ui.RecordedRun{
			Run: s.Run, Host: s.Host, Warnings: s.Warnings, Findings: s.Findings, Broken: s.Broken, HasItems: !s.Archive.IsEmpty(),
		})
	}
	return runs, nil
}

// durationRuns is the maximum number of recorded runs that Duration uses.
const durationRuns = 30

// Duration returns how long the runs of a recipe usually take. isKnown is false if the history has too few runs.
func (r *Reader) Duration(ctx context.Context, recipe text.Text) (usual time.Duration, isKnown bool) {
	recorded, err := r.Runs(ctx, ui.RecipeKey{ID: recipe.Raw()}, durationRuns)
	if err != nil {
		return 0, false // the duration only improves the times of the polls
	}
	runs := make([]baseline.Run, len(recorded))
	for i := range recorded {
		runs[i] = recorded[i].Run
	}
	_, course := baseline.JudgeCourse(runs)
	return course.Duration().Get()
}

// spentPage is the number of runs that Spent reads with one query.
const spentPage = 100

// Spent returns the costs of the runs that were recorded since the given time.
func (r *Reader) Spent(ctx context.Context, since time.Time) ([]baseline.Spent, error) {
	store, err := r.database(ctx)
	if err != nil {
		return nil, unlessNone(err)
	}
	recipes, err := store.Recipes(ctx, 0)
	if err != nil {
		return nil, err
	}
	var spent []baseline.Spent
	for _, recipe := range recipes {
		if r.Host != "" && r.Host != recipe.Host {
			continue
		}
		q := history.Query{Host: recipe.Host, RecipeID: recipe.ID, Limit: spentPage, WithoutColumns: true}
		for {
			runs, err := store.Runs(ctx, q)
			if err != nil {
				return nil, err
			}
			for i := range runs {
				if credits, known := runs[i].Credits.Get(); known && runs[i].At().After(since) {
					spent = append(spent, baseline.Spent{At: runs[i].At(), Credits: credits})
				}
			}
			if len(runs) < spentPage || !runs[len(runs)-1].At().After(since) {
				break
			}
			q.Before = runs[len(runs)-1].At()
		}
	}
	return spent, nil
}

// unlessNone returns err, or nil if err is [ErrNone], because an empty history is not an error.
func unlessNone(err error) error {
	if errors.Is(err, ErrNone) {
		return nil
	}
	return err
}

// Open reads the items of a recorded run. It calls onItems while items arrive.
func (r *Reader) Open(ctx context.Context, recorded ui.RecordedRun, onItems func(item.Table)) (run.Answer, error) {
	store, err := r.database(ctx)
	if err != nil {
		return run.Answer{}, err
	}
	record, err := store.Get(ctx, history.Key{Host: recorded.Host, RunID: recorded.ID.Raw()})
	if err != nil {
		return run.Answer{}, err
	}
	var archiver history.Archiver
	if !record.Archive.IsEmpty() {
		if archiver, err = r.OpenArchive(ctx); err != nil {
			return run.Answer{}, err
		}
	}
	source, err := history.OpenAnswer(ctx, archiver, record)
	if err != nil {
		return run.Answer{}, err
	}
	defer context.AfterFunc(ctx, func() { _ = source.Close() })()
	defer func() { _ = source.Close() }()
	answer, err := read.Open(source, read.Options{Name: "answer.json", Limits: r.Limits, OnItems: onItems})
	machine.BoundGarbage()
	return answer, err
}
