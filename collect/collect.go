// Package collect watches runs without a screen. It dispatches the recipes of a list, watches the runs until they end,
// and reports how they ended in logs, metrics and notifications. Each recipe or run on the list is a task. The tasks
// are stored in the history, so that they survive a restart and several collectors can share them.
//
// A collector uses two goroutines. One renews the leases on the tasks and stores their states. The other runs the poll
// loop, which owns the monitor and the state of the runs.
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
	// Tasks stores the tasks.
	Tasks history.Tasks
	// Job and Invocation are the names under which the tasks are stored. If Invocation is empty, the collector resumes
	// an unfinished invocation. If there is no unfinished invocation, the collector begins a new one. Today is the name
	// of a new invocation, such as "2026-03-14".
	Job               history.Job
	Invocation, Today string
	// List holds the tasks that the user has listed.
	List []history.TaskKey
	// Endless makes the collector run until it is stopped, because runs may be added at any time.
	Endless bool
	// Owner is the name of this collector. Lease is how long the collector holds a task if it does not renew the lease.
	Owner string
	Lease time.Duration

	// Interval is the pause between two polls of a run. Limits are the limits on requests. Timeout is the maximum
	// duration of the watch; 0 means no limit.
	Interval time.Duration
	Limits   monitor.Limits
	Timeout  time.Duration

	// Recorded is true if the record of each ended run is passed to [Collector.Recorded]. Rules is true if these
	// records contain the results of rules.
	Recorded, Rules bool
	// Ended, if not nil, is called after the end of a run was stored. If the process dies before the call, there is no
	// later call for that run. Ended must return quickly.
	Ended func(Ending)
	// Forget, if not nil, is called when a run is no longer watched.
	Forget func(runID text.Text)
	// Expected returns how long the runs of a recipe usually take. ok is false if the duration is unknown. Expected may
	// be nil.
	Expected func(ctx context.Context, recipe text.Text) (duration time.Duration, ok bool)
	// Received, if not nil, returns the numbers of received deliveries.
	Received func() watch.Deliveries

	Log     *slog.Logger
	Metrics *Metrics
	Now     func() time.Time
	Jitter  func() float64
}

// Ending describes how a run ended, or why a recipe could not be dispatched.
type Ending struct {
	// Watch is the state of the run. It must not be used after Ended has returned.
	Watch *watch.Watch
	// Record is the record of the run in the history, or nil if the run was not recorded.
	Record *history.Record
	// Outcome determines the exit code of the program. Detail describes what happened, as printable text.
	Outcome report.Outcome
	Detail  string
	// Key identifies the watch in the monitor.
	Key monitor.RunKey
}

// resumeWithin is the maximum age of an unfinished invocation that is resumed. It is long enough for a restart after
// midnight, and shorter than a day, so that a daily job begins a new invocation each day.
const resumeWithin = 20 * time.Hour

// keepEnded is how long ended tasks are kept.
const keepEnded = 30 * 24 * time.Hour

// dispatchGrace is how long a collector that is stopped waits for the answers to its dispatches.
const dispatchGrace = 30 * time.Second

// storeTimeout is the maximum time for one change of the database.
const storeTimeout = 5 * time.Second

// Collector watches the tasks of a job. Use [New] to create one.
type Collector struct {
	config  Config
	monitor *monitor.Monitor
	calls   chan follow.Call
	// stopped is closed when the poll loop no longer handles calls. stopping is closed when the collector is asked to
	// stop.
	stopped, stopping chan struct{}
	wake              chan struct{} // tells renewAndStore that there are states to store

	runs reporter // used only by the poll loop

	mu         sync.Mutex
	invocation string
	recipes    map[string]history.Task          // recipes to dispatch, by id
	unstored   map[history.TaskKey]history.Task // states to store
	delivered  []history.TaskKey                // confirmed runs from deliveries, to be added to the tasks
	late       []storedTask                     // tasks whose end was stored after the poll loop had ended
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

// Run watches the tasks until all have ended or ctx ends, and returns the worst outcome. It returns an error if the
// tasks cannot be stored.
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
	keeper.Go(func() { c.renewAndStore(keeping) })
	driver := follow.Driver{
		Service: guardedService{c.config.Service, c}, Monitor: c.monitor, Reporter: &c.runs, Now: c.config.Now,
		Grace: dispatchGrace, Calls: c.calls, StaysOpen: c.runs.staysOpen,
		Expected: c.config.Expected,
	}
	cause := driver.Run(ctx)
	close(c.stopped)
	endKeeping()
	keeper.Wait()
	return c.shutDown(context.WithoutCancel(ctx), cause)
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
		c.config.Log.Info("nothing is left to do: all runs of this invocation have ended; use another --invocation to dispatch the recipes again", "invocation", begun.Invocation)
	}
	c.runs.reconcile(c.config.Now(), held, nil)
	return nil
}

