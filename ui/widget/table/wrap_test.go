package table_test

import (
	"fmt"
	"image"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
	"pgregory.net/rapid"

	"sbwatch/theme"
	"sbwatch/ui/cursor"
	"sbwatch/ui/draw"
	"sbwatch/ui/widget/table"
)

// TestWrappedCellsFitAndKeepTheirText draws a column of random texts and puts its lines together again.
func TestWrappedCellsFitAndKeepTheirText(t *testing.T) {
	alphabet := []string{"a", "kettle", " ", " ", "-", ",", "検", "👩‍👩‍👧", "é", "क्षि", `\n`, `\u001b`, `\u202e`, "/"}
	rapid.Check(t, func(rt *rapid.T) {
		words := strings.Join(rapid.SliceOfN(rapid.SampledFrom(alphabet), 1, 60).Draw(rt, "words"), "")
		method := rapid.SampledFrom([]ansi.Method{ansi.WcWidth, ansi.GraphemeWidth}).Draw(rt, "method")
		w := rapid.IntRange(8, 60).Draw(rt, "w")
		p := draw.New(theme.Mono(), method)
		tb := tableOf(t, itemsOf(t, []string{fmt.Sprintf(`{"text":"%s"}`, words)}))
		table.CellsOf(tb).SetLines(10)
		lines := drawn(tb, p, w, 40)
		for _, line := range lines {
			if p.Width(line) > max(w, 12) {
				rt.Fatalf("%d cells in %q", p.Width(line), line)
			}
		}
		shown := ""
		for _, line := range lines[1:] {
			shown += ansi.Strip(line)[min(len(line), 9):]
		}
		whole := tb.Cell().Text().Lines()
		var want strings.Builder
		for line := range whole {
			want.WriteString(line)
		}
		squeeze := func(s string) string { return strings.ReplaceAll(s, " ", "") }
		if got := squeeze(shown); len(lines) < 11 && got != squeeze(want.String()) && strings.TrimSpace(want.String()) != "" {
			rt.Fatalf("got %q, want %q", got, want.String())
		}
	})
}

// TestTheCursorStaysVisibleAmongHighRows moves through rows of different heights in all ways.
func TestTheCursorStaysVisibleAmongHighRows(t *testing.T) {
	const w, h = 40, 12
	p := painter()
	var rows []string
	for i := range 60 {
		rows = append(rows, fmt.Sprintf(`{"id":"#%d.","text":"%s"}`, i, strings.Repeat("word ", i*7%40)))
	}
	tb := tableOf(t, itemsOf(t, rows))
	table.CellsOf(tb).SetLines(5)
	check := func(step string) {
		t.Helper()
		view := strings.Split(ansi.Strip(strings.Join(drawn(tb, p, w, h), "\n")), "\n")
		if text := strings.Join(view, "\n"); len(view) < h-5 || !strings.Contains(text, fmt.Sprintf("▸ %2d", tb.Row()+1)) {
			t.Fatalf("%s: the cursor is in row %d of\n%s", step, tb.Row(), text)
		}
	}
	for _, m := range []cursor.Move{cursor.Down, cursor.PageDown, cursor.HalfPageDown, cursor.Up, cursor.PageUp, cursor.HalfPageUp, cursor.LastRow, cursor.PageUp, cursor.FirstRow} {
		for range 5 {
			tb.Move(p, m, w, h)
			check(fmt.Sprint("move ", m))
		}
	}
	for _, by := range []int{3, 3, 50, -1, -3, 200, -200} {
		table.NewFrame(tb, p, w, h).Scroll(image.Pt(0, by))
		check(fmt.Sprint("scroll ", by))
	}
	tb.Move(p, cursor.LastRow, w, h)
	frame := table.NewFrame(tb, p, w, h)
	for y, line := range drawn(tb, p, w, h)[1:] {
		line = ansi.Strip(line)
		row := frame.At(image.Pt(10, y+1)).Row
		if number := strings.TrimSpace(strings.Trim(line[:6], "▸ ")); number != "" && number != fmt.Sprint(row+1) {
			t.Errorf("a click on line %d, %q, is on row %d", y, line, row)
		}
	}
}
