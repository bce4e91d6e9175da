package ui

import (
	"image/color"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"sbwatch/model/text"
)

// rawStage shows the Raw tab of an answer with two pages of items.
func rawStage(t *testing.T, w, h int) *stage {
	t.Helper()
	answer := finished(result(0.07), itemsOf(t, []string{`{"name":"Kettle","price":"$1"}`, `{"name":"Lamp"}`}, []string{`{"name":"Desk","dims":{"w":1}}`}), time.Minute)
	answer.Envelope = text.NewText(`{"status":"completed","data":{"id":"k7X","result":{"pages":[{"items":"2 items"},{"items":"1 item"}],"note":"2 items"}}}`)
	return watchingRun(w, h).polled(answer).press("6")
}

func TestRawShowsWhatWasSent(t *testing.T) {
	inNoTime(t, func(t *testing.T) {
		s := rawStage(t, 80, 40)
		copied := s.copies()
		if s.does("y"); *copied != "completed" {
			t.Errorf("y copies %q", *copied)
		}
		if s.does("Y"); !strings.HasPrefix(*copied, `{"status":"completed","data"`) {
			t.Errorf("Y copies %q", *copied)
		}
		s.does("/").types("desk").does("enter")
		if frame := frameOf(t, s); !strings.Contains(frame, "/desk/ 1 of 1") || strings.Contains(frame, "Desk") {
			t.Errorf("the search does not find the folded item:\n%s", frame)
		}
		if s.does("y"); *copied != `[{"name":"Desk","dims":{"w":1}}]` {
			t.Errorf("y on the items copies %q", *copied)
		}
		s.does("enter", "j", "enter")
		if frame := frameOf(t, s); !strings.Contains(frame, `"name"  "Desk"`) {
			t.Errorf("the item does not open:\n%s", frame)
		}
		s.does("j", "j", "j", "y")
		if *copied != "1" {
			t.Errorf("y in the item copies %q", *copied)
		}
		s.does("h", "h", "h")
		if frame := frameOf(t, s); strings.Contains(frame, "Desk") || !strings.Contains(frame, "1 item") {
			t.Errorf("the items do not fold:\n%s", frame)
		}
		s.does("G", "enter")
		if frame := frameOf(t, s); strings.Contains(frame, "Lamp") {
			t.Errorf("a text that only looks like items opens:\n%s", frame)
		}
		if s.does("esc"); strings.Contains(frameOf(t, s), "/desk/") {
			t.Error("esc does not clear the search")
		}
	})
}

// TestIndentedJSONIsShownOnOneLine checks folded values in the Raw tab, and lists and objects in the table and in an item.
func TestIndentedJSONIsShownOnOneLine(t *testing.T) {
	inNoTime(t, func(t *testing.T) {
		answer := finished(result(0.07), itemsOf(t, []string{"{\"name\": \"Kettle\", \"dims\": {\n    \"w\": 1,\n    \"h\": [\n      1,\n      2\n    ]\n  }}"}), time.Minute)
		answer.Envelope = text.NewText("{\n  \"status\": \"completed\",\n  \"data\": {\n    \"id\": \"k7X\",\n    \"sizes\": [\n      1,\n      2\n    ]\n  }\n}")
		s := watchingRun(80, 24).polled(answer)
		for _, step := range []struct {
			keys []string
			want string
		}{
			{nil, `{"w": 1, "h": [1, 2]}`},
			{[]string{"/", "1", "enter"}, `{"w": 1, "h": [1, 2]}`},
			{[]string{"esc", "enter"}, "h   [1, 2]"},
			{[]string{"j", "enter"}, `dims  {"w": 1, "h": [1, 2]}`},
			{[]string{"esc", "6"}, `"sizes"  [1, 2]`},
			{[]string{"j", "enter"}, `"data"    {"id": "k7X", "sizes": [1, 2]}`},
		} {
			s.does(step.keys...)
			if frame := frameOf(t, s); !strings.Contains(frame, step.want) || strings.Contains(frame, `\n`) {
				t.Errorf("after %q there is no %q:\n%s", step.keys, step.want, frame)
			}
		}
	})
}

func TestRawOpensTheItemsOfAFile(t *testing.T) {
	inNoTime(t, func(t *testing.T) {
		answer := finished(result(0.07), itemsOf(t, []string{`{"name":"Kettle"}`, `{"name":"Lamp"}`}), time.Minute)
		answer.Envelope = text.NewText("2 items")
		s := watchingRun(80, 24).polled(answer).press("6")
		if s.does("enter"); !strings.Contains(frameOf(t, s), "Lamp") {
			t.Errorf("the items do not open:\n%s", frameOf(t, s))
		}
		if s.does("j", "h"); strings.Contains(frameOf(t, s), "Lamp") {
			t.Errorf("the items do not fold:\n%s", frameOf(t, s))
		}
	})
}

func TestRawOnASmallWindow(t *testing.T) {
	inNoTime(t, func(t *testing.T) {
		answer := finished(result(0.07), itemsOf(t, nil, []string{`{"name":"Lamp"}`}), time.Minute)
		answer.Envelope = text.NewText(`{"data":{"result":{"pages":[{"items":"0 items"},{"items":"1 item"}]}}}`)
		s := watchingRun(40, 40).polled(answer).press("6")
		frame := frameOf(t, s)
		if strings.Contains(frame, `"0 items"`) || strings.Contains(frame, `"1 item"`) || !strings.Contains(frame, "0 items") {
			t.Errorf("the items look like text:\n%s", frame)
		}
		if s.does("G", "enter"); !strings.Contains(frameOf(t, s), "Lamp") {
			t.Errorf("the items do not open:\n%s", frameOf(t, s))
		}
	})
}

