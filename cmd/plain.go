package cmd

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"time"

	"sbwatch/model/run"
	"sbwatch/model/watch"
	"sbwatch/monitor"
	"sbwatch/report"
	"sbwatch/ui"
)

// follower watches the runs of a monitor without a dashboard, from their dispatch to their end: it drives the monitor with
// a timer and reports what has changed.
type follower struct {
	service  ui.Service
	monitor  *monitor.Monitor
	reporter *report.Reporter
	timeout  time.Duration // 0: none
	now      func() time.Time

	// answers brings the answers to the requests that are under way.
	answers chan monitor.Answer
	// lingerUntil is when to stop asking for the usage of a run that is over.
	lingerUntil map[monitor.RunKey]time.Time
}

// How long usage may be asked for once a watch is over.
const (
	// lingerMax is the limit after the end of a run.
	lingerMax = 10 * time.Second
	// lingerForLost is the limit after the answer to a dispatch was lost, when usage is the only way to the run.
	lingerForLost = 30 * time.Second
)

// follow watches until all runs have ended, or ctx has. It returns the error of standard output, or the cause of leaving
// while a run was not over.
func (f *follower) follow(ctx context.Context) error {
	// Leaving does not cut off a dispatch at once, so requests have an end of their own.
	requests, endRequests := context.WithCancel(context.WithoutCancel(ctx))
	defer endRequests()
	if f.timeout > 0 {
		limited, cancel := context.WithTimeoutCause(ctx, f.timeout, report.ErrTimeout)
		defer cancel()
		ctx = limited
	}
	f.answers = make(chan monitor.Answer)
	f.lingerUntil = map[monitor.RunKey]time.Time{}
	f.reporter.Begin(f.now())
	err := f.loop(ctx, requests)
	f.reporter.Finish(err)
	return err
}

// loop makes one turn for each answer, each time a request is due and each sign of life.
func (f *follower) loop(ctx, requests context.Context) error {
	for !f.monitor.AllDone() {
		for _, request := range f.monitor.Due(f.now()) {
			f.send(requests, request)
		}
		var events []monitor.Event
		select {
		case answer := <-f.answers:
			events = f.apply(answer)
		case <-time.After(f.pause()):
			f.stopLingering()
		case <-ctx.Done():
			return f.leave(context.Cause(ctx))
		}
		if err := f.reporter.Report(f.now(), events); err != nil {
			return err
		}
	}
	return nil
}

// apply takes an answer and notes how long a run that is over now may linger.
func (f *follower) apply(answer monitor.Answer) []monitor.Event {
	now := f.now()
	events := f.monitor.Apply(now, answer)
	for _, event := range events {
		if event.Kind != monitor.Ended {
			continue
		}
		limit := lingerMax
		if f.monitor.Watch(event.Key).Phase() == watch.PhaseLost {
			limit = lingerForLost
		}
		f.lingerUntil[event.Key] = now.Add(limit)
	}
	return events
}

// stopLingering asks nothing more about runs that have been over for long enough.
func (f *follower) stopLingering() {
	for key, until := range f.lingerUntil {
		if !f.now().Before(until) {
			f.monitor.Stop(key)
		}
	}
}

// pause returns how long nothing has to be done unless an answer comes.
func (f *follower) pause() time.Duration {
	now := f.now()
	pause := f.reporter.QuietUntil().Sub(now)
	if due, waiting := f.monitor.Next(); waiting {
		pause = min(pause, due.Sub(now))
	}
	for key, until := range f.lingerUntil {
		if !f.monitor.Done(key) {
			pause = min(pause, until.Sub(now))
		}
	}
	return max(0, pause)
}

// leave waits up to [dispatchGrace] for the answers to dispatches.
func (f *follower) leave(cause error) error {
	grace := time.After(dispatchGrace)
	var reported error
	for slices.ContainsFunc(f.monitor.Keys(), f.isDispatchUnanswered) {
		select {
		case answer := <-f.answers:
			reported = errors.Join(reported, f.reporter.Report(f.now(), f.apply(answer)))
		case <-grace:
			return errors.Join(cause, reported)
		}
	}
	return errors.Join(cause, reported)
}

func (f *follower) isDispatchUnanswered(key monitor.RunKey) bool {
	return f.monitor.Watch(key).DispatchUnanswered()
}

// send makes a request in the background.
func (f *follower) send(ctx context.Context, request monitor.Request) {
	sent := f.now()
	go func() {
		answer := f.ask(ctx, request)
		answer.Took = f.now().Sub(sent)
		select {
		case f.answers <- answer:
		case <-ctx.Done():
		}
	}()
}

func (f *follower) ask(ctx context.Context, request monitor.Request) monitor.Answer {
	answer := monitor.Answer{Request: request}
	var err error
	switch request.Kind {
	case watch.RequestUsage:
		answer.Usage, err = f.service.Usage(ctx)
	case watch.RequestDispatch:
		answer.Dispatch, err = f.service.Dispatch(ctx, request.ID.Raw())
	case watch.RequestPoll:
		answer.Poll, err = f.service.Poll(ctx, request.ID.Raw(), nil)
	case watch.RequestNone:
	}
	answer.Problem = run.ProblemOf(err)
	return answer
}

// watchPlainly watches a run without the dashboard.
func (p *program) watchPlainly(ctx context.Context, s session) (*watch.Watch, error) {
	lines := p.lines(s.flags)
	if s.quiet {
		lines = report.NewQuietLines(p.say)
	}
	runs := monitor.New(s.flags.interval, rand.Float64)
	key := runs.Add(p.Now(), s.watch)
	f := follower{
		service: s.service,
		monitor: runs,
		timeout: s.flags.timeout,
		now:     p.Now,
		reporter: &report.Reporter{
			Monitor:  runs,
			Lines:    lines,
			Say:      p.say,
			Commands: s.suggest,
			Interval: s.flags.interval,
			TellCost: s.tellCost,
		},
	}
	err := f.follow(ctx)
	watch := runs.Watch(key)
	p.outcome = f.reporter.Outcome(err)
	if problem, ok := errors.AsType[*run.Problem](err); ok {
		return watch, problem // with standard output
	}
	return watch, nil // the outcome is noted, and leaving is no error
}

// lines returns what writes the data of runs.
func (p *program) lines(f watchFlags) report.Lines {
	if f.json {
		return report.NewJSONLines(p.Stdout)
	}
	return report.NewPlainLines(p.Stdout)
}
