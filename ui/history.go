package ui

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"sbwatch/model/item"
	"sbwatch/model/run"
	"sbwatch/model/text"
	"sbwatch/ui/screen"
	"sbwatch/ui/screen/history"
	runscreen "sbwatch/ui/screen/run"
)

// NewHistory returns a dashboard that shows the history of a recipe. If the recipe's id is empty, it shows all recipes.
// Config.History must be set. The dashboard does not use Watch, Service and Load.
func NewHistory(ctx context.Context, c Config, recipe RecipeKey) *App {
	a := newApp(ctx, c)
	if recipe.ID != "" {
		a.begin = openRecipe(a, recipe)
		return a
	}
	recipes := history.NewRecipes(a.env, c.History)
	a.env.Layers.Open(recipes)
	a.begin = recipes.Load()
	return a
}

func openRecipe(a *App, recipe history.RecipeKey) tea.Cmd {
	s := history.New(a.env, a.config.History, recipe)
	if a.env.Layers.Open(s) {
		return s.Load()
	}
	if raised, isScreen := a.env.Layers.Top().(*history.Screen); isScreen {
		return raised.Retry()
	}
	return nil
}

// openRecorded opens a run of the history. If the run is open, openRecorded moves its screen to the top, and reads the
// run again if that failed before.
func openRecorded(a *App, msg history.OpenMsg) tea.Cmd {
	if opened, saved := openedRecord(a, msg.Run); opened != nil {
		a.env.Layers.Raise(opened)
		runscreen.GoToColumn(opened, msg.Column)
		return saved.retry()
	}
	a.opened--
	env := screen.RunEnv{Env: a.env, Run: a.opened}
	ctx, cancel := context.WithCancel(a.env.Life)
	recorded := &savedRun{env: env, isLoading: true, recorded: recordedIDOf(msg.Run), load: func(_ context.Context, onItems func(item.Table)) (run.Answer, error) {
		return a.config.History.Open(ctx, msg.Run, onItems)
	}}
	config := a.config.runConfig()
	config.Source, config.IsSaved, config.Column = text.NewText("history"), true, msg.Column
	config.Close = func() tea.Cmd {
		cancel()
		opened := a.runs[env.Run].screen
		opened.StopWork()
		delete(a.runs, env.Run)
		a.env.Layers.Close(opened)
		return opened.Flush()
	}
	a.open(env, recorded, config)
	return recorded.start()
}

// recordedID identifies a run in the history.
type recordedID struct{ host, recipe, run string }

func recordedIDOf(r history.Run) recordedID { return recordedID{r.Host, r.RecipeID.Raw(), r.ID.Raw()} }

// openedRecord returns the open screen of a recorded run and its source, or nil if the run is not open.
func openedRecord(a *App, r history.Run) (*runscreen.Screen, *savedRun) {
	for _, one := range a.runs {
		saved, isSaved := one.source.(*savedRun)
		if isSaved && saved.recorded == recordedIDOf(r) && a.env.Layers.Has(one.screen) {
			return one.screen, saved
		}
	}
	return nil, nil
}
