package monitor_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"sbwatch/model/item"
	"sbwatch/model/optional"
	"sbwatch/model/run"
	"sbwatch/model/text"
	"sbwatch/model/watch"
	"sbwatch/monitor"
)

func at(seconds float64) time.Time {
	return time.Date(2026, 5, 21, 12, 0, 0, 0, time.UTC).Add(time.Duration(seconds * float64(time.Second)))
}

func newMonitor() *monitor.Monitor {
	return monitor.New(2*time.Second, func() float64 { return 0.5 })
}

func watchOf(id string) watch.Watch { return watch.NewWatch(text.NewText(id)) }

func dispatchOf(id string) watch.Watch { return watch.NewDispatchWatch(text.NewText(id)) }

func problem(kind run.ProblemKind) *run.Problem { return &run.Problem{Kind: kind} }

// step is an expected request of a run, the answer to it, and the expected events.
type step struct {
	request string // "usage", "dispatch RECIPE" or "poll RUN"
	problem run.ProblemKind
	failed  bool
	status  run.Status
	pages   int64
	lastRun string // the account's newest run in the usage
	events  string
}

func fails(request string, kind run.ProblemKind, events string) step {
	return step{request: request, failed: true, problem: kind, events: events}
}

func (s step) answer(request monitor.Request) monitor.Answer {
	answer := monitor.Answer{Request: request}
	if s.failed {
		answer.Problem = problem(s.problem)
		return answer
	}
	switch request.Kind {
	case watch.RequestUsage:
		answer.Usage.LastRun = optional.Some(run.LastRun{ID: text.NewText(s.lastRun)})
	case watch.RequestDispatch:
		answer.Dispatch = run.Dispatch{RunID: text.NewText("newrun"), RecipeID: request.ID}
	case watch.RequestPoll:
		answer.Poll.Run = run.Run{ID: request.ID, StatusSent: text.NewText(s.status.String()), Pages: optional.Some(s.pages)}
	case watch.RequestNone:
	}
	return answer
}

func describe(request monitor.Request) string {
	switch request.Kind {
	case watch.RequestUsage:
		return "usage"
	case watch.RequestDispatch:
		return "dispatch " + request.ID.Raw()
	case watch.RequestPoll:
		return "poll " + request.ID.Raw()
	default:
		return "nothing"
	}
}

func eventKinds(events []monitor.Event) string {
	var kinds []string
	for _, event := range events {
		kinds = append(kinds, event.Kind.String())
	}
	return strings.Join(kinds, " ")
}

