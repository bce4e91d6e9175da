package ui

import (
	"strconv"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"sbwatch/model/run"
	"sbwatch/model/text"
	"sbwatch/model/watch"
)

// TestWarningsHaveDetails checks that the Warnings tab shows, if there is room, what is known about the columns in the
// warnings, and since when the recipe has had warnings.
func TestWarningsHaveDetails(t *testing.T) {
	const missing = "! price is missing before item 37 (36 of 60 items)"
	for name, c := range map[string]struct {
		w, h    int
		none    bool  // whether the run has no warnings
		earlier []int // numbers of warnings in the newest earlier runs, oldest first
		want    []string
		without []string
	}{
		"details": {
			120, 40, false,
			[]int{0, 2, 1},
			[]string{
				missing, "✗ price: coverage 40%, usually 100%", "name has a value in 100% of 60 items",
				"the previous 2 runs had warnings, too, since May 19; the last one had 1",
			},
			nil,
		},
		"none":      {120, 40, true, []int{0, 2, 1}, []string{"the previous 2 runs had warnings since May 19"}, []string{"too"}},
		"new":       {120, 40, false, []int{1, 0}, []string{missing, "the previous run had no warnings"}, nil},
		"second":    {120, 40, false, []int{0, 3}, []string{missing, "the previous run had 3 warnings"}, nil},
		"no room":   {60, 18, false, []int{0, 3}, []string{"! price: selector matched nothing"}, []string{missing, "previous"}},
		"unrelated": {120, 40, false, []int{0}, []string{"! price changed"}, []string{"price changed\n      "}},
	} {
		t.Run(name, func(t *testing.T) {
			inNoTime(t, func(t *testing.T) {
				past := nightsOf(t, 12, priced(t, 150, 0))
				for i, n := range c.earlier {
					past.runs[len(past.runs)-len(c.earlier)+i].Warnings = n
				}
				failed := past.runs[len(past.runs)-1]
				failed.ID, failed.Status = text.NewText("failed00001"), run.StatusFailed // such a run has no warnings
				past.runs = append(past.runs, failed)
				s := newStage(Config{Watch: watch.NewWatch(text.NewText("k7Xb9dRmQ2p")), Service: &fakeService{}, History: past}, c.w, c.h).at(time.Minute)
				warnings := []string{"price: selector matched nothing", "name: renamed", "price changed"}
				if c.none {
					warnings = nil
				}
				s.follow(s.update(polledMsg{answer: finished(result(0.61, warnings...), priced(t, 60, 60), time.Minute)})).does("6")
				frame := frameOf(t, s)
				for _, want := range c.want {
					if !strings.Contains(frame, want) {
						t.Errorf("no %q in\n%s", want, frame)
					}
				}
				for _, without := range c.without {
					if strings.Contains(frame, without) {
						t.Errorf("%q in\n%s", without, frame)
					}
				}
			})
		})
	}
}

// TestWarningsHaveACursor moves through the warnings, copies one and all, searches, opens the details of one, and goes to
// its column.
func TestWarningsHaveACursor(t *testing.T) {
	inNoTime(t, func(t *testing.T) {
		s := newStage(Config{Watch: watch.NewWatch(text.NewText("k7Xb9dRmQ2p")), Service: &fakeService{}}, 60, 18).at(time.Minute)
		warnings := []string{"pagination stalled", "price: selector\nmatched nothing", strings.Repeat("a long warning ", 60), "the last"}
		s.follow(s.update(polledMsg{answer: finished(result(0.02, warnings...), priced(t, 60, 60), time.Minute)})).does("5")
		copied := s.copies()
		const missing = "! price is missing before item 37 (36 of 60 items)"
		for _, step := range []struct {
			keys, without, want string
			copied              string
		}{
			{"", missing, "▸ ! pagination stalled", ""},
			{"y", "", "1 of 4", warnings[0]},
			{"j y", missing, "▸ ! price: selector", warnings[1]},
			{"l", "", missing, ""},
			{"h", missing, "▸ ! price: selector", ""},
			{"j y", "", "3 of 4", warnings[2]},
			{"G y", "pagination", "▸ ! the last", "the last"},
			{"Y", "", "4 of 4", strings.Join(warnings, "\n")},
			{"/ n o t h enter", "", "/noth/ 1 of 1 · 2 of 4", ""},
			{"esc", "/noth", "2 of 4", ""},
			{"enter", "", "price  number  24 of 60", ""},
			{"esc", "", "2 of 4", ""},
			{"g enter", "", "1 of 4", ""},
		} {
			*copied = ""
			s.does(strings.Fields(step.keys)...)
			frame := frameOf(t, s)
			if !strings.Contains(frame, step.want) || step.without != "" && strings.Contains(frame, step.without) {
				t.Errorf("after %q: no %q, or %q, in\n%s", step.keys, step.want, step.without, frame)
			}
			if *copied != step.copied {
				t.Errorf("%q copies %q, not %q", step.keys, *copied, step.copied)
			}
		}
	})
}

