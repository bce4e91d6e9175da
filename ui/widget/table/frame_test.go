package table_test

import (
	"image"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"sbwatch/ui/widget/table"
)

// TestAt clicks on every cell of tables and compares the answer with what the table draws there.
func TestAt(t *testing.T) {
	for name, arrange := range map[string]func(tb *table.Table){
		"at the left": func(*table.Table) {},
		"scrolled":    func(tb *table.Table) { tb.SelectColumn(5); tb.SelectRow(7); tb.Follow(painter(), 60, 6) },
		"frozen":      func(tb *table.Table) { tb.Freeze(painter(), 80); tb.SelectColumn(4); tb.Follow(painter(), 60, 6) },
	} {
		t.Run(name, func(t *testing.T) {
			const w, h = 60, 6
			tb := tableOf(t, catalog(t))
			arrange(tb)
			lines := drawn(tb, painter(), w, h)
			frame := table.NewFrame(tb, painter(), w, h)
			header := []byte(strings.Repeat(" ", w))
			for x := range w {
				target := frame.At(image.Pt(x, 0))
				if target.Part == table.PartHeader {
					header[x] = 'h'
				}
				if below := frame.At(image.Pt(x, 1)); below.Part != table.PartRow || below.Row != tb.Top() || below.Column != target.Column {
					t.Errorf("cell %d: the header is of column %d, the row below is %+v", x, target.Column, below)
				}
			}
			for i := range tb.ColumnCount() {
				title := tb.ColumnPath(i).Name().Raw()
				before, _, isShown := strings.Cut(ansi.Strip(lines[0]), " "+title+" ")
				if title == "" || !isShown {
					continue
				}
				if x := painter().Width(before) + 1; frame.At(image.Pt(x, 0)) != (table.Target{Part: table.PartHeader, Column: i}) {
					t.Errorf("%s: %+v at its header in cell %d of\n%s\n%s", title, frame.At(image.Pt(x, 0)), x, lines[0], header)
				}
			}
			for _, outside := range []image.Point{{-1, 0}, {w, 1}, {3, -1}, {3, h}, {3, 100}} {
				if got := frame.At(outside); got.Part != table.PartNone {
					t.Errorf("%v: got %+v outside of the table", outside, got)
				}
			}
		})
	}
}

func TestResize(t *testing.T) {
	tb := tableOf(t, catalog(t))
	for _, width := range []int{20, 5, 3, -7} {
		table.NewFrame(tb, painter(), 80, 6).Resize(1, width)
		if got := table.NewFrame(tb, painter(), 80, 6).Width(1); got != max(3, width) {
			t.Errorf("a width of %d makes the column %d cells wide", width, got)
		}
	}
}

func TestScroll(t *testing.T) {
	tests := map[string]struct {
		by               []image.Point
		top, row, column int
	}{
		"down":              {[]image.Point{{Y: 3}}, 3, 3, 0},
		"down and up":       {[]image.Point{{Y: 3}, {Y: -2}}, 1, 3, 0},
		"beyond the bottom": {[]image.Point{{Y: 100}}, 4, 4, 0},
		"beyond the top":    {[]image.Point{{Y: 3}, {Y: -100}}, 0, 3, 0},
		"right":             {[]image.Point{{X: 1}}, 0, 0, 1},
		"right and left":    {[]image.Point{{X: 2}, {X: -5}}, 0, 0, 1},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			const w, h = 40, 5
			tb := tableOf(t, catalog(t))
			for _, by := range test.by {
				table.NewFrame(tb, painter(), w, h).Scroll(by)
				tb.Follow(painter(), w, h) // must not scroll back
			}
			if tb.Top() != test.top || tb.Row() != test.row || tb.Column() != test.column {
				t.Errorf("got top %d, row %d, column %d, want %+v", tb.Top(), tb.Row(), tb.Column(), test)
			}
		})
	}
	var empty table.Table
	table.NewFrame(&empty, painter(), 20, 3).Scroll(image.Pt(1, 1))
}
