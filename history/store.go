package history

import (
	"context"
	"errors"
	"time"

	"sbwatch/model/baseline"
)

// ErrNotFound is the error for a run that is not in the history.
var ErrNotFound = errors.New("not recorded")

// ErrNewer is the error for changing a store that a newer version of sbwatch has written. Reading such a store is
// possible.
var ErrNewer = errors.New("the history was written by a newer version of sbwatch: update sbwatch to record again")

// ErrReadOnly is the error for changing a store whose file is read-only. Reading such a store is possible.
var ErrReadOnly = errors.New("the history cannot be written to: its file or its file system is read-only")

// Store stores records. It is safe for concurrent use by several goroutines and processes.
type Store interface {
	// Put adds a record. If there is already a record with the same key, Put combines the two with [Unite]. Putting the
	// same record twice has no further effect.
	Put(ctx context.Context, r *Record) error
	// Get returns the complete record of a run. If there is no such record, the error is [ErrNotFound].
	Get(ctx context.Context, key Key) (*Record, error)
	// Find returns the keys of all runs with this id. There may be one on each host.
	Find(ctx context.Context, runID string) ([]Key, error)
	// Runs returns runs of a recipe, including their columns. The newest comes first.
	Runs(ctx context.Context, q Query) ([]Summary, error)
	// Recipes returns the recipes with recorded runs, sorted by id, each with its newest runs. limit is the maximum
	// number of runs per recipe.
	Recipes(ctx context.Context, limit int) ([]Recipe, error)
	// Forget removes the selected records and returns them. The caller can then remove their archived items. If RunID
	// and RecipeID are empty and All is false, Forget removes nothing.
	Forget(ctx context.Context, which Forget) ([]Forgotten, error)
	// DropArchive records that the items of a run are no longer archived.
	DropArchive(ctx context.Context, key Key) error
	// Archives returns the runs with archived items, oldest first.
	Archives(ctx context.Context) ([]Forgotten, error)
	// Stats returns statistics of the store.
	Stats(ctx context.Context) (Stats, error)
	Close() error
}

// Query selects runs of a recipe.
type Query struct {
	// Host is the host of the service. If it is empty, runs of all hosts are selected.
	Host     string
	RecipeID string
	// Before selects runs before this time. If it is zero, runs of any time are selected.
	Before time.Time
	// Limit is the maximum number of runs; 0 means 1,000.
	Limit int
	// WithoutColumns leaves the columns out of the result.
	WithoutColumns bool
}

// Summary is the data of a run without its samples, notes and request ids.
type Summary struct {
	Host string
	baseline.Run
	// Warnings, Findings and Broken are the numbers of warnings, findings and broken rules.
	Warnings, Findings, Broken int
	Archive                    Archive
}

// Recipe is a recipe with its newest runs.
type Recipe struct {
	Host string
	ID   string
	// Count is the number of recorded runs of the recipe.
	Count int
	// Runs holds the newest runs. The newest comes first. The runs have no columns.
	Runs []Summary
}

// Forget selects the runs to remove.
type Forget struct {
	// Host is the host of the service. If it is empty, runs of all hosts are selected.
	Host string
	// RunID selects a single run. RecipeID selects all runs of a recipe. All selects all runs.
	RunID, RecipeID string
	All             bool
}

// Forgotten is a removed run with the location of its items.
type Forgotten struct {
	Key
	RecipeID string
	Archive  Archive
}

// Stats holds statistics of a store.
type Stats struct {
	Recipes, Runs, Samples int
	// Bytes is the size of the store without archived items.
	Bytes int64
	// Archives is the number of runs with archived items. ArchiveBytes is the size of these items.
	Archives     int
	ArchiveBytes int64
	// First and Last are the times of the oldest and the newest run. They are zero if there are no runs.
	First, Last time.Time
}
