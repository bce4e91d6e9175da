package monitor_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"sbwatch/model/optional"
	"sbwatch/model/run"
	"sbwatch/model/text"
	"sbwatch/model/watch"
	"sbwatch/monitor"
)

// talk sends the requests that become due from now to end, and applies the answers that answer returns. It returns all
// requests as text.
func talk(m *monitor.Monitor, now, end time.Time, answer func(monitor.Request) monitor.Answer) string {
	var requests []string
	for !now.After(end) {
		for _, request := range m.Due(now) {
			requests = append(requests, describe(request))
			m.Apply(now, answer(request))
		}
		next, waiting := m.Next()
		if !waiting {
			break
		}
		if next.After(now) {
			now = next
		}
	}
	return strings.Join(requests, ", ")
}

// lastRun returns usage whose newest run has the given id and maximum number of pages.
func lastRun(id string, limit int64) run.Usage {
	return run.Usage{LastRun: optional.Some(run.LastRun{ID: text.NewText(id), EffectiveCap: optional.Some(limit)})}
}

// TestDispatchesOneAfterAnother checks the requests for several recipes. The service refuses one dispatch, and the
// answer to another is lost.
func TestDispatchesOneAfterAnother(t *testing.T) {
	m := newMonitor()
	keys := []monitor.RunKey{m.Add(at(0), dispatchOf("a")), m.Add(at(0), dispatchOf("b")), m.Add(at(0), dispatchOf("c")), m.Add(at(0), dispatchOf("d"))}
	newest := "before"
	got := talk(m, at(0), at(5), func(request monitor.Request) monitor.Answer {
		answer := monitor.Answer{Request: request}
		switch request.Kind {
		case watch.RequestUsage:
			answer.Usage = lastRun(newest, 7)
		case watch.RequestDispatch:
			switch id := request.ID.Raw(); id {
			case "b":
				answer.Problem = problem(run.ProblemCredits)
			case "c":
				newest = "run-c"
				answer.Problem = problem(run.ProblemLost)
			default:
				newest = "run-" + id
				answer.Dispatch = run.Dispatch{RunID: text.NewText(newest), RecipeID: request.ID}
			}
		case watch.RequestPoll:
			answer.Poll.Run = run.Run{ID: request.ID, StatusSent: text.NewText("running")}
		case watch.RequestNone:
		}
		return answer
	})
	if n := strings.Count(got, "dispatch"); n != 4 {
		t.Errorf("%d dispatches, want each recipe once: %s", n, got)
	}
	for _, id := range []string{"a", "b", "c"} {
		after := string(rune(id[0] + 1))
		if strings.Index(got, "dispatch "+id) > strings.Index(got, "dispatch "+after) {
			t.Errorf("%s was dispatched before %s: %s", after, id, got)
		}
	}
	// After the lost answer, usage is requested before the next dispatch, because the next dispatch would hide whether
	// a run was started.
	lost := m.Watch(keys[2])
	if found, known := lost.LostRun().Get(); !known || found.ID.Raw() != "run-c" {
		t.Errorf("the lost run is %v, want run-c: %s", found.ID, got)
	}
	if got, want := m.Watch(keys[1]).Phase(), watch.PhaseGaveUp; got != want {
		t.Errorf("the refused dispatch has phase %d, want %d", got, want)
	}
	// The usage before a dispatch also contains the maximum number of pages of the previous run.
	for _, key := range []monitor.RunKey{keys[0], keys[3]} {
		if limit, known := m.Watch(key).PageCap().Get(); !known || limit != 7 {
			t.Errorf("the maximum of run %v is unknown: %s", m.Watch(key).RunID(), got)
		}
	}
}

