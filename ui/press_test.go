package ui

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"sbwatch/model/item"
	"sbwatch/model/run"
	"sbwatch/model/text"
	"sbwatch/model/watch"
)

// messagesOf runs a command and its batches and returns their messages, except ticks.
func messagesOf(cmd tea.Cmd) []tea.Msg {
	if cmd == nil {
		return nil
	}
	switch msg := cmd().(type) {
	case tickMsg:
		return nil
	case tea.BatchMsg:
		var all []tea.Msg
		for _, c := range msg {
			all = append(all, messagesOf(c)...)
		}
		return all
	default:
		return []tea.Msg{msg}
	}
}

func browsing(t *testing.T) *stage {
	t.Helper()
	return watchingRun(80, 24).at(time.Minute).polled(finished(result(0.07), shop(t), time.Minute))
}

func (s *stage) pressed(key string) []tea.Msg {
	_, cmd := s.Update(keyPress(key))
	return messagesOf(cmd)
}

func quits(msgs []tea.Msg) bool {
	for _, m := range msgs {
		if _, ok := m.(tea.QuitMsg); ok {
			return true
		}
	}
	return false
}

func TestEscNeverQuitsAndQAlwaysDoes(t *testing.T) {
	for _, scene := range allScenes() {
		testScene(t, scene, func(t *testing.T, s *stage) {
			t.Helper()
			for range 4 {
				if quits(s.pressed("esc")) {
					t.Fatal("esc quits")
				}
			}
			if !quits(s.pressed("q")) {
				t.Error("q does not quit")
			}
		})
	}
	s := browsing(t)
	if _, cmd := s.Update(tea.KeyPressMsg{Code: 'c', Mod: tea.ModCtrl}); !quits(messagesOf(cmd)) {
		t.Error("ctrl+c does not quit")
	}
	s.press("?")
	if !quits(s.pressed("q")) {
		t.Error("q does not quit from help")
	}
}

func TestEscClosesWhatIsOpen(t *testing.T) {
	s := browsing(t).press("enter")
	if !s.itemIsOpen() {
		t.Fatal("enter does not open the item")
	}
	s.press("?", "esc")
	if strings.Contains(frameOf(t, s), "Keys") || !s.itemIsOpen() {
		t.Error("esc does not close help alone")
	}
	s.press("esc")
	if s.itemIsOpen() {
		t.Error("esc does not close the item")
	}
}

func TestTheCursorSurvivesPollsAndResizes(t *testing.T) {
	s := browsing(t).press("G", "k", "k", "l", "l")
	row, column := s.table().Row(), s.table().Column()
	for _, size := range [][2]int{{60, 20}, {300, 100}, {10, 5}, {120, 40}, {80, 24}} {
		s.send(tea.WindowSizeMsg{Width: size[0], Height: size[1]})
	}
	s.polled(finished(result(0.07), shop(t), time.Minute))
	if s.table().Row() != row || s.table().Column() != column {
		t.Errorf("the cursor went from %d,%d to %d,%d", row, column, s.table().Row(), s.table().Column())
	}
	if frame := frameOf(t, s); !strings.Contains(frame, "▸ 88") {
		t.Errorf("the cursor's row does not show:\n%s", frame)
	}
}

func TestMovingThroughTheTable(t *testing.T) {
	for keys, want := range map[string][2]int{
		"":                        {0, 0},
		"j j k":                   {1, 0},
		"k":                       {0, 0},
		"l l h":                   {0, 1},
		"G":                       {89, 0},
		"G g":                     {0, 0},
		"$":                       {0, 7},
		"$ 0":                     {0, 0},
		"l l l l l l l l l l l l": {0, 7},
		"space":                   {16, 0},
		"space b":                 {0, 0},
		"down right":              {1, 1},
	} {
		s := browsing(t).press(strings.Fields(keys)...)
		if got := [2]int{s.table().Row(), s.table().Column()}; got != want {
			t.Errorf("%q leads to %v, want %v", keys, got, want)
		}
		if !strings.Contains(frameOf(t, s), fmt.Sprintf("▸ %d ", want[0]+1)) && !strings.Contains(frameOf(t, s), fmt.Sprintf("▸  %d ", want[0]+1)) {
			t.Errorf("after %q the cursor's row does not show", keys)
		}
	}
}

func TestTheTableScrollsOnlyAtItsEdges(t *testing.T) {
	s := browsing(t).press("G")
	top := s.table().Top()
	s.press("k", "k", "k")
	if s.table().Top() != top {
		t.Error("moving up within what shows scrolls")
	}
}

