// Package follow drives a monitor with a timer, to watch runs without a screen. It sends the requests that are due,
// applies their answers, and passes the events to a reporter.
package follow

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"sbwatch/model/item"
	"sbwatch/model/run"
	"sbwatch/model/text"
	"sbwatch/model/watch"
	"sbwatch/monitor"
)

// Service is the client of the service. Each call sends one request. Every error is a [*run.Problem]. The methods must
// be safe for concurrent use.
type Service interface {
	// Dispatch starts a run of a recipe, which costs credits.
	Dispatch(ctx context.Context, recipeID string) (run.Dispatch, error)
	// Poll reads the state of a run. While a large answer arrives, Poll calls onItems with the items received so far,
	// unless onItems is nil.
	Poll(ctx context.Context, runID string, onItems func(item.Table)) (run.Answer, error)
	// Usage reads the account's usage.
	Usage(ctx context.Context) (run.Usage, error)
}

// Reporter reports what happens to the runs. The driver calls all methods from one goroutine. A method may read the
// monitor.
type Reporter interface {
	// Begin is called once, after the initial runs were added to the monitor.
	Begin(now time.Time)
	// Report reports events and other changes. events may be empty. If Report returns an error, the watch ends.
	Report(now time.Time, events []monitor.Event) error
	// NextHeartbeat returns the time at which Report must be called even if there is no event. It returns the zero time
	// if that is not necessary.
	NextHeartbeat() time.Time
	// Finish is called once at the end. cause is the reason why the driver leaves unfinished runs, or nil.
	Finish(cause error)
}

// Call is a function that changes the monitor, for example by adding a run. The function returns the resulting events.
type Call func(now time.Time) []monitor.Event

// Driver watches the runs of a monitor. Set the exported fields before you call [Driver.Run]. While Run is running,
// only the Reporter and the functions from Calls may use the monitor.
type Driver struct {
	Service  Service
	Monitor  *monitor.Monitor
	Reporter Reporter
	Now      func() time.Time
	// Timeout is how long Run watches before it returns the error TimedOut. 0 means no limit.
	Timeout  time.Duration
	TimedOut error
	// Grace is how long Run waits for the answers to dispatches before it returns. 0 stands for [DispatchGrace].
	Grace time.Duration
	// Calls delivers functions that Run calls. Calls may be nil. After Run has returned, nobody receives from this
	// channel.
	Calls <-chan Call
	// StaysOpen reports whether Run must continue to wait for calls when no run needs requests any more. If StaysOpen
	// is nil, Run returns as soon as no run needs requests.
	StaysOpen func() bool
	// Expected returns how long the runs of a recipe usually take, so that Run can poll a run more often when it is
	// likely to end. ok is false if the duration is unknown. Run calls Expected in the background, once for each
	// recipe. Expected must return when ctx ends, because Run waits for it. Expected may be nil.
	Expected func(ctx context.Context, recipe text.Text) (duration time.Duration, ok bool)

	// answers receives the answers to requests in progress.
	answers chan monitor.Answer
	// usageDeadline holds, for each run that has ended, the time at which to stop requesting the account's usage.
	usageDeadline map[monitor.RunKey]time.Time
	expectations  expectations
	asking        sync.WaitGroup // counts calls of Expected
}

// Time limits for requesting the account's usage after a watch has ended.
const (
	// MaxUsageWait is the time limit if the id of the run is known.
	MaxUsageWait = 10 * time.Second
	// maxUsageWaitIfLost is the time limit if the answer to the dispatch was lost. It is longer, because only the usage
	// shows whether a run has started.
	maxUsageWaitIfLost = 30 * time.Second
)

// DispatchGrace is how long to wait for the answers to dispatches when the user leaves. Without the answer, the user
// would not know the id of a run that costs credits.
const DispatchGrace = 2 * time.Second

// maxPause is the maximum time between two calls of [monitor.Monitor.Tick].
const maxPause = 30 * time.Second

// Run watches the runs until all have ended or ctx ends. The error is the error of the reporter, or the reason why Run
// returned before all runs had ended.
func (d *Driver) Run(ctx context.Context) error {
	defer d.asking.Wait()
	// Requests do not end with ctx, because leave waits for the answers to dispatches.
	requests, endRequests := context.WithCancel(context.WithoutCancel(ctx))
	defer endRequests()
	if d.Timeout > 0 {
		limited, cancel := context.WithTimeoutCause(ctx, d.Timeout, d.TimedOut)
		defer cancel()
		ctx = limited
	}
	d.answers = make(chan monitor.Answer)
	d.usageDeadline = map[monitor.RunKey]time.Time{}
	d.expectations = expectations{seen: map[string]bool{}, answers: make(chan expectation)}
	d.Monitor.Tick(d.Now())
	d.Reporter.Begin(d.Now())
	err := d.loop(ctx, requests)
	d.Reporter.Finish(err)
	return err
}

