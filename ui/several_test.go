package ui

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"sbwatch/internal/golden"
	"sbwatch/model/item"
	"sbwatch/model/optional"
	"sbwatch/model/run"
	"sbwatch/model/text"
	"sbwatch/model/watch"
	"sbwatch/monitor"
	"sbwatch/ui/screen"
	"sbwatch/ui/screen/overview"
	"sbwatch/ui/widget/table"
)

// manyRuns is a dashboard with an overview, whose requests are answered by the test.
type manyRuns struct {
	*stage
	t testing.TB
}

// recipeOf returns the recipe of the run with this key. Every tenth recipe has four runs.
func recipeOf(key monitor.RunKey) string {
	if key%10 < 4 {
		key -= key % 10
	}
	return fmt.Sprintf("recipe%05d", key)
}

// newManyRuns returns a dashboard of n runs in all states.
func newManyRuns(t testing.TB, n, w, h int) *manyRuns {
	t.Helper()
	m := &manyRuns{newStage(Config{Watches: watchesOf(n)}, w, h), t}
	m.at(time.Second)
	for _, request := range m.monitor.Due(m.clock) {
		m.answer(request.Key, answerOf(request.Key))
	}
	m.at(15 * time.Second)
	m.clockTick()
	return m
}

// watchesOf returns the watches of n runs.
func watchesOf(n int) []watch.Watch {
	var watches []watch.Watch
	for i := range n {
		watches = append(watches, watch.NewWatch(text.NewText(fmt.Sprintf("run%08d", i+1))))
	}
	return watches
}

// clockTick lets the clock on the screen advance.
func (m *manyRuns) clockTick() {
	m.Update(nil) // sets the time
	m.several.overview.Update(screen.ClockMsg{})
}

// answerOf returns an answer about a run. Runs of different keys are in different states.
func answerOf(key monitor.RunKey) run.Answer {
	pages := int64(key) % 7
	answer := runAnswer("running", pages, 31*pages, 2*pages)
	switch key % 10 {
	case 1:
		answer.Run.StatusSent, answer.Run.Error = text.NewText("failed"), text.NewText("page 4: element not found")
		answer.Run.CompletedAt = start.Add(37 * time.Second)
	case 2:
		answer.Run.StatusSent, answer.Run.StartedAt = text.NewText("queued"), time.Time{}
	case 3, 4:
		answer = finished(result(0.02), item.Table{}, time.Minute)
		answer.Run.Pages, answer.Run.Items = optional.Some(pages+1), optional.Some(31*pages)
	case 5:
		answer = finished(result(0.61, "price is gone"), item.Table{}, time.Minute)
		answer.Run.Pages, answer.Run.Items = optional.Some(pages+1), optional.Some(int64(61))
	}
	answer.Run.ID = text.NewText(fmt.Sprintf("run%08d", key))
	answer.Run.RecipeID = text.NewText(recipeOf(key))
	return answer
}

// answer answers the poll of a run in progress.
func (m *manyRuns) answer(key monitor.RunKey, answer run.Answer) *manyRuns {
	m.Update(screen.RunMsg{Run: key, Msg: polledMsg{
		answer: answer, fits: table.FitColumns(m.env.Painter, answer.Items, table.FitItems), took: 84 * time.Millisecond,
	}})
	return m
}

// again polls a run once more.
func (m *manyRuns) again(key monitor.RunKey, answer run.Answer) *manyRuns {
	m.asks(key)
	return m.answer(key, answer)
}

// asks sends the next poll of a run.
func (m *manyRuns) asks(key monitor.RunKey) {
	for range 4 { // the usage, which one request reads for all runs, may come first
		for _, asker := range m.monitor.Keys() {
			if request, _, isAsking := m.monitor.InFlight(asker); isAsking && request.Kind == watch.RequestUsage {
				m.Update(screen.RunMsg{Run: asker, Msg: usageMsg{}})
			}
		}
		m.monitor.Demand(m.clock, key)
		m.monitor.Due(m.clock)
	}
}

// lines returns the frame as plain text.
func (m *manyRuns) lines() string {
	frame := strings.Split(m.View().Content, "\n")
	return golden.Frame(m.t, frame, m.env.Width(), ansi.WcWidth)
}

