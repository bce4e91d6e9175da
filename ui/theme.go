package ui

import (
	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"sbwatch/theme"
	"sbwatch/ui/draw"
	"sbwatch/ui/screen"
	"sbwatch/ui/screen/themes"
)

func (c Config) painter(method ansi.Method) draw.Painter {
	p := draw.New(c.styles(), method)
	p.IsASCII = c.ASCII
	return p
}

func (c Config) styles() theme.Styles {
	switch {
	case c.NoColor:
		return theme.Mono()
	case c.FewColors:
		return theme.New(theme.Basic())
	default:
		return theme.New(c.Theme.Palette(c.Light))
	}
}

// themesMsg has the themes that the user can choose from.
type themesMsg []theme.Theme

// readThemes returns a command that reads the themes that the user can choose from. Some may be in files.
func readThemes(read func() []theme.Theme) tea.Cmd {
	return func() tea.Msg { return themesMsg(read()) }
}

// pickTheme opens the picker of themes.
func pickTheme(a *App, choices themesMsg) tea.Cmd {
	if a.env.Layers.IsTyping() {
		return nil // the user has done something else in the meantime
	}
	current := a.config.Theme
	if current.Name == "" {
		current = theme.Default()
	}
	a.env.Layers.Open(themes.New(a.env, choices, current, func(t theme.Theme) {
		a.config.Theme = t
		a.env.Painter = a.config.painter(a.env.Painter.Method)
		a.env.Layers.Update(screen.ResizedMsg{})
	}))
	return nil
}
