package ui

import (
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
)

func TestClicksInTheHistory(t *testing.T) {
	inNoTime(t, func(t *testing.T) {
		s := compares(t, 120, 40, 0.61, priced(t, 60, 100))
		s.click(t, "✗ re-author")
		if s.run.Tab() != "history" {
			t.Fatalf("a click on the advice opens %s", s.run.Tab())
		}
		selected := func() (run, column string) {
			r, name, _ := s.run.History().Selected()
			return r.ID.Raw(), name.Raw()
		}
		s.click(t, "✓ May 18")
		if run, _ := selected(); run != "past0000009" {
			t.Errorf("a click in the list selects %s", run)
		}
		s.click(t, "brand  ")
		if _, column := selected(); column != "brand" {
			t.Errorf("a click on a name in the matrix selects %s", column)
		}
		x, y := s.find(t, "▇▇ ")
		s.clickAt(x+4, y) // in the second run
		if run, column := selected(); run != "past0000001" || column != "price" {
			t.Errorf("a click in the matrix selects %s of %s", column, run)
		}
		s.wheel(x, y, tea.MouseWheelRight, 0)
		if run, _ := selected(); run != "past0000002" {
			t.Errorf("the wheel moves to %s", run)
		}
		s.doubleClick(t, "✓ May 15")
		if frame := frameOf(t, s); !strings.Contains(frame, "history › catalogue01 › past0000006") {
			t.Errorf("a double click opens\n%s", frame)
		}
	})
}

func TestClicksOnThePageBesideTheList(t *testing.T) {
	inNoTime(t, func(t *testing.T) {
		s := shopping(t, 160, 40).does("3")
		s.click(t, "│   rating")
		x, y := s.find(t, "│   brand")
		s.clickAt(x+6, y)
		if frame := frameOf(t, s); !strings.Contains(frame, "│ ▸ brand") {
			t.Errorf("a click on a column does not select it:\n%s", frame)
		}
		s.does("j")
		if frame := frameOf(t, s); !strings.Contains(frame, "│ page 2 ") {
			t.Errorf("the page beside the list does not follow the cursor:\n%s", frame)
		}
	})
}

func TestClicksOnPages(t *testing.T) {
	inNoTime(t, func(t *testing.T) {
		s := shopping(t, 120, 40)
		s.click(t, "Pages")
		s.click(t, "brand")
		_, y := s.find(t, "   2 ")
		x, _ := s.find(t, "rating")
		s.clickAt(x, y)
		if frame := frameOf(t, s); !strings.Contains(frame, "page 2: ") || !strings.Contains(frame, "· rating in ") {
			t.Errorf("a click selects\n%s", frame)
		}
		s.doubleClick(t, "   4 ")
		if frame := frameOf(t, s); s.run.Tab() != "items" || !strings.Contains(frame, "30 of 90") {
			t.Errorf("a double click opens\n%s", frame)
		}
	})
}

func TestClicksOnRules(t *testing.T) {
	for _, scene := range allScenes() {
		if scene.name != "checks" {
			continue
		}
		testScene(t, scene, func(t *testing.T, s *stage) {
			t.Helper()
			lines := strings.Split(frameOf(t, s), "\n")
			for y, line := range lines {
				if !strings.HasPrefix(line, "   ✗") && !strings.HasPrefix(line, "   ✓") && !strings.HasPrefix(line, "   !") {
					continue
				}
				s.clickAt(6, y)
				if after := strings.Split(frameOf(t, s), "\n")[y]; !strings.HasPrefix(after, " ▸") || after[len(" ▸ "):] != line[len("   "):] {
					t.Errorf("a click on %q leads to %q", line, after)
				}
			}
		})
	}
}