// TestALargeAnswerIsLaidOutInTheBackground checks that opening the Raw tab returns at once, that the work can be
// canceled, and that its result fits the window.
func TestALargeAnswerIsLaidOutInTheBackground(t *testing.T) {
	inNoTime(t, func(t *testing.T) {
		words := strings.Repeat("some words of a large answer, ", 70_000)
		answer := finished(result(0.07), itemsOf(t, []string{`{"name":"Kettle"}`}), time.Minute)
		answer.Envelope = text.NewText(`{"status":"completed","large":"` + words + `","last":1}`)
		s := watchingRun(80, 24).polled(answer)
		_, cmd := s.Update(keyPress("6"))
		if frame := frameOf(t, s); !strings.Contains(frame, "laying out 2.1 MB") {
			t.Fatalf("the frame does not say that the answer is being laid out:\n%s", frame)
		}
		s.Update(keyPress("esc"))
		s.follow(cmd)
		if frame := frameOf(t, s); !strings.Contains(frame, "canceled: enter shows the answer") {
			t.Fatalf("esc does not cancel the work:\n%s", frame)
		}
		s.does("enter")
		if frame := frameOf(t, s); !strings.Contains(frame, "some words of a large answer") {
			t.Errorf("enter does not lay out the answer:\n%s", frame)
		}
		s.send(tea.WindowSizeMsg{Width: 60, Height: 20})
		if frame := frameOf(t, s); !strings.Contains(frame, "laying out") {
			t.Errorf("a new size does not start the work:\n%s", frame)
		}
		s.follow(deferred(s.env))
		s.does("G")
	})
}

// TestACanceledLayoutCanBeStartedAgain checks that Esc during the layout of a large answer undoes the search or the fold
// that required it, and that any layout can be started again.
func TestACanceledLayoutCanBeStartedAgain(t *testing.T) {
	const large, canceled = "some words of a large answer", "canceled: enter shows the answer"
	for name, c := range map[string]struct {
		change  func(s *stage) tea.Cmd // starts a layout
		after   string                 // part of the frame after Esc
		again   func(s *stage) tea.Cmd // starts the layout again
		changed func(frame string) bool
	}{
		"fold": {
			change:  func(s *stage) tea.Cmd { return s.press("j", "j").update(keyPress("enter")) },
			after:   large,
			again:   func(s *stage) tea.Cmd { return s.update(keyPress("enter")) },
			changed: func(frame string) bool { return strings.Contains(frame, `"two"      {"inner":2}`) },
		},
		"another fold": {
			change: func(s *stage) tea.Cmd { return s.press("j", "j").update(keyPress("enter")) },
			after:  large,
			again:  func(s *stage) tea.Cmd { return s.press("k", "k").update(keyPress("enter")) },
			changed: func(frame string) bool {
				return strings.Contains(frame, `"one"      {"first":1}`) && !strings.Contains(frame, `{"inner":2}`)
			},
		},
		"search": {
			change:  func(s *stage) tea.Cmd { return s.press("/", "l").update(keyPress("enter")) },
			after:   large,
			again:   func(s *stage) tea.Cmd { return s.press("/", "l").update(keyPress("enter")) },
			changed: func(frame string) bool { return strings.Contains(frame, "/l/") },
		},
		"width": {
			change:  func(s *stage) tea.Cmd { return s.update(tea.WindowSizeMsg{Width: 60, Height: 24}) },
			after:   canceled,
			again:   func(s *stage) tea.Cmd { return s.update(keyPress("enter")) },
			changed: func(frame string) bool { return strings.Contains(frame, large) },
		},
		"colors": {
			change:  func(s *stage) tea.Cmd { return s.update(tea.BackgroundColorMsg{Color: color.White}) },
			after:   canceled,
			again:   func(s *stage) tea.Cmd { return s.update(keyPress("enter")) },
			changed: func(frame string) bool { return strings.Contains(frame, large) },
		},
	} {
		t.Run(name, func(t *testing.T) {
			inNoTime(t, func(t *testing.T) {
				words := strings.Repeat(large+", ", 7_000)
				answer := finished(result(0.07), itemsOf(t, []string{`{"name":"Kettle"}`}), time.Minute)
				answer.Envelope = text.NewText(`{"one":{"first":1},"two":{"inner":2},"large":"` + words + `","last":1}`)
				s := watchingRun(80, 24).polled(answer).does("6")
				if frame := frameOf(t, s); !strings.Contains(frame, large) {
					t.Fatalf("the answer is not shown:\n%s", frame)
				}
				cmd := c.change(s)
				s.press("esc").follow(cmd)
				if frame := frameOf(t, s); !strings.Contains(frame, c.after) || c.changed(frame) {
					t.Fatalf("esc does not cancel the layout:\n%s", frame)
				}
				s.follow(c.again(s))
				if frame := frameOf(t, s); !c.changed(frame) {
					t.Errorf("the layout is not started again:\n%s", frame)
				}
			})
		})
	}
}