func TestGoldenOverview(t *testing.T) {
	for _, n := range []int{3, 50, 1000} {
		m := newManyRuns(t, n, 200, 60)
		for _, size := range [][2]int{{200, 60}, {140, 24}, {120, 40}, {80, 24}, {60, 20}, {40, 10}} {
			if n == 1000 && size[0] > 120 {
				continue // more runs make no difference to the preview
			}
			name := fmt.Sprintf("overview-%d-%dx%d", n, size[0], size[1])
			t.Run(name, func(t *testing.T) {
				m.Update(tea.WindowSizeMsg{Width: size[0], Height: size[1]})
				golden.Check(t, name, m.lines())
			})
		}
	}
	for name, keys := range map[string][]string{
		"grouped":  {"z"},
		"folded":   {"z", "Z"},
		"sorted":   {"l", "l", "l", "l", "l", "s", "S"},
		"usage":    {"u"},
		"dispatch": {"r"},
	} {
		t.Run(name, func(t *testing.T) {
			m := newManyRuns(t, 50, 120, 40)
			m.press(keys...)
			m.Update(accountMsg{usage: run.Usage{
				RunsUsed: optional.Some(int64(12)), RunsPerMonth: optional.Some(int64(100)), PagesPerRun: optional.Some(int64(1000)),
				CostPerPage: optional.Some(int64(2)), CreditsRemaining: optional.Some(int64(470)), Schedules: optional.Some(int64(0)),
				SchedulesAllowed: optional.Some(false), LastRun: optional.Some(run.LastRun{
					ID: text.NewText("run00000050"), Status: text.NewText("completed"), Pages: optional.Some(int64(20)),
					EffectiveCap: optional.Some(int64(20)), ClampedByCredits: optional.Some(true), CreatedAt: start, CompletedAt: start.Add(time.Minute),
				}),
			}})
			golden.Check(t, "overview-"+name, m.lines())
		})
	}
}

// TestGoldenPreviews shows runs in several states next to the list.
// TestTheOverviewShortensLargeNumbers checks that numbers that are too wide for their columns get a unit.
func TestTheOverviewShortensLargeNumbers(t *testing.T) {
	m := newManyRuns(t, 40, 200, 50)
	for key := range monitor.RunKey(40) {
		if key%10 == 6 {
			m.again(key, runAnswer("running", 123_456, 12_623_450, 99_999_999))
		}
	}
	frame := m.lines()
	for _, want := range []string{" 123k ", " 12.6M ", "M items/min"} {
		if !strings.Contains(frame, want) {
			t.Errorf("the overview does not contain %q:\n%s", want, frame)
		}
	}
	if strings.Contains(frame, ",…") {
		t.Errorf("a number is cut:\n%s", frame)
	}
}

func TestGoldenPreviews(t *testing.T) {
	for name, keys := range map[string]string{"completed": "jjjjjjj", "running": "jjjjjjjjjjjj", "queued": "Gkkkkkkkkkkk", "group": "zg"} {
		for _, size := range [][2]int{{200, 60}, {140, 16}} {
			name := fmt.Sprintf("preview-%s-%dx%d", name, size[0], size[1])
			t.Run(name, func(t *testing.T) {
				m := newManyRuns(t, 50, size[0], size[1])
				m.press(strings.Split(keys, "")...)
				golden.Check(t, name, m.lines())
			})
		}
	}
}

// TestThePreviewFollowsTheCursor checks that the preview shows the run at the cursor, also while nothing is known about
// it, and that a click on the preview does not move the cursor.
func TestThePreviewFollowsTheCursor(t *testing.T) {
	m := newManyRuns(t, 50, 160, 40)
	for range 50 {
		key, _ := m.several.overview.Cursor()
		if want := fmt.Sprintf("│ %s › run%08d", recipeOf(key), key); !strings.Contains(m.lines(), want) {
			t.Fatalf("no %q in\n%s", want, m.lines())
		}
		m.clickAt(140, 10)
		if now, _ := m.several.overview.Cursor(); now != key {
			t.Fatalf("a click on the preview moves the cursor from run %d to %d", key, now)
		}
		m.press("j")
	}
	fresh := &manyRuns{newStage(Config{Watches: watchesOf(3)}, 160, 40), t}
	if !strings.Contains(fresh.lines(), "waiting for the first answer") {
		t.Errorf("nothing is known about the runs:\n%s", fresh.lines())
	}
}

