package draw_test

import (
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"sbwatch/internal/termtest"
	"sbwatch/model/text"
	"sbwatch/theme"
	"sbwatch/ui/draw"
)

// TestTerminalsAgreeOnWidths draws emoji, CJK, combining and ambiguous characters next to a line, and checks that a
// terminal puts the line where the painter expects it, whichever way it counts.
func TestTerminalsAgreeOnWidths(t *testing.T) {
	corpus := termtest.Corpus(t, "testdata/widths")
	if len(corpus) < 400 {
		t.Fatalf("the corpus has only %d texts", len(corpus))
	}
	for _, method := range []ansi.Method{ansi.WcWidth, ansi.GraphemeWidth} {
		p := draw.New(theme.Mono(), method)
		for _, w := range []int{7, 19} {
			var lines []string
			for _, raw := range corpus {
				s := text.Printable(raw)
				lines = append(lines,
					p.Fit(s, w)+"│", p.FitRight(s, w)+"│", p.Between(s, s, w)+"│", p.Fit(p.Strong.Render(s+" "+s), w)+"│")
				for _, line := range p.Wrap(s+" "+s, max(4, w)) {
					lines = append(lines, line+draw.Spaces(w-p.Width(line))+"│")
				}
				lines = append(lines, strings.ReplaceAll(p.Box([]string{s}, w-4)[1], "│", " ")+"│")
			}
			for i, drawn := range termtest.Lines(lines, 80, method) {
				line := lines[i]
				if want := max(w, p.Width(strings.TrimSuffix(line, "│"))) + 1; drawn.Width != want {
					t.Errorf("method %v: the terminal draws %q in %d cells, want %d", method, line, drawn.Width, want)
				}
			}
		}
	}
}
