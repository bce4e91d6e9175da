package ui

import (
	"time"

	tea "charm.land/bubbletea/v2"

	"sbwatch/model/baseline"
	"sbwatch/model/optional"
	"sbwatch/model/profile"
	modelrun "sbwatch/model/run"
	"sbwatch/model/text"
	"sbwatch/model/watch"
	"sbwatch/monitor"
	"sbwatch/ui/screen"
	"sbwatch/ui/screen/history"
	"sbwatch/ui/screen/overview"
	"sbwatch/ui/screen/run"
	"sbwatch/ui/screen/usage"
)

// several is a dashboard that watches runs of the service. Its bottom layer is the overview. If the dashboard was
// started with a single run, the screen of that run is on top. The screen of a run is created when the user opens it.
// It is also created when the run ends, because the screen profiles the items.
type several struct {
	*App
	overview *overview.Screen
	// isMany reports whether there is, or was, more than one run. Otherwise the overview is not useful.
	isMany  bool
	opened  monitor.RunKey // the run whose screen is open; 0 if none is
	account usage.Account
	news    news
	kept    []monitor.RunKey // ended runs with a screen; the most recently visited or ended run is last
	courses courses
	pace    optional.Value[baseline.Pace] // unknown until the history was read
}

// accountMsg is the account's usage, from a request that does not belong to a run.
type accountMsg struct {
	usage   modelrun.Usage
	problem *modelrun.Problem
}

// newSeveral watches runs and opens the overview and, if there is only one run, its screen.
func newSeveral(a *App, watches []watch.Watch) *several {
	v := &several{App: a, isMany: len(watches) > 1}
	for _, w := range watches {
		v.start(w)
	}
	a.first = a.monitor.Keys()[0]
	v.overview = overview.New(a.env, v, a.config.Interval)
	a.env.Layers.Open(v.overview)
	if !v.isMany {
		v.opened = a.first
		a.env.Layers.Open(v.screenOf(a.first))
	}
	return v
}

// start starts watching a run.
func (v *several) start(w watch.Watch) monitor.RunKey {
	v.monitor.Tick(v.env.Now) // Tick is not called while there are no runs, so tell the monitor that the computer did not sleep in that time.
	key := v.monitor.Add(v.env.Now, w)
	env := screen.RunEnv{Env: v.env, Run: key}
	v.runs[key] = &watchedRun{source: &polledRun{
		env: env, monitor: v.monitor, service: v.config.Service, now: v.config.Now, events: v.runEvents,
	}}
	return key
}

// Keys returns the identifiers of all runs.
func (v *several) Keys() []monitor.RunKey { return v.monitor.Keys() }

// Watch returns the state of a run.
func (v *several) Watch(key monitor.RunKey) *watch.Watch { return v.monitor.Watch(key) }

// Next returns the time of the next request. It returns false if no request is scheduled.
func (v *several) Next() (time.Time, bool) { return v.monitor.Next() }

// DueAt returns the time of the next request of a run.
func (v *several) DueAt(key monitor.RunKey) optional.Value[time.Time] { return v.monitor.DueAt(key) }

// Facts returns facts about a run that are not in the answers of the service. They come from the history and from the
// screen of the run.
func (v *several) Facts(key monitor.RunKey) overview.Facts {
	one := v.runs[key]
	var facts overview.Facts
	switch {
	case one == nil:
		return facts
	case one.facts != nil:
		return *one.facts
	}
	if e, known := v.estimate(one.Watch()); known {
		facts.Done, facts.Left = optional.Some(e.Done), optional.Some(e.Left)
	}
	if one.screen == nil {
		return facts
	}
	if p, _ := one.screen.Columns().Profile(); p != nil {
		count := int64(0)
		for _, f := range p.Findings {
			if f.Severity >= profile.Warning {
				count++
			}
		}
		facts.Findings = optional.Some(count)
	}
	facts.Worse, facts.IsCompared = one.screen.Worse()
	if given, broken, _ := one.screen.Checks().Count(); broken > 0 {
		facts.Worse = text.Count(int64(broken)) + " of " + text.Counted(int64(given), "rule") + " broken"
	}
	return facts
}

// screenOf returns the screen of a run. It creates the screen if necessary.
func (v *several) screenOf(key monitor.RunKey) *run.Screen {
	one := v.runs[key]
	if one.screen == nil {
		config := v.config.runConfig()
		if v.isMany {
			config.Close = v.Close
		}
		config.State = one.state
		one.screen = run.New(screen.RunEnv{Env: v.env, Run: key}, config, one.source)
	}
	return one.screen
}

// Open opens the screen of a run.
func (v *several) Open(key monitor.RunKey) tea.Cmd {
	if v.runs[key] == nil {
		return nil
	}
	opened := v.screenOf(key)
	v.opened = key
	v.env.Layers.Open(opened)
	cmds := []tea.Cmd{v.keep(key)}
	if polled, isPolled := v.runs[key].source.(*polledRun); isPolled {
		cmds = append(cmds, polled.readAgain(v.config.History))
	}
	return tea.Batch(append(cmds, opened.Update(screen.ResizedMsg{}))...) // the size may have changed since the screen was last open
}

// Close closes the screen of the open run.
func (v *several) Close() tea.Cmd {
	if one := v.runs[v.opened]; one != nil {
		v.env.Layers.Close(one.screen)
	}
	v.opened = 0
	return v.overview.Update(screen.ClockMsg{})
}

// Opened returns the run whose screen is on top. It returns false if another screen is on top.
func (v *several) Opened() (monitor.RunKey, bool) {
	one := v.runs[v.opened]
	return v.opened, one != nil && v.env.Layers.Top() == screen.Layer(one.screen)
}