// TestRequestsAndEvents checks every request and every event of a run, from the first to the last.
func TestRequestsAndEvents(t *testing.T) {
	running := func(pages int64, events string) step {
		return step{request: "poll r", status: run.StatusRunning, pages: pages, events: events}
	}
	tests := map[string]struct {
		watch watch.Watch
		steps []step
		phase watch.Phase
	}{
		"run completes": {watchOf("r"), []step{
			running(1, "changed"),
			{request: "usage"},
			running(1, ""),
			running(2, "changed"),
			{request: "poll r", status: run.StatusCompleted, pages: 3, events: "ended"},
			{request: "usage"},
		}, watch.PhaseEnded},
		"run fails: no usage request": {watchOf("r"), []step{
			{request: "poll r", status: run.StatusFailed, events: "ended"},
		}, watch.PhaseEnded},
		"failed requests": {watchOf("r"), []step{
			running(1, "changed"),
			{request: "usage"},
			fails("poll r", run.ProblemNoConnection, "problem"),
			fails("poll r", run.ProblemService, "problem"),
			running(1, "recovered"),
			fails("poll r", run.ProblemLost, "problem"),
			{request: "poll r", status: run.StatusCancelled, events: "ended recovered"},
		}, watch.PhaseEnded},
		"unknown run": {watchOf("r"), []step{
			fails("poll r", run.ProblemRefused, "ended"),
		}, watch.PhaseGaveUp},
		"usage after the end: five attempts without events": {watchOf("r"), []step{
			{request: "poll r", status: run.StatusCompleted, events: "ended"},
			fails("usage", run.ProblemService, ""), fails("usage", run.ProblemService, ""),
			fails("usage", run.ProblemService, ""), fails("usage", run.ProblemService, ""),
			fails("usage", run.ProblemService, ""),
		}, watch.PhaseEnded},
		"dispatch": {dispatchOf("recipe"), []step{
			{request: "usage", lastRun: "before"},
			{request: "dispatch recipe", events: "dispatched"},
			{request: "poll newrun", status: run.StatusCompleted, events: "ended"},
			{request: "usage"},
		}, watch.PhaseEnded},
		"dispatch did not reach the service: sent again": {dispatchOf("recipe"), []step{
			fails("usage", run.ProblemNoConnection, ""),
			fails("dispatch recipe", run.ProblemNoConnection, "problem"),
			fails("dispatch recipe", run.ProblemRateLimited, "problem"),
			{request: "dispatch recipe", events: "dispatched recovered"},
			{request: "poll newrun", status: run.StatusFailed, events: "ended"},
		}, watch.PhaseEnded},
		"dispatch may have reached the service: not sent again": {dispatchOf("recipe"), []step{
			{request: "usage", lastRun: "before"},
			fails("dispatch recipe", run.ProblemLost, "ended"),
			{request: "usage", lastRun: "newrun"},
		}, watch.PhaseLost},
		"dispatch refused": {dispatchOf("recipe"), []step{
			{request: "usage"},
			fails("dispatch recipe", run.ProblemCredits, "ended"),
		}, watch.PhaseGaveUp},
		"key refused before the dispatch": {dispatchOf("recipe"), []step{
			fails("usage", run.ProblemKey, "ended"),
		}, watch.PhaseGaveUp},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			m, now := newMonitor(), at(0)
			key := m.Add(now, test.watch)
			for i, s := range test.steps {
				if next, waiting := m.Next(); waiting && next.After(now) {
					now = next
				}
				requests := m.Due(now)
				if len(requests) != 1 || describe(requests[0]) != s.request || requests[0].Key != key {
					t.Fatalf("step %d: got requests %v, want %s", i, requests, s.request)
				}
				if again := m.Due(now.Add(time.Hour)); len(again) != 0 {
					t.Fatalf("step %d: got requests %v while one is in flight, want none", i, again)
				}
				events := m.Apply(now, s.answer(requests[0]))
				if got := eventKinds(events); got != s.events {
					t.Errorf("step %d (%s): got events %q, want %q", i, s.request, got, s.events)
				}
			}
			if _, waiting := m.Next(); waiting || !m.Done(key) || !m.AllDone() {
				t.Error("the run needs more requests, want none")
			}
			if phase := m.Watch(key).Phase(); phase != test.phase {
				t.Errorf("got phase %d, want %d", phase, test.phase)
			}
		})
	}
}

func TestSeveralRuns(t *testing.T) {
	m := newMonitor()
	a, b := m.Add(at(0), watchOf("a")), m.Add(at(0), dispatchOf("recipe"))
	if a == b || !slices.Equal(m.Keys(), []monitor.RunKey{a, b}) {
		t.Fatalf("got keys %v, want %v", m.Keys(), []monitor.RunKey{a, b})
	}
	requests := m.Due(at(0))
	if len(requests) != 2 || requests[0].Key != a || requests[1].Key != b {
		t.Fatalf("got requests %v, want one of each run", requests)
	}
	ended := m.Apply(at(1), step{status: run.StatusFailed}.answer(requests[0]))
	if len(ended) != 1 || ended[0].Key != a || ended[0].Kind != monitor.Ended {
		t.Errorf("got events %v, want that run %d ended", ended, a)
	}
	if !m.Done(a) || m.Done(b) || m.AllDone() {
		t.Error("want only the first run to be done")
	}
	if m.Watch(b).Phase() != watch.PhaseDispatching {
		t.Error("an answer for one run changed the other run")
	}
	m.Apply(at(1), step{lastRun: "x"}.answer(requests[1]))
	dispatch := m.Due(at(1))
	m.Apply(at(1), step{}.answer(dispatch[0]))
	if m.Watch(b).RunID().Raw() != "newrun" || dispatch[0].Key != b {
		t.Error("the key of the run changed with its dispatch")
	}
}

func TestFailures(t *testing.T) {
	m, now := newMonitor(), at(0)
	key := m.Add(now, watchOf("r"))
	var last []monitor.Event
	for range 3 {
		now, _ = m.Next()
		last = m.Apply(now, fails("", run.ProblemService, "").answer(m.Due(now)[0]))
	}
	failures := last[0].Failures
	if failures.Count != 3 || !failures.Since.Equal(at(0)) || failures != m.Failures(key) || failures.Last != last[0].Problem {
		t.Errorf("got failures %+v, want 3 since the start", failures)
	}
	now, _ = m.Next()
	last = m.Apply(now, step{status: run.StatusRunning}.answer(m.Due(now)[0]))
	if recovered := last[len(last)-1]; recovered.Kind != monitor.Recovered || recovered.Failures != failures {
		t.Errorf("got event %+v, want Recovered with %+v", recovered, failures)
	}
	if m.Failures(key) != (monitor.Failures{}) {
		t.Errorf("got failures %+v after a successful request, want none", m.Failures(key))
	}
}

