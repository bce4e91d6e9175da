package ui

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"sbwatch/internal/termtest"
)

// TestFramesFitTheTerminal shows items with emoji, CJK, combining and ambiguous characters on every tab, and checks
// that no line overflows and that the columns stay aligned, whichever way the terminal counts.
func TestFramesFitTheTerminal(t *testing.T) {
	corpus := termtest.Corpus(t, "draw/testdata/widths")
	var rows []string
	for _, raw := range corpus {
		value, err := json.Marshal(raw)
		if err != nil {
			t.Fatal(err)
		}
		rows = append(rows, `{"text":`+string(value)+`,"mark":"<>"}`)
	}
	for _, method := range []ansi.Method{ansi.WcWidth, ansi.GraphemeWidth} {
		inNoTime(t, func(t *testing.T) {
			s := browses(t, 80, 40, rows)
			s.env.Painter = s.config.painter(method)
			seen := 0
			check := func(where string) {
				t.Helper()
				lines := strings.Split(s.frame(), "\n")
				mark := -1
				for i, drawn := range termtest.Lines(lines, 240, method) {
					if drawn.Width > s.env.Width() {
						t.Errorf("%s: a line has %d cells of %d: %q", where, drawn.Width, s.env.Width(), ansi.Strip(lines[i]))
					}
					at := column(drawn.Cells, "<")
					if where != "items" || at < 0 {
						continue
					}
					seen++
					if mark >= 0 && at != mark {
						t.Errorf("%s: the column starts at cell %d, not at %d: %q", where, at, mark, ansi.Strip(lines[i]))
					}
					mark = at
				}
			}
			for _, size := range []tea.WindowSizeMsg{{Width: 120, Height: 60}, {Width: 41, Height: 30}} {
				s.send(size)
				for range len(rows)/size.Height + 2 {
					check("items")
					s.does("space")
				}
				if seen < len(rows) && size.Width == 120 {
					t.Errorf("only %d of %d rows were checked", seen, len(rows))
				}
				seen = 0
				s.does("g", "enter")
				for range 40 {
					check("item")
					s.does("n")
				}
				s.does("esc")
				for _, tab := range []string{"columns", "pages", "checks", "raw"} {
					s.does("tab")
					s.at(time.Minute)
					check(tab)
				}
				s.does("tab")
			}
		})
	}
}

// column returns the first cell with a text.
func column(cells []string, text string) int {
	for i, cell := range cells {
		if cell == text {
			return i
		}
	}
	return -1
}
