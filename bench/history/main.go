// History measures two operations of the history: recording a run, and reading a page of runs of one recipe from a
// store with many recipes.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"text/tabwriter"
	"time"

	"sbwatch/history"
	"sbwatch/history/postgres"
	"sbwatch/history/sqlite"
	"sbwatch/model/baseline"
	"sbwatch/model/item"
	"sbwatch/model/optional"
	"sbwatch/model/profile"
	"sbwatch/model/run"
	"sbwatch/model/text"
	"sbwatch/model/watch"
)

const (
	columns      = 30
	runsOfRecipe = 1000 // number of runs of each recipe and on each page
)

func main() {
	runs := flag.Int("runs", 100_000, "number of recorded runs")
	rounds := flag.Int("rounds", 20, "number of measurements of each kind")
	address := flag.String("postgres", os.Getenv("SBWATCH_TEST_POSTGRES"), "address of an empty PostgreSQL database; none by default")
	flag.Parse()
	if err := measureAll(context.Background(), *runs, *rounds, *address); err != nil {
		_, _ = fmt.Fprintln(os.Stderr, "history:", err)
		os.Exit(1)
	}
}

func measureAll(ctx context.Context, runs, rounds int, address string) error {
	out := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	_, _ = fmt.Fprintf(out, "store\truns\tfilling, per run\trecord a run\tpage of %d runs\tpage without column profiles\tjudge the page\t\n", runsOfRecipe)
	folder, err := os.MkdirTemp("", "sbwatch-bench-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(folder) }()
	store, err := sqlite.Open(ctx, filepath.Join(folder, "history.db"))
	if err != nil {
		return err
	}
	if err := measure(ctx, out, "SQLite", store, runs, rounds); err != nil {
		return err
	}
	if address == "" {
		_, _ = fmt.Fprintf(out, "PostgreSQL\t(set SBWATCH_TEST_POSTGRES)\t\n")
		return out.Flush()
	}
	shared, err := postgres.Open(ctx, address)
	if err != nil {
		return err
	}
	if err := measure(ctx, out, "PostgreSQL", shared, runs, rounds); err != nil {
		return err
	}
	if err := out.Flush(); err != nil {
		return err
	}
	fmt.Println("targets, without the archive: record a run 20 ms, page of 1,000 runs 50 ms")
	return nil
}

// measure fills a store and measures operations on it.
func measure(ctx context.Context, out *tabwriter.Writer, name string, store history.Store, runs, rounds int) (err error) {
	defer func() {
		_, forgetting := store.Forget(ctx, history.Forget{All: true})
		err = errors.Join(err, forgetting, store.Close())
	}()
	began := time.Now()
	for n := range runs {
		if err := store.Put(ctx, record(n)); err != nil {
			return err
		}
	}
	filled := time.Since(began) / time.Duration(max(runs, 1))

	next := runs
	put, err := median(rounds, func() error {
		next++
		return store.Put(ctx, record(next))
	})
	if err != nil {
		return err
	}
	var page []history.Summary
	query := history.Query{RecipeID: record(0).RecipeID.Raw(), Limit: runsOfRecipe}
	read, err := median(rounds, func() (err error) {
		page, err = store.Runs(ctx, query)
		return err
	})
	if err != nil {
		return err
	}
	query.WithoutColumns = true
	facts, err := median(rounds, func() error {
		_, err := store.Runs(ctx, query)
		return err
	})
	if err != nil {
		return err
	}
	judged, _ := median(rounds, func() error {
		earlier := make([]baseline.Run, 0, len(page))
		for _, summary := range slices.Backward(page) {
			earlier = append(earlier, summary.Run)
		}
		baseline.Judge(earlier)
		return nil
	})
	_, err = fmt.Fprintf(out, "%s\t%d\t%v\t%v\t%v\t%v\t%v\t\n", name, runs, round(filled), round(put), round(read), round(facts), round(judged))
	return err
}

func round(d time.Duration) time.Duration { return d.Round(10 * time.Microsecond) }

// median calls the function work several times, and returns the median duration of these calls.
func median(rounds int, work func() error) (time.Duration, error) {
	durations := make([]time.Duration, rounds)
	for i := range durations {
		began := time.Now()
		if err := work(); err != nil {
			return 0, err
		}
		durations[i] = time.Since(began)
	}
	slices.Sort(durations)
	return durations[rounds/2], nil
}

// record returns the n-th run to record. Each recipe has runsOfRecipe runs.
func record(n int) *history.Record {
	began := time.Date(2020, 1, 1, 3, 0, 0, 0, time.UTC).Add(time.Duration(n) * time.Hour)
	r := &history.Record{Host: "api.webscrape.ai", Mode: text.NewText("replay"), RecordedAt: began.Add(time.Minute)}
	r.Run = baseline.Run{
		ID: text.NewText(fmt.Sprintf("run%08d", n)), RecipeID: text.NewText(fmt.Sprintf("recipe%05d", n/runsOfRecipe)),
		Status: run.StatusCompleted, CreatedAt: began, StartedAt: began, CompletedAt: began.Add(time.Minute),
		Pages: optional.Some(int64(40)), Items: optional.Some(int64(1000)), Credits: optional.Some(int64(80)), Drift: optional.Some(0.05),
	}
	for i := range columns {
		name := fmt.Sprintf("column_%d", i)
		c := profile.ColumnSummary{
			Path: item.PlaceOf(item.PathOf(name)), Name: text.NewText(name), Of: 1000, Covered: 900 + (n+i)%100, Missing: 100 - (n+i)%100,
			Types: map[string]int{"text": 900 + (n+i)%100}, Distinct: profile.Amount{N: 700 + n%50},
		}
		if i%3 == 0 {
			c.Types = map[string]int{"number": c.Covered}
			c.Numbers = &profile.NumberSummary{Count: c.Covered, Min: 0.5, Median: 19.99 + float64(n%10), Max: 1234.5}
		}
		r.Columns = append(r.Columns, c)
	}
	for i := range 30 {
		r.Samples = append(r.Samples, watch.Sample{At: began.Add(time.Duration(2*i) * time.Second), Pages: int64(i), Items: int64(30 * i)})
	}
	return r
}
