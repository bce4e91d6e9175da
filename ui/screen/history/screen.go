package history

import (
	"image"

	tea "charm.land/bubbletea/v2"

	"sbwatch/model/text"
	"sbwatch/ui/action"
	"sbwatch/ui/screen"
)

// Screen shows the runs of one recipe.
type Screen struct {
	env    *screen.Env
	recipe RecipeKey
	panel  Panel
}

// New returns the screen of a recipe, without runs. Call [Screen.Load] to read the runs.
func New(env *screen.Env, source Source, recipe RecipeKey) *Screen {
	s := &Screen{env: env, recipe: recipe}
	s.panel = NewPanel(env, func(cmd func() tea.Msg) tea.Cmd { return screen.ToLayer(s, cmd) }, source)
	s.arrange()
	return s
}

// Load returns a command that reads the runs of the recipe.
func (s *Screen) Load() tea.Cmd { return s.panel.Load(s.recipe) }

// Retry returns a command that reads the runs again if that has failed. Otherwise, it returns nil.
func (s *Screen) Retry() tea.Cmd { return s.panel.Retry() }

// Panel returns the panel with the runs of the recipe.
func (s *Screen) Panel() *Panel { return &s.panel }

// Place returns PlaceBody.
func (s *Screen) Place() screen.Place { return screen.PlaceBody }

// Subject returns the key of the recipe.
func (s *Screen) Subject() any { return s.recipe }

// Header returns the line at the top of the screen, w cells wide.
func (s *Screen) Header(w int) string {
	p := s.env.Painter
	name := p.Muted.Render("history › ") + p.Strong.Render(text.NewText(s.recipe.ID).String())
	right := ""
	if study := s.panel.Study(); study != nil {
		right = p.Muted.Render(text.Counted(int64(len(study.runs)), "run"))
	}
	if s.recipe.Host != "" {
		right = p.Muted.Render(text.NewText(s.recipe.Host).String()+"  ") + right
	}
	return p.Between(name, right, w)
}

// Update handles a message.
func (s *Screen) Update(msg tea.Msg) tea.Cmd {
	cmd, changed := s.panel.Update(msg)
	if _, resized := msg.(screen.ResizedMsg); resized || changed {
		s.arrange()
	}
	return cmd
}

func (s *Screen) arrange() {
	if !s.env.Frame.IsTooSmall {
		s.panel.SetArea(s.env.Frame.Body)
	}
}

// View draws the screen.
func (s *Screen) View(area image.Rectangle) []string {
	if s.env.Frame.IsTooSmall {
		return tooSmall(s.env, area)
	}
	return s.panel.View()
}

// tooSmall returns a message that the terminal is too small.
func tooSmall(env *screen.Env, area image.Rectangle) []string {
	return env.Painter.Wrap("This window is too small for the dashboard: it needs 40x10 cells. Press q to quit.", area.Dx())
}

// Position returns the position of the cursor, for the footer.
func (s *Screen) Position() string { return s.panel.Position() }

// IsWorking reports whether a background job is running.
func (s *Screen) IsWorking() bool { return s.panel.IsWorking() }

// Work returns a text about a background job that has been running for some time. It returns "" if there is none.
func (s *Screen) Work() string { return workOf(s.env, s.panel.Jobs()) }

func workOf(env *screen.Env, jobs []*screen.Job) string {
	for _, job := range jobs {
		if words := job.Text(env.Now); words != "" {
			return words
		}
	}
	return ""
}

// StopWork stops all background jobs.
func (s *Screen) StopWork() {
	for _, job := range s.panel.Jobs() {
		job.Stop()
	}
}

// Actions lists the available actions.
func (s *Screen) Actions() action.Table {
	if s.env.Frame.IsTooSmall {
		return nil
	}
	table := s.panel.Actions()
	return append(table,
		action.Action{
			ID: "history.close", Group: action.GroupView, Title: "back", Keys: []string{"esc"}, Rank: 5,
			Enabled: s.env.Layers.Bottom() != screen.Layer(s), Run: func() tea.Cmd {
				s.StopWork()
				s.env.Layers.Close(s)
				return nil
			},
		},
		action.Action{
			ID: "history.reload", Group: action.GroupView, Title: "read again", Keys: []string{"p"}, Rank: 13, Enabled: !s.panel.IsWorking(),
			Run: s.Load,
		},
	)
}

// WindowTitle returns the window title.
func (s *Screen) WindowTitle() string {
	return "history of " + asciiTitle(s.recipe.ID) + " - sbwatch"
}

// ProgressBar returns nil, because the screen has no progress to show.
func (s *Screen) ProgressBar() *tea.ProgressBar { return nil }

// ProgramStatus returns nil, because the screen has no status to show.
func (s *Screen) ProgramStatus() *tea.ProgramStatus { return nil }

// asciiTitle replaces each character that is not printable ASCII with a question mark, because terminals might misread
// them in a title.
func asciiTitle(words string) string {
	title := []rune(text.Printable(words))
	for i, r := range title {
		if r > '~' {
			title[i] = '?'
		}
	}
	return string(title)
}
