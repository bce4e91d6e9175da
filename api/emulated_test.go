package api_test

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"sbwatch/api"
	"sbwatch/api/emulator"
	"sbwatch/internal/emulated"
	"sbwatch/model/optional"
	"sbwatch/model/run"
)

// These tests run each recipe of the emulator from its dispatch to its end. The client sends and receives the same
// bytes as over a network.

// pollToTheEnd polls every second until the run ends. It also returns the kinds of problems that occurred, with their
// counts.
func pollToTheEnd(ctx context.Context, t *testing.T, client *api.Client, id string) (run.Answer, map[run.ProblemKind]int) {
	t.Helper()
	problems := map[run.ProblemKind]int{}
	for range 2000 {
		answer, err := client.Poll(ctx, id, nil)
		var problem *run.Problem
		switch {
		case errors.As(err, &problem):
			problems[problem.Kind]++
			if !problem.Passing() {
				t.Fatalf("%v", err)
			}
		case err != nil:
			t.Fatalf("an error that is no problem: %v", err)
		case answer.Run.Status().Terminal():
			return answer, problems
		case answer.Items.Len() > 0 || answer.Run.Result.Known():
			t.Fatal("a result before the end")
		}
		time.Sleep(time.Second)
	}
	t.Fatal("the run never ended")
	return run.Answer{}, nil
}

func TestEveryRecipeFromDispatchToEnd(t *testing.T) {
	for recipe, want := range map[string]struct {
		status   run.Status
		pages    int64
		items    int64 // -1 if only the items in the answer are counted
		warnings int
		drift    float64 // -1 if any drift is accepted
		takes    time.Duration
	}{
		"m3Yc2tFvN8q": {run.StatusCompleted, 3, 87, 0, 0.02, 90 * time.Second},
		"catalogue01": {run.StatusCompleted, 40, -1, 1, 0.07, 120 * time.Second},
		"stalled0001": {run.StatusCompleted, 12, -1, 2, -1, 60 * time.Second},
		"drifted0001": {run.StatusCompleted, 8, 61, 3, 0.61, 45 * time.Second},
		"failing0001": {run.StatusFailed, 3, 61, 0, -1, 37 * time.Second},
		"cancelled01": {run.StatusCancelled, 5, 140, 0, -1, 30 * time.Second},
		"empty000001": {run.StatusCompleted, 1, 0, 1, -1, 10 * time.Second},
		"huge0000001": {run.StatusCompleted, 400, 5000, 0, -1, 60 * time.Second},
		"hostile0001": {run.StatusCompleted, 4, -1, 4, -1, 30 * time.Second},
		"broken00001": {run.StatusCompleted, 2, -1, 0, -1, 15 * time.Second},
		"flaky000001": {run.StatusCompleted, 6, 180, 0, -1, 60 * time.Second},
	} {
		t.Run(recipe, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				client := emulated.Client(t, emulator.Options{Items: 5000})
				dispatch, err := client.Dispatch(t.Context(), recipe)
				if err != nil {
					t.Fatal(err)
				}
				answer, _ := pollToTheEnd(t.Context(), t, client, dispatch.RunID.Raw())
				r := answer.Run
				if r.Status() != want.status || r.ID != dispatch.RunID || r.RecipeID.Raw() != recipe {
					t.Errorf("run %v of %v is %v", r.ID, r.RecipeID, r.Status())
				}
				if r.Pages.Or(-1) != want.pages || want.items >= 0 && r.Items.Or(-1) != want.items {
					t.Errorf("%d pages and %d items", r.Pages.Or(-1), r.Items.Or(-1))
				}
				if got := r.Elapsed(time.Now()); got != want.takes {
					t.Errorf("took %v, want %v", got, want.takes)
				}
				if got := len(r.Warnings().Or(nil)); got != want.warnings {
					t.Errorf("%d warnings", got)
				}
				if got := r.Drift().Or(-1); want.drift >= 0 && got != want.drift {
					t.Errorf("drift %v", got)
				}
				if want.status != run.StatusCompleted {
					if r.Credits.Or(-1) != 0 || r.Error.IsEmpty() || r.Result.Known() {
						t.Errorf("a run that ended badly: %d credits, error %q, result %v", r.Credits.Or(-1), r.Error, r.Result.Known())
					}
					return
				}
				checkItems(t, answer)
			})
		})
	}
}

