package ui

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"sbwatch/internal/golden"
	"sbwatch/model/item"
	"sbwatch/model/run"
	"sbwatch/model/text"
)

// fileStage is a dashboard of several files.
type fileStage struct {
	*stage
	reads []string // the names of the files that were read, in order
}

// fileSource is a file for tests: its items, or the error of reading it.
type fileSource struct {
	name  string
	items item.Table
	err   error
	once  bool
	early item.Table // the items that arrive before the others
}

// newFileStage opens files and reads the first.
func newFileStage(t *testing.T, w, h int, maxMemory int64, sources ...fileSource) *fileStage {
	t.Helper()
	s := &fileStage{}
	config := Config{MaxMemory: maxMemory}
	for _, one := range sources {
		config.Files = append(config.Files, File{
			Source: text.NewText(one.name), IsOnce: one.once, Commands: commandLines{},
			Load: func(ctx context.Context, onItems func(item.Table)) (run.Answer, error) {
				s.reads = append(s.reads, one.name)
				if one.early.Len() > 0 {
					onItems(one.early)
				} else {
					onItems(one.items)
				}
				if ctx.Err() != nil {
					return run.Answer{}, ctx.Err()
				}
				return run.Answer{Items: one.items}, one.err
			},
		})
	}
	s.stage = newStage(config, w, h)
	s.follow(s.Init())
	return s
}

// press presses keys and runs the commands that follow.
func (s *fileStage) press(keys ...string) {
	s.does(keys...)
	s.run = s.runs[s.first].screen
}

func (s *fileStage) frame(t *testing.T) string {
	t.Helper()
	return frameOf(t, s.stage)
}

// countedItems returns n items.
func countedItems(t *testing.T, n int) item.Table {
	t.Helper()
	var rows []string
	for i := range n {
		rows = append(rows, fmt.Sprintf(`{"name":"item %d","price":%d}`, i, i%7))
	}
	return itemsOf(t, rows)
}

func someFiles(t *testing.T) []fileSource {
	t.Helper()
	return []fileSource{
		{name: "mon/items.json", items: shop(t)},
		{name: "tue/items.json", items: countedItems(t, 1204)},
		{name: "bad.json", err: &run.Problem{Kind: run.ProblemInput, Summary: text.NewText("no such file"), NextStep: text.NewText("give a file")}},
		{name: "cut.csv", items: countedItems(t, 2), err: errors.New("cut short")},
	}
}

func TestGoldenFiles(t *testing.T) {
	inNoTime(t, func(t *testing.T) {
		for _, size := range [][2]int{{40, 10}, {60, 20}, {80, 24}, {120, 40}, {200, 60}} {
			s := newFileStage(t, size[0], size[1], 0, someFiles(t)...)
			name := fmt.Sprintf("files-%dx%d", size[0], size[1])
			golden.Check(t, name, s.frame(t))
			s.press("]", "]")
			golden.Check(t, "files-bad-"+strings.TrimPrefix(name, "files-"), s.frame(t))
			s.press("B")
			golden.Check(t, "files-list-"+strings.TrimPrefix(name, "files-"), s.frame(t))
		}
	})
}

// TestEachFileIsLeftAsItWas checks that filters, the open tab and the open item of a file are there when the user
// returns.
func TestEachFileIsLeftAsItWas(t *testing.T) {
	inNoTime(t, func(t *testing.T) {
		s := newFileStage(t, 120, 40, 0, someFiles(t)...)
		s.press("]", "f")
		for _, r := range "price=3" {
			s.press(string(r))
		}
		s.press("enter", "j", "j")
		filtered := s.frame(t)
		if !strings.Contains(filtered, "of 172 of 1,204") && !strings.Contains(filtered, "172 of 1,204") {
			t.Fatalf("the filter does not select 172 items:\n%s", filtered)
		}
		s.press("[", "3")
		if frame := s.frame(t); strings.Contains(frame, "172") || s.run.Tab() != "pages" {
			t.Errorf("the filter is in another file, too:\n%s", frame)
		}
		s.press("]")
		if frame := s.frame(t); frame != filtered {
			t.Errorf("the file is not as it was left:\n%s\nwant\n%s", frame, filtered)
		}
		s.press("[")
		if s.run.Tab() != "pages" {
			t.Errorf("the tab %s is open", s.run.Tab())
		}
	})
}

