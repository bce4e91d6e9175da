package cmd

import (
	"fmt"
	"slices"
	"time"

	"sbwatch/model"
)

// signOfLife is how long a watch may stay silent. Many systems that run jobs end one that says nothing for minutes.
const signOfLife = 30 * time.Second

// reporter tells what becomes of a run: its data as lines of standard output, everything else as messages. Each thing
// is said when it changes, not at every poll.
type reporter struct {
	data     dataLines
	say      func(message string)
	suggest  suggestions
	interval time.Duration // of the polls
	// tellCost is true where a dispatch that nobody was asked about is still to come.
	tellCost bool

	spokeAt time.Time
	failing failing
	notices []model.NoticeKind
	state   state
	idKnown bool // of the run
}

// failing follows problems from the first to the next good answer.
type failing struct {
	since  time.Time // zero while all is well
	count  int       // of failed requests
	newest *model.Problem
	said   problemKind // the kind that was said last
}

// problemKind is what two problems have in common that need not be told apart.
type problemKind struct {
	summary, code model.Text
	httpStatus    int
}

func kindOfProblem(p *model.Problem) problemKind { return problemKind{p.Summary, p.Code, p.HTTPStatus} }

// state is what makes a line of data worth writing when it changes.
type state struct {
	status                string
	pages, items, credits model.Optional[int64]
	known                 bool
}

// begin notes when the watch began, and what needs no telling.
func (r *reporter) begin(now time.Time, watch *model.Watch) {
	r.spokeAt = now
	r.idKnown = !watch.RunID().IsEmpty()
}

// quietUntil is when the next sign of life is due.
func (r *reporter) quietUntil() time.Time { return r.spokeAt.Add(signOfLife) }

// report tells what is new. Its error is that of standard output.
func (r *reporter) report(now time.Time, watch *model.Watch, schedule *model.Schedule) error {
	r.reportCost(now, watch)
	if err := r.reportRun(now, watch); err != nil {
		return err
	}
	r.reportProblem(now, watch, schedule)
	r.reportNotices(now, watch)
	if now.Before(r.quietUntil()) {
		return nil
	}
	return r.stillAlive(now, watch, schedule)
}

func (r *reporter) message(now time.Time, format string, args ...any) {
	r.say(fmt.Sprintf(format, args...))
	r.spokeAt = now
}

// reportCost says what the run that is about to be dispatched may cost.
func (r *reporter) reportCost(now time.Time, watch *model.Watch) {
	if !r.tellCost || watch.Phase() != model.PhaseDispatching {
		return
	}
	usage, read := watch.Usage()
	switch {
	case read:
		r.message(now, "%s", costLine(watch.RecipeID(), usage))
	case watch.NextRequest() == model.RequestDispatch:
		r.message(now, "what a run of %s may cost is not known: the account's usage could not be read", watch.RecipeID())
	default:
		return
	}
	r.tellCost = false
}

// reportRun writes the run's data where it has changed.
func (r *reporter) reportRun(now time.Time, watch *model.Watch) error {
	if !r.idKnown && !watch.RunID().IsEmpty() {
		r.idKnown, r.spokeAt = true, now
		if err := r.data.dispatched(now, watch); err != nil {
			return err
		}
	}
	if _, answered := watch.Answer(); !answered {
		return nil
	}
	run := watch.Run()
	current := state{run.StatusText(), run.Pages, run.Items, run.Credits, true}
	if current == r.state {
		return nil
	}
	r.state, r.spokeAt = current, now
	if run.Status().Terminal() {
		return r.data.end(now, watch)
	}
	_, err := r.data.change(now, watch, false)
	return err
}

// reportProblem says what keeps the watch from going on, and later that it goes on. What ended the watch is left to
// finish.
func (r *reporter) reportProblem(now time.Time, watch *model.Watch, schedule *model.Schedule) {
	problem := watch.Problem()
	if problem == nil {
		problem = watch.UsageProblem()
	}
	switch {
	case watch.Over():
	case problem != nil && problem != r.failing.newest:
		r.failing.newest = problem
		r.failing.count++
		if r.failing.since.IsZero() {
			r.failing.since = now
		}
		if kind := kindOfProblem(problem); kind != r.failing.said {
			r.failing.said = kind
			r.message(now, "%s", waitingLine(now, problem, schedule))
		}
	case problem == nil && r.failing.count > 0:
		r.message(now, "the service answers again, after %s in %s",
			model.Counted(int64(r.failing.count), "failed request"), model.Wait(now.Sub(r.failing.since)))
		r.failing = failing{}
	}
}

// waitingLine says what went wrong and when the next try is. The service's own message would say the same again.
func waitingLine(now time.Time, problem *model.Problem, schedule *model.Schedule) string {
	next := "trying again now"
	if due, waiting := schedule.DueAt(theRun).Get(); waiting && due.After(now) {
		next = "next try in " + model.Wait(due.Sub(now).Round(100*time.Millisecond))
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

// reportNotices says what should not have to be found out, when it comes up. While no answers come, nothing can be told
// from their saying nothing new.
func (r *reporter) reportNotices(now time.Time, watch *model.Watch) {
	if r.failing.newest != nil && !watch.Over() {
		return
	}
	var kinds []model.NoticeKind
	for _, notice := range watch.Notices(now, r.interval) {
		kinds = append(kinds, notice.Kind)
		if !slices.Contains(r.notices, notice.Kind) {
			r.message(now, "run %s: %s", watch.RunID(), notice.String())
		}
	}
	r.notices = kinds
}

// stillAlive shows, where nothing has changed for long, that the watch goes on.
func (r *reporter) stillAlive(now time.Time, watch *model.Watch, schedule *model.Schedule) error {
	_, answered := watch.Answer()
	switch {
	case r.failing.newest != nil:
		r.message(now, "still, for %s: %s", model.Wait(now.Sub(r.failing.since)), waitingLine(now, r.failing.newest, schedule))
	case !answered || watch.Over():
		r.message(now, "still waiting for an answer")
	default:
		said, err := r.data.change(now, watch, true)
		if err != nil {
			return err
		}
		if !said {
			r.message(now, "run %s: still %s, %s, %s", watch.RunID(), watch.Run().StatusText(),
				plainCount(watch.Run().Pages, "page"), plainCount(watch.Run().Items, "item"))
		}
		r.spokeAt = now
	}
	return nil
}

// finish says what became of the watch, once nothing more will be asked.
func (r *reporter) finish(watch *model.Watch, cause error) {
	for _, line := range lastWords(watch, cause, r.suggest) {
		r.say(line)
	}
}
