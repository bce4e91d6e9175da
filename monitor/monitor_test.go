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

// step is an answer to the next request of a run, what the request has to be, and the events that are wanted.
type step struct {
	asked   string // "usage", "dispatch RECIPE" or "poll RUN"
	problem run.ProblemKind
	failed  bool
	status  run.Status
	pages   int64
	lastRun string // the newest run of the account, in usage
	events  string
}

func fails(asked string, kind run.ProblemKind, events string) step {
	return step{asked: asked, failed: true, problem: kind, events: events}
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

func kindsOf(events []monitor.Event) string {
	var kinds []string
	for _, event := range events {
		kinds = append(kinds, event.Kind.String())
	}
	return strings.Join(kinds, " ")
}

// TestOneRun takes a run from its first request to its last and looks at every request and every event.
func TestOneRun(t *testing.T) {
	running := func(pages int64, events string) step {
		return step{asked: "poll r", status: run.StatusRunning, pages: pages, events: events}
	}
	tests := map[string]struct {
		watch watch.Watch
		steps []step
		phase watch.Phase
	}{
		"a run that completes": {watchOf("r"), []step{
			running(1, "changed"),
			{asked: "usage"},
			running(1, ""),
			running(2, "changed"),
			{asked: "poll r", status: run.StatusCompleted, pages: 3, events: "ended"},
			{asked: "usage"},
		}, watch.PhaseEnded},
		"a run that fails needs no usage": {watchOf("r"), []step{
			{asked: "poll r", status: run.StatusFailed, events: "ended"},
		}, watch.PhaseEnded},
		"failed requests in between": {watchOf("r"), []step{
			running(1, "changed"),
			{asked: "usage"},
			fails("poll r", run.ProblemNoConnection, "problem"),
			fails("poll r", run.ProblemService, "problem"),
			running(1, "recovered"),
			fails("poll r", run.ProblemLost, "problem"),
			{asked: "poll r", status: run.StatusCancelled, events: "ended recovered"},
		}, watch.PhaseEnded},
		"a run that does not exist": {watchOf("r"), []step{
			fails("poll r", run.ProblemRefused, "ended"),
		}, watch.PhaseGaveUp},
		"usage after the end is tried five times, silently": {watchOf("r"), []step{
			{asked: "poll r", status: run.StatusCompleted, events: "ended"},
			fails("usage", run.ProblemService, ""), fails("usage", run.ProblemService, ""),
			fails("usage", run.ProblemService, ""), fails("usage", run.ProblemService, ""),
			fails("usage", run.ProblemService, ""),
		}, watch.PhaseEnded},
		"a dispatch": {dispatchOf("recipe"), []step{
			{asked: "usage", lastRun: "before"},
			{asked: "dispatch recipe", events: "dispatched"},
			{asked: "poll newrun", status: run.StatusCompleted, events: "ended"},
			{asked: "usage"},
		}, watch.PhaseEnded},
		"a dispatch that did not arrive is sent again": {dispatchOf("recipe"), []step{
			fails("usage", run.ProblemNoConnection, ""),
			fails("dispatch recipe", run.ProblemNoConnection, "problem"),
			fails("dispatch recipe", run.ProblemRateLimited, "problem"),
			{asked: "dispatch recipe", events: "dispatched recovered"},
			{asked: "poll newrun", status: run.StatusFailed, events: "ended"},
		}, watch.PhaseEnded},
		"a dispatch that may have arrived is never sent again": {dispatchOf("recipe"), []step{
			{asked: "usage", lastRun: "before"},
			fails("dispatch recipe", run.ProblemLost, "ended"),
			{asked: "usage", lastRun: "newrun"},
		}, watch.PhaseLost},
		"a refused dispatch": {dispatchOf("recipe"), []step{
			{asked: "usage"},
			fails("dispatch recipe", run.ProblemCredits, "ended"),
		}, watch.PhaseGaveUp},
		"a refused key is known before the dispatch": {dispatchOf("recipe"), []step{
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
				if len(requests) != 1 || describe(requests[0]) != s.asked || requests[0].Key != key {
					t.Fatalf("step %d: due are %v, want %s", i, requests, s.asked)
				}
				if again := m.Due(now.Add(time.Hour)); len(again) != 0 {
					t.Fatalf("step %d: %v is due while a request is under way", i, again)
				}
				events := m.Apply(now, s.answer(requests[0]))
				if got := kindsOf(events); got != s.events {
					t.Errorf("step %d (%s): events %q, want %q", i, s.asked, got, s.events)
				}
			}
			if _, waiting := m.Next(); waiting || !m.Done(key) || !m.AllDone() {
				t.Error("something is left to ask")
			}
			if phase := m.Watch(key).Phase(); phase != test.phase {
				t.Errorf("phase %d, want %d", phase, test.phase)
			}
		})
	}
}

