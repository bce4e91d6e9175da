package history

import (
	"context"
	"errors"
	"time"
)

// ErrLeaseLost is the error for changing a task whose lease the collector no longer holds.
var ErrLeaseLost = errors.New("another collector has taken over")

// Tasks stores the tasks of collectors. The tasks survive a restart, and several collectors can share them. A collector
// holds a task by a lease, and must renew the lease before it ends. Leases end by the clock of the database, so the
// clocks of the collectors need not agree. The methods are safe for concurrent use, also by several processes.
type Tasks interface {
	// BeginTasks adds tasks to an invocation of a job, and returns the invocation. An invocation dispatches each recipe
	// of the job once. By default, a job has one invocation a day. BeginTasks leaves out tasks that are already in the
	// invocation, and runs that another invocation still watches.
	BeginTasks(ctx context.Context, begin Begin) (Begun, error)
	// RenewTasks renews the leases of a collector, and gives it a share of the tasks for which no collector has a
	// lease. If the collector has more runs than its share, RenewTasks releases the newest of these runs, so that other
	// collectors can take them.
	RenewTasks(ctx context.Context, lease Lease) (Held, error)
	// ChangeTask stores the state of a task. It returns [ErrLeaseLost] if the last lease for the task is not that of
	// owner. If the new state is TaskDispatching, it also returns ErrLeaseLost if the lease of owner has ended.
	ChangeTask(ctx context.Context, job Job, owner string, task Task) error
	// ReleaseTasks ends all leases of a collector. From then on, the collector gets no share of the job.
	ReleaseTasks(ctx context.Context, job Job, owner string) error
	// TasksOf returns the tasks of an invocation, in the order in which they were added.
	TasksOf(ctx context.Context, job Job, invocation string) ([]Task, error)
	Close() error
}

// Job identifies a set of tasks. Collectors with the same job name and the same service share their tasks.
type Job struct {
	// Host is the host of the service.
	Host string
	Name string
}

// TaskKind says whether a task is a run or a recipe.
type TaskKind string

// The kinds of tasks. They are stored, so their values must not change.
const (
	TaskRun    TaskKind = "run"
	TaskRecipe TaskKind = "recipe"
)

// TaskState is the state of a task.
type TaskState string

// The states of tasks. They are stored, so their values must not change.
const (
	// TaskToDispatch means that the recipe is not dispatched yet.
	TaskToDispatch TaskState = "to dispatch"
	// TaskDispatching means that a collector is dispatching the recipe. If this collector dies, a run may have started.
	TaskDispatching TaskState = "dispatching"
	// TaskWatching means that the id of the run is known, and that the run has not ended.
	TaskWatching TaskState = "watching"
	// TaskEnded means that the task is finished.
	TaskEnded TaskState = "ended"
)

// TaskKey identifies a task within a job.
type TaskKey struct {
	Invocation string
	Kind       TaskKind
	ID         string
}

// OutcomeSkipped is the outcome of a recipe that was not dispatched before a newer invocation began.
const OutcomeSkipped = "skipped"

// Task is a recipe to dispatch or a run to watch.
type Task struct {
	TaskKey
	State TaskState
	// RunID is the id of the run. It is empty until the id is known.
	RunID string
	// DispatchedAt is the time when the dispatch was sent, by the clock of the collector. It is zero before the
	// dispatch.
	DispatchedAt time.Time
	// Outcome is how the task ended: OutcomeSkipped, or a word that the collector chooses. Detail describes the end in
	// one printable sentence.
	Outcome, Detail string
}

// Begin holds the parameters of BeginTasks.
type Begin struct {
	Job
	// Invocation is the name of the invocation. If it is empty, the newest unfinished invocation is resumed, unless it
	// began more than ResumeWithin ago. If there is no invocation to resume, the tasks are added to the invocation
	// Fallback.
	Invocation, Fallback string
	ResumeWithin         time.Duration
	// Tasks are the tasks to add, in order. BeginTasks ignores the field Invocation of their keys.
	Tasks []Task
	// KeepEnded is how long ended tasks are kept. Recipes of this invocation are always kept, so that they are not
	// dispatched again.
	KeepEnded time.Duration
}

// Begun is the result of BeginTasks.
type Begun struct {
	Invocation string
	// Known is the number of tasks that the invocation had before the call.
	Known int
	// Skipped are the recipes of earlier invocations that were not dispatched and never will be.
	Skipped []Task
}

// Lease holds the parameters of RenewTasks.
type Lease struct {
	Job
	Invocation string
	// Owner identifies the collector.
	Owner string
	// The field For is the duration of the lease.
	For time.Duration
	// The field Only holds the tasks that the collector may take, in any invocation. nil means all tasks.
	Only map[TaskKey]bool
}

// Allows reports whether the collector may take a task. If the task is a recipe that is not dispatched yet, its
// invocation must be l.Invocation.
func (l *Lease) Allows(t *Task) bool {
	if t.State == TaskToDispatch && t.Invocation != l.Invocation {
		return false
	}
	return l.Only == nil || l.Only[TaskKey{Kind: t.Kind, ID: t.ID}]
}

// Held is the result of RenewTasks.
type Held struct {
	// Tasks are the unfinished tasks for which the collector now has a lease, in the order in which they were added.
	Tasks []Task
	// The field Open is the number of unfinished tasks that the collector may take. It includes tasks for which other
	// collectors have a lease.
	Open int
	// Collectors is the number of collectors that share the job.
	Collectors int
}
