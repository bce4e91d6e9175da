// Package history implements the screens of the history: one lists all recorded recipes, another shows the runs of one
// recipe over time. The History tab of a run shows the runs of its recipe in the same way.
//
// [Panel] shows the runs of one recipe: charts of drift and items, the coverage of each column in each run on the same
// time axis, and the differences from usual. It shows when a recipe broke, and in which column.
package history

import (
	"context"
	"time"

	"sbwatch/model/baseline"
	"sbwatch/model/item"
	"sbwatch/model/run"
	"sbwatch/model/text"
)

// Source provides recorded runs. Its methods may be called concurrently.
type Source interface {
	// Recipes returns the recorded recipes.
	Recipes(ctx context.Context) ([]Recipe, error)
	// Runs returns the newest runs of a recipe, at most limit, with their columns. The oldest run comes first.
	Runs(ctx context.Context, recipe RecipeKey, limit int) ([]Run, error)
	// Spent returns the costs of the recorded runs of all recipes. Runs that started earlier than the parameter since
	// are left out.
	Spent(ctx context.Context, since time.Time) ([]baseline.Spent, error)
	// Open reads a recorded run with its items, if they are archived. It calls onItems with the items read so far.
	Open(ctx context.Context, r Run, onItems func(item.Table)) (run.Answer, error)
}

// RecipeKey identifies a recipe. Host is the host of the recipe's service. Host is empty for the service to which the
// program is connected.
type RecipeKey struct{ Host, ID string }

// Recipe is a recorded recipe.
type Recipe struct {
	RecipeKey

	// Runs is the number of recorded runs of the recipe. LastAt is the time of the newest run.
	Runs   int
	LastAt time.Time
}

// Run is a recorded run.
type Run struct {
	baseline.Run

	Host string
	// Warnings is the number of warnings of the run, Findings the number of findings, and Broken the number of broken
	// rules.
	Warnings, Findings, Broken int
	// HasItems reports whether the items of the run are archived.
	HasItems bool
}

// OpenMsg asks the root model to open a recorded run on top of the other layers. If Column is set, the cursor goes to
// that column.
type OpenMsg struct {
	Run    Run
	Column text.Text
}

// OpenRecipeMsg asks the root model to open the screen of a recipe.
type OpenRecipeMsg struct{ Recipe RecipeKey }

// maxRuns is the maximum number of runs that a panel shows.
const maxRuns = 1000
