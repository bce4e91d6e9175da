package report

import (
	"fmt"
	"slices"
	"time"

	"sbwatch/model/run"
	"sbwatch/model/text"
	"sbwatch/model/watch"
	"sbwatch/monitor"
)

// heartbeat is the maximum time without output about an unfinished run. Many CI systems end jobs that print nothing for
// some minutes.
const heartbeat = 30 * time.Second

// Reporter reports the runs of a monitor. It writes data about the runs to standard output, and all other information
// as messages. It writes only when something changes, not after every poll. Set the exported fields, then call
// [Reporter.Begin].
type Reporter struct {
	Monitor  *monitor.Monitor
	Lines    Lines
	Say      func(message string)
	Commands Commands
	Interval time.Duration // time between polls
	// TellCost is true if a message before the first dispatch says what the runs cost.
	TellCost bool
	// Judge checks the items of a completed run, writes the results and returns the outcome. It returns an error only
	// if writing to standard output fails; such an error ends the report. Judge may be nil.
	Judge func(w *watch.Watch) (Outcome, error)

	reported map[monitor.RunKey]*reported
	costTold bool
	outage   outage
	// lastOutput is the time of the last output about any run.
	lastOutput time.Time
}

// reported holds what was already reported about one run.
type reported struct {
	lastOutput time.Time
	problem    problemKind // problem of the current series of failures
	notices    []watch.NoticeKind
	finished   bool
	outcome    Outcome // outcome that Judge returned
}

// problemKind identifies a problem, to avoid reporting the same problem twice.
type problemKind struct {
	summary, code text.Text
	httpStatus    int
}

func kindOfProblem(p *run.Problem) problemKind { return problemKind{p.Summary, p.Code, p.HTTPStatus} }

// Begin starts the report. The parameter now is the current time. Call Begin once, after all runs were added to the
// monitor.
func (r *Reporter) Begin(now time.Time) {
	r.reported = map[monitor.RunKey]*reported{}
	r.lastOutput = now
	for _, key := range r.Monitor.Keys() {
		r.reported[key] = &reported{lastOutput: now}
	}
}

// NextHeartbeat returns the time of the next heartbeat, which is a line that only shows that the watch continues. Call
// [Reporter.Report] at that time, even if there is no event.
func (r *Reporter) NextHeartbeat() time.Time {
	if r.isMany() {
		return r.lastOutput.Add(heartbeat)
	}
	var next time.Time
	for _, reported := range r.reported {
		if due := reported.lastOutput.Add(heartbeat); !reported.finished && (next.IsZero() || due.Before(next)) {
			next = due
		}
	}
	return next
}

// Report reports events and new notices. It writes a heartbeat if one is due. It returns an error if writing to
// standard output fails.
func (r *Reporter) Report(now time.Time, events []monitor.Event) error {
	if r.TellCost && !r.costTold {
		for _, key := range r.Monitor.Keys() {
			r.reportCost(now, key)
		}
	}
	for _, event := range events {
		if err := r.reportEvent(now, event); err != nil {
			return err
		}
	}
	keys := r.Monitor.Touched()
	if !r.isMany() {
		keys = r.Monitor.Keys() // some notices depend on time alone
	}
	for _, key := range keys {
		if err := r.reportState(now, key); err != nil {
			return err
		}
	}
	if r.isMany() && !now.Before(r.lastOutput.Add(heartbeat)) {
		r.reportHeartbeatOfAll(now)
	}
	return nil
}

// reportState reports the new notices of a run. If the run needs no more requests, it also reports the end of the run.
// If there is only one run, and there was no output for a while, it writes a line to show that the watch continues.
func (r *Reporter) reportState(now time.Time, key monitor.RunKey) error {
	reported := r.reported[key]
	if reported == nil || reported.finished {
		return nil
	}
	r.reportNotices(now, key)
	switch {
	case r.Monitor.Done(key):
		r.finishRun(key, nil)
		return r.judge(now, key)
	case !r.isMany() && !now.Before(reported.lastOutput.Add(heartbeat)):
		return r.reportHeartbeat(now, key)
	default:
		return nil
	}
}

func (r *Reporter) isMany() bool { return len(r.reported) > 1 }

func (r *Reporter) message(now time.Time, key monitor.RunKey, format string, args ...any) {
	r.Say(fmt.Sprintf(format, args...))
	r.recordOutput(now, key)
}

func (r *Reporter) recordOutput(now time.Time, key monitor.RunKey) {
	r.reported[key].lastOutput = now
	r.lastOutput = now
}

// runPrefix returns the id of a run as a prefix for a message that does not contain the id. It returns "" if there is
// only one run.
func (r *Reporter) runPrefix(key monitor.RunKey) string {
	watch := r.Monitor.Watch(key)
	switch {
	case !r.isMany():
		return ""
	case watch.RunID().IsEmpty():
		return "recipe " + watch.RecipeID().String() + ": "
	default:
		return "run " + watch.RunID().String() + ": "
	}
}

// reportCost reports what the runs may cost. It does so only once, before the first dispatch.
func (r *Reporter) reportCost(now time.Time, key monitor.RunKey) {
	w := r.Monitor.Watch(key)
	if r.costTold || w.Phase() != watch.PhaseDispatching {
		return
	}
	usage, read := w.Usage()
	recipes := r.recipesToDispatch()
	switch {
	case read:
		r.message(now, key, "%s", CostLine(recipes, usage))
	case w.NextRequest() == watch.RequestDispatch:
		r.message(now, key, "%s", UnknownCostLine(recipes, "the usage of the account could not be read"))
	default:
		return
	}
	r.costTold = true
}

