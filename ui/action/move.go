package action

import (
	tea "charm.land/bubbletea/v2"

	"sbwatch/ui/cursor"
)

// screenActions is the approximate number of actions of a screen. The table that [Moves] returns has this capacity, so
// that a screen can append its own actions without allocating. Screens do so at each key press.
const screenActions = 80

// Moves returns the actions that move a cursor between rows and between columns.
func Moves(move func(cursor.Move) tea.Cmd, hasRows, hasColumns bool) Table {
	table := make(Table, 0, screenActions)
	for _, m := range []struct {
		to      cursor.Move
		id      string
		title   string
		enabled bool
		keys    []string
	}{
		{cursor.Up, "up", "up", hasRows, []string{"k", "up"}},
		{cursor.Down, "down", "down", hasRows, []string{"j", "down"}},
		{cursor.Left, "left", "left", hasColumns, []string{"h", "left"}},
		{cursor.Right, "right", "right", hasColumns, []string{"l", "right"}},
		{cursor.FirstRow, "first-row", "first row or line", hasRows, []string{"g", "home"}},
		{cursor.LastRow, "last-row", "last row or line", hasRows, []string{"G", "end"}},
		{cursor.FirstColumn, "first-column", "first column", hasColumns, []string{"0"}},
		{cursor.LastColumn, "last-column", "last column", hasColumns, []string{"$"}},
		{cursor.PageDown, "page-down", "page down", hasRows, []string{"space", "pgdown"}},
		{cursor.PageUp, "page-up", "page up", hasRows, []string{"b", "pgup"}},
		{cursor.HalfPageDown, "half-page-down", "half a page down", hasRows, []string{"ctrl+d"}},
		{cursor.HalfPageUp, "half-page-up", "half a page up", hasRows, []string{"ctrl+u"}},
	} {
		table = append(table, Action{
			ID: "move." + m.id, Group: GroupMove, Title: m.title, Keys: m.keys, Enabled: m.enabled,
			Run: func() tea.Cmd { return move(m.to) },
		})
	}
	return table
}
