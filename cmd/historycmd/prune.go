package historycmd

import (
	"github.com/spf13/cobra"

	"sbwatch/history"
	"sbwatch/model/text"
)

func (p Program) pruneCommand() *cobra.Command {
	var keep int64
	c := &cobra.Command{
		Use:   "prune [flags]",
		Short: "Remove the oldest items until the rest takes at most a given size",
		Long: `Remove the archived items of the oldest runs until the rest takes at most --keep-items, or else keep_items of the config file.
What is recorded about the runs themselves stays.

With keep_items in the config file, this also happens whenever a run is recorded.`,
		Example: "  sbwatch history prune --keep-items 2GB",
		Args:    p.noArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			limit, limited := p.Places().Config.KeepItems.Get()
			if c.Flags().Changed("keep-items") {
				limit, limited = keep, true
			}
			if !limited {
				return p.WrongUsage("there is no limit: give --keep-items, or set keep_items below [history] in the config file", c.CommandPath())
			}
			return p.with(c.Context(), func(store history.Store) error {
				archiver, err := p.Places().OpenArchive(c.Context())
				if err != nil {
					return err
				}
				pruned, err := history.Prune(c.Context(), store, archiver, limit)
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
	c.Flags().Var(p.Size(&keep), "keep-items", "maximum size of the items, such as 2GB (default: keep_items of the config file)")
	return c
}
