package ui

import (
	"context"
	"image"
	"strings"
	"testing"
	"testing/synctest"
	"time"
	"unicode/utf8"

	tea "charm.land/bubbletea/v2"

	"sbwatch/model/item"
	"sbwatch/model/run"
	"sbwatch/model/text"
	"sbwatch/model/watch"
	"sbwatch/ui/action"
	"sbwatch/ui/screen"
)

// breaks makes every later update of the dashboard panic.
func (s *stage) breaks(what any) *stage {
	s.config.Now = func() time.Time { panic(what) }
	return s
}

// quits reports whether a message makes the dashboard quit.
func (s *stage) quits(msg tea.Msg) bool {
	_, cmd := s.Update(msg)
	for _, msg := range messagesOf(cmd) {
		if _, ok := msg.(tea.QuitMsg); ok {
			return true
		}
	}
	return false
}

func TestTooManyPanicsInARowQuit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := watchingRun(80, 24).breaks("broken")
		for range maxPanicsInRow - 1 {
			if s.quits(tickMsg{}) {
				t.Fatal("quits before the limit")
			}
		}
		if !s.quits(tickMsg{}) || s.Left() != LeftByDefect {
			t.Error("goes on beyond the limit")
		}
		if n := len(s.Panics()); n != maxReports {
			t.Errorf("%d reports", n)
		}
	})
}

func TestASuccessBetweenPanicsCounts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := watchingRun(80, 24)
		works := s.config.Now
		for range 2 * maxPanicsInRow {
			if s.breaks("broken").quits(tickMsg{}) {
				t.Fatal("quits")
			}
			s.config.Now = works
			s.send(tickMsg{})
		}
	})
}

func TestLeavingABrokenDashboard(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for _, opens := range []string{"/", "f", "&", "e", "c"} {
			s := browses(t, 80, 24, catalogue()).does(opens)
			works := s.config.Now
			if s.breaks("broken").quits(keyPress("q")) {
				t.Errorf("%s: a letter that is typed quits", opens)
			}
			if !s.quits(keyPress("ctrl+c")) {
				t.Errorf("%s: ctrl+c does not quit", opens)
			}
			s.config.Now = works
			if s.does("esc").breaks("broken"); !s.quits(keyPress("q")) || s.Left() != LeftByUser {
				t.Errorf("%s: q does not quit after esc", opens)
			}
		}
	})
}

func TestAPanicIsToldSafely(t *testing.T) {
	const key = "wsg_live_0123456789"
	s := watchingRun(80, 24)
	s.guard.redact = func(text string) string { return strings.ReplaceAll(text, key, "***") }
	s.send(newPanic("\x1b[31m\xff\nwith " + key + strings.Repeat("long ", 1000)))
	told := frameOf(t, s) + strings.Join(s.Panics(), "\n")
	if strings.Contains(told, key) || strings.Contains(told, "\x1b") || !utf8.ValidString(told) || !strings.Contains(told, `Bug in sbwatch: \x1b[31m\xff\nwith ***`) {
		t.Errorf("it is told as:\n%s", told)
	}
}

// TestAPanicStaysUntilSeen keeps working while the message about a panic is shown.
func TestAPanicStaysUntilSeen(t *testing.T) {
	inNoTime(t, func(t *testing.T) {
		s := browses(t, 100, 24, catalogue())
		s.send(newPanic("broken"))
		for _, keys := range [][]string{{"j"}, {"y"}, {"/"}, {"esc"}} {
			if s.does(keys...); !strings.Contains(frameOf(t, s), "Bug in sbwatch: broken") {
				t.Errorf("gone after %v:\n%s", keys, frameOf(t, s))
			}
		}
		s.at(s.clock.Sub(start) + panicToastTime)
		if s.does("j"); strings.Contains(frameOf(t, s), "broken") {
			t.Error("it never goes")
		}
	})
}

// brokenLayer is a box that accepts text and panics when drawn.
type brokenLayer struct{ _ int }

func (*brokenLayer) Update(tea.Msg) tea.Cmd { return nil }

func (*brokenLayer) View(image.Rectangle) []string { panic("broken view") }

func (*brokenLayer) Actions() action.Table { return nil }

func (*brokenLayer) Place() screen.Place { return screen.PlaceBox }

func TestAScreenThatCannotBeDrawn(t *testing.T) {
	s := watchingRun(80, 24)
	broken := &brokenLayer{}
	s.env.Layers.Open(broken)
	frame := s.View().Content
	for _, want := range []string{"run k7Xb9dRmQ2p", "Bug in sbwatch", "The watch continues"} {
		if !strings.Contains(frame, want) {
			t.Errorf("%q does not show:\n%s", want, frame)
		}
	}
	if n := len(strings.Split(frame, "\n")); n != s.env.Height() {
		t.Errorf("%d lines", n)
	}
	s.View()
	if n := len(s.Panics()); n != 1 {
		t.Errorf("the same panic is reported %d times", n)
	}
	if s.quits(keyPress("q")) || !s.quits(keyPress("ctrl+c")) {
		t.Error("ctrl+c alone leaves while something is open for typing")
	}
	s.env.Layers.Close(broken)
	if frame := frameOf(t, s); strings.Contains(frame, "cannot be drawn") {
		t.Errorf("the screen does not come back:\n%s", frame)
	}
}

// TestPanicsOfRequests makes each request panic. A dispatch that panicked may have reached the service, so it must not
// be repeated.
func TestPanicsOfRequests(t *testing.T) {
	for _, test := range []struct {
		name   string
		watch  watch.Watch
		change func(*Config, *fakeService)
		polls  bool // whether polling continues
	}{
		{"usage", watch.NewDispatchWatch(text.NewText("recipe")), func(_ *Config, f *fakeService) {
			f.usage = func(int) (run.Usage, error) { panic("broken request") }
		}, true},
		{"dispatch", watch.NewDispatchWatch(text.NewText("recipe")), func(_ *Config, f *fakeService) {
			f.dispatch = func(int) (run.Dispatch, error) { panic("broken request") }
		}, false},
		{"poll", watch.NewWatch(text.NewText("run")), func(_ *Config, f *fakeService) {
			f.poll = func(int) (run.Answer, error) { panic("broken request") }
		}, true},
		{"load", watch.Watch{}, func(c *Config, _ *fakeService) {
			c.Load = func(context.Context, func(item.Table)) (run.Answer, error) { panic("broken request") }
		}, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				service := &fakeService{
					dispatch: func(int) (run.Dispatch, error) { return run.Dispatch{RunID: text.NewText("run")}, nil },
					poll:     func(int) (run.Answer, error) { return run.Answer{}, nil },
				}
				config := Config{Watch: test.watch}
				test.change(&config, service)
				app, quit := play(t, config, service, time.Minute)
				if quit || len(app.Panics()) == 0 || !strings.Contains(app.Panics()[0], "broken request") {
					t.Errorf("quit %v, panics %q", quit, app.Panics())
				}
				if n := len(service.dispatches); n > 1 {
					t.Errorf("%d dispatches", n)
				}
				if n := len(service.polls); test.polls != (n > 2) {
					t.Errorf("%d polls", n)
				}
			})
		})
	}
}
