package tabs

import (
	"slices"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"sbwatch/theme"
	"sbwatch/ui/draw"
)

func painter() draw.Painter { return draw.New(theme.New(theme.Default().Palette(false)), ansi.WcWidth) }

func lineOf(open int, names ...string) Line {
	l := Line{Open: open}
	for _, name := range names {
		l.Tabs = append(l.Tabs, Tab{Name: name, Note: "1,204"})
	}
	return l
}

func TestLine(t *testing.T) {
	many := strings.Split("a.json b.json c.json d.json e.json f.json g.json h.json", " ")
	long := strings.Repeat("very-long-", 10) + ".json"
	for _, c := range []struct {
		line Line
		w    int
		want string
	}{
		{lineOf(0, "a.json", "b.csv"), 50, "─┤ a.json 1,204 ├── b.csv 1,204 ──────────────────"},
		{lineOf(1, "a.json", "b.csv"), 32, "── a.json ──┤ b.csv 1,204 ├─────"},
		{lineOf(3, many...), 50, "── < 3 ──┤ d.json 1,204 ├── e.json ─── 3 > ───────"},
		{lineOf(0, many...), 50, "─┤ a.json 1,204 ├── b.json ─── c.json ─── 5 > ────"},
		{lineOf(7, many...), 40, "── < 6 ─── g.json ──┤ h.json 1,204 ├────"},
		{lineOf(1, "a.json", long), 50, "── a.json ──┤ very-long-very-long-ver… 1,204 ├────"},
	} {
		got := ansi.Strip(c.line.View(painter(), c.w))
		if got != c.want {
			t.Errorf("%d cells:\n got %s\nwant %s", c.w, got, c.want)
		}
	}
}

// TestEveryTabCanBeReached checks on lines of all widths that the line fits, that the open tab is visible, and that
// clicks lead to the tabs.
func TestEveryTabCanBeReached(t *testing.T) {
	names := strings.Split("items.json 日本語.csv a.json second/items.json failing.parquet x y z", " ")
	p := painter()
	for _, w := range []int{40, 47, 60, 99, 159} {
		for open := range names {
			l := lineOf(open, names...)
			view := ansi.Strip(l.View(p, w))
			if p.Width(view) != w || !strings.Contains(view, "┤ "+names[open][:1]) {
				t.Fatalf("%d cells, tab %d: %s", w, open, view)
			}
			var reached []int
			for x := 0; x < w; x += 2 {
				if to, found := l.At(p, w, x); found && !slices.Contains(reached, to) {
					reached = append(reached, to)
				}
			}
			for _, neighbor := range []int{open - 1, open + 1} {
				if neighbor >= 0 && neighbor < len(names) && !slices.Contains(reached, neighbor) {
					t.Fatalf("%d cells: clicks lead from tab %d to %v only: %s", w, open, reached, view)
				}
			}
		}
	}
}

func TestNames(t *testing.T) {
	for _, c := range []struct{ paths, want string }{
		{"a.json b.csv", "a.json b.csv"},
		{"/x/a.json b.csv", "a.json b.csv"},
		{"mon/items.csv tue/items.csv other.csv", "mon/items.csv tue/items.csv other.csv"},
		{"a/x/items.csv b/x/items.csv b/y/items.csv", "a/x/items.csv b/x/items.csv y/items.csv"},
		{"items.csv b/items.csv", "items.csv b/items.csv"},
		{"items.csv items.csv", "items.csv items.csv"},
		{`C:\mon\a.csv C:\tue\a.csv`, `mon\a.csv tue\a.csv`},
		{"dir/", "dir/"},
	} {
		if got := strings.Join(Names(strings.Fields(c.paths)), " "); got != c.want {
			t.Errorf("%s: got %s, want %s", c.paths, got, c.want)
		}
	}
}