func TestRunsAreKeptApart(t *testing.T) {
	m := newMonitor()
	a, b := m.Add(at(0), watchOf("a")), m.Add(at(0), dispatchOf("recipe"))
	if a == b || !slices.Equal(m.Keys(), []monitor.RunKey{a, b}) {
		t.Fatalf("keys %v", m.Keys())
	}
	requests := m.Due(at(0))
	if len(requests) != 2 || requests[0].Key != a || requests[1].Key != b {
		t.Fatalf("due are %v", requests)
	}
	ended := m.Apply(at(1), step{status: run.StatusFailed}.answer(requests[0]))
	if len(ended) != 1 || ended[0].Key != a || ended[0].Kind != monitor.Ended {
		t.Errorf("events %v", ended)
	}
	if !m.Done(a) || m.Done(b) || m.AllDone() {
		t.Error("one run is done, the other is not")
	}
	if m.Watch(b).Phase() != watch.PhaseDispatching {
		t.Error("an answer to one run changed the other")
	}
	m.Apply(at(1), step{lastRun: "x"}.answer(requests[1]))
	dispatch := m.Due(at(1))
	m.Apply(at(1), step{}.answer(dispatch[0]))
	if m.Watch(b).RunID().Raw() != "newrun" || dispatch[0].Key != b {
		t.Error("the key of a run does not outlast its dispatch")
	}
}

func TestProblemsAreCounted(t *testing.T) {
	m, now := newMonitor(), at(0)
	key := m.Add(now, watchOf("r"))
	var last []monitor.Event
	for range 3 {
		now, _ = m.Next()
		last = m.Apply(now, fails("", run.ProblemService, "").answer(m.Due(now)[0]))
	}
	failures := last[0].Failures
	if failures.Count != 3 || !failures.Since.Equal(at(0)) || failures != m.Failures(key) || failures.Newest != last[0].Problem {
		t.Errorf("failures %+v", failures)
	}
	now, _ = m.Next()
	last = m.Apply(now, step{status: run.StatusRunning}.answer(m.Due(now)[0]))
	if recovered := last[len(last)-1]; recovered.Kind != monitor.Recovered || recovered.Failures != failures {
		t.Errorf("recovered from %+v", recovered.Failures)
	}
	if m.Failures(key) != (monitor.Failures{}) {
		t.Error("failures outlast a good answer")
	}
}

func TestAnswersThatNobodyWaitsForChangeNothing(t *testing.T) {
	good := func(request monitor.Request) monitor.Answer {
		return step{status: run.StatusCompleted}.answer(request)
	}
	for name, prepare := range map[string]func(m *monitor.Monitor, request monitor.Request) monitor.Answer{
		"of a removed run": func(m *monitor.Monitor, request monitor.Request) monitor.Answer {
			m.Remove(request.Key)
			return good(request)
		},
		"of a stopped run": func(m *monitor.Monitor, request monitor.Request) monitor.Answer {
			m.Stop(request.Key)
			return good(request)
		},
		"of an unknown run": func(_ *monitor.Monitor, request monitor.Request) monitor.Answer {
			request.Key = 77
			return good(request)
		},
		"of another kind": func(_ *monitor.Monitor, request monitor.Request) monitor.Answer {
			request.Kind = watch.RequestDispatch
			return good(request)
		},
		"that came twice": func(m *monitor.Monitor, request monitor.Request) monitor.Answer {
			m.Apply(at(1), step{status: run.StatusRunning}.answer(request))
			return good(request)
		},
	} {
		t.Run(name, func(t *testing.T) {
			m := newMonitor()
			key := m.Add(at(0), watchOf("r"))
			if events := m.Apply(at(2), prepare(m, m.Due(at(0))[0])); events != nil {
				t.Errorf("events %v", events)
			}
			if watch := m.Watch(key); watch != nil && watch.Over() {
				t.Error("the run ended")
			}
		})
	}
}

func TestDemandAndStop(t *testing.T) {
	m := newMonitor()
	key := m.Add(at(0), watchOf("r"))
	request := m.Due(at(0))[0]
	m.Demand(at(1), key)
	if sent, since, ok := m.UnderWay(key); !ok || sent != request || !since.Equal(at(0)) {
		t.Errorf("under way: %v since %v, %v", sent, since, ok)
	}
	refused := monitor.Answer{Request: request, Problem: &run.Problem{
		Kind: run.ProblemRateLimited, RetryAfter: optional.Some(time.Hour),
	}}
	m.Apply(at(1), refused)
	if due, _ := m.DueAt(key).Get(); !due.Equal(at(3601)) {
		t.Errorf("due at %v", due)
	}
	m.Demand(at(5), key)
	if requests := m.Due(at(5)); len(requests) != 1 {
		t.Errorf("after a demand %v are due", requests)
	}
	m.Stop(key)
	if _, waiting := m.Next(); waiting || !m.Done(key) {
		t.Error("a stopped run is asked about")
	}
	if m.Watch(key).Problem() == nil {
		t.Error("what was known of a stopped run is forgotten")
	}
}

func TestReceivingKeepsWhatHasArrived(t *testing.T) {
	var b item.Builder
	if _, err := b.Append([]byte(`{"a":1} `)); err != nil {
		t.Fatal(err)
	}
	m := newMonitor()
	key := m.Add(at(0), watchOf("r"))
	m.Receiving(key, b.Items())
	if n := m.Watch(key).Items().Len(); n != 0 {
		t.Errorf("%d items without a request", n)
	}
	m.Due(at(0))
	m.Receiving(key, b.Items())
	if n := m.Watch(key).Items().Len(); n != 1 {
		t.Errorf("%d items, want 1", n)
	}
}

// TestTheBudgetIsShared has one refusal tell the limit, which then holds for all runs.
func TestTheBudgetIsShared(t *testing.T) {
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
		t.Errorf("%v are due 4 s after the last request, though 12 a minute are allowed", early)
	}
	if next, _ := m.Next(); !next.Equal(at(5)) || len(m.Due(at(5))) != 1 {
		t.Errorf("next at %v", next)
	}
}
