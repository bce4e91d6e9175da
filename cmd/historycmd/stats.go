package historycmd

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"sbwatch/cmd/progress"
	"sbwatch/cmd/recording"
	"sbwatch/history"
	"sbwatch/report"
)

func (p Program) statsCommand() *cobra.Command {
	var asJSON, reader bool
	c := &cobra.Command{
		Use:   "stats [flags]",
		Short: "Show how many runs are recorded, and how much space they take",
		Args:  p.noArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			return p.withStore(c.Context(), func(store history.Store) error {
				shown, err := during(c.Context(), p, progress.Elapsed("counting the runs"), func() (report.HistoryStats, error) {
					return p.stats(c.Context(), store)
				})
				if err != nil {
					return err
				}
				if asJSON {
					return report.WriteHistoryStatsJSON(p.Stdout, shown)
				}
				if reader {
					return p.write(report.SpokenList(report.HistoryStatsTable(shown)))
				}
				return p.write(report.HistoryStatsTable(shown))
			})
		},
		ValidArgsFunction: cobra.NoFileCompletions,
	}
	c.Flags().BoolVar(&reader, "screen-reader", false, report.ScreenReaderHelp)
	c.Flags().BoolVar(&asJSON, "json", false, "write a JSON object")
	return c
}

// stats returns the statistics of the history and the number of runs in the spool.
func (p Program) stats(ctx context.Context, store history.Store) (report.HistoryStats, error) {
	stats, err := store.Stats(ctx)
	if err != nil {
		return report.HistoryStats{}, err
	}
	places := p.Places()
	shown := report.HistoryStats{
		Stats: stats, Database: places.Database(), Archive: places.Archive(), KeepItems: places.Config.KeepItems.Or(0),
	}
	spool, err := places.OpenExistingSpool(ctx)
	if errors.Is(err, recording.ErrNone) {
		return shown, nil
	}
	if err != nil {
		return shown, err
	}
	defer func() { _ = spool.Close() }()
	waiting, err := spool.Stats(ctx)
	shown.Waiting = waiting.Runs
	return shown, err
}
