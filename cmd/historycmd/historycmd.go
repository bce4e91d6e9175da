// Package historycmd implements sbwatch history and its subcommands. Each subcommand has its own file.
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
	"sbwatch/cmd/flagvalue"
	"sbwatch/cmd/progress"
	"sbwatch/cmd/recording"
	"sbwatch/history"
	"sbwatch/model/text"
	"sbwatch/report"
	"sbwatch/ui"
	"sbwatch/work"
)

// Program holds what the history commands need from the rest of the program.
type Program struct {
	Stdout io.Writer
	// Say writes a line to standard error.
	Say func(line string)
	// Places returns the location of the history. It is called when a command runs.
	Places func() recording.Places
	// Width returns the width of the terminal in cells, or 0 if standard output is not a terminal.
	Width func() int
	// ShowWork shows the progress of an operation on standard error until stop is called, if standard error is a
	// terminal. The function describe returns the text to show. If another operation is shown, ShowWork does nothing.
	ShowWork func(describe func() string) (stop func())
	// CanAsk reports whether the user can answer a question. Ask asks a question and reports whether the answer is yes.
	CanAsk func() bool
	Ask    func(ctx context.Context, question string) (bool, error)
	// Size returns a [pflag.Value] that stores a size, such as 2GB, as a number of bytes.
	Size func(bytes *int64) pflag.Value
	// Limits returns the limits for reading items.
	Limits func() wire.Limits
	// UsesScreen reports whether the dashboard can be shown. Browse shows the runs of a recipe in the dashboard, or all
	// recipes if the id is empty. If noMouse is true, the dashboard does not use the mouse.
	UsesScreen func() bool
	// ReadsAloud reports whether --screen-reader is set.
	ReadsAloud func() bool
	Browse     func(ctx context.Context, recipe ui.RecipeKey, noMouse bool) error
	// WrongUsage returns an error for a wrong command line. The error refers the user to the help of the given command,
	// such as "sbwatch run".
	WrongUsage func(text, command string) error
}

// Command returns the history command with its subcommands.
func Command(p Program) *cobra.Command {
	var asJSON, plain, noMouse bool
	runs := defaultRuns
	c := &cobra.Command{
		Use:   "history [flags] [RECIPE_ID]",
		Short: "Show the recorded runs of recipes, and which recipes to re-author",
		Long: `Without an id, history lists the recorded recipes; the ones that need attention come first. With the id of a recipe, it shows
the runs of the recipe and the coverage of their columns. sbwatch run and sbwatch watch record every run that they show.

Each run is compared with the previous ten runs of its recipe. If the page has changed and data is missing since then, the
advice is to re-author the recipe.

On a terminal, the dashboard shows the drift, the items and the coverage of each column over time. Enter opens a recorded
run with its items, to which --compute adds columns: see sbwatch open --help.

The history is kept on this machine. A team can share a history in a PostgreSQL database: set SBWATCH_HISTORY_URL, or url in the
section [history] of the config file.`,
		Example: "  sbwatch history\n  sbwatch history m3Yc2tFvN8q\n  sbwatch history --json | jq -r 'select(.advice.advice == \"re-author\").recipe_id'",
		Args:    p.atMostOne("recipe id"),
		RunE: func(c *cobra.Command, args []string) error {
			o := showOptions{asJSON: asJSON, asSentences: p.ReadsAloud(), runs: runs}
			if !asJSON && !plain && !flagvalue.IsGiven(c, "runs") && p.UsesScreen() {
				return p.browse(c.Context(), args, noMouse)
			}
			if len(args) == 0 {
				return p.list(c.Context(), o)
			}
			return p.show(c.Context(), args[0], o)
		},
		ValidArgsFunction: p.completeRecipe,
	}
	c.Flags().BoolVar(&plain, "plain", false, "write lines instead of showing the dashboard (default if standard output is not a terminal, or with --runs)")
	c.Flags().BoolVar(&asJSON, "json", false, "write a line with a JSON object for each recipe, or for each run of the recipe")
	c.Flags().BoolVar(&noMouse, "no-mouse", false, NoMouse)
	c.Flags().IntVar(&runs, "runs", runs, "maximum number of runs to show")
	flagvalue.AtLeast(c.Flags(), "runs", &runs, 1)
	for _, below := range []*cobra.Command{p.exportCommand(), p.pruneCommand(), p.forgetCommand(), p.statsCommand(), p.pathCommand()} {
		below.DisableFlagsInUseLine = true
		c.AddCommand(below)
	}
	return c
}

// NoMouse is the help text of the flag --no-mouse.
const NoMouse = "leave the mouse to the terminal; in the dashboard, m turns it on and off"

const defaultRuns = 20

// atMostOne accepts no argument, or one argument that is not blank. The parameter argument is the word for the argument
// in errors, such as "recipe id".
func (p Program) atMostOne(argument string) cobra.PositionalArgs {
	return func(c *cobra.Command, args []string) error {
		switch {
		case len(args) > 1:
			return p.WrongUsage(c.Name()+" takes at most one "+argument, c.CommandPath())
		case len(args) == 1 && strings.TrimSpace(args[0]) == "":
			return p.WrongUsage("the "+argument+" is empty", c.CommandPath())
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

// openTimeout is how long a database may take to open before the command fails.
const openTimeout = 10 * time.Second

// open opens the history, and adds the records from the spool, a local file for records that have not reached a shared
// history yet. If the shared history is still unreachable and the spool has records, open returns the spool.
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
		p.Say(err.Error() + ": showing only the runs on this machine that are not in the shared history yet")
		return spool, nil
	}
	defer func() { _ = spool.Close() }()
	archiver, err := places.OpenArchive(ctx)
	if err == nil {
		err = history.Deliver(limited, spool, store, archiver)
	}
	if err != nil {
		p.Say("some runs on this machine are not in the shared history yet: " + err.Error())
	}
	return store, nil
}

// withStore opens the history, calls the function use, and closes the history. If there is no history yet, withStore
// tells the user so and does not call use.
func (p Program) withStore(ctx context.Context, use func(store history.Store) error) error {
	store, err := during(ctx, p, progress.Elapsed("opening the history"), func() (history.Store, error) { return p.open(ctx) })
	if errors.Is(err, recording.ErrNone) {
		p.Say(err.Error())
		return nil
	}
	if err != nil {
		return recording.Problem(err)
	}
	defer func() { _ = store.Close() }()
	err = use(store)
	if err != nil && ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return recording.Problem(err)
}

// during calls do while the progress of an operation is shown. If ctx ends first, during returns its cause at once,
// while the call may continue in the background. The function do must not write to standard output.
func during[T any](ctx context.Context, p Program, describe func() string, do func() (T, error)) (T, error) {
	defer p.ShowWork(describe)()
	result, err := work.Do(ctx, do)
	if ctx.Err() != nil {
		err = context.Cause(ctx)
	}
	return result, err
}

// completeRecipe returns the ids of the recorded recipes, for shell completion.
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
