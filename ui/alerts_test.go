package ui

import (
	"context"
	"errors"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"

	"sbwatch/internal/headless"
	"sbwatch/model/item"
	"sbwatch/model/rules"
	"sbwatch/model/run"
	"sbwatch/model/text"
	"sbwatch/model/watch"
	"sbwatch/monitor"
)

// endingService is a service whose runs end at the given times after the start.
type endingService struct {
	fakeService
	begin time.Time
	ends  map[string]ending
}

type ending struct {
	after  time.Duration
	status string
	err    error
}

func (s *endingService) Poll(_ context.Context, id string, _ func(item.Table)) (run.Answer, error) {
	end := s.ends[id]
	answer := run.Answer{Run: run.Run{ID: text.NewText(id), StatusSent: text.NewText("running")}}
	if time.Since(s.begin) >= end.after {
		if end.err != nil {
			return run.Answer{}, end.err
		}
		answer.Run.StatusSent = text.NewText(end.status)
	}
	return answer, nil
}

func TestNotifications(t *testing.T) {
	const second = time.Second
	blur, focus := tea.BlurMsg{}, tea.FocusMsg{}
	type sent struct {
		after time.Duration
		msg   tea.Msg
	}
	for name, test := range map[string]struct {
		ends   map[string]ending
		sent   []sent
		always bool
		judged bool // there is a rule that no run meets
		want   []string
	}{
		"focused":           {ends: map[string]ending{"a": {3 * second, "completed", nil}}},
		"focused, always":   {ends: map[string]ending{"a": {3 * second, "completed", nil}}, always: true, want: []string{"run a completed: 0 items"}},
		"unfocused":         {ends: map[string]ending{"a": {3 * second, "failed", nil}}, sent: []sent{{second, blur}}, want: []string{"run a failed"}},
		"focused again":     {ends: map[string]ending{"a": {3 * second, "completed", nil}}, sent: []sent{{second, blur}, {2 * second, focus}}},
		"came back in time": {ends: map[string]ending{"a": {3 * second, "completed", nil}}, sent: []sent{{second, blur}, {5 * second, focus}}},
		"several at once": {
			ends: map[string]ending{"a": {3 * second, "completed", nil}, "b": {3 * second, "failed", nil}, "c": {3 * second, "completed", nil}},
			sent: []sent{{second, blur}}, want: []string{"3 runs ended: 2 completed, 1 failed"},
		},
		"broken rule": {
			ends: map[string]ending{"a": {3 * second, "completed", nil}}, judged: true, always: true,
			want: []string{"run a completed: 0 items, 1 rule broken"},
		},
		"broken rules": {
			ends: map[string]ending{"a": {3 * second, "completed", nil}, "b": {3 * second, "completed", nil}}, judged: true, always: true,
			want: []string{"2 runs ended: 2 completed, 2 with broken rules"},
		},
		"one after another": {
			ends: map[string]ending{"a": {3 * second, "completed", nil}, "b": {20 * second, "cancelled", nil}},
			sent: []sent{{second, blur}}, want: []string{"run a completed: 0 items", "run b cancelled"},
		},
		"refused": {
			ends: map[string]ending{"a": {3 * second, "", &run.Problem{Kind: run.ProblemRefused, Summary: text.NewText("no such\x1b run")}}},
			sent: []sent{{second, blur}}, want: []string{`run a: the watch has ended: no such\x1b run`},
		},
		"passing trouble is no end": {
			ends: map[string]ending{"a": {3 * second, "", errors.New("lost")}}, sent: []sent{{second, blur}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithCancel(t.Context())
				var notified, ended []string
				config := Config{
					Service: &endingService{begin: time.Now(), ends: test.ends}, Now: time.Now, Jitter: func() float64 { return 0 }, Interval: 2 * second,
					Width: 80, Height: 24, NotifyFocused: test.always,
					Notify: func(message string) string { notified = append(notified, message); return "\a" },
					Ended:  func(_ monitor.RunKey, w *watch.Watch) { ended = append(ended, w.RunID().Raw()) },
				}
				if test.judged {
					rule, err := rules.ParseFlag(rules.MinItems, "50")
					if err != nil {
						t.Fatal(err)
					}
					config.Rules = func(text.Text) rules.Set { return rules.Set{rule} }
				}
				wantEnded := 0
				for _, id := range []string{"a", "b", "c"} {
					end, isWatched := test.ends[id]
					if !isWatched {
						continue
					}
					config.Watches = append(config.Watches, watch.NewWatch(text.NewText(id)))
					if _, isProblem := errors.AsType[*run.Problem](end.err); isProblem || end.err == nil {
						wantEnded++
					}
				}
				app := New(ctx, config)
				if app.View().ReportFocus == test.always {
					t.Errorf("focus reports are %v with always %v", app.View().ReportFocus, test.always)
				}
				player := headless.Start(app)
				for _, s := range test.sent {
					player.SendAfter(s.after, s.msg)
				}
				player.Run(40 * second)
				cancel()
				player.Stop()
				if !slices.Equal(notified, test.want) {
					t.Errorf("notified %q, want %q", notified, test.want)
				}
				if len(ended) != wantEnded {
					t.Errorf("told the program about the end of %q, want %d runs", ended, wantEnded)
				}
			})
		})
	}
}

func TestNoNotificationsUnlessWanted(t *testing.T) {
	app := New(t.Context(), Config{Watch: watch.NewWatch(text.NewText("a")), Now: time.Now, Width: 80, Height: 24})
	if app.View().ReportFocus {
		t.Error("the terminal is asked for focus reports")
	}
}
