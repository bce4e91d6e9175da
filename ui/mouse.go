package ui

import (
	"image"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"sbwatch/ui/action"
	"sbwatch/ui/draw"
	"sbwatch/ui/line"
	"sbwatch/ui/screen"
)

// pointer is the state of the mouse.
type pointer struct {
	isOff bool // the terminal does not report the mouse, so that it can select text
	// pressedAt is the time of the last press, or zero after a double click. pressedCell is the cell of the last press.
	pressedAt   time.Time
	pressedCell image.Point
	// held is the layer in which the button was pressed. It is nil if the button is not down. area is the area of that
	// layer.
	held screen.Pointed
	area image.Rectangle
}

// doubleClick is the maximum time between the two presses of a double click.
const doubleClick = 400 * time.Millisecond

// press records a press of the button. It returns whether the press is a single or a double click.
func (p *pointer) press(at image.Point, now time.Time) screen.MouseKind {
	if at == p.pressedCell && !p.pressedAt.IsZero() && now.Sub(p.pressedAt) <= doubleClick {
		p.pressedAt = time.Time{}
		return screen.MouseDouble
	}
	p.pressedCell, p.pressedAt = at, now
	return screen.MousePress
}

// mode returns the kind of mouse events that the terminal must report.
func (p *pointer) mode() tea.MouseMode {
	if p.isOff {
		return tea.MouseModeNone
	}
	return tea.MouseModeCellMotion
}

// mouseAction returns the action that turns the mouse off or on.
func mouseAction(a *App) action.Action {
	title := "mouse off"
	if a.pointer.isOff {
		title = "mouse on"
	}
	return action.Action{
		ID: "mouse", Group: action.GroupProgram, Title: title, Keys: []string{"m"}, Enabled: true,
		Run: func() tea.Cmd { return toggleMouse(a) },
	}
}

// toggleMouse turns the mouse off or on. A message says how to select text.
func toggleMouse(a *App) tea.Cmd {
	a.pointer = pointer{isOff: !a.pointer.isOff}
	if !a.pointer.isOff {
		return a.env.Say("The mouse works in the dashboard. Hold shift to select text.")
	}
	back := ":" // the palette has all actions
	for _, one := range a.actions() {
		if one.ID == "mouse" && len(one.Keys) > 0 {
			back = one.KeyText()
		}
	}
	return a.env.Say("The mouse selects text. Press " + back + " to use it in the dashboard again.")
}

// wheelLines is how many lines one step of the wheel scrolls.
const wheelLines = 3

// useMouse passes an event of the mouse to the layer under the pointer, or runs the action of a hint.
func useMouse(a *App, msg tea.MouseMsg) tea.Cmd {
	m := msg.Mouse()
	event := screen.Mouse{At: image.Pt(m.X, m.Y)}
	if a.env.Frame.IsTooSmall || a.pointer.isOff {
		return nil
	}
	switch msg.(type) {
	case tea.MouseClickMsg:
		if at, isTab := clickedTab(a, event.At); isTab && m.Button == tea.MouseMiddle {
			return a.files.close(at)
		}
		if m.Button != tea.MouseLeft {
			return nil
		}
		event.Kind = a.pointer.press(event.At, a.env.Now)
		return click(a, event)
	case tea.MouseMotionMsg, tea.MouseReleaseMsg:
		held := a.pointer.held
		if held == nil {
			return nil
		}
		event.Kind, event.Area = screen.MouseDrag, a.pointer.area
		if _, isReleased := msg.(tea.MouseReleaseMsg); isReleased {
			event.Kind, a.pointer.held = screen.MouseRelease, nil
		}
		return held.Mouse(event)
	case tea.MouseWheelMsg:
		event.Kind, event.Wheel = screen.MouseWheel, wheelScroll(m)
		if to, area := pointedLayer(a, event.At); to != nil {
			event.Area = area
			return to.Mouse(event)
		}
	}
	return nil
}

// wheelScroll returns by how many columns (X) and rows (Y) an event of the wheel scrolls. With shift, the wheel scrolls
// sideways.
func wheelScroll(m tea.Mouse) image.Point {
	by := map[tea.MouseButton]image.Point{
		tea.MouseWheelUp: {Y: -wheelLines}, tea.MouseWheelDown: {Y: wheelLines}, tea.MouseWheelLeft: {X: -1}, tea.MouseWheelRight: {X: 1},
	}[m.Button]
	if m.Mod.Contains(tea.ModShift) && by.Y != 0 {
		return image.Pt(by.Y/wheelLines, 0)
	}
	return by
}

