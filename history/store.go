package history

import (
	"context"
	"errors"
	"time"

	"sbwatch/model/baseline"
)

// ErrNotFound is the error for a run that is not in the history.
var ErrNotFound = errors.New("not recorded")

// ErrNewer is the error for changing a store that a newer version of sbwatch has written. Such a store can be read.
var ErrNewer = errors.New("the history was written by a newer sbwatch: update this one to record again")

// ErrReadOnly is the error for changing a store whose file is read-only. Such a store can be read.
var ErrReadOnly = errors.New("the history cannot be written to: its file or its file system is read-only")

// Store stores records. Several goroutines and several processes may use it at the same time.
type Store interface {
	// Put adds a record. If there is already a record with the same key, Put unites the two as [Unite] does. Putting a
	// record twice changes nothing.
	Put(ctx context.Context, r *Record) error
	// Get returns a record with all its parts. The error is [ErrNotFound] if there is none.
	Get(ctx context.Context, key Key) (*Record, error)
	// Find returns the keys of all runs with the given id. There may be one on each host.
	Find(ctx context.Context, runID string) ([]Key, error)
	// Runs returns runs of a recipe, newest first, with their columns.
	Runs(ctx context.Context, q Query) ([]Summary, error)
	// Recipes returns the recipes that have recorded runs, sorted by name. Each has up to runs of its newest runs.
	Recipes(ctx context.Context, runs int) ([]Recipe, error)
	// Forget removes records and returns them, so that the caller can remove their archives. If which has no recipe and
	// no run, and All is false, Forget removes nothing.
	Forget(ctx context.Context, which Forget) ([]Forgotten, error)
	// DropArchive records that the items of a run are no longer archived.
	DropArchive(ctx context.Context, key Key) error
	// Archives returns the runs whose items are archived, oldest first.
	Archives(ctx context.Context) ([]Forgotten, error)
	// Stats returns statistics of the store.
	Stats(ctx context.Context) (Stats, error)
	Close() error
}

// Query selects runs of a recipe.
type Query struct {
	// Host is the host of the service. If it is empty, the runs of all hosts are selected.
	Host     string
	RecipeID string
	// Before selects runs that took place before this time. If it is zero, there is no such limit.
	Before time.Time
	// Limit is the maximum number of runs; 0 means 1,000.
	Limit int
	// WithoutColumns leaves the columns out of the result.
	WithoutColumns bool
}

// Summary is the data of a run without samples, notes and request ids.
type Summary struct {
	Host string
	baseline.Run
	// Warnings, Findings and Broken are the numbers of warnings, of findings and of broken rules.
	Warnings, Findings, Broken int
	Archive                    Archive
}

// Recipe is a recipe and its newest runs.
type Recipe struct {
	Host string
	ID   string
	// Count is the number of recorded runs of the recipe.
	Count int
	// Runs holds the newest runs, newest first. They have no columns.
	Runs []Summary
}

// Forget selects the runs to be forgotten.
type Forget struct {
	// Host is the host of the service. If it is empty, the runs of all hosts are selected.
	Host string
	// RunID selects a single run, and RecipeID all runs of a recipe. All selects all runs.
	RunID, RecipeID string
	All             bool
}

// Forgotten is a run, and the archive of its items.
type Forgotten struct {
	Key
	RecipeID string
	Archive  Archive
}

// Stats holds statistics of a store.
type Stats struct {
	Recipes, Runs, Samples int
	// Bytes is the size of the store, without archives.
	Bytes int64
	// Archives is the number of runs whose items are archived. ArchiveBytes is the size of these items.
	Archives     int
	ArchiveBytes int64
	// First and Last are the times of the oldest and the newest run. They are zero if there are no runs.
	First, Last time.Time
}