func newTask(key history.TaskKey) history.Task {
	if key.Kind == history.TaskRecipe {
		return history.Task{TaskKey: key, State: history.TaskToDispatch}
	}
	return history.Task{TaskKey: key, State: history.TaskWatching, RunID: key.ID}
}

// taskIDs returns the ids of tasks as printable text.
func taskIDs(tasks []history.Task) []string {
	var ids []string
	for _, t := range tasks {
		ids = append(ids, text.Printable(t.ID))
	}
	return ids
}

// shutDown stores the task states that are not stored yet, and releases the leases. cause is the reason why the poll
// loop ended although runs were still being watched, or nil.
func (c *Collector) shutDown(ctx context.Context, cause error) (report.Outcome, error) {
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
	outcome := c.outcome(limited, cause)
	level := slog.LevelInfo
	if outcome != report.Completed {
		level = slog.LevelWarn
	}
	reason := "all runs have ended"
	switch {
	case c.runs.refused != nil:
		reason = c.runs.refused.Error()
	case cause != nil:
		reason = cause.Error()
	}
	c.config.Log.Log(ctx, level, "stopping", "reason", reason, "exit_code", outcome.ExitCode())
	return outcome, nil
}

// outcome returns the worst outcome of the invocation. For an endless collector that was stopped, it returns
// report.Completed, because such a collector ends only when it is stopped.
func (c *Collector) outcome(ctx context.Context, cause error) report.Outcome {
	switch {
	case c.runs.refused != nil:
		return report.OutcomeOfError(c.runs.refused)
	case cause != nil && c.config.Endless && !errors.Is(cause, report.ErrTimeout):
		return report.Completed
	case cause != nil:
		return report.Worst(c.runs.worst, report.OutcomeOfError(cause))
	}
	worst := c.runs.worst
	tasks, err := c.config.Tasks.TasksOf(ctx, c.config.Job, c.invocation)
	if err != nil {
		c.config.Log.Warn("the outcomes of other collectors cannot be read", "error", err)
	}
	listed := c.allowedTasks()
	for _, t := range tasks {
		if listed == nil || listed[history.TaskKey{Kind: t.Kind, ID: t.ID}] {
			worst = report.Worst(worst, outcomeOfWord(t.Outcome))
		}
	}
	return worst
}

// allowedTasks returns the tasks that the collector may take, or nil if it may take all.
func (c *Collector) allowedTasks() map[history.TaskKey]bool {
	if c.config.Endless {
		return nil
	}
	only := map[history.TaskKey]bool{}
	for _, key := range c.config.List {
		only[key] = true
	}
	return only
}

// Recorded tells the collector that the record of an ended run was written.
func (c *Collector) Recorded(record *history.Record) {
	c.callPollLoop(func(now time.Time) []monitor.Event {
		c.runs.recorded(now, record)
		return nil
	})
}

// Deliver makes the collector poll a run as soon as possible, because a webhook says that the run has ended. A run that
// the collector does not watch is added to the tasks if the poll confirms that the run exists.
func (c *Collector) Deliver(runID text.Text) {
	c.callPollLoop(func(now time.Time) []monitor.Event {
		c.runs.delivered(now, runID)
		return nil
	})
}

// DeliveriesStopped records that no more deliveries can arrive.
func (c *Collector) DeliveriesStopped() {
	c.callPollLoop(func(now time.Time) []monitor.Event {
		c.monitor.DeliveriesStopped(now)
		return nil
	})
}

// callPollLoop calls a function on the goroutine of the poll loop. It returns false if the poll loop has ended.
func (c *Collector) callPollLoop(call follow.Call) bool {
	select {
	case c.calls <- call:
		return true
	case <-c.stopped:
		return false
	}
}

// The words that stand for outcomes in stored tasks.
const (
	wordCompleted  = "completed"
	wordFailed     = "failed"
	wordRuleBroken = "rule broken"
	wordWrongUsage = "wrong formula"
)

func wordOf(o report.Outcome) string {
	switch o {
	case report.Completed:
		return wordCompleted
	case report.RuleBroken:
		return wordRuleBroken
	case report.WrongUsage:
		return wordWrongUsage
	default:
		return wordFailed
	}
}

// outcomeOfWord returns the outcome for a word in a stored task, such as "completed". An unfinished task has the word
// "". For this word, outcomeOfWord returns report.Completed, which does not affect the worst outcome.
func outcomeOfWord(word string) report.Outcome {
	switch word {
	case "", wordCompleted:
		return report.Completed
	case wordRuleBroken:
		return report.RuleBroken
	case wordWrongUsage:
		return report.WrongUsage
	default:
		return report.Failed
	}
}

// isCurable reports whether a problem is caused by the API key or a certificate, so that a later collector with another
// key or certificate could continue the watch.
func isCurable(p *run.Problem) bool {
	return p != nil && (p.Kind == run.ProblemKey || p.Kind == run.ProblemUnsafe)
}
