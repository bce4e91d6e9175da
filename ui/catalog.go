package ui

import (
	"context"
	"time"

	"sbwatch/model/watch"
	"sbwatch/ui/action"
	"sbwatch/ui/screen"
	"sbwatch/ui/screen/groups"
	"sbwatch/ui/screen/help"
	"sbwatch/ui/screen/history"
	"sbwatch/ui/screen/messages"
	"sbwatch/ui/screen/overview"
	"sbwatch/ui/screen/run"
	"sbwatch/ui/screen/usage"
)

// Catalog returns the actions of all screens with their default keys. The result maps the name of a screen to its
// actions, including the actions that are available on every screen.
func Catalog() map[string]action.Table {
	now := func() time.Time { return time.Time{} }
	a := New(context.Background(), Config{Width: 80, Height: 24, Now: now, Watches: make([]watch.Watch, 2), Messages: []string{""}})
	key := a.monitor.Keys()[0]
	one := a.runs[key]
	screens := run.Catalog(run.New(screen.RunEnv{Env: a.env, Run: key}, a.config.runConfig(), one.source))
	several := New(context.Background(), Config{Width: 80, Height: 24, Now: now, Files: make([]File, 2)})
	screens["files"] = fileActions(several)
	screens["runs"] = overview.New(a.env, a.several, 0).Actions()
	screens["recipes"] = history.NewRecipes(a.env, nil).Actions()
	screens["recipe"] = history.New(a.env, nil, history.RecipeKey{}).Actions()
	screens["usage"] = usage.New(a.env, a.several.Account, a.several.AskUsage).Actions()
	screens["groups"] = groups.New(a.env, groups.Config{}).Actions()
	screens["messages"] = messages.New(a.env, nil).Actions()
	screens["help"] = help.New(a.env, a.programActions).Actions()
	for name, table := range screens {
		screens[name] = append(table, a.programActions()...)
	}
	return screens
}
