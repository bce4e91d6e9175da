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

	"sbwatch/model/item"
	"sbwatch/model/optional"
	"sbwatch/model/run"
	"sbwatch/model/text"
	"sbwatch/model/watch"
	"sbwatch/monitor"
	"sbwatch/report"
)

// fakeService answers from functions that are told how many calls of the kind there were before. It fails the test when
// two requests are under way at once.
type fakeService struct {
	t        *testing.T
	dispatch func(n int) (run.Dispatch, error)
	poll     func(n int) (run.Answer, error)
	usage    func(n int) (run.Usage, error)
	// takes is how long each answer takes.
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
		s.t.Errorf("%d requests under way at once", s.inFlight)
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

// followed is what a watch without the dashboard left behind.
type followed struct {
	code           report.Outcome
	stdout, stderr string
	took           time.Duration
}

// follow watches in a bubble of synctest, where an hour passes in no time.
func follow(t *testing.T, service *fakeService, watch watch.Watch, change func(*follower, *program)) followed {
	t.Helper()
	var result followed
	synctest.Test(t, func(t *testing.T) {
		var stdout, stderr bytes.Buffer
		service.t = t
		started := time.Now()
		utc := func() time.Time { return time.Now().UTC() }
		p := &program{Process: Process{Stdout: &stdout, Stderr: &stderr, Now: utc}}
		runs := monitor.New(2*time.Second, func() float64 { return 0.5 })
		runs.Add(utc(), watch)
		f := &follower{
			service:  service,
			monitor:  runs,
			now:      utc,
			reporter: &report.Reporter{Monitor: runs, Lines: report.NewPlainLines(&stdout), Say: p.say, Interval: 2 * time.Second},
		}
		ctx := t.Context()
		if change != nil {
			change(f, p)
		}
		if p.Signals != nil {
			limited, stop := p.untilSignal(ctx)
			defer stop()
			ctx = limited
		}
		err := f.follow(ctx)
		synctest.Wait()
		result = followed{f.reporter.Outcome(err), stdout.String(), stderr.String(), time.Since(started)}
	})
	return result
}

func runOf(status run.Status, pages, items int64) run.Run {
	return run.Run{
		ID: text.NewText("k7Xb9dRmQ2p"), RecipeID: text.NewText("m3Yc2tFvN8q"),
		StatusSent: text.NewText(status.String()),
		Pages:      optional.Some(pages), Items: optional.Some(items), Credits: optional.Some(2 * pages),
	}
}

// running is the run of the published sample at work; completed is that run at its end, 90 s later.
func running(pages, items int64) run.Answer {
	return run.Answer{Run: runOf(run.StatusRunning, pages, items)}
}

func completed(warnings ...string) run.Answer {
	r := runOf(run.StatusCompleted, 0, 0)
	r.StartedAt = time.Date(2026, 5, 21, 12, 0, 0, 0, time.UTC)
	r.CompletedAt = r.StartedAt.Add(90 * time.Second)
	result := run.Result{Mode: text.NewText("replay"), Drift: optional.Some(0.02)}
	texts := []text.Text{}
	for _, w := range warnings {
		texts = append(texts, text.NewText(w))
	}
	result.Warnings = optional.Some(texts)
	r.Result = optional.Some(result)
	return run.Answer{Run: r, RequestID: text.NewText("req_aB3xY9Kp")}
}

func problem(kind run.ProblemKind, summary string, status int) *run.Problem {
	return &run.Problem{Kind: kind, Summary: text.NewText(summary), HTTPStatus: status}
}

func watchOf(id string) watch.Watch { return watch.NewWatch(text.NewText(id)) }

func dispatchOf(id string) watch.Watch { return watch.NewDispatchWatch(text.NewText(id)) }

func wantLines(t *testing.T, what, got, want string) {
	t.Helper()
	if want = strings.TrimPrefix(want, "\n"); got != want {
		t.Errorf("%s:\n%s\nwant:\n%s", what, got, want)
	}
}

// afterwards delivers a signal after some time.
func afterwards(wait time.Duration, signal syscall.Signal) <-chan os.Signal {
	signals := make(chan os.Signal, 1)
	time.AfterFunc(wait, func() { signals <- signal })
	return signals
}

// failingWriter is a standard output that takes nothing.
type failingWriter struct{ err error }

func (w failingWriter) Write([]byte) (int, error) { return 0, w.err }
