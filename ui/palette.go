package ui

import (
	tea "charm.land/bubbletea/v2"

	"sbwatch/model/text"
	"sbwatch/ui/action"
	"sbwatch/ui/screen"
	"sbwatch/ui/screen/history"
	"sbwatch/ui/screen/palette"
)

// openPalette opens the palette, which lists all actions. It returns a command that reads the recorded recipes. When
// they have been read, the palette also offers actions for them.
func openPalette(a *App) tea.Cmd {
	l := palette.New(a.env, a.actions())
	a.env.Layers.Open(l)
	source := a.config.History
	if source == nil {
		return nil
	}
	life := a.env.Life
	return func() tea.Msg {
		recipes, err := source.Recipes(life)
		if err != nil {
			return nil // show no error here, because the history screen reports errors of the history
		}
		return screen.UnlessOver(life, recipesMsg{l, recipes})
	}
}

// recipesMsg has the recorded recipes for the palette that asked for them.
type recipesMsg struct {
	to      *palette.Layer
	recipes []history.Recipe
}

func addRecipes(a *App, msg recipesMsg) {
	var table action.Table
	for _, recipe := range msg.recipes {
		table = append(table, action.Action{
			ID: "recipe", Group: "recipes", Title: "history of " + text.Printable(recipe.ID), Enabled: true,
			Run: func() tea.Cmd { return openRecipe(a, recipe.RecipeKey) },
		})
	}
	msg.to.Add(table)
}
