package collect

import (
	"log/slog"
	"time"

	"sbwatch/history"
	"sbwatch/model/run"
	"sbwatch/model/text"
	"sbwatch/model/watch"
	"sbwatch/monitor"
	"sbwatch/report"
)

// reporter holds the state of the tasks of this collector. Only the goroutine of the poll loop calls its methods.
type reporter struct {
	*Collector
	tasks map[history.TaskKey]*task
	byRun map[monitor.RunKey]*task
	// unreported holds the records of ended runs, by run id, until the ends of these runs are reported.
	unreported map[string]*history.Record
	deliveries deliveries

	open int // number of unfinished tasks of all collectors, at the last renewal
	// collectors is the number of collectors, which share the limits on requests.
	collectors int
	worst      report.Outcome
	// refused is the first problem, such as a refused key, that ended a watch although its run had not ended. It is nil
	// if there was no such problem.
	refused   *run.Problem
	isOffline bool // whether the log says that the service cannot be reached
}

// task is a recipe or a run for which this collector has a lease.
type task struct {
	history.Task
	key monitor.RunKey
	// isGuess is true if the run is known only from a delivery. isConfirmed becomes true when a poll finds this run.
	// The run then becomes a normal task.
	isGuess, isConfirmed bool
	// doneAt is the time at which the run was found to need no more requests. It is zero until then.
	doneAt  time.Time
	isEnded bool // whether storing the end has begun
	outcome report.Outcome
	record  *history.Record
	notices []watch.NoticeKind
	status  string // status of the run in the last line of the log
}

// maxRecordWait is how long the collector waits for the record of an ended run.
const maxRecordWait = 5 * time.Minute

// staysOpen reports whether the poll loop must continue although no run needs requests.
func (r *reporter) staysOpen() bool {
	if r.refused != nil {
		return false
	}
	return r.config.Endless || r.open > 0 || len(r.tasks) > 0
}

// reconcile makes the monitor watch exactly the tasks for which this collector has a lease. newTasks holds the runs
// that a webhook has reported and that have become tasks.
func (r *reporter) reconcile(now time.Time, held history.Held, newTasks []history.TaskKey) {
	r.open = held.Open
	r.divideLimits(held.Collectors)
	holds := map[history.TaskKey]bool{}
	for _, t := range held.Tasks {
		holds[t.TaskKey] = true
		if r.tasks[t.TaskKey] == nil && r.refused == nil {
			r.add(now, t)
		}
	}
	for _, key := range newTasks {
		if t := r.tasks[key]; t != nil && holds[key] {
			t.isGuess = false
		} else if t != nil {
			r.write(slog.LevelDebug, "the run from the webhook is known already, or another collector has it", t)
			r.drop(now, key)
		}
	}
	for key, t := range r.tasks {
		if !holds[key] && !t.isGuess && !r.monitor.Watch(t.key).DispatchUnanswered() {
			r.write(slog.LevelInfo, "handed over to another collector", t)
			r.drop(now, key)
		}
	}
}

// divideLimits divides the limits on requests by the number of collectors, because they use one account.
func (r *reporter) divideLimits(collectors int) {
	if collectors == r.collectors {
		return
	}
	r.collectors = collectors
	limits, n := r.config.Limits, max(1, collectors)
	if limits.PerMinute > 0 {
		limits.PerMinute = max(1, limits.PerMinute/n)
	}
	if limits.Concurrent > 0 {
		limits.Concurrent = max(1, limits.Concurrent/n)
	}
	limits.FromFirst = limits.FromFirst || n > 1
	r.monitor.Limit(limits)
}

// add starts to watch a task.
func (r *reporter) add(now time.Time, t history.Task) {
	var w watch.Watch
	switch t.State {
	case history.TaskToDispatch:
		w = watch.NewDispatchWatch(text.NewText(t.ID))
		r.mu.Lock()
		r.recipes[t.ID] = t
		r.mu.Unlock()
	case history.TaskDispatching:
		w = lostWatch(t)
		r.config.Log.Warn("a collector died while it dispatched a recipe: a run may have started, so the recipe is not dispatched again",
			"recipe", text.Printable(t.ID), "dispatched_at", t.DispatchedAt)
	default:
		w = watch.NewWatch(text.NewText(t.RunID))
	}
	added := &task{Task: t, key: r.monitor.Add(now, w)}
	r.tasks[t.TaskKey], r.byRun[added.key] = added, added
}