func TestNextDispatchAfterStop(t *testing.T) {
	for name, stop := range map[string]func(m *monitor.Monitor, key monitor.RunKey){
		"stopped": func(m *monitor.Monitor, key monitor.RunKey) { m.Stop(at(0), key) },
		"removed": func(m *monitor.Monitor, key monitor.RunKey) { m.Remove(at(0), key) },
	} {
		t.Run(name, func(t *testing.T) {
			m := newMonitor()
			a, b := m.Add(at(0), dispatchOf("a")), m.Add(at(0), dispatchOf("b"))
			m.Add(at(0), dispatchOf("c"))
			stop(m, b)
			stop(m, a)
			got := talk(m, at(0), at(0), func(request monitor.Request) monitor.Answer {
				return step{status: run.StatusFailed}.answer(request)
			})
			if want := "usage, dispatch c, poll newrun"; got != want || !m.AllDone() {
				t.Errorf("got requests %q, want %q", got, want)
			}
		})
	}
}

// TestUsageIsRequestedOnce checks that one usage request serves all runs that need usage, even runs that end later.
func TestUsageIsRequestedOnce(t *testing.T) {
	for name, test := range map[string]struct {
		answered bool
		want     int
	}{
		"answered": {true, 1},
		"failed":   {false, 1}, // usage during a run is not requested again
	} {
		t.Run(name, func(t *testing.T) {
			m := newMonitor()
			for _, id := range []string{"a", "b", "c", "d"} {
				m.Add(at(0), watchOf(id))
			}
			asked := 0
			answer := func(request monitor.Request) monitor.Answer {
				if request.Kind == watch.RequestUsage {
					if asked++; !test.answered {
						return monitor.Answer{Request: request, Problem: problem(run.ProblemService)}
					}
					return monitor.Answer{Request: request, Usage: lastRun("b", 9)}
				}
				return step{status: run.StatusRunning}.answer(request)
			}
			var polls []monitor.Request
			for range 2 {
				// All requests of a round are in flight together.
				polls = append(polls, m.Due(at(0))...)
				for _, request := range polls {
					m.Apply(at(0), answer(request))
				}
				polls = nil
			}
			if asked != test.want {
				t.Errorf("usage was requested %d times, want %d", asked, test.want)
			}
			if limit := m.Watch(2).PageCap().Or(0); test.answered && limit != 9 {
				t.Errorf("the maximum of run b is %d, want 9", limit)
			}
			next, waiting := m.Next()
			if test.answered && (!waiting || !next.Equal(at(2))) {
				t.Errorf("the next poll is due at %v, want %v", next, at(2))
			}
			ended := talk(m, at(2), at(2), func(request monitor.Request) monitor.Answer {
				if request.Kind == watch.RequestUsage {
					return answer(request)
				}
				return step{status: run.StatusCompleted}.answer(request)
			})
			if test.answered && (strings.Contains(ended, "usage") || !m.AllDone()) {
				t.Errorf("got requests %q at the end, want only polls", ended)
			}
		})
	}
}

// TestJoinedUsage checks what happens to runs that wait for usage that another run has requested.
func TestJoinedUsage(t *testing.T) {
	for name, end := range map[string]func(m *monitor.Monitor, usage monitor.Request){
		"answered": func(m *monitor.Monitor, usage monitor.Request) { m.Apply(at(1), step{}.answer(usage)) },
		"failed": func(m *monitor.Monitor, usage monitor.Request) {
			m.Apply(at(1), fails("", run.ProblemService, "").answer(usage))
		},
		"stopped": func(m *monitor.Monitor, usage monitor.Request) { m.Stop(at(1), usage.Key) },
	} {
		t.Run(name, func(t *testing.T) {
			m := newMonitor()
			a, b := m.Add(at(0), watchOf("a")), m.Add(at(0), watchOf("b"))
			for _, request := range m.Due(at(0)) {
				m.Apply(at(0), step{status: run.StatusRunning}.answer(request))
			}
			requests := m.Due(at(0))
			if len(requests) != 1 || requests[0].Kind != watch.RequestUsage {
				t.Fatalf("got requests %v, want usage once", requests)
			}
			if _, waiting := m.Next(); waiting {
				t.Error("a run that waits for usage is due")
			}
			end(m, requests[0])
			other := a + b - requests[0].Key
			if _, waiting := m.DueAt(other).Get(); !waiting {
				t.Error("the other run is not due any more")
			}
		})
	}
}

