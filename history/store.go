package history

import (
	"context"
	"errors"
	"time"

	"sbwatch/model/baseline"
)

// ErrNotFound is the error for a run that is not in the history.
var ErrNotFound = errors.New("not recorded")

// ErrNewer is the error for changes to a store that a newer version of sbwatch has created. It can be read.
var ErrNewer = errors.New("the history was written by a newer sbwatch: update this one to record again")

// ErrReadOnly is the error for changes to a store in a place that cannot be written to. It can be read.
var ErrReadOnly = errors.New("the history cannot be written to: its file or its file system is read-only")

// Store keeps records. Its methods may be called concurrently, also from several processes.
type Store interface {
	// Put adds a record, or unites it with the one of the same key: facts of a run that has ended win over those of one
	// that has not, known facts over unknown ones, and samples are united. Putting a record twice changes nothing.
	Put(ctx context.Context, r *Record) error
	// Get returns a record with all its parts. The error is [ErrNotFound] if there is none.
	Get(ctx context.Context, key Key) (*Record, error)
	// Find returns the keys of the runs with an id, on any host.
	Find(ctx context.Context, runID string) ([]Key, error)
	// Runs returns runs of a recipe, newest first, with their columns.
	Runs(ctx context.Context, q Query) ([]Summary, error)
	// Recipes returns the recipes that have recorded runs, with their newest runs, in the order of their names.
	Recipes(ctx context.Context, runs int) ([]Recipe, error)
	// Forget removes records and returns them, so that their archives can be removed. A condition without a recipe, a run and
	// All removes nothing.
	Forget(ctx context.Context, which Forget) ([]Forgotten, error)
	// DropArchive records that the items of a run are not kept any more.
	DropArchive(ctx context.Context, key Key) error
	// Archives returns the archives, oldest run first.
	Archives(ctx context.Context) ([]Forgotten, error)
	// Stats returns figures about the store.
	Stats(ctx context.Context) (Stats, error)
	Close() error
}

// Query selects runs of a recipe.
type Query struct {
	// Host is empty for all hosts.
	Host     string
	RecipeID string
	// Before selects runs that took place before a time, unless it is zero.
	Before time.Time
	// Limit is the maximum number of runs; 0 means 1,000.
	Limit int
	// WithoutColumns leaves out the columns.
	WithoutColumns bool
}

// Summary is a run without samples, notes and request ids.
type Summary struct {
	Host string
	baseline.Run
	// Warnings and Findings are their numbers; Broken is the number of broken rules.
	Warnings, Findings, Broken int
	Archive                    Archive
}

// Recipe is a recipe and its newest runs.
type Recipe struct {
	Host string
	ID   string
	// Count is the number of its recorded runs.
	Count int
	// Runs are the newest ones, newest first, without columns.
	Runs []Summary
}

// Forget selects what to forget.
type Forget struct {
	// Host is empty for all hosts.
	Host string
	// RunID and RecipeID select a run and the runs of a recipe. All selects everything.
	RunID, RecipeID string
	All             bool
}

// Forgotten is a run and the archive of its items.
type Forgotten struct {
	Key
	RecipeID string
	Archive  Archive
}

// Stats are figures about a store.
type Stats struct {
	Recipes, Runs, Samples int
	// Bytes is the size of the store, without archives.
	Bytes int64
	// Archives is the number of archived runs and ArchiveBytes their size.
	Archives     int
	ArchiveBytes int64
	// First and Last are when the oldest and the newest run took place; zero if there are none.
	First, Last time.Time
}
