package list_test

import (
	"fmt"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"sbwatch/internal/golden"
	"sbwatch/theme"
	"sbwatch/ui/cursor"
	"sbwatch/ui/draw"
	"sbwatch/ui/widget/list"
)

func painter() draw.Painter { return draw.New(theme.Mono(), ansi.WcWidth) }

func TestView(t *testing.T) {
	names := []string{"plain", "wide 表情 text", "emoji 👩‍👩‍👧 and é", "a name that is far too long for the row", "", "last"}
	for _, w := range []int{12, 20, 40} {
		t.Run(fmt.Sprint(w), func(t *testing.T) {
			var l list.List
			l.SetLen(len(names))
			var lines []string
			for _, m := range []cursor.Move{cursor.None, cursor.Down, cursor.Down, cursor.PageDown, cursor.LastRow, cursor.Up, cursor.HalfPageUp, cursor.FirstRow, cursor.Left} {
				l.Move(m, 4)
				lines = append(lines, fmt.Sprintf("— %s", l.Position()))
				lines = append(lines, l.View(painter(), 4, func(i int) string { return painter().Cut(names[i], w-2) })...)
			}
			golden.Check(t, fmt.Sprintf("list-%d", w), golden.Frame(t, lines, max(w, 12), ansi.WcWidth))
		})
	}
}

func TestCursorStaysAmongTheRows(t *testing.T) {
	var l list.List
	if l.Position() != "" || len(l.View(painter(), 5, nil)) != 0 {
		t.Error("an empty list shows something")
	}
	l.SetLen(10)
	l.Select(9)
	l.Follow(3)
	if rows := l.View(painter(), 3, func(i int) string { return fmt.Sprint(i) }); len(rows) != 3 || rows[2] != painter().Accent.Render("▸ ")+"9" {
		t.Errorf("Follow does not scroll to the cursor: %q", rows)
	}
	l.SetLen(4)
	l.Follow(3)
	if l.Cursor() != 3 {
		t.Errorf("the cursor is on row %d of 4", l.Cursor())
	}
	l.SetLen(0)
	for _, m := range []cursor.Move{cursor.Up, cursor.Down, cursor.LastRow, cursor.PageDown, cursor.HalfPageDown} {
		l.Move(m, 0)
		if l.Cursor() != 0 {
			t.Errorf("the cursor is on row %d of none", l.Cursor())
		}
	}
}

func TestTheCursorSkipsHeadings(t *testing.T) {
	rows := []string{"# a", "", "one", "two", "", "# b", "three", "", "# chart", "# chart"}
	var l list.List
	l.SetLen(len(rows))
	l.SetStops(func(row int) bool { return rows[row] != "" && rows[row][0] != '#' })
	l.Move(cursor.None, 4)
	for _, step := range []struct {
		move        cursor.Move
		cursor      int
		first, last string
		position    string
	}{
		{cursor.FirstRow, 2, "# a", "two", "1 of 3"},
		{cursor.Down, 3, "# a", "two", "2 of 3"},
		{cursor.Down, 6, "three", "# chart", "3 of 3"},
		{cursor.Down, 6, "three", "# chart", "3 of 3"},
		{cursor.Up, 3, "two", "three", "2 of 3"},
		{cursor.Up, 2, "# a", "two", "1 of 3"},
		{cursor.Up, 2, "# a", "two", "1 of 3"},
		{cursor.LastRow, 6, "three", "# chart", "3 of 3"},
	} {
		l.Move(step.move, 4)
		var shown []int
		l.View(painter(), 4, func(i int) string {
			shown = append(shown, i)
			return rows[i]
		})
		first, last := rows[shown[0]], rows[shown[len(shown)-1]]
		if l.Cursor() != step.cursor || first != step.first || last != step.last || l.Position() != step.position {
			t.Errorf("after move %d the cursor is on row %d (%s), from %q to %q; want %d (%s), from %q to %q",
				step.move, l.Cursor(), l.Position(), first, last, step.cursor, step.position, step.first, step.last)
		}
	}
}

func TestScrollAndRowAt(t *testing.T) {
	tests := []struct {
		n, cursor, by, h int
		wantTop, want    int
	}{
		{n: 20, cursor: 0, by: 3, h: 5, wantTop: 3, want: 3},
		{n: 20, cursor: 4, by: 3, h: 5, wantTop: 3, want: 4},
		{n: 20, cursor: 0, by: 100, h: 5, wantTop: 15, want: 15},
		{n: 20, cursor: 19, by: -100, h: 5, wantTop: 0, want: 4},
		{n: 3, cursor: 1, by: 3, h: 5, wantTop: 0, want: 1},
		{n: 0, cursor: 0, by: 3, h: 5, wantTop: 0, want: 0},
	}
	for _, test := range tests {
		var l list.List
		l.SetLen(test.n)
		l.Select(test.cursor)
		l.Follow(test.h)
		l.Scroll(test.by, test.h)
		top, found := l.RowAt(0)
		if top != test.wantTop || found != (test.n > 0) || l.Cursor() != test.want {
			t.Errorf("%+v: got top %d %v, cursor %d", test, top, found, l.Cursor())
		}
	}
	var l list.List
	l.SetLen(4)
	l.SetStops(func(row int) bool { return row%2 == 1 })
	for line, want := range map[int]bool{-1: false, 0: false, 1: true, 2: false, 3: true, 4: false} {
		if row, found := l.RowAt(line); found != want || found && row != line {
			t.Errorf("line %d: row %d, %v", line, row, found)
		}
	}
}
