package draw_test

import (
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"sbwatch/theme"
	"sbwatch/ui/draw"
)

func TestWrapKeepsNumbersAndOptionsWhole(t *testing.T) {
	for _, test := range []struct {
		text string
		w    int
		want string
	}{
		{"found 1,204 items", 8, "found|1,204|items"},
		{"at most 1,000,000, or more", 10, "at most|1,000,000,|or more"},
		{"one,two,three", 8, "one,two,|three"},
		{"[1,2,3,4,5,6]", 8, "[1,2,3,|4,5,6]"},
		{"[100,200,300,400,500]", 10, "[100,200,|300,400,|500]"},
		{"12,34,5,1,204", 8, "12,34,5,|1,204"},
		{"use --at list", 7, "use|--at|list"},
		{"raise --max-memory, or 1,204", 14, "raise|--max-memory,|or 1,204"},
		{"well-known names", 6, "well-|known|names"},
		{"a -- b --- c", 4, "a --|b ---|c"},
	} {
		for _, method := range []ansi.Method{ansi.WcWidth, ansi.GraphemeWidth} {
			if got := strings.Join(draw.New(theme.Mono(), method).Wrap(test.text, test.w), "|"); got != test.want {
				t.Errorf("%q on %d cells becomes %q, want %q", test.text, test.w, got, test.want)
			}
		}
	}
}
