package ui

import (
	"strings"
	"testing"
)

func TestHelpIsSearched(t *testing.T) {
	inNoTime(t, func(t *testing.T) {
		s := checks(t, 80, 24, nil).does("?", "/").types("empty")
		frame := frameOf(t, s)
		for _, want := range []string{"next empty cell", "previous empty cell", "search keys: empty"} {
			if !strings.Contains(frame, want) {
				t.Errorf("%q is missing:\n%s", want, frame)
			}
		}
		if strings.Contains(frame, "quit") {
			t.Errorf("what does not match is listed:\n%s", frame)
		}
		if frame := frameOf(t, s.does("enter")); strings.Contains(frame, "search keys") || !strings.Contains(frame, "with empty") {
			t.Errorf("enter does not keep the matches:\n%s", frame)
		}
		if frame := frameOf(t, s.does("esc")); !strings.Contains(frame, "quit") || !strings.Contains(frame, "Keys") {
			t.Errorf("esc does not list all keys again:\n%s", frame)
		}
		if frame := frameOf(t, s.does("/").types("zzz")); !strings.Contains(frame, "nothing found") {
			t.Errorf("nothing says that nothing was found:\n%s", frame)
		}
		if frame := frameOf(t, s.does("esc", "esc")); strings.Contains(frame, "Keys") {
			t.Errorf("esc does not close help:\n%s", frame)
		}
	})
}

func TestHelpListsKeysWithoutUseAndTheFilterSyntax(t *testing.T) {
	inNoTime(t, func(t *testing.T) {
		s := checks(t, 120, 80, nil).does("?")
		frame := frameOf(t, s)
		for _, want := range []string{"next match", "export", "filter syntax", "brand ~ re:^ac"} {
			if !strings.Contains(frame, want) {
				t.Errorf("%q is missing:\n%s", want, frame)
			}
		}
		faint := s.env.Painter.Faint.Render("  n")
		if prefix, _, _ := strings.Cut(faint, "n"); !strings.Contains(s.View().Content, prefix+"n") {
			t.Error("the key for the next match is not dimmed, although nothing is searched for")
		}
		if frame := frameOf(t, s.does("esc", "2", "?")); strings.Contains(frame, "filter syntax") {
			t.Errorf("the filter syntax is listed where there is no filter:\n%s", frame)
		}
	})
}
