package cmd

import (
	"context"
	"errors"
	"time"

	"sbwatch/model"
	"sbwatch/ui"
)

// follower watches one run without a dashboard, from its dispatch to its end. It asks the service what the watch wants
// to know, when the schedule says so, and lets the reporter tell what has changed.
type follower struct {
	service  ui.Service
	watch    *model.Watch
	schedule *model.Schedule
	reporter *reporter
	timeout  time.Duration // 0: none
	now      func() time.Time

	// answers holds the answer to the one request that may be under way, as what is to be done with it.
	answers chan func()
}

// theRun is the one slot of the schedule.
const theRun = 0

// Patience for what comes after a watch has been decided.
const (
	// lingerMost is how long usage may be asked for after the end of a run; lingerForLost after the answer to a
	// dispatch was lost, when usage is the only way to the run.
	lingerMost    = 10 * time.Second
	lingerForLost = 30 * time.Second
)

// errLingered ends the questions after the end of a run.
var errLingered = errors.New("enough was asked after the run")

// follow watches until the run has ended, or ctx has. The error is that of standard output, or the cause of leaving;
// it is of interest only while the watch is not over.
func (f *follower) follow(ctx context.Context) error {
	// Leaving does not cut off a dispatch at once, so requests have an end of their own.
	requests, endRequests := context.WithCancel(context.WithoutCancel(ctx))
	defer endRequests()
	if f.timeout > 0 {
		limited, cancel := context.WithTimeoutCause(ctx, f.timeout, errTimeout)
		defer cancel()
		ctx = limited
	}
	f.answers = make(chan func(), 1)
	f.schedule.Add(theRun, f.now())
	f.reporter.begin(f.now(), f.watch)
	err := f.loop(ctx, requests)
	f.reporter.finish(f.watch, err)
	return err
}

// loop makes one turn for each answer, each time a request is due and each sign of life.
func (f *follower) loop(ctx, requests context.Context) error {
	lingering := false
	for f.watch.NextRequest() != model.RequestNone {
		if f.watch.Over() && !lingering {
			limited, cancel := context.WithTimeoutCause(ctx, f.linger(), errLingered)
			defer cancel()
			ctx, lingering = limited, true
		}
		if len(f.schedule.Due(f.now())) > 0 {
			f.send(requests)
		}
		select {
		case answer := <-f.answers:
			answer()
		case <-time.After(f.pause()):
		case <-ctx.Done():
			return f.leave(context.Cause(ctx))
		}
		if err := f.report(); err != nil {
			return err
		}
	}
	return nil
}

func (f *follower) linger() time.Duration {
	if f.watch.Phase() == model.PhaseLost {
		return lingerForLost
	}
	return lingerMost
}

func (f *follower) report() error { return f.reporter.report(f.now(), f.watch, f.schedule) }

// pause is how long nothing has to be done unless an answer comes.
func (f *follower) pause() time.Duration {
	now := f.now()
	pause := f.reporter.quietUntil().Sub(now)
	if due, waiting := f.schedule.Next(); waiting {
		pause = min(pause, due.Sub(now))
	}
	return max(0, pause)
}

// leave waits a moment for the answer to a dispatch.
func (f *follower) leave(cause error) error {
	if !f.watch.DispatchUnanswered() {
		return cause
	}
	select {
	case answer := <-f.answers:
		answer()
		return errors.Join(cause, f.report())
	case <-time.After(dispatchGrace):
		return cause
	}
}

// send makes the watch's next request, in the background.
func (f *follower) send(ctx context.Context) {
	sent := f.now()
	switch f.slot().Sent(sent) {
	case model.RequestUsage:
		f.ask(func() func() {
			usage, err := f.service.Usage(ctx)
			return func() { f.slot().UsageAnswered(f.now(), usage, model.ProblemOf(err)) }
		})
	case model.RequestDispatch:
		recipeID := f.watch.RecipeID().Raw()
		f.ask(func() func() {
			dispatch, err := f.service.Dispatch(ctx, recipeID)
			return func() { f.slot().DispatchAnswered(f.now(), dispatch, model.ProblemOf(err)) }
		})
	case model.RequestPoll:
		runID := f.watch.RunID().Raw()
		f.ask(func() func() {
			answer, err := f.service.Poll(ctx, runID, nil)
			return func() {
				now := f.now()
				f.slot().PollAnswered(now, answer, now.Sub(sent), model.ProblemOf(err))
			}
		})
	case model.RequestNone:
	}
}

func (f *follower) slot() model.Slot {
	return model.Slot{Watch: f.watch, Schedule: f.schedule, ID: theRun}
}

func (f *follower) ask(request func() func()) {
	go func() { f.answers <- request() }()
}
