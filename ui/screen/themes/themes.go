// Package themes lets the user choose a theme. Until the user decides, the dashboard is drawn in the theme at the
// cursor.
package themes

import (
	"image"
	"slices"

	tea "charm.land/bubbletea/v2"

	"sbwatch/model/text"
	"sbwatch/theme"
	"sbwatch/ui/action"
	"sbwatch/ui/screen"
	"sbwatch/ui/widget/picker"
)

// Layer is the picker of themes.
type Layer struct {
	env    *screen.Env
	themes []theme.Theme
	picker *picker.Picker
	before theme.Theme
	shown  string
	show   func(theme.Theme)
}

// New returns a picker with the cursor on the current theme. It calls show with the theme at the cursor whenever the
// cursor moves. If the user cancels, it calls show with the current theme.
func New(env *screen.Env, themes []theme.Theme, current theme.Theme, show func(theme.Theme)) *Layer {
	choices := make([]picker.Choice, len(themes))
	for i, t := range themes {
		choices[i] = picker.Choice{Name: text.NewText(t.Name), Note: text.Printable(t.Title), ID: i}
	}
	p := picker.New(picker.Options{Title: "theme", Choices: choices, Enter: "use"})
	p.Select(slices.IndexFunc(themes, func(t theme.Theme) bool { return t.Name == current.Name }))
	return &Layer{env: env, themes: themes, picker: p, before: current, shown: current.Name, show: show}
}

// Place returns PlaceBox, because the picker floats above the screen. The user sees the theme behind it.
func (*Layer) Place() screen.Place { return screen.PlaceBox }

// Actions returns nil because the picker handles all keys itself.
func (*Layer) Actions() action.Table { return nil }

// Update handles key presses and pasted text.
func (l *Layer) Update(msg tea.Msg) tea.Cmd {
	switch msg.(type) {
	case tea.KeyPressMsg, tea.PasteMsg:
	default:
		return nil
	}
	return l.handle(l.picker.Update(msg))
}

// Mouse handles an event of the mouse.
func (l *Layer) Mouse(m screen.Mouse) tea.Cmd { return l.handle(m.OnPicker(l.picker, l.env)) }

// handle handles an event of the picker.
func (l *Layer) handle(event picker.Event) tea.Cmd {
	switch event {
	case picker.Chosen:
		l.preview()
		l.env.Layers.Close(l)
		if l.shown != l.before.Name {
			return l.env.Say(`To keep it, write theme = "` + l.shown + `" in the config file`)
		}
	case picker.Canceled:
		l.env.Layers.Close(l)
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
	choice, found := l.picker.Choice()
	if !found || l.themes[choice.ID].Name == l.shown {
		return
	}
	l.shown = l.themes[choice.ID].Name
	l.show(l.themes[choice.ID])
}

// View draws the picker.
func (l *Layer) View(area image.Rectangle) []string {
	return l.picker.View(l.env.Painter, area.Dx(), area.Dy())
}
