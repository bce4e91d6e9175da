package history

import (
	"context"
	"errors"
	"time"
)

// ErrLeaseLost is the error for a change of a task that the collector does not hold, because another one took it over.
var ErrLeaseLost = errors.New("another collector has taken over")

// Tasks keeps what collectors have to do, so that it survives a restart and so that several collectors can share it. A
// collector holds a task by a lease, which ends unless it is renewed. Times are those of the database, so that the clocks
// of the collectors need not agree. Methods may be called concurrently, also from several processes.
type Tasks interface {
	// BeginTasks adds tasks to an invocation of a job, except those that it has already and runs that another invocation still
	// watches, and returns the invocation.
	BeginTasks(ctx context.Context, begin Begin) (Begun, error)
	// RenewTasks renews the leases of a collector and takes its share of the tasks that nobody holds. What exceeds its
	// share is given back, if others can take it.
	RenewTasks(ctx context.Context, lease Lease) (Held, error)
	// ChangeTask stores the state of a task. The error is [ErrLeaseLost] if owner does not hold it. To change a state to
	// TaskDispatching, the lease must not have ended.
	ChangeTask(ctx context.Context, job Job, owner string, task Task) error
	// ReleaseTasks gives back all tasks of a collector, which then no longer counts as one of those that share the job.
	ReleaseTasks(ctx context.Context, job Job, owner string) error
	// TasksOf returns the tasks of an invocation, in their order.
	TasksOf(ctx context.Context, job Job, invocation string) ([]Task, error)
	Close() error
}

// Job is what collectors share: lists of the same name for the same service.
type Job struct {
	// Host is the host of the service.
	Host string
	Name string
}

// TaskKind says what the id of a task names.
type TaskKind string

// The kinds of tasks. They are stored, so their values must not change.
const (
	TaskRun    TaskKind = "run"
	TaskRecipe TaskKind = "recipe"
)

// TaskState is how far a task is.
type TaskState string

// The states of tasks. They are stored, so their values must not change.
const (
	// TaskToDispatch: the recipe was not dispatched.
	TaskToDispatch TaskState = "to dispatch"
	// TaskDispatching: the recipe is being dispatched. If its collector is gone, a run may have started.
	TaskDispatching TaskState = "dispatching"
	// TaskWatching: the run has an id and is watched until it ends.
	TaskWatching TaskState = "watching"
	// TaskEnded: nothing is left to do.
	TaskEnded TaskState = "ended"
)

// TaskKey identifies a task within a job.
type TaskKey struct {
	Invocation string
	Kind       TaskKind
	ID         string
}

// OutcomeSkipped is the outcome of a recipe that was never dispatched because a newer invocation has begun.
const OutcomeSkipped = "skipped"

// Task is a recipe to dispatch or a run to watch.
type Task struct {
	TaskKey
	State TaskState
	// RunID is empty until it is known.
	RunID string
	// DispatchedAt is when the dispatch was sent, by the clock of the collector; zero before.
	DispatchedAt time.Time
	// Outcome is how the task ended, as one of the collector's words, and Detail a printable sentence about it.
	Outcome, Detail string
}

// Begin says what an invocation of a job has to do.
type Begin struct {
	Job
	// Invocation is its name. If it is empty, an unfinished invocation that began within ResumeWithin is resumed, and
	// otherwise the one named Fallback.
	Invocation, Fallback string
	ResumeWithin         time.Duration
	// Tasks are those to add, in order. Their Invocation is ignored.
	Tasks []Task
	// KeepEnded is how long tasks are kept after their end, except recipes of this invocation.
	KeepEnded time.Duration
}

// Begun is the answer to [Begin].
type Begun struct {
	Invocation string
	// Known is the number of tasks that the invocation had already.
	Known int
	// Skipped are recipes of earlier invocations that were never dispatched, and will not be.
	Skipped []Task
}

// Lease asks for tasks.
type Lease struct {
	Job
	Invocation string
	// Owner identifies the collector.
	Owner string
	// For is how long the lease lasts unless it is renewed.
	For time.Duration
	// Only are the tasks that the collector may take, in any invocation; nil stands for all.
	Only map[TaskKey]bool
}

// Allows reports whether the collector may take a task. Recipes of other invocations are not dispatched.
func (l *Lease) Allows(t *Task) bool {
	if t.State == TaskToDispatch && t.Invocation != l.Invocation {
		return false
	}
	return l.Only == nil || l.Only[TaskKey{Kind: t.Kind, ID: t.ID}]
}

// Held is the answer to [Lease].
type Held struct {
	// Tasks are the unfinished tasks that the collector holds, in order.
	Tasks []Task
	// Open is the number of unfinished tasks that the collector may take, with those of others.
	Open int
	// Collectors is the number of collectors that share the job.
	Collectors int
}
