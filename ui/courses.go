package ui

import (
	"context"
	"slices"

	tea "charm.land/bubbletea/v2"

	"sbwatch/model/baseline"
	"sbwatch/model/optional"
	modelrun "sbwatch/model/run"
	"sbwatch/model/text"
	"sbwatch/model/watch"
	"sbwatch/ui/screen"
	"sbwatch/ui/screen/history"
)

// courses holds the course of each recipe: how its runs usually progress. A course is computed from the history, which
// is read once for each recipe.
type courses struct {
	known     map[string]baseline.Course // by recipe
	waiting   []text.Text                // recipes to read next
	seen      map[string]bool            // recipes that are known, being read or waiting
	isReading bool
}

// coursesMsg says how the runs of recipes usually progress, by recipe id.
type coursesMsg map[string]baseline.Course

// courseRuns is the number of recorded runs of a recipe that are read to find out how its runs usually progress. Some
// of them may not be used, such as runs that did not complete.
const courseRuns = 30

// learn returns a command that computes from the history how the runs of a recipe usually progress. This is done once
// for each recipe; later calls return nil.
func (v *several) learn(recipe text.Text) tea.Cmd {
	if v.config.History == nil || recipe.IsEmpty() || v.courses.seen[recipe.Raw()] {
		return nil
	}
	if v.courses.seen == nil {
		v.courses.seen, v.courses.known = map[string]bool{}, map[string]baseline.Course{}
	}
	v.courses.seen[recipe.Raw()] = true
	v.courses.waiting = append(v.courses.waiting, recipe)
	return v.readCourses()
}

// readCourses returns a command that reads how the runs of the recipes in courses.waiting usually progress. It takes
// the first recipes out of the list. It returns nil if the list is empty or if an earlier command is still reading.
func (v *several) readCourses() tea.Cmd {
	if v.courses.isReading || len(v.courses.waiting) == 0 {
		return nil
	}
	const batch = 20 // small, so that the first estimates appear soon
	n := min(batch, len(v.courses.waiting))
	recipes := slices.Clone(v.courses.waiting[:n])
	v.courses.waiting, v.courses.isReading = v.courses.waiting[n:], true
	past, ctx := v.config.History, v.env.Life
	return answered(func() tea.Msg {
		return screen.UnlessOver(ctx, readCourses(ctx, past, recipes))
	}, func(*modelrun.Problem) tea.Msg { return coursesMsg{} })
}

// readCourses reads from the history how the runs of each recipe usually progress. It leaves out recipes whose runs
// cannot be read, because the overview can also show progress without this information.
func readCourses(ctx context.Context, past History, recipes []text.Text) coursesMsg {
	courses := coursesMsg{}
	for _, recipe := range recipes {
		runs, err := past.Runs(ctx, history.RecipeKey{ID: recipe.Raw()}, courseRuns)
		if err == nil && len(runs) > 0 {
			courses[recipe.Raw()] = history.StudyRuns(runs).Course()
		}
	}
	return courses
}

// coursesRead stores how the runs of recipes usually progress, and tells the monitor how long they usually take. The
// monitor then polls a run at about the time when it is expected to end.
func (v *several) coursesRead(msg coursesMsg) tea.Cmd {
	v.courses.isReading = false
	for recipe, course := range msg {
		v.courses.known[recipe] = course
		if took, known := course.Duration().Get(); known {
			v.monitor.Expect(text.NewText(recipe), took)
		}
	}
	return tea.Batch(v.readCourses(), v.overview.Update(screen.ClockMsg{}))
}

// estimate returns how much of an active run is done, estimated from the history. It returns false if that is unknown.
func (v *several) estimate(w *watch.Watch) (baseline.Estimate, bool) {
	course, isKnown := v.courses.known[w.RecipeID().Raw()]
	r := w.Run()
	if !isKnown || w.Phase() != watch.PhasePolling || r.Status() != modelrun.StatusRunning || r.StartedAt.IsZero() {
		return baseline.Estimate{}, false
	}
	return course.Estimate(r.Pages, w.Elapsed(v.env.Now)).Get()
}

// learned stores what was read in the background: the account's usage, the speed at which credits are spent, and how
// the runs of recipes usually progress.
func (v *several) learned(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case accountMsg:
		v.accountRead(msg)
	case paceMsg:
		v.pace = optional.Some(baseline.Pace(msg))
	case coursesMsg:
		return v.coursesRead(msg)
	}
	return nil
}

// paceMsg says how fast credits are spent.
type paceMsg baseline.Pace

// askPace returns a command that computes from the history how fast credits are spent.
func (v *several) askPace() tea.Cmd {
	past, ctx, now := v.config.History, v.env.Life, v.env.Now
	if past == nil {
		return nil
	}
	return func() tea.Msg {
		spent, err := past.Spent(ctx, now.AddDate(0, 0, -baseline.PaceDays))
		if err != nil {
			return nil // the usage is shown without a forecast
		}
		return screen.UnlessOver(ctx, paceMsg(baseline.PaceOf(spent, now)))
	}
}
