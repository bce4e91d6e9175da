// Package collect watches runs without a screen. It dispatches the recipes of a list, watches the runs until they end,
// and reports how they ended in logs, metrics and notifications.
//
// The tasks of a job are stored in the history, so that they survive a restart and several collectors can share them.
// One goroutine renews the leases on the tasks and stores their states. The driver of package follow owns the monitor
// and the state of the runs.
package collect

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"sbwatch/follow"
	"sbwatch/history"
	"sbwatch/model/run"
	"sbwatch/model/text"
	"sbwatch/model/watch"
	"sbwatch/monitor"
	"sbwatch/report"
)

// Config configures a [Collector].
type Config struct {
	// Service is the client of the service.
	Service follow.Service
	// Tasks stores the tasks that are left to do.
	Tasks history.Tasks
	// Job and Invocation are the names that the tasks are stored under. If Invocation is empty, an unfinished
	// invocation is resumed. If there is none, the invocation of Today begins.
	Job               history.Job
	Invocation, Today string
	// List holds the tasks of the list.
	List []history.TaskKey
	// Endless reports whether runs may be added until the collector is stopped.
	Endless bool
	// Owner identifies this collector. Lease is how long its tasks stay its own if it shows no sign of life.
	Owner string
	Lease time.Duration

	// Interval is the pause between two polls of a run. Limits are the limits on requests. Timeout is when to stop
	// watching; 0 means never.
	Interval time.Duration
	Limits   monitor.Limits
	Timeout  time.Duration

	// Recorded reports whether [Collector.Recorded] is called for each run that has ended. Rules reports whether the
	// record then has the results of rules.
	Recorded, Rules bool
	// Ended is called after the end of a run was stored. If the process dies in between, it is never called for that run. It
	// must return quickly. It may be nil.
	Ended func(Ending)
	// Forget is called when a run is no longer watched. It may be nil.
	Forget func(runID text.Text)
	// Expected returns how long the runs of a recipe usually take, and whether that is known. It may be nil.
	Expected func(ctx context.Context, recipe text.Text) (took time.Duration, known bool)
	// Received returns the numbers of received deliveries. It may be nil.
	Received func() watch.Deliveries

	Log     *slog.Logger
	Metrics *Metrics
	Now     func() time.Time
	Jitter  func() float64
}

// Ending is the end of a run, or of a recipe that could not be dispatched.
type Ending struct {
	// Watch is the state of the run. It is valid until Ended returns.
	Watch *watch.Watch
	// Record is the run in the history. It is nil if the run was not recorded.
	Record *history.Record
	// Outcome determines the exit code. Detail describes what happened; it is printable.
	Outcome report.Outcome
	Detail  string
	// Key identifies the watch.
	Key monitor.RunKey
}

// resumeWithin is the maximum age of an unfinished invocation that is resumed. It allows a restart after midnight, but
// is shorter than the time to the next night.
const resumeWithin = 20 * time.Hour

// keepEnded is how long ended tasks are kept.
const keepEnded = 30 * 24 * time.Hour

// dispatchGrace is how long to wait for the answers to dispatches in flight when the collector is stopped.
const dispatchGrace = 30 * time.Second

// storeTimeout is how long the database may take for one change.
const storeTimeout = 5 * time.Second

// Collector watches the tasks of a job. Use [New] to create one.
type Collector struct {
	config  Config
	monitor *monitor.Monitor
	calls   chan follow.Call
	// stopped is closed when nothing answers calls any longer, and stopping when the collector was asked to stop.
	stopped, stopping chan struct{}
	wake              chan struct{} // asks keep to store the waiting states

	runs reporter // owned by the driver

	mu         sync.Mutex
	invocation string
	recipes    map[string]history.Task          // to dispatch, by recipe id
	unstored   map[history.TaskKey]history.Task // states to store
	delivered  []history.TaskKey                // confirmed runs to add to the tasks
	late       []storedTask                     // tasks whose end was stored after the driver had ended
	health     health
}