// Add watches another run.
func (v *several) Add(w watch.Watch) (monitor.RunKey, tea.Cmd) {
	key := v.start(w)
	if first := v.runs[v.first]; !v.isMany && first != nil {
		v.isMany = true
		first.screen.SetClose(v.Close)
	}
	return key, v.pump()
}

// bottom returns the layer to draw if the terminal is too small for the other layers.
func (v *several) bottom() screen.Layer {
	if one := v.runs[v.first]; !v.isMany && one != nil {
		return one.screen
	}
	return v.overview
}

// Remove stops watching a run.
func (v *several) Remove(key monitor.RunKey) {
	if one := v.runs[key]; one != nil && one.screen != nil {
		one.screen.StopWork()
	}
	v.monitor.Remove(v.env.Now, key)
	delete(v.runs, key)
}

// Preview draws a summary of a run on w by h cells.
func (v *several) Preview(key monitor.RunKey, w, h int) []string {
	one := v.runs[key]
	if one == nil {
		return nil
	}
	return run.Preview(screen.RunEnv{Env: v.env, Run: key}, v.config.runConfig(), one.source, one.screen, w, h)
}

// Account returns what is known about the account. If the account's usage was never requested, the result has the usage
// from an answer about a run.
func (v *several) Account() usage.Account {
	account := v.account
	for _, key := range v.monitor.Keys() {
		w := v.monitor.Watch(key)
		if read, known := w.Usage(); known && account.At.IsZero() {
			account.Usage = optional.Some(read)
		}
	}
	account.Pace = v.pace
	return account
}

// usageAge is the minimum age of the account's usage before it is requested again.
const usageAge = 5 * time.Second

// AskUsage returns a command that requests the account's usage. It returns nil if the usage was read less than usageAge
// ago.
func (v *several) AskUsage() tea.Cmd {
	if v.account.IsAsking || v.account.Problem == nil && v.env.Now.Sub(v.account.At) < usageAge {
		return nil
	}
	v.account.IsAsking = true
	ctx, service := v.env.Life, v.config.Service
	return answered(func() tea.Msg {
		read, err := service.Usage(ctx)
		return screen.UnlessOver(ctx, accountMsg{read, modelrun.ProblemOf(err)})
	}, func(problem *modelrun.Problem) tea.Msg { return accountMsg{problem: problem} })
}

// accountRead stores the account's usage. If the request failed, the previous usage stays.
func (v *several) accountRead(msg accountMsg) {
	v.account.IsAsking, v.account.Problem = false, msg.problem
	if msg.problem == nil {
		v.account.Usage, v.account.At = optional.Some(msg.usage), v.env.Now
	}
}

// maxPastRuns is the maximum number of recorded runs of a recipe that are used to estimate its cost.
const maxPastRuns = 10

// AskPast returns a command that reads recorded runs of recipes from the history. Without recipes, it reads the ids of
// all recorded recipes.
func (v *several) AskPast(recipes []text.Text) tea.Cmd {
	past, ctx := v.config.History, v.env.Life
	if past == nil {
		return nil
	}
	return screen.ToLayer(v.overview, func() tea.Msg {
		msg := overview.PastMsg{Runs: map[string][]overview.PastRun{}}
		if len(recipes) == 0 {
			recorded, err := past.Recipes(ctx)
			if err != nil {
				return nil // no error, because completions are only a convenience
			}
			for _, recipe := range recorded {
				msg.Recipes = append(msg.Recipes, recipe.ID)
			}
		}
		for _, recipe := range recipes {
			runs, err := past.Runs(ctx, history.RecipeKey{ID: recipe.Raw()}, maxPastRuns)
			if err != nil {
				return nil // no error: the cost is then shown without earlier runs
			}
			for _, r := range runs {
				if r.Status == modelrun.StatusCompleted {
					msg.Runs[recipe.Raw()] = append(msg.Runs[recipe.Raw()], overview.PastRun{ID: r.ID.Raw(), Pages: r.Pages, Credits: r.Credits})
				}
			}
		}
		return screen.UnlessOver(ctx, msg)
	})
}

// OpenUsage opens the screen with the usage of the account.
func (v *several) OpenUsage() tea.Cmd {
	v.env.Layers.Open(usage.New(v.env, v.Account, v.AskUsage))
	return tea.Batch(v.AskUsage(), v.askPace())
}

// changed passes an event of a run to the screen of the run and to the overview. If the run has ended, changed first
// creates the screen, which profiles the items.
func (v *several) changed(key monitor.RunKey, event tea.Msg) tea.Cmd {
	one := v.runs[key]
	if _, isAnswered := event.(run.ItemsCameMsg); isAnswered && one.Watch().Over() {
		v.screenOf(key)
	}
	var cmd tea.Cmd
	if v.isMany && key > 0 {
		cmd = v.learn(one.Watch().RecipeID())
	}
	if one.screen != nil && event != nil {
		toast := v.env.Toast
		cmd = tea.Batch(cmd, one.screen.Update(event))
		if key > 0 && key != v.opened {
			v.env.Toast = toast // messages of a screen that is not open are not shown
		}
	}
	// All runs share the account's usage, so the answer may also concern the open run.
	if _, isOpen := v.Opened(); isOpen && key != v.opened {
		if _, isShared := event.(run.ChangedMsg); isShared {
			cmd = tea.Batch(cmd, v.runs[v.opened].screen.Update(event))
		}
	}
	if one.Watch().Over() {
		cmd = tea.Batch(cmd, v.keep(key))
	}
	return tea.Batch(cmd, v.overview.Update(overview.ChangedMsg{Run: key}))
}
