package ui

import (
	"fmt"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"sbwatch/internal/golden"
	"sbwatch/model/optional"
	"sbwatch/model/run"
	"sbwatch/model/text"
	"sbwatch/model/watch"
	"sbwatch/ui/screen"
)

// cutOffRuns returns a dashboard of 8 runs. 7 of them were answered after a second. 30 seconds later, the poll of run 6
// fails with problem, and then 20 seconds pass.
func cutOffRuns(t *testing.T, problem *run.Problem) *manyRuns {
	m := &manyRuns{newStage(Config{Watches: watchesOf(8)}, 120, 40), t}
	m.at(time.Second)
	for _, request := range m.monitor.Due(m.clock) {
		if request.Key != 8 {
			m.answer(request.Key, answerOf(request.Key))
		}
	}
	m.at(31 * time.Second)
	m.asks(6)
	m.Update(screen.RunMsg{Run: 6, Msg: polledMsg{problem: problem}})
	m.at(51 * time.Second)
	m.clockTick()
	return m
}

// TestRunsThatCannotBePolled checks that runs which cannot be polled are not counted as stalled or queued, that their age
// is shown, and that their rate is not.
func TestRunsThatCannotBePolled(t *testing.T) {
	limited := &run.Problem{Kind: run.ProblemRateLimited, Summary: text.NewText("rate limited"), RetryAfter: optional.Some(45 * time.Second)}
	problems := map[string]struct {
		problem *run.Problem
		want    []string
	}{
		"rate-limited": {limited, []string{"rate-limited", "1 unpolled", "○ unpolled", "! rate limited, nex", "polling continues in 25 s", "50 s", "? running"}},
		"unreachable": {
			&run.Problem{Kind: run.ProblemNoConnection, Summary: text.NewText("no connection")},
			[]string{"unreachable", "1 unpolled", "○ unpolled", "no connection for 20 s", "50 s", "? running"},
		},
		"server-error": {
			&run.Problem{Kind: run.ProblemService, Summary: text.NewText("server error")},
			[]string{"1 unreachable", "1 unpolled", "○ unpolled", "server error", "50 s", "? running"},
		},
	}
	for name, test := range problems {
		m := cutOffRuns(t, test.problem)
		frame := m.lines()
		for _, want := range test.want {
			if !strings.Contains(frame, want) {
				t.Errorf("%s: no %q in\n%s", name, want, frame)
			}
		}
		for _, unwanted := range []string{"stalled  ", "2 queued", "connecting"} {
			if strings.Contains(frame, unwanted) {
				t.Errorf("%s: %q in\n%s", name, unwanted, frame)
			}
		}
		for _, size := range [][2]int{{200, 60}, {120, 40}, {80, 24}, {60, 20}, {40, 10}} {
			m.Update(tea.WindowSizeMsg{Width: size[0], Height: size[1]})
			golden.Check(t, fmt.Sprintf("overview-%s-%dx%d", name, size[0], size[1]), m.lines())
		}
	}
}

// TestRunsAreFilteredByState checks that the words of the header select the runs that the header counts.
func TestRunsAreFilteredByState(t *testing.T) {
	for state, want := range map[string]string{"unpolled": "1 of 8 runs", "unreachable": "3 of 8 runs", "queued": "0 of 8 runs"} {
		m := cutOffRuns(t, &run.Problem{Kind: run.ProblemNoConnection, Summary: text.NewText("no connection")})
		m.press("f")
		for _, r := range "state = " + state {
			m.press(string(r))
		}
		m.press("enter")
		if frame := m.lines(); !strings.Contains(frame, want) {
			t.Errorf("state = %s does not select %s:\n%s", state, want, frame)
		}
	}
}

// TestTheAgeDisappears checks that the column with the age of the numbers goes away some time after the service answers
// again.
func TestTheAgeDisappears(t *testing.T) {
	m := cutOffRuns(t, &run.Problem{Kind: run.ProblemNoConnection, Summary: text.NewText("no connection")})
	for second := 60; second < 180; second += 5 {
		m.at(time.Duration(second) * time.Second)
		for _, key := range m.monitor.Keys() {
			if m.monitor.Watch(key).Phase() == watch.PhasePolling {
				m.again(key, runAnswer("running", int64(second), int64(second), 2))
			}
		}
		m.clockTick()
	}
	if frame := m.lines(); strings.Contains(frame, "  age") || strings.Contains(frame, "unreachable") {
		t.Errorf("two minutes after the outage:\n%s", frame)
	}
}
