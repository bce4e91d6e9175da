package historycmd

import (
	"github.com/spf13/cobra"

	"sbwatch/cmd/progress"
	"sbwatch/history"
	"sbwatch/model/text"
)

func (p Program) pruneCommand() *cobra.Command {
	var keep int64
	c := &cobra.Command{
		Use:   "prune [flags]",
		Short: "Remove the items of the oldest runs until the archive is small enough",
		Long: `Remove the archived items of the oldest runs until the archive is at most as large as --keep-items. Without the flag, the limit is
keep_items in the config file. The records of the runs themselves stay.

If keep_items is set in the config file, this also happens whenever a run is recorded.`,
		Example: "  sbwatch history prune --keep-items 2GB",
		Args:    p.noArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			limit, limited := p.Places().Config.KeepItems.Get()
			if c.Flags().Changed("keep-items") {
				limit, limited = keep, true
			}
			if !limited {
				return p.WrongUsage("no maximum size is given: use --keep-items, or set keep_items in the section [history] of the config file", c.CommandPath())
			}
			return p.withStore(c.Context(), func(store history.Store) error {
				archiver, err := p.Places().OpenArchive(c.Context())
				if err != nil {
					return err
				}
				stop := p.ShowWork(progress.Elapsed("removing items"))
				pruned, err := history.Prune(c.Context(), store, archiver, limit)
				stop()
				if pruned.Runs == 0 && err != nil {
					return err
				}
				if writeErr := p.write("removed the items of " + text.Counted(int64(pruned.Runs), "run") + " (" + text.Bytes(pruned.Bytes) + ")\n"); err == nil {
					err = writeErr
				}
				return err
			})
		},
		ValidArgsFunction: cobra.NoFileCompletions,
	}
	c.Flags().Var(p.Size(&keep), "keep-items", "maximum size of the archive, such as 2GB (default: keep_items in the config file)")
	return c
}
