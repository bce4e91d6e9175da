package ui

import (
	"image"
	"strings"

	tea "charm.land/bubbletea/v2"
	"charm.land/lipgloss/v2"
	uv "github.com/charmbracelet/ultraviolet"

	"sbwatch/ui/action"
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
	view.MouseMode = a.pointer.mode()
	if run, found := screen.Topmost[announced](a.env.Layers); found {
		view.WindowTitle = run.WindowTitle()
		view.ProgressBar = run.ProgressBar()
		view.ProgramStatus = run.ProgramStatus()
		if bar := view.ProgressBar; a.config.Still && bar != nil && bar.State == tea.ProgressBarIndeterminate {
			view.ProgressBar = nil // terminals animate this kind of progress bar
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
		lines = append(lines, draw.Spaces(margin)+top.Header(f.Header.Dx()), headerRule(a))
	}
	if top, found := a.env.Layers.At(screen.PlaceBody); found {
		lines = append(lines, draw.Indent(draw.Exactly(top.View(f.Body), f.Body.Dy()), margin)...)
	}
	lines = append(lines, a.footer()...)
	return withBoxes(a.env, strings.Join(lines, "\n"))
}

// headerRule returns the line below the header. If there are several files, it has their tabs.
func headerRule(a *App) string {
	if a.files == nil {
		return a.env.Painter.Rule(a.env.Width())
	}
	return a.files.line().View(a.env.Painter, a.env.Width())
}

// placedBox is a floating box with its area on the screen.
type placedBox struct {
	lines []string
	area  image.Rectangle
}

// placedBoxes lays out the floating boxes, such as pickers. The topmost is the last.
func placedBoxes(env *screen.Env) []placedBox {
	var placed []placedBox
	for _, box := range env.Layers.Boxes() {
		lines := box.View(env.Frame.Screen)
		placed = append(placed, placedBox{lines, layout.Centered(env.Frame.Screen, env.Painter.Width(lines[0]), len(lines))})
	}
	return placed
}

// withBoxes draws the floating boxes on top of a frame.
func withBoxes(env *screen.Env, frame string) string {
	boxes := placedBoxes(env)
	if len(boxes) == 0 {
		return frame
	}
	area := env.Frame.Screen
	layers := []*lipgloss.Layer{lipgloss.NewLayer(frame)}
	for i, box := range boxes {
		layers = append(layers, lipgloss.NewLayer(strings.Join(box.lines, "\n")).X(box.area.Min.X).Y(box.area.Min.Y).Z(i+1))
	}
	// Use a canvas that counts cells as the terminal does. The canvas of lipgloss may count differently.
	canvas := uv.NewScreenBuffer(area.Dx(), area.Dy())
	canvas.Method = env.Painter.Method
	lipgloss.NewCompositor(layers...).Draw(canvas, area)
	return canvas.Render()
}

func (a *App) footer() []string {
	p, area := a.env.Painter, a.env.Frame.Footer
	if prompt, found := a.env.Layers.At(screen.PlaceFooter); found {
		lines := prompt.View(area)
		if a.env.Toast.IsKept(a.env.Now) {
			lines[0] = a.env.Toast.View(p, area.Dx(), a.env.Now)
		}
		return draw.Indent(lines, area.Min.X)
	}
	b := newBar(a)
	return []string{p.Rule(a.env.Width()), draw.Spaces(area.Min.X) + p.Between(b.left(p), b.position, area.Dx())}
}

// bar is the last line of the screen. On the left is a message, the progress of background work, or the hints. On the
// right is the position of the cursor.
type bar struct {
	message  string // styled; "" if there are hints
	hints    []hint
	position string
}

// newBar lays out the bar.
func newBar(a *App) bar {
	p, area := a.env.Painter, a.env.Frame.Footer
	b := bar{}
	if top, found := screen.Topmost[screen.Positioned](a.env.Layers); found {
		b.position = top.Position()
	}
	if a.files != nil && a.env.Frame.Header.Dy() == 0 {
		b.position = strings.TrimSuffix(a.files.position()+" · "+b.position, " · ")
	}
	b.position = shortened(p, withDeliveries(a, b.position), area.Dx()-minHints)
	work := ""
	if top, found := screen.Topmost[screen.Worker](a.env.Layers); found {
		work = top.Work()
	}
	switch {
	case a.env.Toast.IsVisible(a.env.Now):
		b.message = a.env.Toast.View(p, area.Dx(), a.env.Now)
		if p.Width(b.message)+2+p.Width(b.position) > area.Dx() {
			b.position = "" // the message needs the whole line
		}
	case work != "":
		b.message = p.Accent.Render(work)
	case !a.env.Layers.IsTyping():
		b.hints = a.hints(area.Dx() - p.Width(b.position) - 2)
	}
	return b
}

func (b bar) left(p draw.Painter) string {
	line, end := b.message, 0
	for _, h := range b.hints {
		line += draw.Spaces(h.from-end) + p.Strong.Render(h.action.KeyText()) + " " + p.Muted.Render(h.action.Title)
		end = h.end
	}
	return line
}

// hintAt returns the action of the hint at a cell of the screen. It returns false if no hint is at the cell.
func (b bar) hintAt(env *screen.Env, at image.Point) (action.Action, bool) {
	area := env.Frame.Footer
	for _, h := range b.hints {
		if at.In(image.Rect(area.Min.X+h.from, area.Max.Y-1, area.Min.X+h.end, area.Max.Y)) {
			return h.action, true
		}
	}
	return action.Action{}, false
}

// minHints is the minimum number of cells for the hints in the footer and the gap to their right.
const minHints = 10

// shortened drops parts from the end of a text such as "1 of 12 · webhook 3" until the text fits into w cells. Parts
// are separated by " · ".
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

// hint is an action in the bar. It is drawn on the cells in [from, end), counted from the start of the bar.
type hint struct {
	action    action.Action
	from, end int
}

// hints lays out the most useful available actions on w cells. Less useful actions are left out if they do not fit. The
// action that opens help always comes last.
func (a *App) hints(w int) []hint {
	p := a.env.Painter
	const gap = 3
	var hints []hint
	for _, action := range a.actions().Hints() {
		if width := p.Width(action.KeyText()) + 1 + p.Width(action.Title); width <= w {
			hints = append(hints, hint{action: action, end: width})
			w -= width + gap
		}
	}
	if len(hints) == 0 {
		return nil
	}
	hints = append(hints[1:], hints[0])
	at := 0
	for i := range hints {
		hints[i].from, hints[i].end = at, at+hints[i].end
		at = hints[i].end + gap
	}
	return hints
}
