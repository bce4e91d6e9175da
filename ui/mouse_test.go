package ui

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"sbwatch/theme"
	"sbwatch/ui/screen/themes"
)

// find returns the cell of the frame where a text begins.
func (s *stage) find(t *testing.T, words string) (x, y int) {
	t.Helper()
	for y, line := range strings.Split(ansi.Strip(s.View().Content), "\n") {
		if before, _, found := strings.Cut(line, words); found {
			return s.env.Painter.Width(before), y
		}
	}
	t.Fatalf("no %q in\n%s", words, ansi.Strip(s.View().Content))
	return 0, 0
}

// mouse sends an event of the mouse and runs its commands.
func (s *stage) mouse(msg tea.MouseMsg) *stage {
	_, cmd := s.Update(msg)
	return s.follow(cmd)
}

func (s *stage) clickAt(x, y int) *stage {
	s.clock = s.clock.Add(time.Second) // a click, not the second press of a double click
	s.mouse(tea.MouseClickMsg{X: x, Y: y, Button: tea.MouseLeft})
	return s.mouse(tea.MouseReleaseMsg{X: x, Y: y, Button: tea.MouseLeft})
}

// click clicks on the first cell of a text in the frame.
func (s *stage) click(t *testing.T, words string) *stage {
	t.Helper()
	x, y := s.find(t, words)
	return s.clickAt(x, y)
}

// doubleClick double-clicks on the first cell of a text in the frame.
func (s *stage) doubleClick(t *testing.T, words string) *stage {
	t.Helper()
	x, y := s.find(t, words)
	s.clickAt(x, y)
	s.clock = s.clock.Add(doubleClick / 2)
	s.mouse(tea.MouseClickMsg{X: x, Y: y, Button: tea.MouseLeft})
	return s.mouse(tea.MouseReleaseMsg{X: x, Y: y, Button: tea.MouseLeft})
}

func (s *stage) wheel(x, y int, button tea.MouseButton, mod tea.KeyMod) *stage {
	return s.mouse(tea.MouseWheelMsg{X: x, Y: y, Button: button, Mod: mod})
}

// shopping returns a dashboard that shows a completed run whose items have been profiled.
func shopping(t *testing.T, w, h int) *stage {
	t.Helper()
	return browsesItems(w, h, shop(t))
}

func TestClicksInTheTable(t *testing.T) {
	inNoTime(t, func(t *testing.T) {
		s := shopping(t, 80, 24)
		s.click(t, "$174.92")
		if s.table().Path().Name().Raw() != "price" || s.table().Cell().Text().Raw() != "$174.92" {
			t.Errorf("a click on a price selects %s of %s", s.table().Cell().Text().Raw(), s.table().Path().Name())
		}
		s.click(t, "name")
		if sorted := s.table().Sorted(); len(sorted) != 1 || sorted[0].Descending {
			t.Errorf("a click on a header sorts by %v", sorted)
		}
		if s.click(t, "name ↑"); !s.table().Sorted()[0].Descending {
			t.Error("a second click does not reverse the order")
		}
		row := s.table().Row()
		s.click(t, " 88 ")
		if s.table().Row() == row || s.table().Item(s.table().Row())+1 != 88 {
			t.Errorf("a click on the number of an item selects item %d", s.table().Item(s.table().Row())+1)
		}
		if s.doubleClick(t, " 86 "); !s.itemIsOpen() || s.table().Item(s.itemRow())+1 != 86 {
			t.Errorf("a double click opens item %d", s.table().Item(s.itemRow())+1)
		}
	})
}

func TestTwoSlowClicksAreNoDoubleClick(t *testing.T) {
	inNoTime(t, func(t *testing.T) {
		s := shopping(t, 80, 24)
		if s.click(t, "$174.92").click(t, "$174.92"); s.itemIsOpen() {
			t.Error("two slow clicks open the item")
		}
	})
}

