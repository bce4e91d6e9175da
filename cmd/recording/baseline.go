package recording

import (
	"context"
	"errors"
	"slices"

	"sbwatch/history"
	"sbwatch/model/baseline"
	"sbwatch/model/optional"
	"sbwatch/model/profile"
	"sbwatch/model/rules"
	"sbwatch/model/run"
	"sbwatch/model/watch"
)

// Compare compares a run with the earlier runs of its recipe and returns the judgment. It uses only runs that were
// recorded for host. If host is empty, it uses runs of all hosts. If there are no earlier runs, the judgment says so.
func (p Places) Compare(ctx context.Context, host string, r baseline.Run) (baseline.Judgment, error) {
	store, err := p.OpenExisting(ctx)
	if errors.Is(err, ErrNone) {
		return baseline.JudgeLast([]baseline.Run{r}), nil
	}
	if err != nil {
		return baseline.Judgment{}, err
	}
	defer func() { _ = store.Close() }()
	if r.Cut == run.CutNone && !r.ID.IsEmpty() {
		if r.Cut, err = recordedCut(ctx, store, host, r.ID.Raw()); err != nil {
			return baseline.Judgment{}, err
		}
	}
	earlier, err := store.Runs(ctx, history.Query{Host: host, RecipeID: r.RecipeID.Raw(), Before: r.At(), Limit: history.JudgedRuns})
	if err != nil {
		return baseline.Judgment{}, err
	}
	var runs []baseline.Run
	for _, summary := range slices.Backward(earlier) {
		if summary.ID.IsEmpty() || summary.ID.Raw() != r.ID.Raw() {
			runs = append(runs, summary.Run)
		}
	}
	return baseline.JudgeLast(append(runs, r)), nil
}

// recordedCut returns the recorded reason why a run was cut short, such as the limit of the account's credits. Saved
// answers do not contain this reason.
func recordedCut(ctx context.Context, store history.Store, host, id string) (run.Cut, error) {
	keys, err := store.Find(ctx, id)
	if err != nil {
		return run.CutNone, err
	}
	for _, key := range keys {
		if host != "" && key.Host != host {
			continue
		}
		record, err := store.Get(ctx, key)
		if err != nil && !errors.Is(err, history.ErrNotFound) {
			return run.CutNone, err
		}
		if err == nil && record.Cut != run.CutNone {
			return record.Cut, nil
		}
	}
	return run.CutNone, nil
}

// RunOf returns the facts about a watched run that are compared with earlier runs. p is the profile of its items.
func RunOf(w *watch.Watch, p *profile.Profile) baseline.Run {
	facts := w.Run()
	r := baseline.Run{
		ID: facts.ID, RecipeID: w.RecipeID(), Status: facts.Status(), Error: facts.Error,
		CreatedAt: facts.CreatedAt, StartedAt: facts.StartedAt, CompletedAt: facts.CompletedAt,
		Pages: facts.Pages, Items: facts.Items, Credits: facts.Credits, Drift: facts.Drift(), Columns: p.Summary().Columns,
	}
	if facts.StatusSent.IsEmpty() && facts.Error.IsEmpty() {
		r.Status = run.StatusCompleted // the file contains items, but no answer of the service
	}
	if !r.Items.Known() {
		r.Items = optional.Some(int64(w.Items().Total()))
	}
	if usage, known := w.Usage(); known {
		r.Cut = usage.CutShort(facts.ID, facts)
	}
	return r
}

// UsualOf returns the usual values of earlier runs, such as the number of items. The suggested rules are based on these
// values.
func UsualOf(j *baseline.Judgment) rules.Usual {
	if !j.ClaimsUsual() {
		return rules.Usual{}
	}
	usual := rules.Usual{Runs: j.Earlier, Coverage: map[string]float64{}}
	if items, known := j.Usual(baseline.Items).Get(); known {
		usual.MinItems = optional.Some(int(items.Low))
	}
	if drift, known := j.Usual(baseline.Drift).Get(); known {
		usual.MaxDrift = optional.Some(drift.High)
	}
	for _, name := range j.Columns() {
		if coverage, known := j.UsualCoverage(name.Raw()).Get(); known {
			usual.Coverage[name.Raw()] = coverage.Low
		}
	}
	return usual
}
