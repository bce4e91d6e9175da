package historycmd

import (
	"errors"

	"github.com/spf13/cobra"

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
				stats, err := store.Stats(c.Context())
				if err != nil {
					return err
				}
				places := p.Places()
				shown := report.HistoryStats{
					Stats: stats, Database: places.Database(), Archive: places.Archive(), KeepItems: places.Config.KeepItems.Or(0),
				}
				spool, err := places.OpenExistingSpool(c.Context())
				switch {
				case errors.Is(err, recording.ErrNone):
				case err != nil:
					return err
				default:
					waiting, err := spool.Stats(c.Context())
					_ = spool.Close()
					if err != nil {
						return err
					}
					shown.Waiting = waiting.Runs
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
