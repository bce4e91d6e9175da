package ui

import (
	"slices"
	"strings"
	"testing"
)

// TestViewChangesAreUndone makes changes, undoes all of them and redoes them. Each view must come back exactly.
func TestViewChangesAreUndone(t *testing.T) {
	s := browses(t, 120, 40, broken()...)
	view := func() string {
		t.Helper()
		return strings.Join(strings.Split(frameOf(t, s), "\n")[4:38], "\n")
	}
	steps := [][]string{
		{"l", "l", "v"},
		{"0", "s"},
		{"s"},
		{"-"},
		{"L"},
		{".", ".", ".", ","},
		{"z"},
		{"w"},
		{"|"},
		{"%"},
		{"+", "r", "o", "w", "*", "2", "enter"},
		{"l", "delete"},
		{"!"},
		{"x"},
		{"esc"},
		{"f", "r", "o", "w", " ", "<", " ", "2", "0", "enter"},
		{"$", "h", "("},
		{"$", "h", ")"},
	}
	views := []string{view()}
	for _, keys := range steps {
		s.does(keys...)
		s.table().SelectColumn(0)
		s.table().SelectRow(0)
		s.run.Items().Arrange()
		views = append(views, view())
	}
	check := func(key string, want string) {
		t.Helper()
		s.does(key)
		s.table().SelectColumn(0)
		s.table().SelectRow(0)
		s.run.Items().Arrange()
		if got := view(); got != want {
			t.Fatalf("%s: got\n%s\nwant\n%s", key, got, want)
		}
	}
	for _, want := range slices.Backward(views[:len(steps)]) {
		check("Z", want)
	}
	for i := range steps {
		check("X", views[i+1])
	}
	s.does("Z", "Z", "s")
	if _, isEnabled := s.actions().For(keyPress("X"), false); isEnabled {
		t.Error("a new change can be followed by redo")
	}
}

func TestUndoSaysWhatChanged(t *testing.T) {
	s := browses(t, 80, 24, broken()...).does("l", "l", "v", "s", "-", "Z")
	for _, want := range []string{"undid column layout", "undid sort", "undid filter"} {
		if !strings.Contains(frameOf(t, s), want) {
			t.Errorf("want %q in\n%s", want, frameOf(t, s))
		}
		s.does("Z")
	}
	if s.does("X"); !strings.Contains(frameOf(t, s), "redid filter") || len(s.run.Items().Filters()) != 1 {
		t.Errorf("got\n%s", frameOf(t, s))
	}
}