func TestDraggingABorderResizesTheColumn(t *testing.T) {
	inNoTime(t, func(t *testing.T) {
		s := shopping(t, 80, 24)
		price, y := s.find(t, "price")
		s.mouse(tea.MouseClickMsg{X: price - 1, Y: y, Button: tea.MouseLeft})
		for x := price; x < price+10; x++ {
			s.mouse(tea.MouseMotionMsg{X: x, Y: y + 1, Button: tea.MouseLeft})
		}
		s.mouse(tea.MouseReleaseMsg{X: price + 9, Y: y, Button: tea.MouseLeft})
		if x, _ := s.find(t, "price"); x != price+10 || len(s.table().Sorted()) > 0 {
			t.Errorf("the price went from cell %d to %d", price, x)
		}
		s.mouse(tea.MouseMotionMsg{X: price, Y: y})
		if x, _ := s.find(t, "price"); x != price+10 {
			t.Error("moving the mouse without a button resizes")
		}
	})
}

func TestTheWheelScrollsTheTable(t *testing.T) {
	inNoTime(t, func(t *testing.T) {
		s := shopping(t, 80, 24)
		_, y := s.find(t, "$174.92")
		s.wheel(5, y, tea.MouseWheelDown, 0)
		if s.table().Top() != 3 || s.table().Row() != 3 {
			t.Errorf("the wheel scrolls to row %d, cursor %d", s.table().Top(), s.table().Row())
		}
		for range 50 {
			s.wheel(5, y, tea.MouseWheelDown, 0)
		}
		if frame := frameOf(t, s); !strings.Contains(frame, " 90 ") || s.table().Row() >= 90 {
			t.Errorf("the wheel does not reach the last row:\n%s", frame)
		}
		column := s.table().Column()
		for range 3 {
			s.wheel(5, y, tea.MouseWheelDown, tea.ModShift)
		}
		if s.table().Column() <= column {
			t.Errorf("shift and the wheel scroll from column %d to %d", column, s.table().Column())
		}
		for range 9 {
			s.wheel(5, y, tea.MouseWheelLeft, 0)
		}
		s.find(t, "name")
	})
}

func TestClicksOnTabsAndNotices(t *testing.T) {
	inNoTime(t, func(t *testing.T) {
		s := shopping(t, 120, 40)
		for _, name := range []string{"Raw", "Warnings", "Pages", "Columns", "Checks", "Items"} {
			if s.click(t, name); !strings.EqualFold(s.run.Tab(), name) {
				t.Errorf("a click on %s opens %s", name, s.run.Tab())
			}
		}
	})
}

func TestClickingAFindingShowsItsColumn(t *testing.T) {
	inNoTime(t, func(t *testing.T) {
		rows := make([]string, 40)
		for i := range rows {
			rows[i] = fmt.Sprintf(`{"name":"item %d","price":null}`, i)
		}
		s := browses(t, 120, 40, rows)
		if s.click(t, "✗ price"); s.run.Tab() != "columns" || !strings.Contains(frameOf(t, s), "▸ price") {
			t.Errorf("the click shows\n%s", frameOf(t, s))
		}
		if s.doubleClick(t, "▸ price"); s.run.Tab() != "items" {
			t.Errorf("a double click on the finding opens %s", s.run.Tab())
		}
	})
}

func TestClicksInTheColumnsTab(t *testing.T) {
	inNoTime(t, func(t *testing.T) {
		s := shopping(t, 120, 40).does("2")
		if s.click(t, "coverage"); !strings.Contains(frameOf(t, s), "coverage ↑") {
			t.Errorf("a click on a title does not sort:\n%s", frameOf(t, s))
		}
		if s.click(t, "coverage ↑"); !strings.Contains(frameOf(t, s), "coverage ↓") {
			t.Error("a second click does not reverse the order")
		}
	})
}

func TestClicksInTheRawTab(t *testing.T) {
	inNoTime(t, func(t *testing.T) {
		s := shopping(t, 80, 24)
		s.click(t, "Raw")
		before := frameOf(t, s)
		s.doubleClick(t, "data")
		if after := frameOf(t, s); after == before || !strings.Contains(after, "▸") {
			t.Errorf("a double click folds nothing:\n%s", after)
		}
	})
}

