package ui

import (
	"charm.land/bubbles/v2/key"

	"sbwatch/ui/draw"
	"sbwatch/ui/widget/pager"
)

// helpScreen is the list of keys, made from the keymap: what the screen below has no use for is not in it.
type helpScreen struct {
	open  bool
	pager pager.Pager
}

const (
	helpKeyRoom    = 12
	helpColumnRoom = 38
)

// helpView draws the keys on w by h cells.
func (a *App) helpView(w, _ int) []string {
	return append([]string{"", a.painter.Strong.Render("Keys"), ""}, a.helpPager(w).View(a.helpHeight())...)
}

// helpPager returns the pager of the help with the keys of the screen as it is now.
func (a *App) helpPager(w int) *pager.Pager {
	help := a.help.pager
	help.SetLines(a.helpLines(w))
	return &help
}

// helpHeight is how many lines of help show at once.
func (a *App) helpHeight() int { return max(1, a.height-headerHeight-footerHeight-3) }

// helpLines list the keys of the screen below, in two columns where there is room.
func (a *App) helpLines(w int) []string {
	below := *a
	below.help.open = false
	k := below.keymap()
	var groups [][]string
	for _, group := range k.groups() {
		if lines := a.groupLines(group); len(lines) > 0 {
			groups = append(groups, lines)
		}
	}
	if w < 2*helpColumnRoom {
		return stack(groups)
	}
	middle := len(stack(groups)) / 2
	left, right := [][]string{}, [][]string{}
	for _, group := range groups {
		if len(stack(left)) < middle {
			left = append(left, group)
		} else {
			right = append(right, group)
		}
	}
	lines := a.painter.SideBySide(stack(left), stack(right), w/2)
	for i := range lines {
		lines[i] = a.painter.Cut(lines[i], w)
	}
	return lines
}

// groupLines list the enabled bindings of a group under its name.
func (a *App) groupLines(group keyGroup) []string {
	p := a.painter
	var lines []string
	for _, binding := range group.bindings {
		if binding.Enabled() {
			lines = append(lines, "  "+bindingLine(p, binding))
		}
	}
	if len(lines) == 0 {
		return nil
	}
	return append([]string{p.Muted.Render(group.name)}, lines...)
}

func bindingLine(p draw.Painter, binding key.Binding) string {
	h := binding.Help()
	return p.Strong.Render(p.Fit(h.Key, helpKeyRoom)) + " " + h.Desc
}

// stack puts groups one under the other, an empty line between them.
func stack(groups [][]string) []string {
	var lines []string
	for i, group := range groups {
		if i > 0 {
			lines = append(lines, "")
		}
		lines = append(lines, group...)
	}
	return lines
}
