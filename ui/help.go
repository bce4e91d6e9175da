package ui

import (
	"sbwatch/ui/action"
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
	var groups [][]string
	for _, section := range append(a.screenActions(), a.programActions()...).Sections() {
		groups = append(groups, sectionLines(a.painter, section))
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

// sectionLines lists the actions of a section under its heading.
func sectionLines(p draw.Painter, section action.Section) []string {
	lines := []string{p.Muted.Render(string(section.Group))}
	for _, action := range section.Actions {
		lines = append(lines, "  "+p.Strong.Render(p.Fit(action.KeyText(), helpKeyRoom))+" "+action.Title)
	}
	return lines
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

// helpActions lists the actions of help itself.
func (a *App) helpActions() action.Table {
	return append(action.Moves(a.move, true, false), action.Action{
		ID: "help.close", Group: action.GroupView, Title: "close", Keys: []string{"esc"}, Rank: 5, Enabled: true,
		Run: action.Do(func() { a.help = helpScreen{} }),
	})
}
