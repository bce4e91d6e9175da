package items

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"sbwatch/model/item"
	"sbwatch/ui/screen"
	"sbwatch/ui/widget/table"
)

// emptyMsg has the row of the table cell that findCell looked for. The field row is -1 if there is no such cell.
type emptyMsg struct {
	generation, row int
	isEmpty         bool
}

// findCell returns a command that looks for an empty cell in the column at the cursor. If isEmpty is false, the command
// looks for a cell with a value instead. It searches the rows below the cursor (by = 1) or above it (by = -1).
func (s *searcher) findCell(isEmpty bool, by int) tea.Cmd {
	path := s.table.Path()
	ctx, _, generation := s.emptySearch.Begin(s.env.Env, "looking for a cell")
	rows, from := s.table.Rows(), s.table.Row()
	return s.env.Cmd(func() tea.Msg {
		return screen.UnlessOver(ctx, emptyMsg{generation, nextCell(ctx, rows, path, isEmpty, from, by), isEmpty})
	})
}

func (s *searcher) foundEmpty(msg emptyMsg) tea.Cmd {
	switch {
	case !s.emptySearch.Done(msg.generation):
		return nil
	case msg.row < 0 && msg.isEmpty:
		return s.env.Say("no other empty cell in that direction")
	case msg.row < 0:
		return s.env.Say("no other cell with a value in that direction")
	}
	s.table.SelectRow(msg.row)
	s.Arrange()
	return s.followItem()
}

// nextCell returns the nearest row whose cell is empty or, if isEmpty is false, has a value. It searches the rows after
// the row start (by = 1) or before that row (by = -1). It returns -1 if there is no such row or if ctx ends.
func nextCell(ctx context.Context, r table.Rows, path item.Path, isEmpty bool, start, by int) int {
	const rowsBetweenStops = 4096
	reader := r.Items.Reader(path)
	for row := start + by; row >= 0 && row < r.Len(); row += by {
		if row%rowsBetweenStops == 0 && ctx.Err() != nil {
			return -1
		}
		if (reader.Cell(r.Item(row)).Presence() != item.Present) == isEmpty {
			return row
		}
	}
	return -1
}
