// Package history implements the screens of the history: the runs of one recipe over time, as the History tab of a run and as a
// screen of its own, and the list of all recorded recipes.
//
// [Panel] shows the runs of one recipe: drift and items on one time axis, below them the coverage of each column in each run, and
// what differs from usual. It answers since when a recipe has been broken, and in which column.
package history

import (
	"context"
	"time"

	"sbwatch/model/baseline"
	"sbwatch/model/item"
	"sbwatch/model/run"
	"sbwatch/model/text"
)

// Source reads recorded runs. Its methods may be called concurrently.
type Source interface {
	// Recipes returns the recorded recipes.
	Recipes(ctx context.Context) ([]Recipe, error)
	// Runs returns the newest runs of a recipe, at most limit, oldest first, with their columns.
	Runs(ctx context.Context, recipe RecipeKey, limit int) ([]Run, error)
	// Spent returns what the recorded runs of all recipes cost since a time.
	Spent(ctx context.Context, since time.Time) ([]baseline.Spent, error)
	// Open reads a recorded run with its items, if they are kept. It calls onItems with those read so far.
	Open(ctx context.Context, r Run, onItems func(item.Table)) (run.Answer, error)
}

// RecipeKey identifies a recipe. Host is that of the service; it is empty for the service that the program is connected to.
type RecipeKey struct{ Host, ID string }

// Recipe is a recorded recipe.
type Recipe struct {
	RecipeKey

	// Runs is the number of its recorded runs, and LastAt is when the newest took place.
	Runs   int
	LastAt time.Time
}

// Run is a recorded run.
type Run struct {
	baseline.Run

	Host string
	// Warnings, Findings and Broken are the numbers of warnings, findings and broken rules.
	Warnings, Findings, Broken int
	// HasItems reports whether its items are kept.
	HasItems bool
}

// OpenMsg asks the root model to open a recorded run on top of the other layers, with the cursor in a column if one is given.
type OpenMsg struct {
	Run    Run
	Column text.Text
}

// OpenRecipeMsg asks the root model to open the screen of a recipe.
type OpenRecipeMsg struct{ Recipe RecipeKey }

// maxRuns is the number of runs of a recipe that a panel shows.
const maxRuns = 1000
