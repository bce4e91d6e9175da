package historycmd

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"sbwatch/cmd/flagvalue"
	"sbwatch/cmd/progress"
	"sbwatch/files"
	"sbwatch/files/read"
	"sbwatch/history"
	"sbwatch/history/archive"
	"sbwatch/model/run"
	"sbwatch/model/text"
	"sbwatch/work"
)

type exportFlags struct{ format, to string }

func (p Program) exportCommand() *cobra.Command {
	var flags exportFlags
	c := &cobra.Command{
		Use:   "export [flags] --to DIR|s3://BUCKET/PREFIX [RECIPE_ID]...",
		Short: "Write the items of all recorded runs as Parquet or NDJSON, for DuckDB, Spark and others",
		Long: `Write the items of all recorded runs, or of the runs of some recipes. Each run becomes one file: recipe=ID/TIME-RUN.parquet.
Programs such as DuckDB, Spark, Trino and ClickHouse read the whole folder or bucket as one table with a column "recipe".

The credentials for a bucket come from the usual AWS variables and files. Files of earlier exports are replaced.`,
		Example: "  sbwatch history export --format parquet --to ./items\n" +
			"  duckdb -c \"SELECT recipe, count(*) FROM read_parquet('items/*/*.parquet', hive_partitioning = true, union_by_name = true) GROUP BY recipe\"",
		RunE: func(c *cobra.Command, args []string) error {
			if flags.to == "" {
				return p.WrongUsage("no target is given: use --to with a folder or s3://bucket/prefix", c.CommandPath())
			}
			format, _ := files.FormatNamed(flags.format)
			return p.withStore(c.Context(), func(store history.Store) error {
				return p.export(c.Context(), store, format, flags.to, args)
			})
		},
		ValidArgsFunction: p.completeRecipe,
	}
	c.Flags().StringVar(&flags.format, "format", files.Parquet.String(), "parquet or ndjson")
	flagvalue.Restrict(c.Flags(), "format", &flags.format, func(given string) string {
		if format, _ := files.FormatNamed(given); format == files.Parquet || format == files.NDJSON {
			return ""
		}
		return fmt.Sprintf("--format %q is not parquet or ndjson", given)
	})
	flagvalue.Specific(c, "format")
	_ = c.RegisterFlagCompletionFunc("format", cobra.FixedCompletions([]string{files.Parquet.String(), files.NDJSON.String()}, cobra.ShellCompDirectiveNoFileComp)) // fails only for unknown flags
	c.Flags().StringVar(&flags.to, "to", "", "write to this folder, or to s3://bucket/prefix")
	flagvalue.Label(c.Flags(), "format", "format")
	flagvalue.Label(c.Flags(), "to", "folder")
	flagvalue.Specific(c, "to")
	return c
}

// export writes the items of all runs of the recipes with these ids. Without ids, it writes the items of all recorded
// runs.
func (p Program) export(ctx context.Context, store history.Store, format files.Format, to string, recipes []string) error {
	kept, err := during(ctx, p, readingHistory(), func() ([]history.Forgotten, error) { return store.Archives(ctx) })
	if err != nil {
		return err
	}
	if len(recipes) > 0 {
		kept = slices.DeleteFunc(kept, func(f history.Forgotten) bool { return !slices.Contains(recipes, f.RecipeID) })
	}
	if len(kept) == 0 {
		return errors.New("the history has no items of these recipes")
	}
	from, err := p.Places().OpenArchive(ctx)
	if err != nil {
		return err
	}
	e := exporter{program: p, store: store, from: from, format: format}
	end, err := e.open(to)
	if err != nil {
		return err
	}
	defer end()
	failed, err := e.runs(ctx, kept)
	if err != nil {
		return err
	}
	if err := p.write("exported " + text.Counted(int64(len(kept)-failed), "run") + " to " + text.Printable(e.to.String()) + "\n"); err != nil {
		return err
	}
	if failed > 0 {
		return fmt.Errorf("%s not exported", text.Counted(int64(failed), "run"))
	}
	return nil
}

// exporter writes the items of recorded runs to a folder or bucket.
type exporter struct {
	program Program
	store   history.Store
	from    history.Archiver
	to      *archive.Archiver
	format  files.Format
}

// open opens the target of the export, a folder or an s3:// address. The function end removes temporary files.
func (e *exporter) open(to string) (end func(), err error) {
	if !strings.HasPrefix(to, "s3://") {
		if to, err = filepath.Abs(to); err != nil {
			return nil, err
		}
	}
	spool, err := os.MkdirTemp("", "sbwatch-export-*")
	if err != nil {
		return nil, err
	}
	e.to, err = archive.Open(archive.Config{Location: to, Spool: spool, Endpoint: e.program.Places().Config.Endpoint})
	end = func() { _ = os.RemoveAll(spool) }
	if err != nil {
		end()
		return nil, err
	}
	return end, nil
}

// runs writes the items of runs and shows the progress. It tells the user about each run that cannot be exported, and
// returns the number of these runs.
func (e *exporter) runs(ctx context.Context, kept []history.Forgotten) (failed int, err error) {
	var done work.Progress
	done.Add(len(kept))
	defer e.program.ShowWork(progress.Steps("exporting", "run", &done))()
	for _, run := range kept {
		err := e.run(ctx, run.Key)
		if ctx.Err() != nil {
			return failed, context.Cause(ctx)
		}
		if err != nil {
			failed++
			e.program.Say("run " + run.RunID + " is not exported: " + err.Error())
		}
		done.Done(1)
	}
	return failed, nil
}

// run writes the items of one run.
func (e *exporter) run(ctx context.Context, key history.Key) error {
	record, err := e.store.Get(ctx, key)
	if err != nil {
		return err
	}
	source, err := history.OpenAnswer(ctx, e.from, record)
	if err != nil {
		return err
	}
	answer, err := work.Do(ctx, func() (run.Answer, error) {
		answer, err := read.Open(source, read.Options{Name: key.RunID, Limits: e.program.Limits()})
		return answer, errors.Join(err, source.Close())
	})
	switch {
	case err != nil:
		return err
	case answer.Incomplete != nil:
		return answer.Incomplete
	case e.format == files.Parquet:
		_, err = e.to.WriteParquet(ctx, record, answer.Items)
		return err
	}
	written, err := e.to.Write(ctx, record, answer.Items)
	if errors.Is(err, history.ErrArchivePending) {
		return e.to.Deliver(ctx, written)
	}
	return err
}
