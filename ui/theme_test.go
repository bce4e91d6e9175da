package ui

import (
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	uv "github.com/charmbracelet/ultraviolet"

	"sbwatch/theme"
)

// withThemes returns a dashboard with some of the embedded themes to choose from.
func withThemes(t *testing.T) *stage {
	t.Helper()
	s := checks(t, 80, 24, nil)
	s.config.Themes = func() []theme.Theme {
		var themes []theme.Theme
		for _, name := range []string{"auto", "nord", "gruvbox"} {
			loaded, _ := theme.Load(name)
			themes = append(themes, loaded)
		}
		return themes
	}
	return s
}

func TestThemeIsPreviewedAndChosen(t *testing.T) {
	inNoTime(t, func(t *testing.T) {
		s := withThemes(t)
		accent := func() string { return s.env.Painter.Accent.Render("x") }
		original := accent()
		nord, _ := theme.Load("nord")
		nordAccent := theme.New(nord.Palette(false)).Accent.Render("x")

		s.does("T", "down")
		if frame := frameOf(t, s); !strings.Contains(frame, "nord") || !strings.Contains(frame, "enter use") {
			t.Fatalf("T does not show the themes:\n%s", frame)
		}
		if accent() != nordAccent {
			t.Error("the theme under the cursor is not shown")
		}
		s.does("esc")
		if accent() != original {
			t.Error("esc does not bring the theme back")
		}
		s.does("T").types("nor").does("enter")
		if accent() != nordAccent {
			t.Error("enter does not use the theme")
		}
		if frame := frameOf(t, s); !strings.Contains(frame, `theme = "nord"`) {
			t.Errorf("nothing says how to keep the theme:\n%s", frame)
		}
		s.does("T")
		if frame := frameOf(t, s); !strings.Contains(frame, "Nord") {
			t.Errorf("the picker does not open again:\n%s", frame)
		}
		s.does("esc")
		if accent() != nordAccent {
			t.Error("esc does not return to the theme chosen before")
		}
	})
}

func TestThemeFollowsTheColorSchemeOfTheSystem(t *testing.T) {
	inNoTime(t, func(t *testing.T) {
		s := withThemes(t)
		_, cmd := s.Update(uv.LightColorSchemeEvent{})
		if cmd == nil {
			t.Fatal("nothing asks for the new background")
		}
		dark := s.env.Painter.Accent.Render("x")
		s.send(tea.BackgroundColorMsg{Color: theme.Default().Light.Background})
		if s.env.Painter.Accent.Render("x") == dark {
			t.Error("the palette for light backgrounds is not used")
		}
	})
}