// reportEvent reports an event. It leaves out the problem that has ended a watch, because finishRun reports that
// problem.
func (r *Reporter) reportEvent(now time.Time, event monitor.Event) error {
	key := event.Key
	w := r.Monitor.Watch(key)
	switch event.Kind {
	case monitor.Dispatched:
		r.recordOutput(now, key)
		return r.Lines.dispatched(now, w)
	case monitor.Changed:
		r.recordOutput(now, key)
		_, err := r.Lines.state(now, w, false)
		return err
	case monitor.Ended:
		if w.Phase() == watch.PhaseEnded {
			r.recordOutput(now, key)
			return r.Lines.end(now, w)
		}
	case monitor.ProblemFound, monitor.Recovered:
		if !r.reportOutage(now, event) {
			r.reportProblem(now, event)
		}
	case monitor.Slept, monitor.ClockSetBack:
		r.reportClock(now, event)
	}
	return nil
}

// reportProblem reports a temporary problem, or that such a problem has ended.
func (r *Reporter) reportProblem(now time.Time, event monitor.Event) {
	key := event.Key
	reported := r.reported[key]
	if event.Kind == monitor.ProblemFound {
		if kind := kindOfProblem(event.Problem); kind != reported.problem {
			reported.problem = kind
			r.message(now, key, "%s%s", r.runPrefix(key), r.retryText(now, key, event.Problem))
		}
		return
	}
	if !r.Monitor.Watch(key).Over() {
		r.message(now, key, "%s%s", r.runPrefix(key), recoveredText(event.Failures.Count, now.Sub(event.Failures.Since)))
	}
	reported.problem = problemKind{}
}

// recoveredText returns the message that the service answers again, such as "the service answers again, after 3 failed
// requests in 12 s".
func recoveredText(failures int, took time.Duration) string {
	return "the service answers again, after " + text.Counted(int64(failures), "failed request") + " in " + text.Wait(took)
}

// retryText returns a message about a problem, with the time of the next attempt. It leaves out the service's own
// message, which would only repeat the problem.
func (r *Reporter) retryText(now time.Time, key monitor.RunKey, problem *run.Problem) string {
	next := "trying again now"
	if due, waiting := r.Monitor.DueAt(key).Get(); waiting && due.After(now) {
		next = "next try in " + text.Wait(due.Sub(now).Round(100*time.Millisecond))
	}
	reason := problem.Summary.String()
	if reason == "" {
		reason = problem.Reason()
	}
	line := reason + ", " + next
	if references := problem.References(); references != "" {
		line += " (" + references + ")"
	}
	return line
}

// reportNotices reports the new notices of a run. It reports none while requests fail, because a run without answers
// only seems to have stalled.
func (r *Reporter) reportNotices(now time.Time, key monitor.RunKey) {
	w := r.Monitor.Watch(key)
	if (r.Monitor.Failures(key).Count > 0 || r.outage.isOn) && !w.Over() {
		return
	}
	var kinds []watch.NoticeKind
	for _, notice := range w.Notices(now, r.Interval) {
		kinds = append(kinds, notice.Kind)
		if !slices.Contains(r.reported[key].notices, notice.Kind) {
			r.message(now, key, "run %s: %s", w.RunID(), notice.String())
		}
	}
	r.reported[key].notices = kinds
}

// reportHeartbeat writes the state of a run. The line shows that the watch continues although nothing has changed for a
// while.
func (r *Reporter) reportHeartbeat(now time.Time, key monitor.RunKey) error {
	watch := r.Monitor.Watch(key)
	_, answered := watch.Answer()
	failures := r.Monitor.Failures(key)
	switch {
	case failures.Count > 0:
		r.message(now, key, "%sstill failing after %s: %s", r.runPrefix(key), text.Wait(now.Sub(failures.Since)),
			r.retryText(now, key, failures.Last))
	case !answered || watch.Over():
		r.message(now, key, "%sstill waiting for an answer", r.runPrefix(key))
	default:
		written, err := r.Lines.state(now, watch, true)
		if err != nil {
			return err
		}
		if !written {
			r.message(now, key, "run %s: still %s, %s, %s", watch.RunID(), watch.Run().StatusText(),
				plainCount(watch.Run().Pages, "page"), plainCount(watch.Run().Items, "item"))
		}
		r.recordOutput(now, key)
	}
	return nil
}

// Finish reports the runs that have not ended. The parameter cause is the reason for leaving these runs.
func (r *Reporter) Finish(cause error) {
	for _, key := range r.Monitor.Keys() {
		if !r.reported[key].finished && (!r.isMany() || !r.isUndispatched(key)) {
			r.finishRun(key, cause)
		}
	}
	r.finishAll(cause)
}

// Outcome returns the worst outcome of the runs. The parameter cause is the reason for leaving unfinished runs.
func (r *Reporter) Outcome(cause error) Outcome {
	var outcomes []Outcome
	for _, key := range r.Monitor.Keys() {
		outcomes = append(outcomes, OutcomeOf(r.Monitor.Watch(key), cause), r.reported[key].outcome)
	}
	return Worst(outcomes...)
}

func (r *Reporter) finishRun(key monitor.RunKey, cause error) {
	r.reported[key].finished = true
	if r.isMany() && r.isKeyRefused(key) && r.outage.keyRefused {
		return // finishAll reports these runs together
	}
	r.outage.keyRefused = r.outage.keyRefused || r.isKeyRefused(key)
	for _, line := range EndMessages(r.Monitor.Watch(key), cause, r.Commands) {
		r.Say(line)
	}
}
