package cmd

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"sbwatch/api"
	"sbwatch/api/emulator"
	"sbwatch/files/read"
	"sbwatch/internal/emulated"
	"sbwatch/internal/faults"
	"sbwatch/internal/testrun"
	"sbwatch/model/item"
	"sbwatch/model/run"
	"sbwatch/model/watch"
	"sbwatch/monitor"
	"sbwatch/report"
)

// TestAttackRuns watches runs in plain mode with a service that fails in many ways. In every case the watch ends with a
// documented exit code, dispatches once, respects its backoff, keeps the id of the run, and writes no control
// characters.
func TestAttackRuns(t *testing.T) {
	log.SetOutput(io.Discard) // net/http logs what servers do; so does the program, see Main
	t.Cleanup(func() { log.SetOutput(os.Stderr) })
	faults.Each(t, 40, 7000, func(t *testing.T, seed uint64) error {
		var err error
		synctest.Test(t, func(t *testing.T) { err = attackRun(t, seed) })
		return err
	})
}

// attackRun watches one run of a service whose faults depend on seed.
func attackRun(t *testing.T, seed uint64) error {
	t.Helper()
	service := emulated.NewFaulty(t, seed)
	watched := &recordingService{client: service.Client}
	var stdout, stderr bytes.Buffer
	p := &program{Process: Process{Stdout: &stdout, Stderr: &stderr, Now: time.Now}}
	runs := monitor.New(2*time.Second, func() float64 { return float64(seed%100) / 100 })
	key := runs.Add(time.Now(), testrun.Dispatch(service.Recipe))
	f := newFollower(watched, time.Now, &report.Reporter{Monitor: runs, Lines: report.NewPlainLines(&stdout), Say: p.say, Interval: 2 * time.Second})
	f.Timeout = 20 * time.Minute
	if seed%3 == 0 {
		f.reporter.Lines = report.NewJSONLines(&stdout)
	}
	left := f.Run(t.Context())
	time.Sleep(time.Hour) // until all idle connections are closed
	service.Close()
	synctest.Wait()
	return errors.Join(
		watched.failure(),
		service.CheckRequests(runs.Watch(key).RunID().Raw()),
		judgeAnswers(service, runs.Watch(key)),
		judgeOutcome(report.OutcomeOf(runs.Watch(key), left)),
		judgeLines(stdout.String()), judgeLines(stderr.String()),
	)
}

func judgeOutcome(code report.Outcome) error {
	if !slices.Contains([]report.Outcome{report.Completed, report.Failed, report.KeyRefused, report.TimedOut}, code) {
		return fmt.Errorf("got exit code %d", code)
	}
	return nil
}

func judgeLines(text string) error {
	for line := range strings.Lines(text) {
		if err := faults.CheckLine(strings.TrimSuffix(line, "\n")); err != nil {
			return err
		}
		if strings.Contains(line, emulator.ExampleKey) {
			return fmt.Errorf("the key is shown: %q", line)
		}
	}
	return nil
}

// judgeAnswers compares the final state of the watch with all answers into which no fault was injected.
func judgeAnswers(service *emulated.Faulty, watch *watch.Watch) error {
	exchanges := service.Exchanges()
	for i, x := range exchanges {
		if !x.Harmless || x.Status > 299 {
			continue
		}
		if err := judgeAnswer(x, i == len(exchanges)-1, watch); err != nil {
			return fmt.Errorf("%w: %s", err, service.Trace())
		}
	}
	return nil
}

// judgeAnswer compares the final state of the watch with one answer into which no fault was injected. last is true for
// the last answer of the service.
func judgeAnswer(x faults.Exchange, last bool, w *watch.Watch) error {
	if x.Call != "poll" {
		return nil
	}
	saved, err := read.Open(bytes.NewReader(x.Answer), read.Options{})
	readable := err == nil // the emulator's flaky run has faults of its own
	switch {
	case !readable || !saved.Run.Status().Terminal():
		return nil
	case w.Phase() != watch.PhaseEnded:
		return fmt.Errorf("the run was %v, and the watch is in phase %d", saved.Run.Status(), w.Phase())
	case last && (w.Run().Status() != saved.Run.Status() || w.Run().Items != saved.Run.Items):
		return fmt.Errorf("the run was %v, the watch says %v", saved.Run.Status(), w.Run().Status())
	}
	return nil
}

// recordingService forwards calls to a client. It records panics and calls that repeat a failed call too soon.
type recordingService struct {
	client *api.Client

	mu     sync.Mutex
	kind   string    // kind of the newest call, such as "poll"
	failed time.Time // time at which the newest call failed; zero if it succeeded
	errs   []error
}

// minBackoff is the shortest wait after a failed request, as SECURITY.md promises it.
const minBackoff = time.Second

// call makes one call, and records a panic or a call that came too soon after a failed one.
func (s *recordingService) call(kind string, call func() error) {
	s.mu.Lock()
	if kind == s.kind && time.Since(s.failed) < minBackoff {
		s.errs = append(s.errs, fmt.Errorf("%s again %v after it failed", kind, time.Since(s.failed)))
	}
	s.mu.Unlock()
	defer func() {
		if p := recover(); p != nil {
			s.mu.Lock()
			s.errs = append(s.errs, fmt.Errorf("%s panicked: %v", kind, p))
			s.mu.Unlock()
		}
	}()
	err := call()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.kind, s.failed = kind, time.Time{}
	if err != nil {
		s.failed = time.Now()
	}
}

func (s *recordingService) failure() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return errors.Join(s.errs...)
}

func (s *recordingService) Dispatch(ctx context.Context, recipeID string) (dispatch run.Dispatch, err error) {
	s.call("dispatch", func() error {
		dispatch, err = s.client.Dispatch(ctx, recipeID)
		return err
	})
	return dispatch, err
}

func (s *recordingService) Poll(ctx context.Context, runID string, onItems func(item.Table)) (answer run.Answer, err error) {
	s.call("poll", func() error {
		answer, err = s.client.Poll(ctx, runID, onItems)
		return err
	})
	return answer, err
}

func (s *recordingService) Usage(ctx context.Context) (usage run.Usage, err error) {
	s.call("usage", func() error {
		usage, err = s.client.Usage(ctx)
		return err
	})
	return usage, err
}
