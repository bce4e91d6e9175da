package ui

import (
	"slices"
	"testing"
	"time"

	"sbwatch/model/text"
	"sbwatch/model/watch"
	"sbwatch/ui/screen"
	"sbwatch/ui/screen/run"
	"sbwatch/ui/widget/table"
)

// TestTwoRunsSideBySide checks that two runs on one monitor, each with its own screen, do not affect each other.
func TestTwoRunsSideBySide(t *testing.T) {
	inNoTime(t, func(t *testing.T) {
		s := watchingWithService(100, 30).at(time.Second)
		other, _ := s.several.Add(watch.NewWatch(text.NewText("p2Lq8sVnX4c")))
		s.several.Open(other)
		screens := []*run.Screen{s.run, s.runs[other].screen}
		if keys := s.monitor.Keys(); len(keys) != 2 {
			t.Fatalf("the monitor watches runs %v", keys)
		}
		s.monitor.Due(s.clock)
		// The answers arrive in reverse order; each must reach its own screen.
		rows := [][]string{catalogue(), catalogue()[:2]}
		for _, i := range []int{1, 0} {
			items := itemsOf(t, rows[i])
			answer := finished(result(0.07), items, time.Minute)
			answer.Run.ID = s.runs[s.monitor.Keys()[i]].Watch().RunID()
			_, cmd := s.Update(screen.RunMsg{Run: s.monitor.Keys()[i], Msg: polledMsg{answer: answer, fits: table.FitColumns(s.env.Painter, items, table.FitItems)}})
			s.follow(cmd)
		}
		for i, want := range []int{6, 2} {
			if got := screens[i].Items().Table().Len(); got != want {
				t.Errorf("run %d shows %d items, want %d", i, got, want)
			}
		}
		// Keys go to the top screen; results of its commands must return to that screen only.
		s.does("f").types("brand = Acme").does("enter", "l", "s")
		if got := screens[1].Items().Table().Rows().Order; !slices.Equal(got, []uint32{0}) {
			t.Errorf("the run on top shows items %v", got)
		}
		below := screens[0].Items()
		if len(below.Filters()) != 0 || below.Table().Len() != 6 || below.Table().Column() != 0 || len(below.Table().Sorted()) != 0 {
			t.Error("a filter of one run changes the other")
		}
		if profile, _ := screens[0].Columns().Profile(); profile == nil || len(profile.Columns) < 5 {
			t.Error("what the items of the run below are like was not found out")
		}
	})
}