// lostWatch returns the watch of a recipe that another process has dispatched. That process ended before it received
// the answer.
func lostWatch(t history.Task) watch.Watch {
	w := watch.NewDispatchWatch(text.NewText(t.ID))
	w.Dispatching(t.DispatchedAt)
	w.DispatchFailed(&run.Problem{
		Kind: run.ProblemLost, What: text.NewText("recipe " + t.ID), Summary: text.NewText("sbwatch ended before the dispatch was answered"),
	})
	return w
}

// drop stops watching a task.
func (r *reporter) drop(now time.Time, key history.TaskKey) {
	t := r.tasks[key]
	if t == nil {
		return
	}
	delete(r.tasks, key)
	delete(r.byRun, t.key)
	r.mu.Lock()
	if known, ok := r.recipes[t.ID]; ok && known.TaskKey == key {
		delete(r.recipes, t.ID)
	}
	r.mu.Unlock()
	runID := r.monitor.Watch(t.key).RunID()
	r.monitor.Remove(now, t.key)
	delete(r.unreported, runID.Raw())
	if r.config.Forget != nil && !runID.IsEmpty() {
		r.config.Forget(runID)
	}
}

// Begin implements [follow.Reporter].
func (r *reporter) Begin(now time.Time) { r.recordActivity(now) }

// Report implements [follow.Reporter].
func (r *reporter) Report(now time.Time, events []monitor.Event) error {
	r.recordActivity(now)
	for _, event := range events {
		r.log(now, event)
	}
	touched := r.monitor.Touched()
	for _, key := range touched {
		if t := r.byRun[key]; t != nil {
			r.touch(now, t)
		}
	}
	r.endDue(now)
	r.addDelivered(now)
	if len(touched) > 0 {
		r.count(now)
	}
	if r.config.Received != nil {
		r.config.Metrics.delivered(r.config.Received().Plus(r.monitor.Deliveries()))
	}
	return nil
}

// NextHeartbeat implements [follow.Reporter].
func (r *reporter) NextHeartbeat() time.Time { return time.Time{} }

// Finish implements [follow.Reporter].
func (r *reporter) Finish(error) {}

// touch updates a task after an event of its run.
func (r *reporter) touch(now time.Time, t *task) {
	w := r.monitor.Watch(t.key)
	if !w.RunID().IsEmpty() {
		t.RunID = w.RunID().Raw()
	}
	if _, answered := w.Answer(); answered && t.isGuess && !t.isConfirmed {
		t.isConfirmed = true
		r.beginLater(t.TaskKey)
	}
	r.logNotices(now, t)
	if r.monitor.Done(t.key) && t.doneAt.IsZero() {
		t.doneAt = now
	}
}

// endDue ends the tasks whose runs have ended and are recorded.
func (r *reporter) endDue(now time.Time) {
	for key, t := range r.tasks {
		if t.doneAt.IsZero() || t.isEnded {
			continue
		}
		w := r.monitor.Watch(t.key)
		switch {
		case w.Phase() == watch.PhaseGaveUp && isCurable(w.Problem()):
			if r.refused == nil {
				r.refused = w.Problem()
			}
		case t.isGuess && !t.isConfirmed:
			r.drop(now, key) // the service does not know the run
		case t.isGuess:
			// The run is about to become a task.
		case !w.Over():
			// The watch was stopped.
		default:
			r.end(now, t, w)
		}
	}
}

// end stores the end of a task. If the record of the run is still missing, end does nothing, and endDue calls it again
// later.
func (r *reporter) end(now time.Time, t *task, w *watch.Watch) {
	if r.config.Recorded && w.Phase() == watch.PhaseEnded {
		t.record = r.unreported[w.RunID().Raw()]
		if t.record == nil && now.Before(t.doneAt.Add(maxRecordWait)) {
			return
		}
	}
	t.isEnded = true
	t.outcome, t.Detail = r.judge(t, w)
	t.State, t.Outcome = history.TaskEnded, wordOf(t.outcome)
	r.storeLater(t.Task)
}

