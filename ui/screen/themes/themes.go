// Package themes lets the user choose a theme. Until the user decides, the dashboard is drawn in the theme at the
// cursor.
package themes

import (
	"slices"

	tea "charm.land/bubbletea/v2"

	"sbwatch/model/text"
	"sbwatch/theme"
	"sbwatch/ui/screen"
	"sbwatch/ui/widget/picker"
)

// Layer is the picker of themes.
type Layer struct {
	screen.PickerLayer

	themes []theme.Theme
	before theme.Theme
	shown  string
	show   func(theme.Theme)
}

// New returns a picker with the cursor on the current theme. Whenever the cursor moves, the picker calls the function
// show with the theme at the cursor. If the user cancels, the picker calls show with the current theme.
func New(env *screen.Env, themes []theme.Theme, current theme.Theme, show func(theme.Theme)) *Layer {
	choices := make([]picker.Choice, len(themes))
	for i, t := range themes {
		choices[i] = picker.Choice{Name: text.NewText(t.Name), Note: text.Printable(t.Title), ID: i}
	}
	p := picker.New(picker.Options{Title: "theme", Choices: choices, Enter: "use"})
	p.Select(slices.IndexFunc(themes, func(t theme.Theme) bool { return t.Name == current.Name }))
	l := &Layer{PickerLayer: screen.PickerLayer{Env: env, Picker: p}, themes: themes, before: current, shown: current.Name, show: show}
	l.Handle = l.handle
	return l
}

func (l *Layer) handle(event picker.Event) tea.Cmd {
	switch event {
	case picker.Chosen:
		l.preview()
		l.Env.Layers.Close(l)
		if l.shown != l.before.Name {
			return l.Env.Say(`To keep it, write theme = "` + l.shown + `" in the config file`)
		}
	case picker.Canceled:
		l.Env.Layers.Close(l)
		if l.shown != l.before.Name {
			l.show(l.before)
		}
	case picker.None, picker.Deleted:
		l.preview()
	}
	return nil
}

// preview shows the theme at the cursor.
func (l *Layer) preview() {
	choice, found := l.Picker.Choice()
	if !found || l.themes[choice.ID].Name == l.shown {
		return
	}
	l.shown = l.themes[choice.ID].Name
	l.show(l.themes[choice.ID])
}