// TestTheOrderStaysUnderTheCursor checks that a run that fails does not move the run under the cursor while the user is
// pressing keys, and that afterwards the cursor is still on that run.
func TestTheOrderStaysUnderTheCursor(t *testing.T) {
	m := newManyRuns(t, 50, 120, 40)
	m.press("j", "j", "j", "j", "j", "j")
	pointed, _ := m.several.overview.Cursor()
	before := m.several.overview.Visible()
	failing := answerOf(6)
	failing.Run.StatusSent, failing.Run.Error = text.NewText("failed"), text.NewText("gone")
	m.again(6, failing)
	if !slices.Equal(m.several.overview.Visible(), before) {
		t.Error("the order moves while the user presses keys")
	}
	m.at(50 * time.Second)
	m.clockTick()
	after := m.several.overview.Visible()
	if slices.Equal(after, before) || slices.Index(after, 6) > 5 {
		t.Errorf("the failed run is not among the first: %v", after[:8])
	}
	if now, _ := m.several.overview.Cursor(); now != pointed {
		t.Errorf("the cursor moved from run %d to %d", pointed, now)
	}
}

// ticked lets time pass until the pending tick, and handles it. It returns false if no tick is pending.
func (m *manyRuns) ticked() bool {
	if m.App.tickAt.IsZero() {
		return false
	}
	m.at(m.App.tickAt.Sub(start))
	m.Update(tickMsg{m.ticks})
	return true
}

// countedRuns counts how often the facts of a run are read.
type countedRuns struct {
	overview.Runs

	reads int
}

func (r *countedRuns) Facts(key monitor.RunKey) overview.Facts {
	r.reads++
	return r.Runs.Facts(key)
}

// TestAnAnswerReadsItsRunOnly checks that, in an overview of many runs, an answer does not read the other runs.
func TestAnAnswerReadsItsRunOnly(t *testing.T) {
	m := newManyRuns(t, 1000, 120, 40)
	counted := &countedRuns{Runs: m.several}
	o := overview.New(m.env, counted, 2*time.Second)
	counted.reads = 0
	for key := range monitor.RunKey(100) {
		o.Update(overview.ChangedMsg{Run: key + 1})
	}
	if counted.reads != 100 {
		t.Errorf("100 answers read %d runs", counted.reads)
	}
}

// TestTheOverviewCatchesUp checks that, in an overview of many runs, an answer changes the line of its run at once, and
// the totals and the order with the next tick.
func TestTheOverviewCatchesUp(t *testing.T) {
	for _, still := range []bool{false, true} {
		m := &manyRuns{newStage(Config{Watches: watchesOf(60), Still: still}, 120, 70), t}
		m.at(time.Second)
		for _, request := range m.monitor.Due(m.clock) {
			m.answer(request.Key, answerOf(request.Key))
		}
		m.tickAt(20 * time.Second)
		before := m.several.overview.Visible()
		failing := answerOf(7)
		failing.Run.StatusSent, failing.Run.Error = text.NewText("failed"), text.NewText("gone")
		failing.Run.CompletedAt = start.Add(18 * time.Second)
		m.again(7, failing)
		if frame := m.lines(); !strings.Contains(frame, "✗ gone") || !strings.Contains(frame, "6 failed") {
			t.Errorf("the line of the run is not up to date:\n%s", frame)
		}
		if !slices.Equal(m.several.overview.Visible(), before) {
			t.Error("the answer reads all runs to sort them")
		}
		if delay := m.App.tickAt.Sub(m.clock); delay < 0 || delay > time.Second/4 {
			t.Fatalf("the next tick comes after %v", delay)
		}
		m.ticked()
		if frame := m.lines(); !strings.Contains(frame, "7 failed") {
			t.Errorf("the totals are not up to date:\n%s", frame)
		}
		if after := m.several.overview.Visible(); slices.Index(after, 7) > 6 {
			t.Errorf("the failed run is not among the first: %v", after[:8])
		}
	}
}

