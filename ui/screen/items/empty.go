package items

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"sbwatch/model/item"
	"sbwatch/ui/screen"
	"sbwatch/ui/widget/table"
)

// emptyMsg carries the row of the next empty cell; row is -1 if there is none.
type emptyMsg struct{ generation, row int }

// findEmpty searches the cursor's column for the next empty cell (by = 1) or the previous one (by = -1).
func (s *searcher) findEmpty(by int) tea.Cmd {
	path := s.table.Path()
	ctx, _, generation := s.emptySearch.Begin(s.env.Env, "looking for an empty cell")
	rows, from := s.table.Rows(), s.table.Row()
	return s.env.Cmd(func() tea.Msg {
		return screen.UnlessOver(ctx, emptyMsg{generation, nextEmpty(ctx, rows, path, from, by)})
	})
}

func (s *searcher) foundEmpty(msg emptyMsg) tea.Cmd {
	switch {
	case !s.emptySearch.Done(msg.generation):
		return nil
	case msg.row < 0:
		return s.env.Say("no other empty cell in that direction")
	}
	s.table.SelectRow(msg.row)
	s.Arrange()
	return s.followItem()
}

// nextEmpty returns the nearest row after from, in the direction of by, whose cell has no value. It returns -1 if there
// is none or when ctx ends.
func nextEmpty(ctx context.Context, r table.Rows, path item.Path, from, by int) int {
	const rowsBetweenStops = 4096
	reader := r.Items.Reader(path)
	for row := from + by; row >= 0 && row < r.Len(); row += by {
		if row%rowsBetweenStops == 0 && ctx.Err() != nil {
			return -1
		}
		if reader.Cell(r.Item(row)).Presence() != item.Present {
			return row
		}
	}
	return -1
}