func TestCopying(t *testing.T) {
	clipboard := func(msgs []tea.Msg) string {
		for _, m := range msgs {
			if strings.HasSuffix(fmt.Sprintf("%T", m), "setClipboardMsg") {
				return fmt.Sprint(m)
			}
		}
		return ""
	}
	s := browsing(t).press("l")
	if got := clipboard(s.pressed("y")); got != "$137.92" {
		t.Errorf("y copies %q", got)
	}
	if got := clipboard(s.pressed("Y")); !strings.HasPrefix(got, `{"name":"Rugged Kettle 0001","price":"$137.92"`) {
		t.Errorf("Y copies %q", got)
	}
	if frame := frameOf(t, s); !strings.Contains(frame, "sent the item") {
		t.Error("nothing says that it was copied")
	}
	s.press("j", "j")
	if got := clipboard(s.pressed("y")); got != "" || !strings.Contains(frameOf(t, s), "does not have this field") {
		t.Errorf("y on a missing key copies %q", got)
	}
	failed := watchingRun(80, 24).failed(refused())
	if got := clipboard(failed.pressed("y")); !strings.Contains(got, "not_found") || !strings.Contains(got, "req_aB3xY9Kp") {
		t.Errorf("y on an error copies %q", got)
	}
}

func TestOpeningAWebPage(t *testing.T) {
	var opened []string
	s := newStage(Config{
		Watch:   watch.NewWatch(text.NewText("run")),
		OpenURL: func(url string) error { opened = append(opened, url); return errors.New("no display") },
	}, 80, 24)
	rows := []string{
		`{"u":"https://shop.example.com/p/1?a=b"}`, `{"u":"javascript:alert(1)"}`, `{"u":"file:///etc/passwd"}`, `{"u":"-rf http://x"}`, `{"u":7}`,
	}
	s.polled(finished(result(0), itemsOf(t, rows), time.Second))
	s.send(s.pressed("o")...)
	if len(opened) != 1 || opened[0] != "https://shop.example.com/p/1?a=b" {
		t.Errorf("opened %q", opened)
	}
	if !strings.Contains(frameOf(t, s), "cannot open a browser") {
		t.Error("nothing says that there is no browser")
	}
	for range len(rows) - 1 {
		s.press("j")
		s.pressed("o")
	}
	if len(opened) != 1 {
		t.Errorf("opened what is no web page: %q", opened)
	}
}

func TestKeysWithoutUseAreDimmedAndDoNothing(t *testing.T) {
	dimmed := func(s *stage, key string) bool {
		prefix, _, _ := strings.Cut(s.env.Painter.Faint.Render("|"), "|")
		return strings.Contains(s.View().Content, prefix+"  "+key+" ")
	}
	live := watchingRun(120, 40).running(9 * time.Second).press("?")
	if !dimmed(live, "y") || dimmed(live, "p") {
		t.Errorf("help of a run under way:\n%s", frameOf(t, live))
	}
	table := browsing(t)
	table.send(tea.WindowSizeMsg{Width: 120, Height: 40})
	if table.press("?"); !dimmed(table, "p") || dimmed(table, "Y") {
		t.Errorf("help of a table:\n%s", frameOf(t, table))
	}
	if msgs := live.press("?").pressed("y"); len(msgs) != 0 {
		t.Errorf("y does something on a run under way: %v", msgs)
	}
}

func TestAnItemBesideTheTableFollowsTheCursor(t *testing.T) {
	s := browsing(t)
	s.send(tea.WindowSizeMsg{Width: 160, Height: 45})
	s.press("enter", "j", "j", "j")
	if s.itemRow() != 3 || !strings.Contains(frameOf(t, s), "item 4 of 90") {
		t.Errorf("the item beside the table is of row %d", s.itemRow())
	}
	// When the item replaces the table, the same keys move between items.
	s.send(tea.WindowSizeMsg{Width: 80, Height: 24})
	s.press("l", "l", "h")
	if s.itemRow() != 4 || s.table().Row() != 4 {
		t.Errorf("item %d, cursor %d", s.itemRow(), s.table().Row())
	}
}

func TestALargeItemIsLaidOutByACommand(t *testing.T) {
	large := `{"text":"` + strings.Repeat("word ", 40_000) + `"}`
	s := watchingRun(80, 24).polled(finished(result(0), itemsOf(t, []string{large}), time.Second))
	msgs := s.pressed("enter")
	if frame := frameOf(t, s); !strings.Contains(frame, "laying out") {
		t.Errorf("nothing says that the item is being laid out:\n%s", frame)
	}
	s.send(msgs...)
	if len(s.itemText().Lines()) < 2000 {
		t.Errorf("the item has %d lines", len(s.itemText().Lines()))
	}
}

func TestPartsOfAnOlderAnswerAreDropped(t *testing.T) {
	s := watchingRun(80, 24).running(5 * time.Second)
	old := s.watcher.polls
	s.failed(limited())
	s.send(receivingMsg{poll: old, items: shop(t), from: closedItems()})
	if n := s.watcher.Watch().Items().Len(); n != 0 {
		t.Errorf("%d items of an answer that failed are shown", n)
	}
}

func closedItems() <-chan item.Table {
	c := make(chan item.Table)
	close(c)
	return c
}

