package help

import (
	"image"

	tea "charm.land/bubbletea/v2"

	"sbwatch/ui/action"
	"sbwatch/ui/screen"
	"sbwatch/ui/widget/prompt"
)

// search is the prompt for searching the help. The list changes while the user types.
type search struct {
	help   *Screen
	prompt prompt.Prompt
}

func newSearch(help *Screen) *search {
	return &search{help, prompt.New("search keys: ", "enter done · esc show all", nil)}
}

// Place returns PlaceFooter, because the prompt is in the footer.
func (*search) Place() screen.Place { return screen.PlaceFooter }

// Input returns the prompt.
func (s *search) Input() *prompt.Prompt { return &s.prompt }

// Update handles key presses and pasted text.
func (s *search) Update(msg tea.Msg) tea.Cmd {
	switch s.prompt.Update(msg) {
	case prompt.Changed:
		s.help.search(s.prompt.Text())
	case prompt.Entered:
		s.help.env.Layers.Close(s)
	case prompt.Canceled:
		s.help.search("")
		s.help.env.Layers.Close(s)
	case prompt.None, prompt.CompletionWanted:
	}
	return nil
}

// View draws the prompt.
func (s *search) View(area image.Rectangle) []string {
	return s.prompt.View(s.help.env.Painter, area.Dx())
}

// Actions returns no actions, because the prompt handles all keys itself.
func (*search) Actions() action.Table { return nil }
