package pager_test

import (
	"fmt"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"sbwatch/internal/golden"
	"sbwatch/model/text"
	"sbwatch/theme"
	"sbwatch/ui/cursor"
	"sbwatch/ui/draw"
	"sbwatch/ui/widget/pager"
)

const content = "A long text of the service, with wide characters 検索結果が見つかりません and \x1b[31mhostile\x1b[0m parts\u202e, " +
	"which is laid out for the width of the screen.\nA second line.\n\nAnd after an empty one the last, which is https://example.com/a/very/long/path/without/any/space."

func TestView(t *testing.T) {
	p := draw.New(theme.Mono(), ansi.WcWidth)
	for _, w := range []int{12, 24, 60} {
		t.Run(fmt.Sprint(w), func(t *testing.T) {
			var laidOut []string
			for line := range text.NewText(content).Lines() {
				laidOut = append(laidOut, p.Wrap(line, w)...)
			}
			var pg pager.Pager
			pg.SetLines(laidOut)
			var frames []string
			for _, m := range []cursor.Move{cursor.None, cursor.Down, cursor.PageDown, cursor.HalfPageDown, cursor.LastRow, cursor.Up, cursor.FirstRow} {
				pg.Move(m, 4)
				frames = append(frames, pg.View(4)...)
			}
			golden.Check(t, fmt.Sprintf("pager-%d", w), golden.Frame(t, frames, max(w, 2), ansi.WcWidth))
		})
	}
}

func TestPosition(t *testing.T) {
	var pg pager.Pager
	if pg.Position(5) != "" || len(pg.View(5)) != 0 {
		t.Error("an empty pager shows something")
	}
	pg.SetLines(make([]string, 1204))
	pg.Move(cursor.LastRow, 10)
	if got := pg.Position(10); got != "lines 1,195-1,204 of 1,204" {
		t.Errorf("at the end of the text: %q", got)
	}
	pg.ScrollTo(-3, 10)
	if got := pg.Position(10); got != "lines 1-10 of 1,204" {
		t.Errorf("scrolled before the first line: %q", got)
	}
	pg.ScrollTo(2000, 10)
	pg.SetLines(make([]string, 20))
	if got := pg.Position(10); got != "lines 11-20 of 20" || len(pg.View(10)) != 10 {
		t.Errorf("after the text became shorter: %q, %d lines", got, len(pg.View(10)))
	}
	if got := pg.Position(20); got != "" {
		t.Errorf("where all lines show: %q", got)
	}
}

func TestScroll(t *testing.T) {
	for _, test := range []struct{ lines, by, want int }{{10, 3, 3}, {10, 100, 6}, {10, -3, 0}, {2, 3, 0}} {
		var pg pager.Pager
		pg.SetLines(make([]string, test.lines))
		if pg.Scroll(test.by, 4); pg.Top() != test.want {
			t.Errorf("%+v: the top is line %d", test, pg.Top())
		}
	}
}
