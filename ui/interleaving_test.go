package ui

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"sbwatch/model/item"
	"sbwatch/model/run"
	"sbwatch/model/text"
	"sbwatch/ui/widget/table"
)

// These tests delay the messages of commands so that the user's next action comes first.

// holds presses a key and runs the resulting commands. It returns their messages without sending them to the dashboard.
func (s *stage) holds(key string) []tea.Msg {
	_, cmd := s.Update(keyPress(key))
	return messagesOf(cmd)
}

// gets sends messages to the dashboard and runs the resulting commands.
func (s *stage) gets(msgs []tea.Msg) *stage {
	for _, msg := range msgs {
		_, cmd := s.Update(msg)
		s.follow(cmd)
	}
	return s
}

// numbered returns n rows with a number and one of three brands.
func numbered(n int) []string {
	var rows []string
	for i := range n {
		rows = append(rows, fmt.Sprintf(`{"n":%d,"brand":"B%d"}`, i, i%3))
	}
	return rows
}

func TestFewerItemsThanHadArrived(t *testing.T) {
	inNoTime(t, func(t *testing.T) {
		many, few := itemsOf(t, numbered(3000)), itemsOf(t, numbered(2))
		s := watchingWithService(100, 30).at(time.Second)
		cmd := s.update(receivingMsg{poll: s.watcher.polls, items: many, fits: table.FitColumns(s.env.Painter, many, table.FitItems), from: closedItems()})
		s.follow(cmd).does("f").types("brand = B1").does("enter", "G", "enter")
		late := s.holds("s")
		cmd = s.update(polledMsg{answer: finished(result(0), few, time.Minute), fits: table.FitColumns(s.env.Painter, few, table.FitItems)})
		frameOf(t, s)
		s.follow(cmd).gets(late)
		frameOf(t, s)
		if got := s.shows(); !slices.Equal(got, []int{2}) {
			t.Errorf("of two items %v show", got)
		}
	})
}

func TestACompletionOfAnOlderPromptDoesNotCount(t *testing.T) {
	inNoTime(t, func(t *testing.T) {
		s := browses(t, 100, 30, catalogue()).does("f").types("brand = Acm")
		late := s.holds("e")
		s.does("esc", "f").gets(late).does("tab")
		if strings.Contains(s.prompt().Text(), "Acme") {
			t.Errorf("the prompt has %q", s.prompt().Text())
		}
		frameOf(t, s)
	})
}

func TestAColumnIsChosenWhileOthersCome(t *testing.T) {
	inNoTime(t, func(t *testing.T) {
		s := browses(t, 120, 30, catalogue()).does("c").types("dims").does("enter")
		late := s.holds("(")
		s.does("c").types("tags").gets(late).does("enter")
		if path := s.table().Path(); path != item.PathOf("tags") {
			t.Errorf("the cursor is in %q", path.Name())
		}
	})
}

func TestPartOfAFilterIsNotTakenForAll(t *testing.T) {
	inNoTime(t, func(t *testing.T) {
		s := browses(t, 100, 30, numbered(9000)).does("f").types("brand = B1")
		msgs := s.holds("enter")
		first, all := msgs[:1], msgs[1:] // the first matches arrive before all of them
		s.gets(first)
		if frame := frameOf(t, s); !strings.Contains(frame, "60+ of 9,000") {
			t.Errorf("a part is not said to be one:\n%s", frame)
		}
		s.does("e", "enter")
		if !s.exportIsOpen() || !strings.Contains(s.exportProblem(), "still in progress") {
			t.Fatal("a part is exported as all")
		}
		s.does("esc", "j", "j", "j").gets(all)
		if frame := frameOf(t, s); !strings.Contains(frame, "3,000 of 9,000") || s.table().Row() != 3 {
			t.Errorf("in row %d:\n%s", s.table().Row(), frame)
		}
	})
}

func TestASlowFilterKeepsTheCursorsItem(t *testing.T) {
	inNoTime(t, func(t *testing.T) {
		s := browses(t, 100, 30, numbered(9000)).does("G", "k", "k")
		item := s.table().Item(s.table().Row())
		s.does("f").types(fmt.Sprintf("brand = B%d", item%3))
		msgs := s.holds("enter")
		first, all := msgs[:1], msgs[1:] // the first matches arrive before all of them
		s.gets(first).gets(all)
		if got := s.table().Item(s.table().Row()); got != item {
			t.Errorf("the cursor went from item %d to item %d", item, got)
		}
	})
}