// TestItemsThatArriveInPartStay cuts off a large answer while one of its items is open, then retries.
func TestItemsThatArriveInPartStay(t *testing.T) {
	whole, part := shop(t), itemsOf(t, []string{`{"name":"first"}`})
	s := watchingRun(80, 24)
	s.send(receivingMsg{poll: s.watcher.polls, items: whole, from: closedItems()})
	s.press("G", "enter")
	s.failed(&run.Problem{Kind: run.ProblemMalformed, Summary: text.NewText("cut")})
	if frame := frameOf(t, s); s.table().Row() != 89 || !strings.Contains(frame, "item 90 of 90") {
		t.Errorf("the cut answer moved the cursor to %d:\n%s", s.table().Row(), frame)
	}
	s.send(receivingMsg{poll: s.watcher.polls, items: part, from: closedItems()})
	if s.table().Items().Len() != 90 {
		t.Errorf("the beginning of the next try took the place of %d items", whole.Len())
	}
	s.polled(finished(result(0), part, time.Second))
	if frame := frameOf(t, s); s.itemIsOpen() || s.table().Row() != 0 || !strings.Contains(frame, "1 of 1") {
		t.Errorf("with fewer items in the end, item open %v, cursor %d", s.itemIsOpen(), s.table().Row())
	}
}

func TestAnItemBesideTheTableScrollsToItsEnd(t *testing.T) {
	var fields []string
	for i := range 100 {
		fields = append(fields, fmt.Sprintf(`"k%03d":%d`, i, i))
	}
	s := watchingRun(160, 40).polled(finished(result(0), itemsOf(t, []string{"{" + strings.Join(fields, ",") + "}"}), time.Second))
	s.press("enter", "space", "space", "space", "space")
	if frame := frameOf(t, s); !strings.Contains(frame, "k099") {
		t.Errorf("the last field never shows:\n%s", frame)
	}
}

func TestALargeItemIsLaidOutAnewAfterAResize(t *testing.T) {
	large := `{"text":"` + strings.Repeat("word ", 40_000) + `"}`
	s := watchingRun(120, 40).polled(finished(result(0), itemsOf(t, []string{large}), time.Second))
	old := s.pressed("enter")
	_, cmd := s.Update(tea.WindowSizeMsg{Width: 70, Height: 30})
	s.send(old...)
	s.send(messagesOf(cmd)...)
	for _, line := range s.itemText().Lines() {
		if s.env.Painter.Width(line) > s.env.Frame.Body.Dx() {
			t.Fatalf("a line of %d cells on a screen of 70", s.env.Painter.Width(line))
		}
	}
}

func TestTheWindowTitleFollowsTheRun(t *testing.T) {
	s := watchingRun(80, 24).running(41 * time.Second)
	if title := s.View().WindowTitle; title != "running - 12 pages - 348 items - k7Xb9dRmQ2p - sbwatch" {
		t.Errorf("title %q", title)
	}
	if bar := s.View().ProgressBar; bar == nil || bar.State != tea.ProgressBarIndeterminate {
		t.Errorf("progress %v", bar)
	}
	s.polled(finished(result(0.02), shop(t), time.Minute))
	if status := s.View().ProgramStatus; status.State != tea.ProgramStateDone || s.View().ProgressBar != nil {
		t.Errorf("status %v, progress %v", status.State, s.View().ProgressBar)
	}
	s = newStage(Config{Watch: watch.NewWatch(text.NewText("✓日\x9c\x1b]0;x\a"))}, 80, 24)
	if title := s.View().WindowTitle; strings.ContainsAny(title, "\x1b\a✓") || strings.IndexByte(title, 0x9c) >= 0 {
		t.Errorf("title %q", title)
	}
}

func TestTheMessageSaysHowATextWasCopied(t *testing.T) {
	for _, c := range []struct {
		way        CopyWay
		said       string
		byTerminal bool
	}{
		{CopySystem, "copied $137.92 to the clipboard", false},
		{CopyTmux, "copied $137.92 to tmux; the terminal may refuse it", false},
		{CopyTmuxTerminal, "copied $137.92 to tmux; the terminal may refuse it", true},
		{CopyTerminal, "sent $137.92 to the terminal, which may refuse it", true},
	} {
		s := browsing(t).press("l")
		copied := ""
		s.env.Copier = func(_ context.Context, content string) CopyWay {
			copied = content
			return c.way
		}
		msgs := s.pressed("y")
		if len(msgs) != 1 || copied != "$137.92" {
			t.Fatalf("copied %q, messages %v", copied, msgs)
		}
		_, cmd := s.Update(msgs[0])
		if frame := frameOf(t, s); !strings.Contains(frame, c.said) {
			t.Errorf("no %q in\n%s", c.said, frame)
		}
		if got := len(messagesOf(cmd)) > 0; got != c.byTerminal {
			t.Errorf("way %d: copied by the terminal %v", c.way, got)
		}
	}
}

func TestTheMessageAboutALongTextSaysHowItWasCopied(t *testing.T) {
	inNoTime(t, func(t *testing.T) {
		s := browses(t, 60, 20, []string{`{"url":"https://shop.example.com/p/cordless-lamp-0001?from=catalog"}`})
		s.does("y")
		if frame := frameOf(t, s); !strings.Contains(frame, "sent https://shop… to the terminal, which may refuse it") {
			t.Errorf("the message is cut:\n%s", frame)
		}
	})
}
