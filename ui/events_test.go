package ui

import (
	"strings"
	"testing"
	"time"

	"sbwatch/model/optional"
	"sbwatch/model/run"
	"sbwatch/model/text"
	"sbwatch/model/watch"
	"sbwatch/monitor"
	"sbwatch/ui/screen"
)

// tickAt advances the clock by d and then sends a tick, as if there had been no tick in between.
func (m *manyRuns) tickAt(d time.Duration) *manyRuns {
	m.at(d)
	m.Update(tickMsg{m.ticks})
	return m
}

// fail answers the requests in flight with a problem.
func (m *manyRuns) fail(kind run.ProblemKind, summary string) {
	for _, key := range m.monitor.Keys() {
		request, _, isAsking := m.monitor.InFlight(key)
		if !isAsking {
			continue
		}
		problem := &run.Problem{Kind: kind, Summary: text.NewText(summary)}
		var msg any = polledMsg{problem: problem}
		if request.Kind == watch.RequestUsage {
			msg = usageMsg{problem: problem}
		}
		m.Update(screen.RunMsg{Run: key, Msg: msg})
	}
}

// demand makes the dashboard send the next request of a run.
func (m *manyRuns) demand(key monitor.RunKey) {
	m.monitor.Demand(m.clock, key)
	m.Update(tickMsg{m.ticks})
}

// TestSleepAndClock checks that the dashboard says that the computer slept, or that the clock was set back.
func TestSleepAndClock(t *testing.T) {
	for name, c := range map[string]struct {
		runs int
		to   time.Duration
		want string
	}{
		"slept":      {12, 62 * time.Minute, "the computer slept or sbwatch was stopped for 1:01:20; polling continues"},
		"one run":    {1, 62 * time.Minute, "the computer slept or sbwatch was stopped for 1:01:20; polling continues"},
		"set back":   {12, -time.Hour, "the clock was set back by 1:00:40; polling continues"},
		"as usually": {12, 70 * time.Second, ""},
	} {
		t.Run(name, func(t *testing.T) {
			m := newManyRuns(t, c.runs, 120, 40)
			if c.runs == 1 {
				m = &manyRuns{watchingWithService(120, 40).at(time.Second).send(polledMsg{answer: runAnswer("running", 3, 90, 6)}), t}
			}
			m.tickAt(40 * time.Second).tickAt(c.to)
			frame := m.lines()
			if c.want != "" && !strings.Contains(frame, c.want) || c.want == "" && strings.Contains(frame, "polling continues") {
				t.Errorf("want %q:\n%s", c.want, frame)
			}
		})
	}
}

// TestNothingSleptWithoutRuns checks that a pause without anything to poll is not taken for sleep.
func TestNothingSleptWithoutRuns(t *testing.T) {
	m := &manyRuns{watchingWithService(120, 40).at(time.Second), t}
	m.send(polledMsg{answer: finished(result(0.02), itemsOf(t, catalogue()), time.Minute)}, usageMsg{})
	m.at(time.Hour)
	m.press("r", "y")
	m.tickAt(time.Hour + time.Second)
	if frame := m.lines(); strings.Contains(frame, "slept") || len(m.Watches()) != 2 {
		t.Errorf("%d runs:\n%s", len(m.Watches()), frame)
	}
}

// TestOutage checks what the overview says while the service cannot be reached for an hour, and when it can be again.
func TestOutage(t *testing.T) {
	m := newManyRuns(t, 12, 120, 40)
	m.tickAt(41 * time.Second)
	m.demand(6)
	m.fail(run.ProblemNoConnection, "no route to the service")
	for at := 2 * time.Minute; at < time.Hour; at += time.Minute {
		m.tickAt(at)
		m.demand(6)
		m.fail(run.ProblemNoConnection, "no route to the service")
	}
	if frame := m.lines(); !strings.Contains(frame, "✗ no route to the service for 57:00; 7 runs wait") {
		t.Errorf("the outage is not shown:\n%s", frame)
	}
	m.tickAt(time.Hour)
	m.demand(6)
	m.again(6, answerOf(6))
	frame := m.lines()
	if !strings.Contains(frame, "the service answers again, after 116 failed requests in 58:00") || strings.Contains(frame, "wait\n") {
		t.Errorf("the end of the outage is not told:\n%s", frame)
	}
}

// TestKeyRevokedMidway checks that a single message says that all watches have ended.
func TestKeyRevokedMidway(t *testing.T) {
	m := newManyRuns(t, 12, 120, 40)
	m.demand(6)
	m.fail(run.ProblemKey, "the service refused the API key")
	if frame := m.lines(); !strings.Contains(frame, "the service refused the API key: the watch of 7 runs has ended") {
		t.Errorf("the frame does not tell that the key was refused:\n%s", frame)
	}
	if next, waiting := m.monitor.Next(); waiting {
		t.Errorf("a request is due at %v", next)
	}
}

// TestProgressComesFromTheHistory checks that the overview shows how much of each run is done and how long it will
// take, estimated from earlier runs. It also checks that the monitor learns how long the runs take.
func TestProgressComesFromTheHistory(t *testing.T) {
	m := &manyRuns{newStage(Config{
		Watches: watchesOf(200), Service: &fakeService{}, History: nightsOf(t, 8, priced(t, 20, 0)),
	}, 120, 40), t}
	m.at(time.Second)
	m.monitor.Due(m.clock)
	m.at(80 * time.Second)
	m.clockTick()
	answer := answerOf(6)
	answer.Run.Pages = optional.Some(int64(20))
	m.monitor.Demand(m.clock, 6)
	m.monitor.Due(m.clock)
	_, cmd := m.Update(screen.RunMsg{Run: 6, Msg: polledMsg{answer: answer, took: time.Second}})
	m.follow(cmd)
	line := ""
	for one := range strings.Lines(m.lines()) {
		if strings.Contains(one, "run00000006  ") {
			line = one
		}
	}
	if !strings.Contains(line, "━") || !strings.Contains(line, "~0:55") {
		t.Errorf("the line of the run shows no progress from the history: %s\n%s", line, m.lines())
	}
}

// TestUsageHasAForecast checks that the usage screen says how long the credits last, according to the history.
func TestUsageHasAForecast(t *testing.T) {
	s := newStage(Config{
		Watch: watch.NewWatch(text.NewText("k7Xb9dRmQ2p")), Service: &fakeService{}, History: nightsOf(t, 9, priced(t, 20, 0)),
	}, 120, 40)
	s.does("u").send(accountMsg{usage: run.Usage{CreditsRemaining: optional.Some(int64(470)), CostPerPage: optional.Some(int64(2))}})
	frame := frameOf(t, s)
	for _, want := range []string{"at this pace 5 days", "80 credits a day in 9 recorded runs over 9 days"} {
		if !strings.Contains(frame, want) {
			t.Errorf("the usage does not say %q:\n%s", want, frame)
		}
	}
}