func TestClicksOnHints(t *testing.T) {
	inNoTime(t, func(t *testing.T) {
		s := shopping(t, 120, 40)
		if s.click(t, "/ search"); !s.promptIsOpen() {
			t.Error("a click on the hint does not search")
		}
		s.does("esc")
		if s.click(t, "? keys"); !strings.Contains(frameOf(t, s), "dimmed keys") {
			t.Error("a click on the hint does not open help")
		}
		x, y := s.find(t, "dimmed keys")
		before := frameOf(t, s.does("g"))
		if s.wheel(x, y, tea.MouseWheelDown, 0); s.env.Height() < 40 && frameOf(t, s) == before {
			t.Error("the wheel does not scroll the help")
		}
		if s.click(t, "esc close"); strings.Contains(frameOf(t, s), "dimmed keys") {
			t.Error("a click on the hint does not close help")
		}
	})
}

// Clicks on the hints and completions of prompts and boxes, and on the lines of the help, have the effect of their
// keys.
func TestClicksOnHintsOfPromptsAndBoxes(t *testing.T) {
	inNoTime(t, func(t *testing.T) {
		s := shopping(t, 100, 30).does("f").types("pr")
		s.clickAt(3, 28) // "price number" above the line of input
		if prompt, _ := s.run.Items().Prompt(); prompt.Text() != "price" {
			t.Errorf("a click on a completion makes the text %q:\n%s", prompt.Text(), frameOf(t, s))
		}
		s.does("esc")
		for _, key := range []string{"/", "e", ":"} {
			if s.does(key).click(t, "esc cancel"); s.env.Layers.IsTyping() {
				t.Errorf("%s: a click on the hint does not cancel", key)
			}
		}
		if s.does("?").click(t, "hide column"); strings.Contains(frameOf(t, s), "dimmed keys") {
			t.Errorf("a click on a line of the help does not run the action:\n%s", frameOf(t, s))
		}
	})
}

func TestClicksInALineOfInput(t *testing.T) {
	inNoTime(t, func(t *testing.T) {
		s := shopping(t, 80, 24)
		s.does("f").types("price < 100").click(t, "< 100").types("x")
		if frame := frameOf(t, s); !strings.Contains(frame, "price x< 100") {
			t.Errorf("a click in a prompt does not move its cursor:\n%s", frame)
		}
		s.does("esc", ":").types("sort").click(t, "ort").types("x")
		if frame := frameOf(t, s); !strings.Contains(frame, "sxort") {
			t.Errorf("a click in the palette does not move its cursor:\n%s", frame)
		}
		s.does("esc", "e").click(t, "csv").types("x")
		if frame := frameOf(t, s); !strings.Contains(frame, ".xcsv") {
			t.Errorf("a click in the export dialog does not move its cursor:\n%s", frame)
		}
		s.click(t, "original order").click(t, "original order")
		if frame := frameOf(t, s); !strings.Contains(frame, "90 items, in this order") {
			t.Errorf("two clicks on an option do not change it:\n%s", frame)
		}
	})
}

func TestClicksInAPicker(t *testing.T) {
	inNoTime(t, func(t *testing.T) {
		s := shopping(t, 80, 24).does("c")
		if s.click(t, "rating "); s.env.Layers.Top().Place() == 0 {
			t.Fatal("one click chooses")
		}
		s.doubleClick(t, "in_stock ")
		if s.table().Path().Name().Raw() != "in_stock" {
			t.Errorf("a double click goes to column %s:\n%s", s.table().Path().Name(), frameOf(t, s))
		}
		s.does("c").clickAt(0, 12)
		if s.env.Layers.IsTyping() {
			t.Error("a click outside the box does not close it")
		}
		s.does("=").click(t, "[x] price").does("enter")
		for _, path := range s.table().Paths() {
			if path.Name().Raw() == "price" {
				t.Error("a click on the check box does not uncheck the column")
			}
		}
	})
}

func TestAClickOutsideTheThemesRestoresTheTheme(t *testing.T) {
	inNoTime(t, func(t *testing.T) {
		s := shopping(t, 80, 24)
		shown := ""
		var all []theme.Theme
		for _, name := range theme.Embedded() {
			one, _ := theme.Load(name)
			all = append(all, one)
		}
		s.env.Layers.Open(themes.New(s.env, all, all[0], func(t theme.Theme) { shown = t.Name }))
		if s.click(t, all[2].Name+" "); shown != all[2].Name {
			t.Errorf("a click shows the theme %q", shown)
		}
		if s.clickAt(0, 0); shown != all[0].Name || s.env.Layers.IsTyping() {
			t.Errorf("after a click outside the box, the theme is %q", shown)
		}
	})
}

