package historycmd

import (
	"context"
	"errors"
	"fmt"

	"sbwatch/cmd/progress"
	"sbwatch/history"
	"sbwatch/model/text"
	"sbwatch/report"
	"sbwatch/ui"
	"sbwatch/work"
)

// showOptions are the options for the output of recipes and runs.
type showOptions struct {
	asJSON bool
	// asSentences selects sentences, for screen readers, instead of tables.
	asSentences bool
	runs        int
}

// list writes the recorded recipes. The recipes that need attention come first.
func (p Program) list(ctx context.Context, o showOptions) error {
	return p.withStore(ctx, func(store history.Store) error {
		var done work.Progress
		recipes, err := during(ctx, p, progress.Steps("reading", "recipe", &done), func() ([]history.Judged, error) {
			return history.JudgeAll(ctx, store, history.JudgedRuns, &done)
		})
		switch {
		case err != nil:
			return err
		case len(recipes) == 0:
			p.Say("no runs are recorded yet")
			return nil
		case o.asJSON:
			return report.WriteRecipesJSON(p.Stdout, recipes)
		default:
			return report.WriteRecipes(p.Stdout, recipes, report.HistoryOptions{Width: p.Width(), Sentences: o.asSentences})
		}
	})
}

// show writes the recorded runs of a recipe. id is the id of the recipe, or of one of its runs.
func (p Program) show(ctx context.Context, id string, o showOptions) error {
	return p.withStore(ctx, func(store history.Store) error {
		recipes, err := during(ctx, p, readingHistory(), func() ([]history.Recipe, error) { return recipesOf(ctx, store, id) })
		if err != nil {
			return err
		}
		for i, recipe := range recipes {
			judged, err := during(ctx, p, readingHistory(), func() (history.Judged, error) {
				return history.Judge(ctx, store, recipe, max(history.JudgedRuns, o.runs))
			})
			if err != nil {
				return err
			}
			options := report.HistoryOptions{Runs: o.runs, Width: p.Width(), Sentences: o.asSentences}
			if o.asJSON {
				err = report.WriteRecipeJSON(p.Stdout, &judged, options)
			} else {
				if i > 0 {
					err = p.write("\n")
				}
				err = errors.Join(err, report.WriteRecipe(p.Stdout, &judged, options))
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// readingHistory returns a function that describes a query.
func readingHistory() func() string { return progress.Elapsed("reading the history") }

// browse shows the history in the dashboard. args contains the id of a recipe or of one of its runs. If args is empty,
// browse shows all recipes.
func (p Program) browse(ctx context.Context, args []string, noMouse bool) error {
	isEmpty := true
	var recipe ui.RecipeKey
	err := p.withStore(ctx, func(store history.Store) error {
		isEmpty = false
		if len(args) == 0 {
			return nil
		}
		recipes, err := during(ctx, p, readingHistory(), func() ([]history.Recipe, error) { return recipesOf(ctx, store, args[0]) })
		if err == nil {
			recipe = ui.RecipeKey{Host: recipes[0].Host, ID: recipes[0].ID}
		}
		return err
	})
	if err != nil || isEmpty {
		return err
	}
	return p.Browse(ctx, recipe, noMouse)
}

// recipesOf returns the recorded recipes with this id: at most one for each host. If there are none, recipesOf treats
// id as the id of a run, and returns the recipe of that run.
func recipesOf(ctx context.Context, store history.Store, id string) ([]history.Recipe, error) {
	all, err := store.Recipes(ctx, 0)
	if err != nil {
		return nil, err
	}
	withID := func(host, id string) []history.Recipe {
		var found []history.Recipe
		for _, r := range all {
			if r.ID == id && (host == "" || r.Host == host) {
				found = append(found, r)
			}
		}
		return found
	}
	if found := withID("", id); len(found) > 0 {
		return found, nil
	}
	keys, err := store.Find(ctx, id)
	if err != nil {
		return nil, err
	}
	for _, key := range keys {
		record, err := store.Get(ctx, key)
		if err != nil {
			return nil, err
		}
		if found := withID(key.Host, record.RecipeID.Raw()); len(found) > 0 {
			return found, nil
		}
	}
	return nil, unknownID(id, all)
}

// unknownID returns the error for an id that is not in the history. The error suggests the recipe with the most similar
// id.
func unknownID(id string, recipes []history.Recipe) error {
	names := func(yield func(string) bool) {
		for _, r := range recipes {
			if !yield(r.ID) {
				return
			}
		}
	}
	meant := ""
	if nearest := text.Nearest(id, names); nearest != "" {
		meant = fmt.Sprintf(": did you mean %s?", text.NewText(nearest))
	}
	return fmt.Errorf("the history has no run or recipe %s%s", text.NewText(id), meant)
}