// TestThePausedOrderResumes checks that runs which end while the order is paused are sorted later, even if no request
// is due any more.
func TestThePausedOrderResumes(t *testing.T) {
	m := &manyRuns{newStage(Config{Watches: watchesOf(3), Still: true}, 120, 40), t}
	m.at(time.Second).press("j", "k")
	m.monitor.Due(m.clock)
	for _, key := range []monitor.RunKey{1, 3, 2} {
		answer := answerOf(13 - key) // 2 needs more attention than 1
		answer.Run.StatusSent, answer.Run.CompletedAt = text.NewText("completed"), start.Add(time.Second)
		if key == 2 {
			answer.Run.StatusSent, answer.Run.Error = text.NewText("failed"), text.NewText("gone")
		}
		m.answer(key, answer)
	}
	if frame := m.lines(); !strings.Contains(frame, "order paused") {
		t.Fatalf("the order is not paused:\n%s", frame)
	}
	for range 100 {
		if !m.ticked() {
			break
		}
	}
	if frame := m.lines(); strings.Contains(frame, "order paused") || m.several.overview.Visible()[0] != 2 {
		t.Errorf("the order stays paused:\n%s", frame)
	}
}

func TestOpeningAndWalking(t *testing.T) {
	m := newManyRuns(t, 12, 120, 40)
	order := m.several.overview.Visible()
	m.press("enter")
	if opened, isOpen := m.several.Opened(); !isOpen || opened != order[0] {
		t.Fatalf("run %d is open, want %d", opened, order[0])
	}
	m.press("]", "]", "[")
	if opened, _ := m.several.Opened(); opened != order[1] {
		t.Errorf("run %d is open, want %d", opened, order[1])
	}
	m.press("[", "[")
	if opened, _ := m.several.Opened(); opened != order[0] {
		t.Errorf("run %d is open, want the first, %d", opened, order[0])
	}
	m.press("]", "esc")
	if _, isOpen := m.several.Opened(); isOpen {
		t.Error("esc does not return to the overview")
	}
	if at, _ := m.several.overview.Cursor(); at != order[1] {
		t.Errorf("the cursor is on run %d, want the last open one, %d", at, order[1])
	}
}

func TestFindingRuns(t *testing.T) {
	for name, c := range map[string]struct {
		keys  []string
		typed string
		want  []monitor.RunKey
	}{
		"status":             {[]string{"f"}, "status = failed", []monitor.RunKey{1, 11}},
		"drift":              {[]string{"f"}, "drift > 0.3", []monitor.RunKey{5, 15}},
		"state and a number": {[]string{"f"}, "state = running and pages >= 6", []monitor.RunKey{6, 20}},
		"no such column":     {[]string{"f"}, "color = red", nil},
		"search":             {[]string{"/"}, "run00000007", nil},
	} {
		t.Run(name, func(t *testing.T) {
			m := newManyRuns(t, 20, 120, 40)
			m.press(c.keys...)
			for _, r := range c.typed {
				m.press(string(r))
			}
			m.press("enter")
			if name == "search" {
				if at, _ := m.several.overview.Cursor(); at != 7 {
					t.Errorf("the cursor is on run %d", at)
				}
				m.press("&")
				c.want = []monitor.RunKey{7}
			}
			if got := m.several.overview.Visible(); c.want != nil && !slices.Equal(got, c.want) {
				t.Errorf("runs %v, want %v", got, c.want)
			}
			m.press("esc")
			if got := len(m.several.overview.Visible()); got != 20 {
				t.Errorf("%d runs after esc, want 20", got)
			}
		})
	}
}

func TestAddingAndRemovingRuns(t *testing.T) {
	m := newManyRuns(t, 3, 120, 40)
	m.press("a")
	for _, r := range "runnew run00000002" {
		m.press(string(r))
	}
	m.press("enter")
	if got := len(m.Watches()); got != 4 {
		t.Fatalf("%d runs are watched, want 4: one is new", got)
	}
	for range 6 {
		m.press("x")
	}
	if got := len(m.Watches()); got != 0 {
		t.Errorf("%d runs are watched after removing all", got)
	}
	if frame := m.lines(); !strings.Contains(frame, "press a to add one") {
		t.Errorf("the empty overview shows\n%s", frame)
	}
}

