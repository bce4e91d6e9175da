package ui

import (
	"strings"
	"testing"
	"time"

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
