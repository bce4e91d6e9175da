package cmd

import (
	"bytes"
	"context"
	"os"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"sbwatch/follow"
	"sbwatch/model/item"
	"sbwatch/model/run"
	"sbwatch/model/text"
	"sbwatch/model/watch"
	"sbwatch/monitor"
	"sbwatch/report"
	"sbwatch/ui"
)

// fakeService answers with functions that get the number of previous calls of the same kind. It fails the test if two
// requests are in flight at the same time.
type fakeService struct {
	t        *testing.T
	dispatch func(n int) (run.Dispatch, error)
	poll     func(n int) (run.Answer, error)
	usage    func(n int) (run.Usage, error)
	// takes is the time until each answer.
	takes time.Duration

	mu       sync.Mutex
	inFlight int
	calls    map[string][]time.Time
}

func (s *fakeService) call(ctx context.Context, kind string) (int, error) {
	s.mu.Lock()
	if s.calls == nil {
		s.calls = map[string][]time.Time{}
	}
	n := len(s.calls[kind])
	s.calls[kind] = append(s.calls[kind], time.Now())
	s.inFlight++
	if s.inFlight > 1 {
		s.t.Errorf("got %d concurrent requests, want 1", s.inFlight)
	}
	s.mu.Unlock()
	defer func() {
		s.mu.Lock()
		s.inFlight--
		s.mu.Unlock()
	}()
	select {
	case <-time.After(s.takes):
		return n, nil
	case <-ctx.Done():
		return n, ctx.Err()
	}
}

func (s *fakeService) Dispatch(ctx context.Context, _ string) (run.Dispatch, error) {
	n, err := s.call(ctx, "dispatch")
	if err != nil {
		return run.Dispatch{}, err
	}
	return s.dispatch(n)
}

func (s *fakeService) Poll(ctx context.Context, _ string, _ func(item.Table)) (run.Answer, error) {
	n, err := s.call(ctx, "poll")
	if err != nil {
		return run.Answer{}, err
	}
	return s.poll(n)
}

func (s *fakeService) Usage(ctx context.Context) (run.Usage, error) {
	n, err := s.call(ctx, "usage")
	if err != nil || s.usage == nil {
		return run.Usage{}, err
	}
	return s.usage(n)
}

// follower is a driver with the reporter that plain mode uses.
type follower struct {
	follow.Driver
	reporter *report.Reporter
}

// newFollower returns a driver that reports to r.
func newFollower(service follow.Service, now func() time.Time, r *report.Reporter) *follower {
	return &follower{follow.Driver{Service: service, Monitor: r.Monitor, Reporter: r, Now: now, TimedOut: report.ErrTimeout}, r}
}

// followed is the result of a watch in plain mode.
type followed struct {
	code           report.Outcome
	stdout, stderr string
	took           time.Duration
}

// followOne watches a run in a synctest bubble. change, if not nil, can adjust the follower and the program first.
func followOne(t *testing.T, service *fakeService, w watch.Watch, change func(*follower, *program)) followed {
	t.Helper()
	var result followed
	synctest.Test(t, func(t *testing.T) {
		service.t = t
		result, _ = followRuns(t, following{service: service, watches: []watch.Watch{w}, change: change})
	})
	return result
}

// following describes a watch in plain mode.
type following struct {
	service ui.Service
	watches []watch.Watch
	// apart is the time between the starts of two watches.
	apart time.Duration
	// now returns the current time. If it is nil, the clock of the synctest bubble is used.
	now func() time.Time
	// change, if not nil, can adjust the follower and the program first.
	change func(*follower, *program)
}

// followRuns watches runs as the commands watch and run do. It must be called in a synctest bubble.
func followRuns(t *testing.T, o following) (followed, *monitor.Monitor) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	if o.now == nil {
		o.now = func() time.Time { return time.Now().UTC() }
	}
	started := time.Now()
	p := &program{Process: Process{Stdout: &stdout, Stderr: &stderr, Now: o.now}}
	runs := monitor.New(2*time.Second, func() float64 { return 0.5 })
	for i, watch := range o.watches {
		runs.Add(o.now().Add(time.Duration(i)*o.apart), watch)
	}
	f := newFollower(o.service, o.now, &report.Reporter{Monitor: runs, Lines: report.NewPlainLines(&stdout), Say: p.say, Interval: 2 * time.Second})
	ctx := t.Context()
	if o.change != nil {
		o.change(f, p)
	}
	if p.Signals != nil {
		limited, stop := p.untilSignal(ctx)
		defer stop()
		ctx = limited
	}
	err := f.Run(ctx)
	synctest.Wait()
	return followed{f.reporter.Outcome(err), stdout.String(), stderr.String(), time.Since(started)}, runs
}

func problem(kind run.ProblemKind, summary string, status int) *run.Problem {
	return &run.Problem{Kind: kind, Summary: text.NewText(summary), HTTPStatus: status}
}

func wantLines(t *testing.T, what, got, want string) {
	t.Helper()
	if want = strings.TrimPrefix(want, "\n"); got != want {
		t.Errorf("got %s:\n%s\nwant:\n%s", what, got, want)
	}
}

// afterwards returns a channel that delivers a signal after wait.
func afterwards(wait time.Duration, signal syscall.Signal) <-chan os.Signal {
	signals := make(chan os.Signal, 1)
	time.AfterFunc(wait, func() { signals <- signal })
	return signals
}

// failingWriter is a standard output whose writes fail.
type failingWriter struct{ err error }

func (w failingWriter) Write([]byte) (int, error) { return 0, w.err }
