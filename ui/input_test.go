package ui

import (
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"sbwatch/ui/line"
)

// TestCompletingHostileWords completes a column, an operator and a value that an input cannot hold unchanged.
func TestCompletingHostileWords(t *testing.T) {
	for name, item := range map[string]string{
		"replacement in a key":   `{"k\ufffd":1}`,
		"lone surrogate":         `{"k\ud800":"\udc00"}`,
		"replacement in a value": `{"k":"a\ufffdb"}`,
		"control characters":     `{"k\u0000\t\n":"a\u0085\u001bb"}`,
		"invalid UTF-8":          "{\"k\xff\":\"\xff\"}",
		"long name":              `{"` + strings.Repeat("k", 2*line.MaxLength) + `":1}`,
		"long value":             `{"k":"` + strings.Repeat("日", 2*line.MaxLength) + `"}`,
		"name that almost fits":  `{"` + strings.Repeat("k", line.MaxLength-2) + `":1}`,
	} {
		t.Run(name, func(t *testing.T) {
			inNoTime(t, func(t *testing.T) {
				s := browses(t, 80, 24, []string{item, item}).does("f", "tab", "tab", "tab")
				for range 3 {
					s.types(" ").does("tab", "tab")
					frameOf(t, s)
					if s.prompt().Cursor() > len(s.prompt().Text()) {
						t.Fatalf("cursor %d in %q", s.prompt().Cursor(), s.prompt().Text())
					}
				}
				s.does("enter")
				frameOf(t, s)
			})
		})
	}
}

// TestDeletingTheLastWordAhead presses alt+d on the last character of every input.
func TestDeletingTheLastWordAhead(t *testing.T) {
	inNoTime(t, func(t *testing.T) {
		for _, opens := range []string{"/", "f", "e", "c", "&"} {
			s := browses(t, 80, 24, catalogue()).does(opens).types("a").does("left")
			for _, code := range []rune{'d', tea.KeyDelete} {
				s.send(tea.KeyPressMsg{Code: code, Mod: tea.ModAlt})
			}
			frameOf(t, s)
		}
	})
}
