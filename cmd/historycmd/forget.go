package historycmd

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"sbwatch/cmd/flagvalue"
	"sbwatch/cmd/progress"
	"sbwatch/cmd/recording"
	"sbwatch/history"
	"sbwatch/model/text"
	"sbwatch/report"
)

type forgetFlags struct{ all, yes bool }

func (p Program) forgetCommand() *cobra.Command {
	var flags forgetFlags
	c := &cobra.Command{
		Use:   "forget [flags] RUN_ID|RECIPE_ID",
		Short: "Remove a run, the runs of a recipe, or everything from the history",
		Long: `Remove a run, all runs of a recipe or, with --all, everything from the history, including the archived items. This cannot be
undone. In a shared history, the runs are gone for everybody. forget asks for confirmation, unless --yes is given.`,
		Example: "  sbwatch history forget k7Xb9dRmQ2p\n  sbwatch history forget --all --yes",
		Args: func(c *cobra.Command, args []string) error {
			switch {
			case flags.all && len(args) > 0:
				return p.WrongUsage("give an id or --all, not both", c.CommandPath())
			case !flags.all && len(args) == 0:
				return p.WrongUsage("nothing to remove: give a run id, a recipe id or --all", c.CommandPath())
			default:
				return p.atMostOne("id")(c, args)
			}
		},
		RunE: func(c *cobra.Command, args []string) error {
			return p.withStore(c.Context(), func(store history.Store) error {
				id := ""
				if !flags.all {
					id = args[0]
				}
				return p.forget(c.Context(), store, id, flags)
			})
		},
		ValidArgsFunction: p.completeRecipe,
	}
	c.Flags().BoolVar(&flags.all, "all", false, "remove all runs of all recipes")
	c.Flags().BoolVarP(&flags.yes, "yes", "y", false, "do not ask for confirmation")
	flagvalue.Specific(c, "all")
	flagvalue.Specific(c, "yes")
	return c
}

// forget removes the run with this id from the history. If there is no such run, it removes all runs of the recipe with
// this id. If id is empty, it removes all runs. It asks for confirmation unless flags.yes is set.
func (p Program) forget(ctx context.Context, store history.Store, id string, flags forgetFlags) error {
	stop := p.ShowWork(readingHistory())
	which, what, err := p.toForget(ctx, store, id)
	stop()
	if err != nil {
		return err
	}
	if !flags.yes {
		if err := p.confirm(ctx, "remove "+what+" from "+p.Places().Database()+"?"); err != nil {
			return err
		}
	}
	forgotten, err := p.remove(ctx, store, which)
	if err != nil {
		return err
	}
	return p.write("removed " + text.Counted(int64(len(forgotten)), "run") + "\n")
}

// remove removes the selected runs from the history and from the spool. It returns the runs that were in the history.
func (p Program) remove(ctx context.Context, store history.Store, which history.Forget) ([]history.Forgotten, error) {
	defer p.ShowWork(progress.Elapsed("removing runs"))()
	archiver, err := p.Places().OpenArchive(ctx)
	if err != nil && !errors.Is(err, recording.ErrNoFolder) { // without a folder there is no archive
		return nil, err
	}
	forgotten, err := history.ForgetAll(ctx, store, archiver, which)
	if err != nil {
		return nil, err
	}
	// The spool may have the same runs, recorded while the history could not be reached.
	spool, err := p.Places().OpenExistingSpool(ctx)
	if err == nil {
		_, err = history.ForgetAll(ctx, spool, archiver, which)
		_ = spool.Close()
	}
	if err != nil && !errors.Is(err, recording.ErrNone) {
		return nil, err
	}
	return forgotten, nil
}

// toForget returns which runs to remove, and a phrase for them, such as "3 runs of recipe a".
func (p Program) toForget(ctx context.Context, store history.Store, id string) (history.Forget, string, error) {
	recipes, err := store.Recipes(ctx, 0)
	if err != nil {
		return history.Forget{}, "", err
	}
	all, ofRecipe := 0, 0
	for _, r := range recipes {
		all += r.Count
		if r.ID == id {
			ofRecipe += r.Count
		}
	}
	if id == "" {
		return history.Forget{All: true}, "all " + text.Counted(int64(all), "run"), nil
	}
	keys, err := store.Find(ctx, id)
	switch {
	case err != nil:
		return history.Forget{}, "", err
	case len(keys) > 0:
		return history.Forget{RunID: id}, "run " + text.NewText(id).String(), nil
	case ofRecipe > 0:
		return history.Forget{RecipeID: id}, text.Counted(int64(ofRecipe), "run") + " of recipe " + text.NewText(id).String(), nil
	default:
		return history.Forget{}, "", unknownID(id, recipes)
	}
}

// confirm asks the user a question. If the answer is not yes, it returns [report.ErrLeft].
func (p Program) confirm(ctx context.Context, question string) error {
	if !p.CanAsk() {
		return p.WrongUsage("there is no terminal to ask for confirmation: use --yes", "")
	}
	isYes, err := p.Ask(ctx, text.Printable(question))
	if err != nil || isYes {
		return err
	}
	p.Say("nothing was removed")
	return report.ErrLeft
}