func TestRefusedKeyEndsAllWatches(t *testing.T) {
	m := newMonitor()
	m.Limit(monitor.Limits{PerMinute: 60, Concurrent: 5})
	for _, added := range []watch.Watch{watchOf("a"), watchOf("b"), dispatchOf("c"), dispatchOf("d")} {
		m.Add(at(0), added)
	}
	request := m.Due(at(0))[0]
	refused := &run.Problem{Kind: run.ProblemKey, What: text.NewText("run a"), Summary: text.NewText("refused")}
	events := m.Apply(at(0), monitor.Answer{Request: request, Problem: refused})
	var whats []string
	for _, event := range events {
		if event.Kind == monitor.Ended {
			whats = append(whats, event.Problem.What.Raw())
		}
	}
	// A run with a request in flight waits for its own answer.
	for _, want := range []string{"run a", "recipe c", "recipe d"} {
		if !slices.Contains(whats, want) {
			t.Errorf("got the ends of %v, want that of %s", whats, want)
		}
	}
	if m.Watch(2).Over() {
		t.Error("a run with a request in flight ended")
	}
}

func TestLimitsApplyFromTheSecondRun(t *testing.T) {
	running := func(request monitor.Request) monitor.Answer { return step{status: run.StatusRunning}.answer(request) }
	for name, test := range map[string]struct {
		runs      int
		fromFirst bool
		want      time.Duration // minimum time between two polls of a run
	}{
		"one run":             {1, false, 2 * time.Second},
		"one run, limits set": {1, true, 6 * time.Second},
		"two runs":            {2, false, 12 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			m := newMonitor()
			m.Limit(monitor.Limits{PerMinute: 10, Concurrent: 5, FromFirst: test.fromFirst})
			for i := range test.runs {
				m.Add(at(0), watchOf(string(rune('a'+i))))
			}
			talk(m, at(0), at(0), running)
			if got := m.Interval(); got < test.want || got > test.want*11/10 {
				t.Errorf("a run is polled every %v, want about %v", got, test.want)
			}
		})
	}
}

func TestTick(t *testing.T) {
	m := newMonitor()
	for _, test := range []struct {
		at   float64
		want string
	}{{0, ""}, {30, ""}, {89, ""}, {3700, "slept"}, {3701, ""}, {3700, ""}, {100, "clock set back"}, {101, ""}} {
		if got := eventKinds(m.Tick(at(test.at))); got != test.want {
			t.Errorf("at %v: got events %q, want %q", test.at, got, test.want)
		}
	}
}

// TestRunsExpectedToEndArePolledSooner checks that runs near the end of their usual time are polled more often than
// others, even if no run of their recipe has ended yet, and that the other runs are still polled.
func TestRunsExpectedToEndArePolledSooner(t *testing.T) {
	m := newMonitor()
	m.Limit(monitor.Limits{PerMinute: 20, Concurrent: 5})
	m.Expect(text.NewText("short"), 90*time.Second)
	m.Expect(text.NewText("long"), 12*time.Minute)
	for i := range 40 {
		m.Add(at(0), watchOf(string(rune('A'+i))))
	}
	polls, latest, longest := map[string]int{}, map[string]time.Time{}, time.Duration(0)
	for now, end := at(0), at(600); now.Before(end); {
		for _, request := range m.Due(now) {
			answer := monitor.Answer{Request: request}
			if id := request.ID.Raw(); request.Kind == watch.RequestPoll {
				recipe := "long"
				if id < "F" {
					recipe = "short"
				}
				answer.Poll.Run = run.Run{ID: request.ID, RecipeID: text.NewText(recipe), StatusSent: text.NewText("running"), StartedAt: at(0)}
				if before, known := latest[id]; known {
					longest = max(longest, now.Sub(before))
				}
				latest[id] = now
				polls[recipe]++
			}
			m.Apply(now, answer)
		}
		if next, _ := m.Next(); next.After(now) {
			now = next
		}
	}
	short, long := float64(polls["short"])/5, float64(polls["long"])/35
	if short < 2*long {
		t.Errorf("%.1f polls of a run that may end, %.1f of another, want at least twice as many", short, long)
	}
	if fair := 2 * time.Minute; longest > 2*fair {
		t.Errorf("a run was not polled for %v, its fair share is %v", longest, fair)
	}
}