// TestManyWarnings copies more warnings than are listed, and clicks twice on the line below the list.
func TestManyWarnings(t *testing.T) {
	inNoTime(t, func(t *testing.T) {
		s := newStage(Config{Watch: watch.NewWatch(text.NewText("k7Xb9dRmQ2p")), Service: &fakeService{}}, 80, 24).at(time.Minute)
		warnings := make([]string, 5_100)
		for i := range warnings {
			warnings[i] = "price: gone from page " + strconv.Itoa(i)
		}
		s.follow(s.update(polledMsg{answer: finished(result(0.02, warnings...), priced(t, 60, 60), time.Minute)})).does("5")
		copied := s.copies()
		if s.does("Y"); *copied != strings.Join(warnings, "\n") {
			t.Errorf("%d of %d warnings are copied", strings.Count(*copied, "\n")+1, len(warnings))
		}
		if frame := frameOf(t, s); !strings.Contains(frame, "copied 5,100 warnings") {
			t.Errorf("the count of warnings is wrong:\n%s", frame)
		}
		s.does("g", "G")
		s.wheel(5, 12, tea.MouseWheelDown, 0)
		if s.doubleClick(t, "… and 99 more warnings"); s.run.Tab() != "warnings" {
			t.Errorf("a double click below the list opens %s", s.run.Tab())
		}
	})
}

// TestTheMouseSelectsWarnings clicks on a warning about a column, and then twice.
func TestTheMouseSelectsWarnings(t *testing.T) {
	inNoTime(t, func(t *testing.T) {
		s := newStage(Config{Watch: watch.NewWatch(text.NewText("k7Xb9dRmQ2p")), Service: &fakeService{}}, 80, 24).at(time.Minute)
		s.follow(s.update(polledMsg{answer: finished(result(0.02, "pagination stalled", "price: gone"), priced(t, 60, 60), time.Minute)})).does("5")
		s.click(t, "! price: gone")
		if frame := frameOf(t, s); !strings.Contains(frame, "▸ ! price: gone") {
			t.Fatalf("a click does not select:\n%s", frame)
		}
		if s.doubleClick(t, "! price: gone"); s.run.Tab() != "columns" {
			t.Errorf("a double click opens %s", s.run.Tab())
		}
	})
}

// TestHiddenWarningsAreNotLaidOut resizes the terminal while many warnings are hidden, and while they are visible.
func TestHiddenWarningsAreNotLaidOut(t *testing.T) {
	inNoTime(t, func(t *testing.T) {
		s := newStage(Config{Watch: watch.NewWatch(text.NewText("k7Xb9dRmQ2p")), Service: &fakeService{}}, 80, 24).at(time.Minute)
		warnings := make([]string, 5_000)
		for i := range warnings {
			warnings[i] = "price: gone from page " + strconv.Itoa(i)
		}
		s.follow(s.update(polledMsg{answer: finished(result(0.02, warnings...), priced(t, 60, 60), time.Minute)}))
		resize := func() {
			s.send(tea.WindowSizeMsg{Width: 90, Height: 24}, tea.WindowSizeMsg{Width: 80, Height: 24})
		}
		hidden := testing.AllocsPerRun(2, resize)
		s.does("5")
		visible := testing.AllocsPerRun(2, resize)
		if hidden*10 > visible {
			t.Errorf("%v allocations with hidden warnings, %v with visible warnings", hidden, visible)
		}
	})
}