// judge returns the outcome of an ended watch, and a description of what happened.
func (r *reporter) judge(t *task, w *watch.Watch) (report.Outcome, string) {
	outcome := report.OutcomeOf(w, nil)
	switch {
	case w.Phase() == watch.PhaseLost:
		return outcome, "the answer to the dispatch was lost. " + w.LostVerdict(false)
	case w.Phase() == watch.PhaseGaveUp:
		return outcome, w.Problem().Error()
	case outcome != report.Completed:
		return outcome, detailOfRun(w)
	case r.config.Rules && w.Incomplete() != nil:
		return report.OutcomeOfError(w.Incomplete()), w.Incomplete().Error()
	case r.config.Rules && t.record == nil:
		return report.Failed, "the rules could not be checked, because the run was not recorded"
	}
	if broken := brokenRules(t.record); broken > 0 {
		return report.RuleBroken, detailOfRun(w) + ", " + text.Counted(int64(broken), "rule") + " broken"
	}
	return outcome, detailOfRun(w)
}

// detailOfRun returns the status of a run and its counts, in words.
func detailOfRun(w *watch.Watch) string {
	r := w.Run()
	detail := r.StatusText()
	if items, known := r.Items.Get(); known {
		detail += ", " + text.Counted(items, "item")
	}
	if !r.Error.IsEmpty() {
		detail += ": " + r.Error.String()
	}
	return detail
}

// brokenRules returns the number of rules that the items of a run break.
func brokenRules(record *history.Record) int {
	n := 0
	if record != nil {
		for _, note := range record.Notes {
			if note.Kind == history.NoteRule && note.Severity != "ok" && note.Severity != "warn" {
				n++
			}
		}
	}
	return n
}

// stored removes a task whose end was stored. If isOurs is true, this collector has stored the end, and now reports it.
// Otherwise, another collector has taken the task, and reports the end.
func (r *reporter) stored(now time.Time, key history.TaskKey, isOurs bool) {
	t := r.tasks[key]
	if t == nil || !t.isEnded {
		return
	}
	if isOurs {
		w := r.monitor.Watch(t.key)
		r.worst = report.Worst(r.worst, t.outcome)
		r.open--
		level := slog.LevelInfo
		if t.outcome != report.Completed {
			level = slog.LevelError
		}
		r.write(level, "run ended", t, "outcome", t.Outcome, "detail", t.Detail)
		r.config.Metrics.ended(w, t.outcome)
		if r.config.Ended != nil {
			r.config.Ended(Ending{Watch: w, Record: t.record, Outcome: t.outcome, Detail: t.Detail, Key: t.key})
		}
	}
	r.drop(now, key)
	r.count(now)
}

// recorded keeps the record of an ended run until the end of the run is reported.
func (r *reporter) recorded(now time.Time, record *history.Record) {
	for _, t := range r.tasks {
		if t.RunID == record.ID.Raw() {
			r.unreported[record.ID.Raw()] = record
			r.endDue(now)
			return
		}
	}
}

// count updates the metrics that count runs.
func (r *reporter) count(now time.Time) {
	counts := map[string]int{}
	for _, t := range r.tasks {
		counts[stateOf(r.monitor.Watch(t.key))]++
	}
	used, limit := r.monitor.Budget(now)
	r.config.Metrics.count(counts, max(0, r.open), used, limit)
}

// runStates returns all values that stateOf can return.
func runStates() []string {
	return []string{"to_dispatch", "dispatching", "queued", "running", "ended", "other"}
}

// stateOf returns the state of a run for the metrics, such as "running".
func stateOf(w *watch.Watch) string {
	switch {
	case w.Over():
		return "ended"
	case w.DispatchUnanswered():
		return "dispatching"
	case w.Phase() == watch.PhaseDispatching:
		return "to_dispatch"
	}
	switch w.Run().Status() {
	case run.StatusQueued:
		return "queued"
	case run.StatusRunning:
		return "running"
	default:
		return "other"
	}
}