// checkItems checks that the table has as many items and pages as the run reports, that each row is valid JSON, and
// that each cell can be read.
func checkItems(t *testing.T, answer run.Answer) {
	t.Helper()
	items := answer.Items
	if int64(items.Len()) != answer.Run.Items.Or(-1) || int64(items.Pages()) != answer.Run.Pages.Or(-1) {
		t.Errorf("%d items of %d pages are there, the run counted %d of %d",
			items.Len(), items.Pages(), answer.Run.Items.Or(-1), answer.Run.Pages.Or(-1))
	}
	for row := range items.Len() {
		if !json.Valid(items.Row(row)) {
			t.Fatalf("row %d is not whole: %q", row, items.Row(row))
		}
		for column := range items.Columns() {
			_ = items.Cell(row, column).Text().String()
		}
	}
}

func TestTheFlakyRunIsSeenThroughItsFaults(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client := emulated.Client(t, emulator.Options{})
		dispatch, err := client.Dispatch(t.Context(), "flaky000001")
		if err != nil {
			t.Fatal(err)
		}
		_, problems := pollToTheEnd(t.Context(), t, client, dispatch.RunID.Raw())
		for _, kind := range []run.ProblemKind{run.ProblemRateLimited, run.ProblemService, run.ProblemMalformed} {
			if problems[kind] == 0 {
				t.Errorf("no problem of kind %d among %v", kind, problems)
			}
		}
	})
}

func TestTheDocumentedSampleIsThere(t *testing.T) {
	client := emulated.Client(t, emulator.Options{})
	answer, err := client.Poll(t.Context(), "k7Xb9dRmQ2p", nil)
	if err != nil {
		t.Fatal(err)
	}
	if first := answer.Items.Cell(0, 0).Text().Raw() + " " + answer.Items.Cell(1, 1).Text().Raw(); first != "Product A $29.99" {
		t.Errorf("the sample begins with %q", first)
	}
	checkItems(t, answer)
}

func TestRefusalsOfTheEmulatorAreUnderstood(t *testing.T) {
	for name, c := range map[string]struct {
		options emulator.Options
		ask     func(context.Context, *api.Client) error
		want    run.ProblemKind
		says    string
	}{
		"no such run": {
			emulator.Options{},
			func(ctx context.Context, c *api.Client) error { _, err := c.Poll(ctx, "zzzzzzzzzzz", nil); return err },
			run.ProblemRefused, "no such run",
		},
		"no such recipe": {
			emulator.Options{},
			func(ctx context.Context, c *api.Client) error { _, err := c.Dispatch(ctx, "zzzzzzzzzzz"); return err },
			run.ProblemRefused, "no such recipe",
		},
		"no credits": {
			emulator.Options{Credits: optional.Some(1)},
			func(ctx context.Context, c *api.Client) error { _, err := c.Dispatch(ctx, "catalogue01"); return err },
			run.ProblemCredits, "out of credits: 1 left, 2 needed",
		},
		"the monthly quota": {
			emulator.Options{RunsPerMonth: optional.Some(0)},
			func(ctx context.Context, c *api.Client) error { _, err := c.Dispatch(ctx, "catalogue01"); return err },
			run.ProblemQuota, "quota",
		},
	} {
		t.Run(name, func(t *testing.T) {
			err := c.ask(t.Context(), emulated.Client(t, c.options))
			var problem *run.Problem
			if !errors.As(err, &problem) || problem.Kind != c.want || !strings.Contains(problem.Error(), c.says) {
				t.Errorf("got %v", err)
			}
			if problem != nil && (problem.RequestID.IsEmpty() || problem.NextStep.IsEmpty()) {
				t.Errorf("no request id or no next step: %+v", problem)
			}
		})
	}
}
