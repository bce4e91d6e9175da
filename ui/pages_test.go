package ui

import (
	"strings"
	"testing"
	"time"

	"sbwatch/model/text"
	"sbwatch/model/watch"
)

// TestAPageOpensOnce checks that opening a page that is already open brings it up, so that one Esc closes it.
func TestAPageOpensOnce(t *testing.T) {
	palette := func(title string) func(*stage) {
		return func(s *stage) { s.does(":").types(title).does("enter") }
	}
	keys := func(keys ...string) func(*stage) {
		return func(s *stage) { s.does(keys...) }
	}
	help, messages, recipe := palette("keys"), palette("messages"), palette("history of catalogue01")
	for name, c := range map[string]struct {
		open []func(*stage)
		want []string // on the screen after opening, and after each Esc
	}{
		"messages":          {[]func(*stage){messages, messages}, []string{"Messages", "Items"}},
		"help":              {[]func(*stage){help, help}, []string{"dimmed", "Items"}},
		"help by key":       {[]func(*stage){keys("?"), help}, []string{"dimmed", "Items"}},
		"recipe":            {[]func(*stage){recipe, recipe}, []string{"history › catalogue01", "Items"}},
		"covered messages":  {[]func(*stage){messages, help, messages}, []string{"Messages", "dimmed", "Items"}},
		"covered help":      {[]func(*stage){help, messages, help}, []string{"dimmed", "Messages", "Items"}},
		"covered recipe":    {[]func(*stage){recipe, help, recipe}, []string{"history › catalogue01", "dimmed", "Items"}},
		"recipe over a run": {[]func(*stage){recipe, keys("left", "enter"), recipe}, []string{"history › catalogue01", "past0000010", "Items"}},
		"run over a recipe": {
			[]func(*stage){recipe, keys("left", "enter"), recipe, keys("enter")},
			[]string{"history › catalogue01 › past0000010", "history › catalogue01 ", "Items"},
		},
		"enter twice": {
			[]func(*stage){recipe, func(s *stage) {
				_, first := s.Update(keyPress("enter"))
				_, second := s.Update(keyPress("enter"))
				s.follow(first).follow(second)
			}},
			[]string{"past0000011", "history › catalogue01", "Items"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			inNoTime(t, func(t *testing.T) {
				s := newStage(Config{
					Watch: watch.NewWatch(text.NewText("k7Xb9dRmQ2p")), Service: &fakeService{}, History: nightsOf(t, 12, priced(t, 50, 0)),
					Messages: []string{"a message", "another message"},
				}, 100, 30).at(time.Minute)
				s.follow(s.update(polledMsg{answer: finished(result(0.05), priced(t, 50, 0), time.Minute)})).at(2 * time.Minute)
				for _, open := range c.open {
					open(s)
				}
				for i, want := range c.want {
					if i > 0 {
						s.does("esc")
					}
					if frame := frameOf(t, s); !strings.Contains(frame, want) {
						t.Fatalf("after %d times esc there is no %q:\n%s", i, want, frame)
					}
				}
			})
		})
	}
}