// TestFilesAreReadOneAfterAnother checks that the open file is read first, and a pipe only when it is opened.
func TestFilesAreReadOneAfterAnother(t *testing.T) {
	inNoTime(t, func(t *testing.T) {
		s := newFileStage(t, 120, 40, 0,
			fileSource{name: "a", items: countedItems(t, 3)}, fileSource{name: "-", items: countedItems(t, 4), once: true}, fileSource{name: "c", items: countedItems(t, 5)})
		if got := strings.Join(s.reads, " "); got != "a c" {
			t.Errorf("read %s", got)
		}
		if frame := s.frame(t); !strings.Contains(frame, "┤ a 3 ├── - ─── c 5 ─") {
			t.Errorf("the tabs are wrong:\n%s", frame)
		}
		s.press("]", "]", "[")
		if got := strings.Join(s.reads, " "); got != "a c -" {
			t.Errorf("read %s", got)
		}
	})
}

// TestMemoryForFilesIsBounded checks that the file that was opened longest ago is dropped, and read again on return.
func TestMemoryForFilesIsBounded(t *testing.T) {
	inNoTime(t, func(t *testing.T) {
		one := countedItems(t, 5000)
		var sources []fileSource
		for _, name := range []string{"a", "b", "c", "d"} {
			sources = append(sources, fileSource{name: name, items: one})
		}
		s := newFileStage(t, 120, 40, 5*one.Memory(), sources...)
		kept := func() int64 {
			memory := int64(0)
			for _, f := range s.files.files {
				memory += f.memory()
			}
			return memory
		}
		s.press("]", "]", "]")
		if got := kept(); got > 4*one.Memory() {
			t.Errorf("%d bytes are kept, one file has %d", got, one.Memory())
		}
		if s.files.files[0].saved != nil {
			t.Error("the file that was opened first is not dropped")
		}
		s.press("B")
		if frame := s.frame(t); !strings.Contains(frame, "dropped to save memory") {
			t.Errorf("the list of files does not say that a file was dropped:\n%s", frame)
		}
		s.press("esc")
		before := len(s.reads)
		s.press("]")
		if frame := s.frame(t); len(s.reads) != before+1 || !strings.Contains(frame, "┤ a 5,000 ├") || !strings.Contains(frame, "1 of 5,000") {
			t.Errorf("the file was not read again:\n%s", frame)
		}
	})
}

func TestLargeFilesAreNotReadAhead(t *testing.T) {
	inNoTime(t, func(t *testing.T) {
		var large item.Table
		rows := []string{`{"text":"` + strings.Repeat("x", 1<<20) + `"}`}
		for range maxUnvisited>>20 + 1 {
			rows = append(rows, rows[0])
		}
		large = itemsOf(t, rows)
		s := newFileStage(t, 120, 40, 0, fileSource{name: "a", items: countedItems(t, 3)}, fileSource{name: "b", items: large}, fileSource{name: "c", items: countedItems(t, 3)})
		if frame := s.frame(t); !strings.Contains(frame, "┤ a 3 ├── b ─── c 3 ─") {
			t.Errorf("the tabs are wrong:\n%s", frame)
		}
		s.press("]")
		if frame := s.frame(t); !strings.Contains(frame, "┤ b 66 ├") {
			t.Errorf("the file is not read when it is opened:\n%s", frame)
		}
	})
}

func TestClosingFiles(t *testing.T) {
	inNoTime(t, func(t *testing.T) {
		s := newFileStage(t, 120, 40, 0, someFiles(t)...)
		s.press("]", "ctrl+w")
		if frame := s.frame(t); !strings.Contains(frame, "── mon/items.json 90 ──┤ ✗ bad.json ├──") {
			t.Errorf("the file is not closed:\n%s", frame)
		}
		x, y := s.find(t, "cut.csv")
		_, cmd := s.Update(tea.MouseClickMsg{X: x, Y: y, Button: tea.MouseMiddle})
		s.follow(cmd)
		if frame := s.frame(t); strings.Contains(frame, "cut.csv") || !strings.Contains(frame, "┤ ✗ bad.json ├──") {
			t.Errorf("the middle button does not close a file:\n%s", frame)
		}
		s.press("B", "up", "delete", "esc")
		if frame := s.frame(t); strings.Contains(frame, "items.json") || len(s.runs) != 1 {
			t.Errorf("the list does not close a file (%d runs):\n%s", len(s.runs), frame)
		}
		s.press("ctrl+w")
		if frame := s.frame(t); !strings.Contains(frame, "This is the last file. Press q to quit.") {
			t.Errorf("nothing says that this is the last file:\n%s", frame)
		}
		s.press("]", "B")
		if len(s.files.files) != 1 {
			t.Error("the last file was closed")
		}
	})
}

