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

// signOfLife is how long a watch may stay silent. Many systems that run jobs end one that says nothing for minutes.
const signOfLife = 30 * time.Second

// Reporter tells what becomes of the runs of a monitor: their data as lines of standard output, everything else as
// messages. It tells each thing when it changes, not at every poll. The zero value with its exported fields set is ready for
// [Reporter.Begin].
type Reporter struct {
	Monitor  *monitor.Monitor
	Lines    Lines
	Say      func(message string)
	Commands Commands
	Interval time.Duration // of the polls
	// TellCost makes it tell what a run may cost before its dispatch.
	TellCost bool

	told map[monitor.RunKey]*told
}

// told is what was told of one run.
type told struct {
	spokeAt  time.Time
	cost     bool
	problem  problemKind // of the failures that go on
	notices  []watch.NoticeKind
	finished bool // how it ended
}

// problemKind is what two problems have in common that need not be told apart.
type problemKind struct {
	summary, code text.Text
	httpStatus    int
}

func kindOfProblem(p *run.Problem) problemKind { return problemKind{p.Summary, p.Code, p.HTTPStatus} }

// Begin notes when the watch of all runs began. It comes after the runs were added, and before everything else.
func (r *Reporter) Begin(now time.Time) {
	r.told = map[monitor.RunKey]*told{}
	for _, key := range r.Monitor.Keys() {
		r.told[key] = &told{spokeAt: now, cost: !r.TellCost}
	}
}

// QuietUntil returns when the next sign of life is due.
func (r *Reporter) QuietUntil() time.Time {
	var next time.Time
	for _, told := range r.told {
		if due := told.spokeAt.Add(signOfLife); !told.finished && (next.IsZero() || due.Before(next)) {
			next = due
		}
	}
	return next
}

// Report tells what is new: the events, and what comes with time alone. Its error is that of standard output.
func (r *Reporter) Report(now time.Time, events []monitor.Event) error {
	for _, key := range r.Monitor.Keys() {
		r.reportCost(now, key)
	}
	for _, event := range events {
		if err := r.reportEvent(now, event); err != nil {
			return err
		}
	}
	for _, key := range r.Monitor.Keys() {
		told := r.told[key]
		if told.finished {
			continue
		}
		r.reportNotices(now, key)
		if r.Monitor.Done(key) {
			r.finishRun(key, nil)
			continue
		}
		if !now.Before(told.spokeAt.Add(signOfLife)) {
			if err := r.stillAlive(now, key); err != nil {
				return err
			}
		}
	}
	return nil
}

func (r *Reporter) message(now time.Time, key monitor.RunKey, format string, args ...any) {
	r.Say(fmt.Sprintf(format, args...))
	r.told[key].spokeAt = now
}

// about returns how a message begins that does not name its run: with its name, where there are several.
func (r *Reporter) about(key monitor.RunKey) string {
	watch := r.Monitor.Watch(key)
	switch {
	case len(r.Monitor.Keys()) == 1:
		return ""
	case watch.RunID().IsEmpty():
		return "recipe " + watch.RecipeID().String() + ": "
	default:
		return "run " + watch.RunID().String() + ": "
	}
}

// reportCost tells what a run that is about to be dispatched may cost.
func (r *Reporter) reportCost(now time.Time, key monitor.RunKey) {
	w := r.Monitor.Watch(key)
	if r.told[key].cost || w.Phase() != watch.PhaseDispatching {
		return
	}
	usage, read := w.Usage()
	switch {
	case read:
		r.message(now, key, "%s", CostLine(w.RecipeID(), usage))
	case w.NextRequest() == watch.RequestDispatch:
		r.message(now, key, "%s", UnknownCostLine(w.RecipeID(), "the account's usage could not be read"))
	default:
		return
	}
	r.told[key].cost = true
}

// reportEvent tells what happened to a run. A problem that ends a watch is told when it is finished.
func (r *Reporter) reportEvent(now time.Time, event monitor.Event) error {
	key := event.Key
	w, told := r.Monitor.Watch(key), r.told[key]
	switch event.Kind {
	case monitor.Dispatched:
		told.spokeAt = now
		return r.Lines.dispatched(now, w)
	case monitor.Changed:
		told.spokeAt = now
		_, err := r.Lines.change(now, w, false)
		return err
	case monitor.Ended:
		if w.Phase() == watch.PhaseEnded {
			told.spokeAt = now
			return r.Lines.end(now, w)
		}
	case monitor.ProblemFound:
		if kind := kindOfProblem(event.Problem); kind != told.problem {
			told.problem = kind
			r.message(now, key, "%s%s", r.about(key), r.waitingLine(now, key, event.Problem))
		}
	case monitor.Recovered:
		if !w.Over() {
			r.message(now, key, "%sthe service answers again, after %s in %s", r.about(key),
				text.Counted(int64(event.Failures.Count), "failed request"), text.Wait(now.Sub(event.Failures.Since)))
		}
		told.problem = problemKind{}
	}
	return nil
}

// waitingLine returns what went wrong and when the next try is. It leaves out the service's own message, which would
// repeat the summary.
func (r *Reporter) waitingLine(now time.Time, key monitor.RunKey, problem *run.Problem) string {
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

// reportNotices tells notices when they come up. While no answers come, nothing can be concluded from a run that does not
// change.
func (r *Reporter) reportNotices(now time.Time, key monitor.RunKey) {
	w := r.Monitor.Watch(key)
	if r.Monitor.Failures(key).Count > 0 && !w.Over() {
		return
	}
	var kinds []watch.NoticeKind
	for _, notice := range w.Notices(now, r.Interval) {
		kinds = append(kinds, notice.Kind)
		if !slices.Contains(r.told[key].notices, notice.Kind) {
			r.message(now, key, "run %s: %s", w.RunID(), notice.String())
		}
	}
	r.told[key].notices = kinds
}

// stillAlive shows, where nothing has changed for long, that the watch goes on.
func (r *Reporter) stillAlive(now time.Time, key monitor.RunKey) error {
	watch := r.Monitor.Watch(key)
	_, answered := watch.Answer()
	failures := r.Monitor.Failures(key)
	switch {
	case failures.Count > 0:
		r.message(now, key, "%sstill, for %s: %s", r.about(key), text.Wait(now.Sub(failures.Since)),
			r.waitingLine(now, key, failures.Newest))
	case !answered || watch.Over():
		r.message(now, key, "%sstill waiting for an answer", r.about(key))
	default:
		said, err := r.Lines.change(now, watch, true)
		if err != nil {
			return err
		}
		if !said {
			r.message(now, key, "run %s: still %s, %s, %s", watch.RunID(), watch.Run().StatusText(),
				plainCount(watch.Run().Pages, "page"), plainCount(watch.Run().Items, "item"))
		}
		r.told[key].spokeAt = now
	}
	return nil
}

// Finish tells what became of the runs whose watch was left, and why.
func (r *Reporter) Finish(cause error) {
	for _, key := range r.Monitor.Keys() {
		if !r.told[key].finished {
			r.finishRun(key, cause)
		}
	}
}

// Outcome returns the worst outcome of the runs. The cause is why they were left, where they were.
func (r *Reporter) Outcome(cause error) Outcome {
	var outcomes []Outcome
	for _, key := range r.Monitor.Keys() {
		outcomes = append(outcomes, OutcomeOf(r.Monitor.Watch(key), cause))
	}
	return worst(outcomes...)
}

func (r *Reporter) finishRun(key monitor.RunKey, cause error) {
	r.told[key].finished = true
	for _, line := range EndMessages(r.Monitor.Watch(key), cause, r.Commands) {
		r.Say(line)
	}
}
