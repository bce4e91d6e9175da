package history

import (
	"cmp"
	"context"
	"slices"

	"sbwatch/model/baseline"
	"sbwatch/model/run"
)

// JudgedRuns is the default number of runs from which the usual values of a recipe are computed.
const JudgedRuns = 200

// Judged is a recipe with its newest runs. Each run is compared with the runs before it.
type Judged struct {
	Host string
	ID   string
	// Count is the total number of recorded runs of the recipe.
	Count int
	// Runs holds the newest runs. The newest comes first.
	Runs []Summary
	// Judgments holds the judgment of each run, in the order of Runs.
	Judgments []baseline.Judgment
}

// Judge reads the newest runs of a recipe and compares each with the runs before it. limit is the maximum number of
// runs.
func Judge(ctx context.Context, store Store, recipe Recipe, limit int) (Judged, error) {
	runs, err := store.Runs(ctx, Query{Host: recipe.Host, RecipeID: recipe.ID, Limit: limit})
	if err != nil {
		return Judged{}, err
	}
	judged := Judged{Host: recipe.Host, ID: recipe.ID, Count: recipe.Count, Runs: runs}
	var oldestFirst []baseline.Run
	for _, summary := range slices.Backward(runs) {
		oldestFirst = append(oldestFirst, summary.Run)
	}
	judged.Judgments = baseline.Judge(oldestFirst)
	slices.Reverse(judged.Judgments)
	return judged, nil
}

// Progress receives the progress of a long operation.
type Progress interface {
	// Add adds to the total amount of work. Done adds to the amount of work that is done.
	Add(amount int)
	Done(amount int)
}

// JudgeAll judges all recipes and returns the worst recipe first. It sorts the recipes by the kind of their advice,
// then by the status of their newest run, then by the severity of the changes in this run. Among equal recipes, the one
// with the latest run comes first.
//
// JudgeAll adds each recipe to the work of progress, and later to the work that is done.
func JudgeAll(ctx context.Context, store Store, limit int, progress Progress) ([]Judged, error) {
	recipes, err := store.Recipes(ctx, 0)
	if err != nil {
		return nil, err
	}
	progress.Add(len(recipes))
	var all []Judged
	for _, recipe := range recipes {
		judged, err := Judge(ctx, store, recipe, limit)
		if err != nil {
			return nil, err
		}
		if len(judged.Runs) > 0 {
			all = append(all, judged)
		}
		progress.Done(1)
	}
	slices.SortStableFunc(all, func(a, b Judged) int {
		return cmp.Or(cmp.Compare(b.advice(), a.advice()), cmp.Compare(b.badness(), a.badness()), cmp.Compare(b.severity(), a.severity()),
			b.Runs[0].At().Compare(a.Runs[0].At()))
	})
	return all, nil
}

// Newest returns the judgment of the newest run that is comparable with other runs, or nil if no run is comparable.
func (j *Judged) Newest() *baseline.Judgment {
	for i := range j.Judgments {
		if j.Judgments[i].Run.Comparable() {
			return &j.Judgments[i]
		}
	}
	return nil
}

func (j *Judged) advice() baseline.AdviceKind {
	if newest := j.Newest(); newest != nil {
		return newest.Advice.Kind
	}
	return baseline.AdviceNone
}

// badness returns a number for the status of the newest run of a recipe: 2 for failed, 0 for completed, running and
// queued, and 1 for any other status.
func (j *Judged) badness() int {
	switch j.Runs[0].Status {
	case run.StatusFailed:
		return 2
	case run.StatusCompleted, run.StatusRunning, run.StatusQueued:
		return 0
	default:
		return 1
	}
}

func (j *Judged) severity() baseline.Severity {
	newest := j.Newest()
	if newest == nil {
		return baseline.Note
	}
	worst := baseline.Note
	for _, c := range newest.Changes {
		if c.Worse {
			worst = max(worst, c.Severity)
		}
	}
	return worst
}