// TestDispatchingAsksOnce checks that r and R dispatch only after y, each recipe once.
func TestDispatchingAsksOnce(t *testing.T) {
	m := newManyRuns(t, 3, 120, 40)
	dispatches := func() (recipes []string) {
		for _, w := range m.Watches() {
			if w.Phase() == watch.PhaseDispatching {
				recipes = append(recipes, w.RecipeID().Raw())
			}
		}
		return recipes
	}
	m.press("r", "j", "enter", "esc")
	if got := dispatches(); len(got) > 0 {
		t.Fatalf("dispatched %v without being asked", got)
	}
	m.press("r", "y", "y", "y")
	if got := dispatches(); len(got) != 1 {
		t.Fatalf("dispatched %v, want one", got)
	}
	m.press("R")
	for _, r := range "one two one" {
		m.press(string(r))
	}
	m.press("enter", "y")
	if got := dispatches(); len(got) != 3 || !slices.Contains(got, "one") || !slices.Contains(got, "two") {
		t.Errorf("dispatched %v, want the first, one and two", got)
	}
}

// TestDispatchingFromASingleRun checks that a dashboard with one run can dispatch others, and that their overview then
// appears beneath the run.
func TestDispatchingFromASingleRun(t *testing.T) {
	s := watchingWithService(120, 40).at(time.Second)
	s.send(polledMsg{answer: runAnswer("running", 3, 90, 6), took: 84 * time.Millisecond})
	s.press("esc")
	if _, isOpen := s.several.Opened(); !isOpen {
		t.Fatal("esc closes the only run")
	}
	s.press("r")
	box := frameOf(t, s)
	for _, want := range []string{"Dispatch catalogue01?", "A run of catalogue01 has not ended yet", "Reading what the account allows"} {
		if !strings.Contains(box, want) {
			t.Errorf("r does not show %q:\n%s", want, box)
		}
	}
	s.press("y")
	if frame := frameOf(t, s); len(s.Watches()) != 2 || !strings.Contains(frame, "dispatching catalogue01: esc shows all runs") {
		t.Fatalf("%d runs after y:\n%s", len(s.Watches()), frame)
	}
	s.press("esc")
	if frame := frameOf(t, s); !strings.Contains(frame, "2 runs") || !strings.Contains(frame, "dispatching") {
		t.Errorf("esc does not show the overview:\n%s", frame)
	}
	s.press("enter", "]")
	if opened, isOpen := s.several.Opened(); !isOpen || opened == s.first {
		t.Errorf("] leads from the first run to run %d", opened)
	}
	s.press("R")
	for _, r := range "other000001 other000001" {
		s.press(string(r))
	}
	s.press("enter", "y", "esc")
	if got := len(s.Watches()); got != 3 {
		t.Errorf("%d runs, want a third one: a recipe named twice is dispatched once", got)
	}
	s.press("x", "x", "x", "a")
	for _, r := range "runnew" {
		s.press(string(r))
	}
	s.press("enter", "enter", "esc")
	if _, isOpen := s.several.Opened(); isOpen {
		t.Error("esc does not lead back to the overview")
	}
}

// TestTheBoxTellsWhatThePlanAllows checks what the box says before several recipes are dispatched.
func TestTheBoxTellsWhatThePlanAllows(t *testing.T) {
	m := newManyRuns(t, 3, 120, 40)
	m.press("R")
	for _, r := range "alpha beta gamma" {
		m.press(string(r))
	}
	m.press("enter")
	m.Update(accountMsg{usage: run.Usage{
		RunsUsed: optional.Some(int64(98)), RunsPerMonth: optional.Some(int64(100)), PagesPerRun: optional.Some(int64(20)),
		CostPerPage: optional.Some(int64(2)), CreditsRemaining: optional.Some(int64(470)),
	}})
	frame := m.lines()
	for _, want := range []string{
		"Dispatch 3 recipes?", "alpha: no completed run is known", "At most 20 pages each, 40 credits at 2 a page, 120 credits in all.",
		"Credits left: 470.", "Runs in 30 days: 98 of 100.", "! The plan allows only 2 more runs.",
	} {
		if !strings.Contains(frame, want) {
			t.Errorf("the box does not say %q:\n%s", want, frame)
		}
	}
}