// click passes a press to the layer under the pointer. A press outside a floating box closes the box as Esc does. A
// press on a hint runs the action of the hint.
func click(a *App, event screen.Mouse) tea.Cmd {
	hinted, isHint := newBar(a).hintAt(a.env, event.At)
	a.env.Toast.Hide(a.env.Now)
	to, area := pointedLayer(a, event.At)
	file, isTab := clickedTab(a, event.At)
	switch {
	case isHint:
		return hinted.Run()
	case a.env.Layers.IsTyping():
		if key := clickedKey(a, event.At); key != nil {
			return a.env.Layers.Top().Update(key)
		}
	}
	switch isBox := a.env.Layers.Top().Place() == screen.PlaceBox; {
	case isBox && !event.At.In(area):
		a.pointer.pressedAt = time.Time{} // another press at this cell is not a double click on the layer below the box
		return a.env.Layers.Top().Update(tea.KeyPressMsg{Code: tea.KeyEscape})
	case isTab:
		return a.files.show(file)
	case to == nil:
		return nil
	}
	event.Area = area
	a.pointer.held, a.pointer.area = to, area
	return to.Mouse(event)
}

// clickedKey returns the key press that has the effect of a click at a cell of a prompt or box. It returns nil if a
// click there has no effect.
func clickedKey(a *App, at image.Point) tea.Msg {
	top, p := a.env.Layers.Top(), a.env.Painter
	if prompted, isPrompt := top.(screen.Prompted); isPrompt {
		area := a.env.Frame.Footer
		if a.env.Toast.IsKept(a.env.Now) && at.Y == area.Min.Y || !at.In(area) {
			return nil
		}
		return prompted.Input().Click(p, area.Dx(), at.Sub(area.Min))
	}
	if boxes := placedBoxes(a.env); top.Place() == screen.PlaceBox && at.In(boxes[len(boxes)-1].area) {
		box := boxes[len(boxes)-1]
		if key, found := boxKey(p, box.lines, at.Sub(box.area.Min)); found {
			return key
		}
	}
	return nil
}

// boxKey returns the key of the hint at a cell of a box. Hints are the lines below the last blank line. boxKey returns
// false if no hint is at the cell.
func boxKey(p draw.Painter, lines []string, at image.Point) (tea.KeyPressMsg, bool) {
	if at.Y >= len(lines)-1 {
		return tea.KeyPressMsg{}, false
	}
	// border is the width of one side of a box: the border and the space inside it.
	const border = 2
	inner := func(y int) string {
		text := ansi.Strip(lines[y])
		return ansi.Cut(text, border, p.Width(text)-border)
	}
	for y := len(lines) - 2; y > 0; y-- {
		if strings.TrimSpace(inner(y)) == "" {
			if at.Y <= y {
				break
			}
			return line.HintAt(p, inner(at.Y), at.X-border)
		}
	}
	return tea.KeyPressMsg{}, false
}

// clickedTab returns the index of the file whose tab is at a cell. It returns false if there is no tab at the cell, or
// if a prompt or a box is open.
func clickedTab(a *App, at image.Point) (int, bool) {
	if a.files == nil || a.env.Layers.IsTyping() {
		return 0, false
	}
	return a.files.tabAt(at)
}

// pointedLayer returns the top layer if it handles the mouse and the cell is in its area. Otherwise it returns nil. It
// also returns the area of the top layer.
func pointedLayer(a *App, at image.Point) (screen.Pointed, image.Rectangle) {
	top, area := a.env.Layers.Top(), image.Rectangle{}
	switch top.Place() {
	case screen.PlaceBody:
		area = a.env.Frame.Body
	case screen.PlaceBox:
		boxes := placedBoxes(a.env)
		area = boxes[len(boxes)-1].area
	case screen.PlaceFooter:
		area = a.env.Frame.Footer
	}
	if to, isPointed := top.(screen.Pointed); isPointed && at.In(area) {
		return to, area
	}
	return nil, area
}
