package ui

import (
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"sbwatch/model/text"
)

// rowsOf returns the number of items that show in a frame.
func rowsOf(frame string) int {
	n := 0
	for line := range strings.Lines(frame) {
		if strings.Contains(line, "Rugged Kettle") {
			n++
		}
	}
	return n
}

func TestSmallTerminalsKeepTheTable(t *testing.T) {
	inNoTime(t, func(t *testing.T) {
		s := checks(t, 80, 24, testRules)
		for _, c := range []struct {
			w, h, rows                   int
			header, figures, tabs, notes bool
		}{
			{120, 40, 24, true, true, true, true},
			{80, 24, 14, true, true, true, true},
			{60, 20, 11, true, true, true, true},
			{60, 18, 10, true, true, true, false},
			{50, 15, 9, true, true, false, false},
			{40, 12, 7, true, false, false, false},
			{40, 10, 7, false, false, false, false},
		} {
			s.send(tea.WindowSizeMsg{Width: c.w, Height: c.h})
			frame := frameOf(t, s)
			if rows := rowsOf(frame); rows < c.rows {
				t.Errorf("%dx%d shows %d items, want %d:\n%s", c.w, c.h, rows, c.rows, frame)
			}
			for part, want := range map[string]bool{"completed": c.header, "items 72": c.figures, "Columns": c.tabs, "price is missing": c.notes} {
				if strings.Contains(frame, part) != want {
					t.Errorf("%dx%d shows %q: %v, want %v:\n%s", c.w, c.h, part, !want, want, frame)
				}
			}
			if !strings.Contains(frame, "✗ 2") && !c.notes {
				t.Errorf("%dx%d does not say that there are errors:\n%s", c.w, c.h, frame)
			}
		}
	})
}

func TestNoticesShowOnceAndCanBeHidden(t *testing.T) {
	inNoTime(t, func(t *testing.T) {
		s := checks(t, 80, 24, testRules)
		const notice = "price is missing from page 3"
		shows := func(when string, want bool) {
			t.Helper()
			frame := frameOf(t, s)
			if strings.Contains(frame, notice) != want {
				t.Errorf("%s: the notice shows: %v, want %v:\n%s", when, !want, want, frame)
			}
			if !want && !strings.Contains(frame, "✗ 2") {
				t.Errorf("%s: nothing counts the errors:\n%s", when, frame)
			}
		}
		shows("at first", true)
		s.does("3")
		shows("on another tab", false)
		s.does("1")
		shows("back on the first tab", true)
		s.does("D")
		shows("after D", false)
		if rows := rowsOf(frameOf(t, s)); rows < 16 {
			t.Errorf("only %d items show without the notices", rows)
		}
		s.does("D")
		shows("after D again", true)
	})
}

func TestFilesAreNamedByTheirLastPart(t *testing.T) {
	s := newStage(Config{Load: noLoad, Source: text.NewText("/a/very/long/path/to/answers/of/today/answer.json")}, 60, 20)
	for _, frame := range []string{frameOf(t, s), frameOf(t, s.send(loadedMsg{}))} {
		if !strings.Contains(frame, "answer.json") || strings.Contains(frame, "today") {
			t.Errorf("the file is not named by its last part:\n%s", frame)
		}
	}
}

// TestCountersAreWhole checks that a small terminal shows all digits of the counts of a run.
func TestCountersAreWhole(t *testing.T) {
	for _, test := range []struct {
		w, h    int
		items   int64
		isPlain bool
	}{
		{60, 20, 114_000, false}, {60, 20, 123_456_789, true}, {80, 24, 123_456_789, false}, {80, 24, 1_123_456_789_012, true},
	} {
		s := watchingRun(test.w, test.h).at(time.Second).polled(runAnswer("running", 1, 10, 2)).at(3 * time.Second).polled(runAnswer("running", 400, test.items, 800))
		frame := frameOf(t, s)
		if isPlain := strings.Contains(frame, "items "+text.Count(test.items)); isPlain != test.isPlain {
			t.Errorf("%d items at %dx%d: the number is plain: %v, want %v\n%s", test.items, test.w, test.h, isPlain, test.isPlain, frame)
		}
		if strings.Contains(frame, "…") {
			t.Errorf("%d items at %dx%d: a text is cut:\n%s", test.items, test.w, test.h, frame)
		}
	}
}
