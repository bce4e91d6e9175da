package draw_test

import (
	"fmt"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"sbwatch/internal/golden"
	"sbwatch/theme"
	"sbwatch/ui/draw"
)

// texts returns plain, wide, combining, styled and empty texts.
func texts(p draw.Painter) []string {
	return []string{
		"", "plain", "a longer text, with several words/parts;here", "検索結果の表示", "🇨🇭 flag, 👍🏽 and é", "1️⃣ ❤️ keys",
		"ไทยำำ and ภาษาไทย", "क्षि क्षि हिन्दी", "நிநி தமிழ்",
		p.Strong.Render("strong") + " and " + p.Accent.Render("accent 検索"), "onewordthatisfartoolongforanyline",
	}
}

// TestWidths checks that results have the requested width for each method of counting cells.
func TestWidths(t *testing.T) {
	for _, method := range []ansi.Method{ansi.WcWidth, ansi.GraphemeWidth} {
		p := draw.New(theme.Mono(), method)
		for _, text := range texts(p) {
			for w := range 40 {
				for name, got := range map[string]string{
					"Fit": p.Fit(text, w), "FitRight": p.FitRight(text, w), "Between": p.Between(text, "right", w), "Rule": p.Rule(w),
				} {
					if p.Width(got) != w {
						t.Errorf("%s of %q to %d cells has %d: %q", name, text, w, p.Width(got), got)
					}
				}
				if got := p.Cut(text, w); p.Width(got) > w {
					t.Errorf("%q cut to %d cells has %d: %q", text, w, p.Width(got), got)
				}
				for _, line := range p.Wrap(text, w) {
					if w >= 4 && p.Width(line) > w {
						t.Errorf("%q wrapped to %d cells has a line of %d: %q", text, w, p.Width(line), line)
					}
				}
				for _, line := range p.Box([]string{text}, w) {
					if p.Width(line) != w+4 {
						t.Errorf("a box of %q for %d cells has a line of %d", text, w, p.Width(line))
					}
				}
			}
		}
	}
}

func TestDrawing(t *testing.T) {
	p := draw.New(theme.Mono(), ansi.WcWidth)
	for _, w := range []int{16, 30, 60} {
		var lines []string
		for _, text := range texts(p) {
			lines = append(lines, p.Cut(text, w), p.FitRight(text, w), p.Between(text, "3 of 12", w), p.Row(p.Cut(text, w-2), text == "plain"))
			lines = append(lines, draw.Marked("!", p.Accent, p.Wrap(text, w-2))...)
		}
		lines = append(lines, p.Flow([]string{"one", "", p.Field("label", "value"), "three", "検索", "five"}, 2, w)...)
		lines = append(lines, p.SideBySide([]string{"left", "a line that is cut"}, []string{"r1", "r2", "r3"}, 9)...)
		lines = append(lines, draw.Indent([]string{"indented", "", "too"}, 3)...)
		golden.Check(t, fmt.Sprintf("draw-%d", w), golden.Frame(t, lines, w, p.Method))
	}
}

func TestExactly(t *testing.T) {
	for n := -1; n < 5; n++ {
		if got := draw.Exactly([]string{"a", "b"}, n); len(got) != max(0, n) {
			t.Errorf("%d lines, want %d", len(got), n)
		}
	}
	if got := draw.Spaces(-3); got != "" {
		t.Errorf("%q", got)
	}
}

func TestTitle(t *testing.T) {
	p := draw.New(theme.Mono(), ansi.WcWidth)
	for _, c := range []struct {
		before, name, after string
		w                   int
		want                string
	}{
		{"", "rating", "", 6, "rating"},
		{"", "rating", "", 5, "rati…"},
		{"", "rating", "↑", 9, "rating ↑"},
		{"", "rating", "↑", 8, "rating ↑"},
		{"", "rating", "↑", 7, "rating↑"},
		{"", "rating", "↑", 6, "ratin↑"},
		{"", "rating", "↑", 5, "rat…↑"},
		{"", "rating", "↓2", 6, "rati↓2"},
		{"!", "rating", "", 6, "!ratin"},
		{"!", "rating", "↑", 8, "!rating↑"},
		{"!", "rating", "↑1", 3, "!↑1"},
		{"", "検索", "↑", 4, "検↑"},
		{"!", "rating", "↑1", 2, "!…"},
		{"", "rating", "↑", 0, ""},
	} {
		if got := p.Title(c.before, c.name, c.after, c.w); got != c.want {
			t.Errorf("Title(%q, %q, %q, %d) = %q, want %q", c.before, c.name, c.after, c.w, got, c.want)
		}
	}
}
