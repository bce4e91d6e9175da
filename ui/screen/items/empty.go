package items

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"sbwatch/model/item"
	"sbwatch/ui/screen"
	"sbwatch/ui/widget/table"
)

// Looking for empty cells.

// emptyMsg tells where the next empty cell of a column is; row is -1 where there is none.
type emptyMsg struct{ generation, row int }

// findEmpty looks for the next cell of the cursor's column that is empty, or with -1 for the one before.
func (s *searcher) findEmpty(by int) tea.Cmd {
	path := s.table.Path()
	ctx, _, generation := s.emptying.Begin(s.env.Env, "looking for an empty cell")
	rows, from := s.table.Rows(), s.table.Row()
	return s.env.Cmd(func() tea.Msg {
		return screen.UnlessOver(ctx, emptyMsg{generation, nextEmpty(ctx, rows, path, from, by)})
	})
}

func (s *searcher) foundEmpty(msg emptyMsg) tea.Cmd {
	switch {
	case !s.emptying.Done(msg.generation):
		return nil
	case msg.row < 0:
		return s.env.Say("no other empty cell there")
	}
	s.table.SelectRow(msg.row)
	s.Arrange()
	return s.followItem()
}

// nextEmpty returns the nearest row from another on, forwards or backwards with -1, whose cell has no value. It returns -1
// where there is none, or when ctx ends.
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
