// Package historycmd implements sbwatch history and the commands below it. Each has its own file.
package historycmd

import (
	"context"
	"errors"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"sbwatch/api/wire"
	"sbwatch/cmd/recording"
	"sbwatch/history"
	"sbwatch/model/text"
	"sbwatch/report"
	"sbwatch/ui"
)

// Program is what the commands need of the program.
type Program struct {
	Stdout io.Writer
	// Say writes a line to standard error.
	Say func(line string)
	// Places says where the history is. It is called when a command runs.
	Places func() recording.Places
	// Width returns the width of the terminal in cells; 0 if standard output is none.
	Width func() int
	// CanAsk reports whether the user can answer a question. Ask asks one and reports whether the answer is yes.
	CanAsk func() bool
	Ask    func(ctx context.Context, question string) (bool, error)
	// Size returns the value of a flag for a number of bytes.
	Size func(bytes *int64) pflag.Value
	// Limits returns the limits for reading items.
	Limits func() wire.Limits
	// UsesScreen reports whether the dashboard can be shown, and Browse shows a recipe in it or, if its id is empty, all recipes.
	UsesScreen func() bool
	Browse     func(ctx context.Context, recipe ui.RecipeKey) error
	// WrongUsage returns the error of a wrong command line.
	WrongUsage func(text, command string) error
}

// Command returns the command with those below it.
func Command(p Program) *cobra.Command {
	var asJSON, plain bool
	runs := defaultRuns
	c := &cobra.Command{
		Use:   "history [flags] [RECIPE_ID]",
		Short: "Show recorded runs: how a recipe did before, and whether to re-author it",
		Long: `Show the recipes of the recorded runs, the ones that need attention first, or the runs of one recipe with the coverage of its
columns. run and watch record every run that they show.

Each run is compared with the last ten runs of its recipe. If the page has changed and data are missing since then, the
advice is to re-author the recipe.

On a terminal the dashboard shows them: drift, items and the coverage of each column over time. Enter opens a recorded run with its
items.

The history is kept on this machine, or in a PostgreSQL database that a team can share: set SBWATCH_HISTORY_URL, or url below
[history] in the config file.`,
		Example: "  sbwatch history\n  sbwatch history m3Yc2tFvN8q\n  sbwatch history --json | jq -r 'select(.advice.advice == \"re-author\").recipe_id'",
		Args:    p.atMostOne("recipe id"),
		RunE: func(c *cobra.Command, args []string) error {
			if runs < 1 {
				return p.WrongUsage("--runs must be at least 1", c.CommandPath())
			}
			o := showOptions{asJSON: asJSON, runs: runs}
			if !asJSON && !plain && !c.Flags().Changed("runs") && p.UsesScreen() {
				return p.browse(c.Context(), args)
			}
			if len(args) == 0 {
				return p.list(c.Context(), o)
			}
			return p.show(c.Context(), args[0], o)
		},
		ValidArgsFunction: p.completeRecipe,
	}
	c.Flags().BoolVar(&plain, "plain", false, "write lines instead of showing the dashboard (implied without a terminal and by --runs)")
	c.Flags().BoolVar(&asJSON, "json", false, "write one JSON object per line for each recipe, or for each run of the recipe")
	c.Flags().IntVar(&runs, "runs", runs, "maximum number of runs to show")
	for _, below := range []*cobra.Command{p.exportCommand(), p.pruneCommand(), p.forgetCommand(), p.statsCommand(), p.pathCommand()} {
		below.DisableFlagsInUseLine = true
		c.AddCommand(below)
	}
	return c
}

// defaultRuns is the default of --runs.
const defaultRuns = 20

// atMostOne allows one argument that is not blank.
func (p Program) atMostOne(what string) cobra.PositionalArgs {
	return func(c *cobra.Command, args []string) error {
		switch {
		case len(args) > 1:
			return p.WrongUsage(c.Name()+" takes at most one "+what, c.CommandPath())
		case len(args) == 1 && strings.TrimSpace(args[0]) == "":
			return p.WrongUsage("the "+what+" is empty", c.CommandPath())
		default:
			return nil
		}
	}
}

func (p Program) noArgs(c *cobra.Command, args []string) error {
	if len(args) > 0 {
		return p.WrongUsage(c.Name()+" takes no arguments", c.CommandPath())
	}
	return nil
}

// openTimeout is how long a database may take to answer before the command fails.
const openTimeout = 10 * time.Second

// open opens the history and delivers the records that could not be delivered before. If a shared history cannot be reached, open
// returns the records that wait on this machine, if there are any.
func (p Program) open(ctx context.Context) (history.Store, error) {
	limited, cancel := context.WithTimeout(ctx, openTimeout)
	defer cancel()
	places := p.Places()
	store, err := places.OpenExisting(limited)
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	spool, spoolErr := places.OpenExistingSpool(ctx)
	switch {
	case spoolErr != nil:
		return store, err
	case err != nil:
		p.Say(err.Error() + ": these are only the runs that wait on this machine to be delivered")
		return spool, nil
	}
	defer func() { _ = spool.Close() }()
	archiver, err := places.OpenArchive(ctx)
	if err == nil {
		err = history.Deliver(limited, spool, store, archiver)
	}
	if err != nil {
		p.Say("some runs still wait on this machine to be delivered: " + err.Error())
	}
	return store, nil
}

// with runs work with the open history. If there is none yet, it says so.
func (p Program) with(ctx context.Context, work func(store history.Store) error) error {
	store, err := p.open(ctx)
	if errors.Is(err, recording.ErrNone) {
		p.Say(err.Error())
		return nil
	}
	if err != nil {
		return recording.Problem(err)
	}
	defer func() { _ = store.Close() }()
	return recording.Problem(work(store))
}

// completeRecipe completes the id of a recipe.
func (p Program) completeRecipe(c *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	store, err := p.Places().OpenExisting(c.Context())
	if err != nil || len(args) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	defer func() { _ = store.Close() }()
	recipes, _ := store.Recipes(c.Context(), 0)
	var ids []string
	for _, r := range recipes {
		ids = append(ids, text.Printable(r.ID))
	}
	return ids, cobra.ShellCompDirectiveNoFileComp
}

// write writes text to standard output.
func (p Program) write(s string) error {
	_, err := io.WriteString(p.Stdout, s)
	return report.WriteError(err)
}