func TestUnexpectedAnswersAreIgnored(t *testing.T) {
	completed := func(request monitor.Request) monitor.Answer {
		return step{status: run.StatusCompleted}.answer(request)
	}
	for name, prepare := range map[string]func(m *monitor.Monitor, request monitor.Request) monitor.Answer{
		"removed run": func(m *monitor.Monitor, request monitor.Request) monitor.Answer {
			m.Remove(at(1), request.Key)
			return completed(request)
		},
		"stopped run": func(m *monitor.Monitor, request monitor.Request) monitor.Answer {
			m.Stop(at(1), request.Key)
			return completed(request)
		},
		"unknown run": func(_ *monitor.Monitor, request monitor.Request) monitor.Answer {
			request.Key = 77
			return completed(request)
		},
		"wrong kind": func(_ *monitor.Monitor, request monitor.Request) monitor.Answer {
			request.Kind = watch.RequestDispatch
			return completed(request)
		},
		"second answer": func(m *monitor.Monitor, request monitor.Request) monitor.Answer {
			m.Apply(at(1), step{status: run.StatusRunning}.answer(request))
			return completed(request)
		},
	} {
		t.Run(name, func(t *testing.T) {
			m := newMonitor()
			key := m.Add(at(0), watchOf("r"))
			if events := m.Apply(at(2), prepare(m, m.Due(at(0))[0])); events != nil {
				t.Errorf("got events %v, want none", events)
			}
			if watch := m.Watch(key); watch != nil && watch.Over() {
				t.Error("the run ended, want it unchanged")
			}
		})
	}
}

func TestDemandAndStop(t *testing.T) {
	m := newMonitor()
	key := m.Add(at(0), watchOf("r"))
	request := m.Due(at(0))[0]
	m.Demand(at(1), key)
	if sent, since, ok := m.InFlight(key); !ok || sent != request || !since.Equal(at(0)) {
		t.Errorf("UnderWay: got %v, %v, %v, want %v, %v, true", sent, since, ok, request, at(0))
	}
	refused := monitor.Answer{Request: request, Problem: &run.Problem{
		Kind: run.ProblemRateLimited, RetryAfter: optional.Some(time.Hour),
	}}
	m.Apply(at(1), refused)
	if due, _ := m.DueAt(key).Get(); !due.Equal(at(3601)) {
		t.Errorf("got next request at %v, want %v", due, at(3601))
	}
	m.Demand(at(5), key)
	if requests := m.Due(at(5)); len(requests) != 1 {
		t.Errorf("got requests %v after Demand, want 1", requests)
	}
	m.Stop(at(5), key)
	if _, waiting := m.Next(); waiting || !m.Done(key) {
		t.Error("a stopped run needs requests, want none")
	}
	if m.Watch(key).Problem() == nil {
		t.Error("Stop discarded the data of the run")
	}
}

func TestReceiving(t *testing.T) {
	var b item.Builder
	if _, err := b.Append([]byte(`{"a":1} `)); err != nil {
		t.Fatal(err)
	}
	m := newMonitor()
	key := m.Add(at(0), watchOf("r"))
	m.Receiving(key, b.Items())
	if n := m.Watch(key).Items().Len(); n != 0 {
		t.Errorf("got %d items without a request in flight, want 0", n)
	}
	m.Due(at(0))
	m.Receiving(key, b.Items())
	if n := m.Watch(key).Items().Len(); n != 1 {
		t.Errorf("got %d items, want 1", n)
	}
}

// TestRunsShareRateLimit checks that a rate limit learned from one run applies to all runs.
func TestRunsShareRateLimit(t *testing.T) {
	m := newMonitor()
	for i := range 3 {
		m.Add(at(0), watchOf(fmt.Sprint("r", i)))
	}
	requests := m.Due(at(0))
	m.Apply(at(0), monitor.Answer{Request: requests[0], Problem: &run.Problem{
		Kind: run.ProblemRateLimited, LimitPerMinute: optional.Some(int64(12)),
	}})
	for _, request := range requests[1:] {
		m.Apply(at(0), step{status: run.StatusQueued}.answer(request))
	}
	if early := m.Due(at(4)); len(early) != 0 {
		t.Errorf("got requests %v after 4 s with a limit of 12 per minute, want none", early)
	}
	// Three requests were sent at once, so the other requests of this minute are sent a little later.
	if next, _ := m.Next(); next.Before(at(5)) || next.After(at(7)) || len(m.Due(next)) != 1 {
		t.Errorf("got next request at %v, want one after %v", next, at(5))
	}
}