// New returns a collector.
func New(config Config) *Collector {
	c := &Collector{
		config: config, monitor: monitor.New(config.Interval, config.Jitter), calls: make(chan follow.Call),
		stopped: make(chan struct{}), stopping: make(chan struct{}), wake: make(chan struct{}, 1),
		recipes: map[string]history.Task{}, unstored: map[history.TaskKey]history.Task{},
	}
	c.runs = reporter{Collector: c, tasks: map[history.TaskKey]*task{}, byRun: map[monitor.RunKey]*task{}, unreported: map[string]*history.Record{}}
	return c
}

// Run watches the tasks until all have ended, or until ctx ends. It returns the worst outcome of the tasks. It returns
// an error if the tasks cannot be stored.
func (c *Collector) Run(ctx context.Context) (report.Outcome, error) {
	if c.config.Timeout > 0 {
		limited, cancel := context.WithTimeoutCause(ctx, c.config.Timeout, report.ErrTimeout)
		defer cancel()
		ctx = limited
	}
	if err := c.begin(ctx); err != nil {
		close(c.stopped)
		return report.Failed, err
	}
	keeping, endKeeping := context.WithCancel(context.WithoutCancel(ctx))
	defer endKeeping()
	defer context.AfterFunc(ctx, func() { close(c.stopping) })()
	var keeper sync.WaitGroup
	keeper.Go(func() { c.keep(keeping) })
	driver := follow.Driver{
		Service: guardedService{c.config.Service, c}, Monitor: c.monitor, Reporter: &c.runs, Now: c.config.Now,
		Grace: dispatchGrace, Calls: c.calls, StaysOpen: c.runs.staysOpen,
		Expected: c.config.Expected,
	}
	left := driver.Run(ctx)
	close(c.stopped)
	endKeeping()
	keeper.Wait()
	return c.leave(context.WithoutCancel(ctx), left)
}

// begin stores the tasks and takes the first leases.
func (c *Collector) begin(ctx context.Context) error {
	b := history.Begin{
		Job: c.config.Job, Invocation: c.config.Invocation, Fallback: c.config.Today, ResumeWithin: resumeWithin, KeepEnded: keepEnded,
	}
	for _, key := range c.config.List {
		b.Tasks = append(b.Tasks, newTask(key))
	}
	begun, err := c.config.Tasks.BeginTasks(ctx, b)
	if err != nil {
		return err
	}
	c.mu.Lock()
	c.invocation = begun.Invocation
	c.mu.Unlock()
	if len(begun.Skipped) > 0 {
		c.config.Log.Warn("recipes of an earlier invocation were never dispatched", "recipes", taskIDs(begun.Skipped))
	}
	held, err := c.renew(ctx)
	if err != nil {
		return err
	}
	c.config.Log.Info("collecting", "job", c.config.Job.Name, "invocation", begun.Invocation, "resumed", begun.Known > 0,
		"unfinished", held.Open, "collectors", held.Collectors)
	if held.Open == 0 && len(c.config.List) > 0 {
		c.config.Log.Info("nothing is left to do: all runs of this invocation have ended; another --invocation dispatches again", "invocation", begun.Invocation)
	}
	c.runs.reconcile(c.config.Now(), held, nil)
	return nil
}

// newTask returns the task for an entry of a list.
func newTask(key history.TaskKey) history.Task {
	if key.Kind == history.TaskRecipe {
		return history.Task{TaskKey: key, State: history.TaskToDispatch}
	}
	return history.Task{TaskKey: key, State: history.TaskWatching, RunID: key.ID}
}

// taskIDs returns the ids of tasks, printable.
func taskIDs(tasks []history.Task) []string {
	var ids []string
	for _, t := range tasks {
		ids = append(ids, text.Printable(t.ID))
	}
	return ids
}