func TestChoosingFiles(t *testing.T) {
	inNoTime(t, func(t *testing.T) {
		s := newFileStage(t, 120, 40, 0, someFiles(t)...)
		x, y := s.find(t, "tue/items.json")
		s.clickAt(x, y)
		if s.files.open != 1 {
			t.Fatalf("a click opens file %d", s.files.open)
		}
		s.press("B", "c", "u", "t", "enter")
		if frame := s.frame(t); !strings.Contains(frame, "┤ ! cut.csv 2 ├") {
			t.Errorf("the list does not open the file:\n%s", frame)
		}
		s.press(":")
		for _, r := range "file mon" {
			s.press(string(r))
		}
		s.press("enter")
		if s.files.open != 0 {
			t.Errorf("the palette opens file %d", s.files.open)
		}
		s.press("[")
		if s.files.open != 3 {
			t.Errorf("[ on the first file opens file %d", s.files.open)
		}
	})
}

// TestMessagesReachHiddenFiles checks that work in a file continues while another is open, and that its messages and
// dialogs do not show up there.
func TestMessagesReachHiddenFiles(t *testing.T) {
	inNoTime(t, func(t *testing.T) {
		s := newFileStage(t, 120, 40, 0, someFiles(t)...)
		s.press("]", "/")
		for _, r := range "item 7" {
			s.press(string(r))
		}
		_, search := s.Update(keyPress("enter"))
		_, next := s.Update(keyPress("["))
		s.follow(next)
		before := s.frame(t)
		s.follow(search)
		if frame := s.frame(t); frame != before {
			t.Errorf("the search in another file changes the screen:\n%s\nbefore\n%s", frame, before)
		}
		s.press("]")
		if !s.searchIsDone() {
			t.Error("the search did not continue")
		}
		names := slices.Collect(func(yield func(string) bool) {
			for _, file := range OpenedFiles(s.App) {
				if !yield(file.Source.Raw()) {
					return
				}
			}
		})
		if got := strings.Join(names, " "); got != "mon/items.json tue/items.json" {
			t.Errorf("opened files: %s", got)
		}
	})
}

// TestADroppedFileKeepsItsView checks that a file that was dropped and read again is shown as the user left it.
func TestADroppedFileKeepsItsView(t *testing.T) {
	inNoTime(t, func(t *testing.T) {
		one, early := countedItems(t, 5000), countedItems(t, 500)
		for name, keys := range map[string][]string{
			"cursor":           {"G", "k", "k", "l"},
			"filter and sort":  {"f", "p", "r", "i", "c", "e", "=", "3", "enter", "0", "s", "s", "j", "j", "j", "l"},
			"columns and tabs": {"l", "-", "0", "/", "7", "7", "enter", "n", "v", "2"},
			"marks":            {"t", "j", "t", "Z", "X"},
			"sort":             {"s", "s", "j", "j", "j"},
		} {
			var sources []fileSource
			for _, name := range []string{"a", "b", "c", "d"} {
				sources = append(sources, fileSource{name: name, items: one, early: early})
			}
			s := newFileStage(t, 120, 40, 5*one.Memory(), sources...)
			s.press(keys...)
			s.at(time.Minute) // hides messages
			left := s.frame(t)
			s.press("]", "]", "]")
			if s.files.files[0].saved != nil {
				t.Fatal("the file is not dropped")
			}
			_, cmd := s.Update(keyPress("]"))
			for _, msg := range slices.Backward(messagesOf(cmd)) { // the early items before the others
				_, next := s.Update(msg)
				s.follow(next)
			}
			s.press()
			s.at(time.Minute)
			if frame := s.frame(t); frame != left {
				t.Errorf("%s: the file is not as it was left:\n%s\nwant\n%s", name, frame, left)
			}
		}
	})
}

// TestFailedFilesAreReadAgain checks that a file that could not be read is read again when the user returns to it.
func TestFailedFilesAreReadAgain(t *testing.T) {
	inNoTime(t, func(t *testing.T) {
		s := newFileStage(t, 80, 24, 0, someFiles(t)...)
		s.press("]", "]")
		before := len(s.reads)
		s.press("[", "]")
		if reads := s.reads[before:]; !slices.Equal(reads, []string{"bad.json"}) {
			t.Errorf("on the second visit, %v were read", reads)
		}
		if frame := s.frame(t); !strings.Contains(frame, "no such file") {
			t.Errorf("the error is gone:\n%s", frame)
		}
	})
}
