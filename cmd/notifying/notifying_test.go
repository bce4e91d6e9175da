package notifying

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"sbwatch/config"
	"sbwatch/internal/collected"
	"sbwatch/internal/testrun"
	"sbwatch/model/run"
	"sbwatch/model/text"
	"sbwatch/model/watch"
	"sbwatch/monitor"
	"sbwatch/notify"
	"sbwatch/notify/alert"
	"sbwatch/ui"
)

// noReporter is a reporter that reports nothing.
type noReporter struct{}

func (noReporter) Begin(time.Time)                         {}
func (noReporter) Report(time.Time, []monitor.Event) error { return nil }
func (noReporter) NextHeartbeat() time.Time                { return time.Time{} }
func (noReporter) Finish(error)                            {}
func noVariables(string) string                            { return "" }
func settingsWith(mode alert.Mode, exec string) config.Notify {
	return config.Notify{Terminal: mode, Exec: exec}
}

// endOf adds a run to a monitor, completes it, and returns the events of its completion. id is the id of the run.
func endOf(m *monitor.Monitor, id string) []monitor.Event {
	now := time.Now()
	key := m.Add(now, watch.NewWatch(text.NewText(id)))
	answer := testrun.Completed()
	answer.Run.ID = text.NewText(id)
	for _, request := range m.Due(now) {
		if request.Key == key {
			return m.Apply(now, monitor.Answer{Request: request, Poll: answer})
		}
	}
	return nil
}

func TestRingInPlainMode(t *testing.T) {
	for mode, want := range map[alert.Mode][]string{alert.Auto: nil, alert.Never: nil, alert.Always: {"\a", "\a"}} {
		synctest.Test(t, func(t *testing.T) {
			var rings collected.Lines
			h := Start(Options{Settings: settingsWith(mode, ""), Getenv: noVariables, Say: func(line string) { t.Error(line) }, Ring: rings.Add, Now: time.Now})
			m := monitor.New(2*time.Second, func() float64 { return 0 })
			reporter := h.Reporter(noReporter{}, m)
			for _, id := range []string{"a", "b"} {
				if err := reporter.Report(time.Now(), endOf(m, id)); err != nil {
					t.Fatal(err)
				}
			}
			time.Sleep(3 * time.Second)
			if n := len(rings.All()); n != min(1, len(want)) {
				t.Errorf("%s: %d notifications of two runs that end together", mode, n)
			}
			_ = reporter.Report(time.Now(), endOf(m, "c"))
			h.Close(t.Context())
			if got := rings.All(); !slices.Equal(got, want) {
				t.Errorf("%s: got %q, want %q", mode, got, want)
			}
		})
	}
}

func TestDashboardGetsTheModes(t *testing.T) {
	for mode, want := range map[alert.Mode][2]bool{alert.Auto: {true, false}, alert.Always: {true, true}, alert.Never: {false, false}} {
		h := Start(Options{Settings: settingsWith(mode, ""), Getenv: noVariables, Now: time.Now})
		var screen ui.Config
		h.AddTo(&screen)
		if got := [2]bool{screen.Notify != nil, screen.NotifyFocused}; got != want || screen.Ended == nil {
			t.Errorf("%s: got %v, want %v", mode, got, want)
		}
	}
}

// Messages are delayed until the dashboard has closed.
func TestMessagesAreHeld(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var said collected.Lines
		h := Start(Options{Getenv: noVariables, Say: said.Add, Hold: true, Now: time.Now})
		h.messages.Say("first")
		h.messages.Say("second")
		if got := said.All(); len(got) > 0 {
			t.Errorf("said %q while the dashboard is open", got)
		}
		h.Close(t.Context())
		h.messages.Say("third")
		if got := said.All(); !slices.Equal(got, []string{"first", "second", "third"}) {
			t.Errorf("said %q", got)
		}
	})
}

// A receiver that does not answer delays the end of the program only for a limited time, which is shorter after a
// signal.
func TestCloseIsBounded(t *testing.T) {
	for name, test := range map[string]struct {
		interrupted time.Duration // time from the start to the interruption; 0 if there is none
		during      bool          // whether Close is called before the interruption
		min, max    time.Duration
		last        string
	}{
		"waits":              {min: 70 * time.Second, max: 2 * time.Minute, last: "gave up after 6 attempts"},
		"interrupted before": {interrupted: time.Second, max: 2 * time.Second, last: "quit before all notifications were sent: 1 notification not finished"},
		"interrupted during": {interrupted: 5 * time.Second, during: true, min: 6 * time.Second, max: 7 * time.Second, last: "quit before all notifications were sent"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				post, err := notify.ParseURL("https://hooks.example/x")
				if err != nil {
					t.Fatal(err)
				}
				var said collected.Lines
				h := Start(Options{Settings: config.Notify{Post: post}, Getenv: noVariables, Say: said.Add, Now: time.Now, Transport: hanging{}})
				w := watch.OpenedWatch(run.Answer{Run: run.Run{ID: text.NewText("a"), StatusSent: text.NewText("failed")}})
				h.Ended(1, &w)
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				if test.interrupted > 0 {
					time.AfterFunc(test.interrupted, cancel)
				}
				if !test.during {
					time.Sleep(test.interrupted)
					synctest.Wait()
				}
				begin := time.Now()
				h.Close(ctx)
				if took := time.Since(begin); took < test.min || took > test.max {
					t.Errorf("Close took %v, want %v to %v", took, test.min, test.max)
				}
				got := said.All()
				if len(got) != 2 || got[0] != "waiting for 1 notification; ctrl+c quits" || !strings.Contains(got[1], test.last) {
					t.Errorf("said %q", got)
				}
			})
		})
	}
}

// hanging is a transport whose requests are not answered.
type hanging struct{}

func (hanging) RoundTrip(request *http.Request) (*http.Response, error) {
	<-request.Context().Done()
	return nil, request.Context().Err()
}
