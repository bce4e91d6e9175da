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

// follower watches the runs of a monitor in plain mode. It drives the monitor with a timer and reports the monitor's
// events.
type follower struct {
	service  ui.Service
	monitor  *monitor.Monitor
	reporter *report.Reporter
	timeout  time.Duration // 0 for none
	now      func() time.Time

	// answers receives the answers to requests in progress.
	answers chan monitor.Answer
	// usageDeadline is the time, for each run that has ended, when to stop requesting the account's usage.
	usageDeadline map[monitor.RunKey]time.Time
}

// How long to request the account's usage after a watch has ended.
const (
	// maxUsageWait is the limit if the run is known.
	maxUsageWait = 10 * time.Second
	// maxUsageWaitIfLost is the limit if the answer to the dispatch was lost. It is longer because only the usage shows
	// whether a run has started.
	maxUsageWaitIfLost = 30 * time.Second
)

// follow watches the runs until all have ended or ctx ends. It returns an error of standard output, or the reason why
// it left unfinished runs.
func (f *follower) follow(ctx context.Context) error {
	// Requests do not end with ctx, because leave waits for the answers to dispatches.
	requests, endRequests := context.WithCancel(context.WithoutCancel(ctx))
	defer endRequests()
	if f.timeout > 0 {
		limited, cancel := context.WithTimeoutCause(ctx, f.timeout, report.ErrTimeout)
		defer cancel()
		ctx = limited
	}
	f.answers = make(chan monitor.Answer)
	f.usageDeadline = map[monitor.RunKey]time.Time{}
	f.monitor.Tick(f.now())
	f.reporter.Begin(f.now())
	err := f.loop(ctx, requests)
	f.reporter.Finish(err)
	return err
}

// loop sends the requests that are due, applies answers and reports events until all runs are done.
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
			f.stopOverdue()
		case <-ctx.Done():
			return f.leave(context.Cause(ctx))
		}
		if err := f.reporter.Report(f.now(), append(f.tick(), events...)); err != nil {
			return err
		}
	}
	return nil
}

// tick advances the monitor to the current time and returns the events. If the clock has jumped, tick restarts the
// usage deadlines.
func (f *follower) tick() []monitor.Event {
	now := f.now()
	events := f.monitor.Tick(now)
	if len(events) > 0 {
		for key := range f.usageDeadline {
			f.usageDeadline[key] = now.Add(maxUsageWait)
		}
	}
	return events
}

// apply applies an answer to the monitor and returns the events. It sets the usage deadline of each run that has ended.
func (f *follower) apply(answer monitor.Answer) []monitor.Event {
	now := f.now()
	events := f.monitor.Apply(now, answer)
	for _, event := range events {
		if event.Kind != monitor.Ended {
			continue
		}
		limit := maxUsageWait
		if f.monitor.Watch(event.Key).Phase() == watch.PhaseLost {
			limit = maxUsageWaitIfLost
		}
		f.usageDeadline[event.Key] = now.Add(limit)
	}
	return events
}

// stopOverdue stops watching the runs whose usage deadline has passed.
func (f *follower) stopOverdue() {
	for key, deadline := range f.usageDeadline {
		if !f.now().Before(deadline) {
			f.monitor.Stop(f.now(), key)
		}
	}
}

// pause returns how long to wait until the next request, heartbeat or usage deadline.
func (f *follower) pause() time.Duration {
	now := f.now()
	pause := f.reporter.NextHeartbeat().Sub(now)
	if due, waiting := f.monitor.Next(); waiting {
		pause = min(pause, due.Sub(now))
	}
	for key, deadline := range f.usageDeadline {
		if !f.monitor.Done(key) {
			pause = min(pause, deadline.Sub(now))
		}
	}
	return max(0, pause)
}

// leave waits up to [dispatchGrace] for the answers to dispatches in progress. It returns cause, joined with any error
// of standard output.
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

// send sends a request in the background. The answer arrives in f.answers.
func (f *follower) send(ctx context.Context, request monitor.Request) {
	sent := f.now()
	go func() {
		answer := f.call(ctx, request)
		answer.Took = f.now().Sub(sent)
		select {
		case f.answers <- answer:
		case <-ctx.Done():
		}
	}()
}

// call sends a request and returns the answer.
func (f *follower) call(ctx context.Context, request monitor.Request) monitor.Answer {
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

// watchPlainly watches runs in plain mode and sets p.outcome. It returns the final state of the first watch.
func (p *program) watchPlainly(ctx context.Context, s session) (*watch.Watch, error) {
	lines := p.lines(s.flags)
	if s.quiet {
		lines = report.NewQuietLines(p.say)
	}
	runs := monitor.New(s.flags.interval, rand.Float64)
	runs.Limit(s.flags.budget)
	if !s.askedAt.IsZero() {
		runs.Sent(s.askedAt)
	}
	key := runs.Add(p.Now(), s.watch)
	for _, watch := range s.more {
		runs.Add(p.Now(), watch)
	}
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
	if len(s.more) > 0 && s.checks() {
		f.reporter.Judge = func(w *watch.Watch) (report.Outcome, error) { return checkOne(ctx, p, s, w) }
	}
	err := f.follow(ctx)
	watch := runs.Watch(key)
	p.outcome = f.reporter.Outcome(err)
	if problem, ok := errors.AsType[*run.Problem](err); ok {
		return watch, problem // an error of standard output
	}
	return watch, nil // p.outcome already has the reason for leaving
}

// checkOne checks the items of one of several runs and returns the outcome. Each line that it writes names the run.
func checkOne(ctx context.Context, p *program, s session, w *watch.Watch) (report.Outcome, error) {
	one := &program{
		Process: p.Process, outcome: report.Completed, key: p.key, settings: p.settings, about: "run " + w.RunID().Raw() + ": ",
	}
	if incomplete := w.Incomplete(); incomplete != nil {
		one.say(incomplete.Error())
		return report.OutcomeOfError(incomplete), nil
	}
	one.Stdout = report.NewRunWriter(p.Stdout, w.RunID(), s.flags.json)
	err := one.checkItems(ctx, w, check{rules: s.rules, recipe: w.RecipeID(), asJSON: s.flags.json})
	return one.outcome, err
}

// lines returns the writer of plain lines or of JSON lines, as the flags select.
func (p *program) lines(f watchFlags) report.Lines {
	if f.json {
		return report.NewJSONLines(p.Stdout)
	}
	return report.NewPlainLines(p.Stdout)
}
