package ui

import (
	"strings"

	tea "charm.land/bubbletea/v2"
	"charm.land/lipgloss/v2"
	uv "github.com/charmbracelet/ultraviolet"

	"sbwatch/ui/draw"
	"sbwatch/ui/layout"
	"sbwatch/ui/screen"
)

// View draws the screen and sets the terminal's title and progress bar.
func (a *App) View() (view tea.View) {
	defer func() {
		if r := recover(); r != nil {
			view = a.guard.fallbackView(newPanic(r), a.env, firstWatch(a))
		}
	}()
	view = tea.NewView(a.frame())
	a.guard.view = ""
	view.AltScreen = true
	view.ReportFocus = a.config.reportsFocus()
	if run, found := screen.Topmost[announced](a.env.Layers); found {
		view.WindowTitle = run.WindowTitle()
		view.ProgressBar = run.ProgressBar()
		view.ProgramStatus = run.ProgramStatus()
		if bar := view.ProgressBar; a.config.Still && bar != nil && bar.State == tea.ProgressBarIndeterminate {
			view.ProgressBar = nil // terminals animate it
		}
	}
	if a.config.ASCII {
		p := a.env.Painter
		view.Content, view.WindowTitle = p.ASCII(view.Content), p.ASCII(view.WindowTitle)
		if status := view.ProgramStatus; status != nil {
			status.Title, status.Message = p.ASCII(status.Title), p.ASCII(status.Message)
		}
	}
	return view
}

// announced is a layer that reports its state in the title and the progress bar of the terminal.
type announced interface {
	WindowTitle() string
	ProgressBar() *tea.ProgressBar
	ProgramStatus() *tea.ProgramStatus
}

// frame draws the screen: header, body, footer and floating boxes.
func (a *App) frame() string {
	f := a.env.Frame
	if f.IsTooSmall {
		bottom := a.env.Layers.Bottom()
		if a.several != nil {
			bottom = a.several.bottom()
		}
		lines := bottom.View(f.Screen)
		return strings.Join(draw.Exactly(lines, f.Screen.Dy()), "\n")
	}
	margin := f.Body.Min.X
	var lines []string
	if top, found := screen.Topmost[screen.Header](a.env.Layers); found && f.Header.Dy() > 0 {
		lines = append(lines, draw.Spaces(margin)+top.Header(f.Header.Dx()), a.env.Painter.Rule(f.Screen.Dx()))
	}
	if top, found := a.env.Layers.At(screen.PlaceBody); found {
		lines = append(lines, draw.Indent(draw.Exactly(top.View(f.Body), f.Body.Dy()), margin)...)
	}
	lines = append(lines, a.footer()...)
	return withBoxes(a.env, strings.Join(lines, "\n"))
}

// withBoxes draws the floating boxes, such as pickers, on top of a frame.
func withBoxes(env *screen.Env, frame string) string {
	boxes := env.Layers.Boxes()
	if len(boxes) == 0 {
		return frame
	}
	area := env.Frame.Screen
	layers := []*lipgloss.Layer{lipgloss.NewLayer(frame)}
	for i, box := range boxes {
		lines := box.View(area)
		at := layout.Centered(area, env.Painter.Width(lines[0]), len(lines)).Min
		layers = append(layers, lipgloss.NewLayer(strings.Join(lines, "\n")).X(at.X).Y(at.Y).Z(i+1))
	}
	// Use a canvas that counts cells as the terminal does. The canvas of lipgloss may count differently.
	canvas := uv.NewScreenBuffer(area.Dx(), area.Dy())
	canvas.Method = env.Painter.Method
	lipgloss.NewCompositor(layers...).Draw(canvas, area)
	return canvas.Render()
}

// footer draws the footer. On the left is a prompt, a message, the progress of background work, or the hint line. On
// the right is the position of the cursor.
func (a *App) footer() []string {
	p, area := a.env.Painter, a.env.Frame.Footer
	if prompt, found := a.env.Layers.At(screen.PlaceFooter); found {
		lines := prompt.View(area)
		if a.env.Toast.IsKept(a.env.Now) {
			lines[0] = a.env.Toast.View(p, area.Dx(), a.env.Now)
		}
		return draw.Indent(lines, area.Min.X)
	}
	position := ""
	if top, found := screen.Topmost[screen.Positioned](a.env.Layers); found {
		position = top.Position()
	}
	position = shortened(p, withDeliveries(a, position), area.Dx()-minHints)
	left := ""
	work := ""
	if top, found := screen.Topmost[screen.Worker](a.env.Layers); found {
		work = top.Work()
	}
	switch {
	case a.env.Toast.IsVisible(a.env.Now):
		left = a.env.Toast.View(p, area.Dx(), a.env.Now)
		if p.Width(left)+2+p.Width(position) > area.Dx() {
			position = "" // the message needs the whole line
		}
	case work != "":
		left = p.Accent.Render(work)
	case !a.env.Layers.IsTyping():
		left = a.hints(area.Dx() - p.Width(position) - 2)
	}
	return []string{p.Rule(a.env.Width()), draw.Spaces(area.Min.X) + p.Between(left, p.Muted.Render(position), area.Dx())}
}

// minHints is the minimum width for hints in the footer, in cells, including a gap.
const minHints = 10

// shortened drops the last parts of a position until it fits into w cells. Parts are separated by " · ".
func shortened(p draw.Painter, position string, w int) string {
	for p.Width(position) > w {
		at := strings.LastIndex(position, " · ")
		if at < 0 {
			return p.Cut(position, w)
		}
		position = position[:at]
	}
	return position
}

// hints draws the keys of the most useful available actions on w cells. Keys of less useful actions are left out if
// they do not fit. The help key is always the last.
func (a *App) hints(w int) string {
	p := a.env.Painter
	const gap = 3
	var hints []string
	for _, action := range a.actions().Hints() {
		keys := action.KeyText()
		if width := p.Width(keys) + 1 + p.Width(action.Title); width <= w {
			hints = append(hints, p.Strong.Render(keys)+" "+p.Muted.Render(action.Title))
			w -= width + gap
		}
	}
	if len(hints) == 0 {
		return ""
	}
	return strings.Join(append(hints[1:], hints[0]), draw.Spaces(gap))
}