// loop sends the requests that are due, applies answers and calls, and reports events until all runs are done.
func (d *Driver) loop(ctx, requests context.Context) error {
	for !d.Monitor.AllDone() || d.staysOpen() {
		for _, request := range d.Monitor.Due(d.Now()) {
			d.send(requests, request)
		}
		d.ask(requests)
		var events []monitor.Event
		select {
		case answer := <-d.answers:
			events = d.apply(answer)
		case call := <-d.Calls:
			events = d.limitUsage(call(d.Now()))
		case answer := <-d.expectations.answers:
			d.expect(answer)
		case <-time.After(d.pause()):
			d.stopOverdue()
		case <-ctx.Done():
			return d.leave(context.Cause(ctx))
		}
		d.learn(events)
		if err := d.Reporter.Report(d.Now(), append(d.tick(), events...)); err != nil {
			return err
		}
	}
	return nil
}

func (d *Driver) staysOpen() bool { return d.StaysOpen != nil && d.StaysOpen() }

// tick tells the monitor the current time and returns the events. If the clock has jumped, the time limit for
// requesting the usage of an ended run starts again.
func (d *Driver) tick() []monitor.Event {
	now := d.Now()
	events := d.Monitor.Tick(now)
	if len(events) > 0 {
		for key := range d.usageDeadline {
			d.usageDeadline[key] = now.Add(MaxUsageWait)
		}
	}
	return events
}

// apply applies an answer to the monitor and returns the events.
func (d *Driver) apply(answer monitor.Answer) []monitor.Event {
	return d.limitUsage(d.Monitor.Apply(d.Now(), answer))
}

// limitUsage limits how long the usage is requested after a run has ended. It looks for ended runs in events, and
// returns events unchanged.
func (d *Driver) limitUsage(events []monitor.Event) []monitor.Event {
	for _, event := range events {
		if event.Kind != monitor.Ended {
			continue
		}
		limit := MaxUsageWait
		if d.Monitor.Watch(event.Key).Phase() == watch.PhaseLost {
			limit = maxUsageWaitIfLost
		}
		d.usageDeadline[event.Key] = d.Now().Add(limit)
	}
	return events
}

// stopOverdue stops watching the ended runs whose usage was requested for too long.
func (d *Driver) stopOverdue() {
	for key, deadline := range d.usageDeadline {
		if !d.Now().Before(deadline) {
			d.Monitor.Stop(d.Now(), key)
			delete(d.usageDeadline, key)
		}
	}
}

// pause returns the time until something must be done: send a request, print a heartbeat, or stop waiting for the usage
// of an ended run.
func (d *Driver) pause() time.Duration {
	now := d.Now()
	pause := maxPause
	if heartbeat := d.Reporter.NextHeartbeat(); !heartbeat.IsZero() {
		pause = min(pause, heartbeat.Sub(now))
	}
	if due, waiting := d.Monitor.Next(); waiting {
		pause = min(pause, due.Sub(now))
	}
	for key, deadline := range d.usageDeadline {
		if d.Monitor.Done(key) {
			delete(d.usageDeadline, key)
			continue
		}
		pause = min(pause, deadline.Sub(now))
	}
	return max(0, pause)
}

// leave waits for the answers to dispatches. Meanwhile, it also handles other answers and calls. It returns cause,
// joined with any error of the reporter.
func (d *Driver) leave(cause error) error {
	wait := d.Grace
	if wait == 0 {
		wait = DispatchGrace
	}
	grace := time.After(wait)
	var reported error
	for slices.ContainsFunc(d.Monitor.Keys(), d.isDispatchUnanswered) {
		select {
		case answer := <-d.answers:
			reported = errors.Join(reported, d.Reporter.Report(d.Now(), d.apply(answer)))
		case call := <-d.Calls:
			reported = errors.Join(reported, d.Reporter.Report(d.Now(), call(d.Now())))
		case <-grace:
			return errors.Join(cause, reported)
		}
	}
	return errors.Join(cause, reported)
}

func (d *Driver) isDispatchUnanswered(key monitor.RunKey) bool {
	return d.Monitor.Watch(key).DispatchUnanswered()
}

// send sends a request in the background. The answer arrives in d.answers.
func (d *Driver) send(ctx context.Context, request monitor.Request) {
	sent := d.Now()
	go func() {
		answer := d.call(ctx, request)
		answer.Took = d.Now().Sub(sent)
		select {
		case d.answers <- answer:
		case <-ctx.Done():
		}
	}()
}

func (d *Driver) call(ctx context.Context, request monitor.Request) monitor.Answer {
	answer := monitor.Answer{Request: request}
	var err error
	switch request.Kind {
	case watch.RequestUsage:
		answer.Usage, err = d.Service.Usage(ctx)
	case watch.RequestDispatch:
		answer.Dispatch, err = d.Service.Dispatch(ctx, request.ID.Raw())
	case watch.RequestPoll:
		answer.Poll, err = d.Service.Poll(ctx, request.ID.Raw(), nil)
	case watch.RequestNone:
	}
	answer.Problem = run.ProblemOf(err)
	return answer
}