// leave stores the remaining states and gives the leases back. left is the reason why the driver left, or nil.
func (c *Collector) leave(ctx context.Context, left error) (report.Outcome, error) {
	c.runs.endDue(c.config.Now())
	limited, cancel := context.WithTimeout(ctx, storeTimeout)
	defer cancel()
	c.storeAll(limited)
	c.runs.logUnconfirmed()
	for _, t := range c.late {
		c.runs.stored(c.config.Now(), t.key, t.isOurs)
	}
	if err := c.config.Tasks.ReleaseTasks(limited, c.config.Job, c.config.Owner); err != nil {
		c.config.Log.Warn("the leases could not be released: other collectors can take the tasks when the leases expire", "error", err)
	}
	outcome := c.outcome(limited, left)
	level := slog.LevelInfo
	if outcome != report.Completed {
		level = slog.LevelWarn
	}
	reason := "all runs have ended"
	switch {
	case c.runs.refused != nil:
		reason = c.runs.refused.Error()
	case left != nil:
		reason = left.Error()
	}
	c.config.Log.Log(ctx, level, "stopping", "reason", reason, "exit_code", outcome.ExitCode())
	return outcome, nil
}

// outcome returns the worst outcome of the invocation. If an endless collector was stopped, the outcome is completed,
// because that is its usual end.
func (c *Collector) outcome(ctx context.Context, left error) report.Outcome {
	switch {
	case c.runs.refused != nil:
		return report.OutcomeOfError(c.runs.refused)
	case left != nil && c.config.Endless && !errors.Is(left, report.ErrTimeout):
		return report.Completed
	case left != nil:
		return report.Worst(c.runs.worst, report.OutcomeOfError(left))
	}
	worst := c.runs.worst
	tasks, err := c.config.Tasks.TasksOf(ctx, c.config.Job, c.invocation)
	if err != nil {
		c.config.Log.Warn("the outcomes of other collectors cannot be read", "error", err)
	}
	listed := c.only()
	for _, t := range tasks {
		if listed == nil || listed[history.TaskKey{Kind: t.Kind, ID: t.ID}] {
			worst = report.Worst(worst, outcomeOfWord(t.Outcome))
		}
	}
	return worst
}

// only returns the tasks that the collector may take. It returns nil if the collector may take all tasks.
func (c *Collector) only() map[history.TaskKey]bool {
	if c.config.Endless {
		return nil
	}
	only := map[history.TaskKey]bool{}
	for _, key := range c.config.List {
		only[key] = true
	}
	return only
}

// Recorded tells the collector that an ended run was recorded.
func (c *Collector) Recorded(record *history.Record) {
	c.do(func(now time.Time) []monitor.Event {
		c.runs.recorded(now, record)
		return nil
	})
}

// Deliver makes the next poll of a run due, because a webhook says that the run has ended. If the run is unknown, it is
// added once a poll confirms it.
func (c *Collector) Deliver(runID text.Text) {
	c.do(func(now time.Time) []monitor.Event {
		c.runs.delivered(now, runID)
		return nil
	})
}

// DeliveriesStopped notes that no more deliveries can arrive.
func (c *Collector) DeliveriesStopped() {
	c.do(func(now time.Time) []monitor.Event {
		c.monitor.DeliveriesStopped(now)
		return nil
	})
}

// do makes the driver call a function. It returns false if the driver has ended.
func (c *Collector) do(call follow.Call) bool {
	select {
	case c.calls <- call:
		return true
	case <-c.stopped:
		return false
	}
}

// The words for outcomes in stored tasks.
const (
	wordCompleted  = "completed"
	wordFailed     = "failed"
	wordRuleBroken = "rule broken"
)

// wordOf returns the stored word for an outcome.
func wordOf(o report.Outcome) string {
	switch o {
	case report.Completed:
		return wordCompleted
	case report.RuleBroken:
		return wordRuleBroken
	default:
		return wordFailed
	}
}

// outcomeOfWord returns the outcome for a stored word. An unfinished task has the word "" and counts as completed.
func outcomeOfWord(word string) report.Outcome {
	switch word {
	case "", wordCompleted:
		return report.Completed
	case wordRuleBroken:
		return report.RuleBroken
	default:
		return report.Failed
	}
}

// isCurable reports whether a watch could continue after its problem, with another API key or certificate.
func isCurable(p *run.Problem) bool {
	return p != nil && (p.Kind == run.ProblemKey || p.Kind == run.ProblemUnsafe)
}