func TestClicksInTheOverview(t *testing.T) {
	inNoTime(t, func(t *testing.T) {
		m := newManyRuns(t, 40, 120, 40)
		s := m.stage
		_, y := s.find(t, "recipe  ")
		s.clickAt(4, y+6)
		run, _ := m.several.overview.Cursor()
		if run != m.several.overview.Visible()[5] {
			t.Errorf("a click on line 6 selects run %d", run)
		}
		if frame := frameOf(t, s.click(t, "drift  ")); !strings.Contains(frame, "by drift") {
			t.Errorf("a click on the title does not sort:\n%s", frame)
		}
		s.clickAt(4, y+3)
		s.clock = s.clock.Add(doubleClick / 2)
		s.mouse(tea.MouseClickMsg{X: 4, Y: y + 3, Button: tea.MouseLeft})
		if opened, isOpen := m.several.Opened(); !isOpen || opened != m.several.overview.Visible()[2] {
			t.Errorf("a double click opens run %d, %v", opened, isOpen)
		}
	})
}

func TestTheMouseCanBeTurnedOff(t *testing.T) {
	inNoTime(t, func(t *testing.T) {
		s := shopping(t, 80, 24)
		if s.View().MouseMode != tea.MouseModeCellMotion {
			t.Fatal("the terminal does not report the mouse")
		}
		x, y := s.find(t, "$174.92")
		if s.does("m"); s.View().MouseMode != tea.MouseModeNone || !strings.Contains(frameOf(t, s), "Press m") {
			t.Errorf("m does not turn the mouse off:\n%s", frameOf(t, s))
		}
		if s.clickAt(x, y); s.table().Column() != 0 {
			t.Error("a late click still counts")
		}
		if s.does("m"); s.View().MouseMode != tea.MouseModeCellMotion {
			t.Error("m does not turn the mouse on again")
		}
		if s := newStage(Config{NoMouse: true}, 80, 24); s.View().MouseMode != tea.MouseModeNone {
			t.Error("NoMouse does not turn the mouse off")
		}
	})
}

// mouseEvent returns a random event of the mouse.
func mouseEvent(random *rand.Rand, w, h int) tea.MouseMsg {
	m := tea.Mouse{X: random.IntN(w+4) - 2, Y: random.IntN(h+4) - 2, Button: tea.MouseLeft}
	if random.IntN(8) == 0 {
		m.Mod = tea.ModShift
	}
	switch random.IntN(8) {
	case 0:
		return tea.MouseReleaseMsg(m)
	case 1, 2:
		return tea.MouseMotionMsg(m)
	case 3, 4:
		m.Button = []tea.MouseButton{tea.MouseWheelUp, tea.MouseWheelDown, tea.MouseWheelLeft, tea.MouseWheelRight}[random.IntN(4)]
		return tea.MouseWheelMsg(m)
	default:
		return tea.MouseClickMsg(m)
	}
}

// TestRandomMouseEvents clicks, drags and scrolls at random in every scene. Nothing may panic, and every frame must be
// safe for a terminal.
func TestRandomMouseEvents(t *testing.T) {
	for i, scene := range allScenes() {
		testScene(t, scene, func(t *testing.T, s *stage) {
			t.Helper()
			random := rand.New(rand.NewPCG(uint64(i), 1))
			for n := range 24 {
				w, h := s.env.Width(), s.env.Height()
				if n%8 == 7 {
					w, h = 40+random.IntN(160), 10+random.IntN(50)
					s.send(tea.WindowSizeMsg{Width: w, Height: h})
				}
				msg := mouseEvent(random, w, h)
				if n%3 > 0 { // repeat the press, for a double click
					s.Update(msg)
				}
				s.Update(msg)
				checkFrame(t, s, fmt.Sprintf("event %d, %T %v", n, msg, msg))
				if t.Failed() {
					return
				}
			}
		})
	}
}