func TestTheCursorStaysWhereItWasMovedToMeanwhile(t *testing.T) {
	inNoTime(t, func(t *testing.T) {
		s := browses(t, 100, 30, numbered(100))
		late := s.holds("s")
		s.does("j", "j", "j").gets(late)
		if item := s.table().Item(s.table().Row()); item != 3 {
			t.Errorf("the cursor is on item %d", item)
		}
		empty := s.holds("}")
		s.does("s").gets(empty)
		if s.table().Row() != 0 && s.table().Item(s.table().Row()) != 3 {
			t.Errorf("what was looked for in another order moves the cursor to row %d", s.table().Row())
		}
	})
}

func TestItemsThatArriveLeaveAFilteredTableInPeace(t *testing.T) {
	for _, width := range []int{100, 160} {
		inNoTime(t, func(t *testing.T) {
			s := watchingWithService(width, 30).at(time.Second)
			bite := func(n int) {
				items := itemsOf(t, numbered(n))
				cmd := s.update(receivingMsg{poll: s.watcher.polls, items: items, fits: table.FitColumns(s.env.Painter, items, table.FitItems), from: closedItems()})
				s.follow(cmd)
			}
			bite(300)
			s.does("f").types("brand = B1").does("enter", "j", "j", "enter", "j")
			row, item := s.table().Row(), s.table().Item(s.table().Row())
			for n := 400; n <= 800; n += 100 {
				bite(n)
				if !s.itemIsOpen() || s.table().Row() != row || s.table().Item(s.table().Row()) != item {
					t.Fatalf("with %d items the item is open: %v, and the cursor on row %d", n, s.itemIsOpen(), s.table().Row())
				}
			}
		})
	}
}

func TestAColumnOfNestedAndPlainValuesHidesNone(t *testing.T) {
	inNoTime(t, func(t *testing.T) {
		s := browses(t, 120, 30, []string{`{"dims":{"w":1}}`, `{"dims":"10x10"}`}).does("(")
		if frame := frameOf(t, s); !strings.Contains(frame, "dims.w") || !strings.Contains(frame, "10x10") {
			t.Errorf("a plain value does not show:\n%s", frame)
		}
	})
}

func TestAnExportThatFailsIsToldUntilItIsRead(t *testing.T) {
	inNoTime(t, func(t *testing.T) {
		s := browses(t, 100, 30, catalogue())
		s.exporter().err = &run.Problem{
			Kind: run.ProblemInput, What: text.NewText(strings.Repeat("path/", 40)), Summary: text.NewText("no space left on device"),
		}
		s.does("e", "enter")
		s.at(2 * time.Minute)
		if frame := frameOf(t, s); !strings.Contains(frame, "not written: no space left on device") {
			t.Errorf("the failure is not told:\n%s", frame)
		}
		s.does("esc")
		s.run.Items().Exporting().Begin(s.env, "writing")
		s.does("e", "enter")
		if !s.exportIsOpen() || !strings.Contains(s.exportProblem(), "Another export") {
			t.Error("a second export begins beside the first")
		}
	})
}

func TestARememberedKeyIsJudgedOnAllItems(t *testing.T) {
	inNoTime(t, func(t *testing.T) {
		s := watchingWith(100, 30, fakeLayouts{"catalogue01": {Keys: []item.Path{item.PathOf("brand")}, Columns: []item.ColumnLayout{{Path: item.PathOf("brand")}}}}).at(time.Second)
		cmd := s.update(polledMsg{answer: runAnswer("running", 1, 3, 2)})
		s.follow(cmd)
		items := itemsOf(t, catalogue())
		cmd = s.update(polledMsg{answer: finished(result(0), items, time.Minute), fits: table.FitColumns(s.env.Painter, items, table.FitItems)})
		s.follow(cmd)
		if duplicates, isKnown := s.run.Columns().Duplicates(); !isKnown || duplicates.Groups() != 1 {
			t.Errorf("the key is known: %v, with %d groups", isKnown, duplicates.Groups())
		}
	})
}
