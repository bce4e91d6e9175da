package ui

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"sbwatch/model/item"
	"sbwatch/model/text"
	"sbwatch/model/watch"
)

// costlyFormulas are formulas whose columns double a text again and again.
func costlyFormulas() []string {
	lines := []string{"d0 = text & text"}
	for i := range 9 {
		lines = append(lines, fmt.Sprintf("d%d = d%d & d%d", i+1, i, i))
	}
	for i := 9; i < 19; i++ {
		lines = append(lines, fmt.Sprintf(`d%d = replace(d%d, "a", "b")`, i+1, i))
	}
	return append(lines, "size = len(d19)")
}

// showsCostly returns a dashboard that shows rows of items with computed columns. Commands that compute values have not
// run yet: they are returned.
func showsCostly(t *testing.T, rows int) (*stage, tea.Cmd) {
	t.Helper()
	var items []string
	for i := range rows {
		items = append(items, fmt.Sprintf(`{"n":%d,"text":"%s"}`, i, strings.Repeat("a", 200+i)))
	}
	s := newStage(Config{
		Watch: watch.NewWatch(text.NewText("k7Xb9dRmQ2p")), Service: &fakeService{}, Exporter: &fakeExporter{},
		Computed: Computed{Columns: computedOf(costlyFormulas()...)},
	}, 200, 24)
	return s, s.update(polledMsg{answer: finished(result(0.07), itemsOf(t, items), 0)})
}

func TestCostlyValuesAreComputedInACommand(t *testing.T) {
	s, cmd := showsCostly(t, 2)
	if frame := frameOf(t, s); !slices.Contains(strings.Fields(frame), "…") {
		t.Fatalf("before the values are computed:\n%s", frame)
	}
	s.follow(cmd)
	s.does("$")
	frame := frameOf(t, s)
	if slices.Contains(strings.Fields(frame), "…") {
		t.Errorf("after the values were computed:\n%s", frame)
	}
	for i := range 2 {
		if want := fmt.Sprint((200 + i) * 1024); !strings.Contains(frame, want) {
			t.Errorf("want %s in\n%s", want, frame)
		}
	}
}

func TestCostlyItemIsLaidOutInACommand(t *testing.T) {
	s, _ := showsCostly(t, 1)
	_, cmd := s.Update(keyPress("enter"))
	if frame := frameOf(t, s); !strings.Contains(frame, "laying out the item …") {
		t.Errorf("before the item is laid out:\n%s", frame)
	}
	if frame := frameOf(t, s.follow(cmd)); strings.Contains(frame, "laying out") || !strings.Contains(frame, "aaaaaaaa") {
		t.Errorf("after the item was laid out:\n%s", frame)
	}
}

func TestValuesAreComputedOnce(t *testing.T) {
	computed := 0
	items := itemsOf(t, []string{`{"n":1}`, `{"n":2}`, `{"n":3}`}).WithComputed("twice", func(*item.Evaluation) func(int) item.Cell {
		return func(i int) item.Cell {
			computed++
			return item.NewCell(fmt.Append(nil, 2*(i+1)))
		}
	})
	s := browsesItems(80, 24, items)
	frameOf(t, s)
	computed = 0
	for _, key := range []string{"j", "l", "k", "h", ".", "G", "g", "w", "z", "H", "L"} {
		s.press(key)
		if frame := frameOf(t, s); !strings.Contains(frame, "6") {
			t.Errorf("after %s:\n%s", key, frame)
		}
	}
	if computed > 0 {
		t.Errorf("moving the cursor and changing the columns computed %d values again", computed)
	}
}

// TestCostlyValuesOfHiddenRowsAreCanceled scrolls away from a row whose values are being computed.
func TestCostlyValuesOfHiddenRowsAreCanceled(t *testing.T) {
	var rows []string
	for i := range 60 {
		rows = append(rows, fmt.Sprintf(`{"n":%d}`, i))
	}
	completed := map[int]bool{}
	items := itemsOf(t, rows).WithComputed("costly", func(e *item.Evaluation) func(int) item.Cell {
		return func(i int) item.Cell {
			if !e.Step(1 << 30) {
				return item.Cell{}
			}
			completed[i] = true
			return item.NewCell(fmt.Append(nil, 1000+i))
		}
	})
	s := watchingWithService(80, 24).at(0)
	s.update(polledMsg{answer: finished(result(0.07), items, 0)})
	_, first := s.Update(keyPress("j"))
	if first != nil && len(messagesOf(first)) > 0 {
		t.Error("the cursor has moved within the visible rows, and the work started again")
	}
	s.press("G")
	_, hidden := s.Update(keyPress("g"))
	_, visible := s.Update(keyPress("G"))
	s.follow(hidden)
	if len(completed) > 0 {
		t.Errorf("computed %v, which are not visible", completed)
	}
	if frame := frameOf(t, s.follow(visible)); !strings.Contains(frame, "1059") || strings.Contains(frame, "…") {
		t.Errorf("computed %v:\n%s", completed, frame)
	}
}
