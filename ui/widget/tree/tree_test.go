package tree_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"sbwatch/internal/golden"
	"sbwatch/model/item"
	"sbwatch/theme"
	"sbwatch/ui/cursor"
	"sbwatch/ui/draw"
	"sbwatch/ui/widget/tree"
)

func painter() draw.Painter { return draw.New(theme.Mono(), ansi.WcWidth) }

const value = `{"name":"Kettle 表情","":null,"dims":{"w":10,"deep":{"a":[{"b":"\u001b[31m"}]}},"tags":["a","b"],` +
	`"a name that is far too long for a tree":"` + "long text that wraps at the end of the line, and goes on" + `","items":"2 items"}`

func TestView(t *testing.T) {
	for _, w := range []int{24, 40, 80} {
		for _, isLiteral := range []bool{false, true} {
			var tr tree.Tree
			v := tree.Value{Root: item.NewCell([]byte(value)), IsLiteral: isLiteral, Folds: map[item.Path]bool{item.PathOf("items"): false}}
			v.Elided = func(path item.Path, _ item.Cell) []item.Cell {
				if path == item.PathOf("items") {
					return []item.Cell{item.NewCell([]byte(`{"x":1}`)), item.NewCell([]byte(`2`))}
				}
				return nil
			}
			tr.SetLayout(v.Lay(painter(), w))
			tr.Move(cursor.Down, 40)
			name := fmt.Sprintf("tree-%d", w)
			if isLiteral {
				name += "-literal"
			}
			golden.Check(t, name, golden.Marked(t, tr.View(painter(), 40, true), w, ansi.WcWidth))
		}
	}
}

func TestTheCursorReachesAllLines(t *testing.T) {
	root := `{"a":1,"long":"` + strings.Repeat(`line\n`, 30) + `","b":2}`
	var tr tree.Tree
	tr.SetLayout(tree.Value{Root: item.NewCell([]byte(root))}.Lay(painter(), 40))
	const h = 10
	seen := map[string]bool{}
	for range 60 {
		for i := range tr.View(painter(), h, true) {
			seen[fmt.Sprint(tr.Top()+i)] = true
		}
		tr.Move(cursor.Down, h)
	}
	if len(seen) != len(tr.Lines()) {
		t.Errorf("%d of %d lines showed", len(seen), len(tr.Lines()))
	}
	if f, _ := tr.Field(); f.Path != item.PathOf("b") {
		t.Error("the cursor does not reach the last field")
	}
	for range 60 {
		tr.Move(cursor.Up, h)
	}
	if f, _ := tr.Field(); f.Path != item.PathOf("a") || tr.Top() != 0 {
		t.Error("the cursor does not come back")
	}
	for _, m := range []cursor.Move{cursor.PageDown, cursor.HalfPageDown, cursor.LastRow, cursor.PageUp, cursor.FirstRow} {
		tr.Move(m, h)
	}
	var none tree.Tree
	none.Move(cursor.Down, h)
	none.Follow(h)
	if _, known := none.Field(); known || none.Position() != "" || len(none.View(painter(), h, true)) != 0 {
		t.Error("an empty tree has a field")
	}
}

func TestScrollAndFieldAt(t *testing.T) {
	var tr tree.Tree
	tr.Scroll(3, 4)
	if _, found := tr.FieldAt(0, 4); found {
		t.Error("an empty tree has a field")
	}
	tr.SetLayout(tree.Value{Root: item.NewCell([]byte(value))}.Lay(painter(), 30))
	const h = 4
	for _, by := range []int{1, 2, -1, 100, -100, 3} {
		tr.Scroll(by, h)
		lines := tr.View(painter(), h, true)
		hasCursor := false
		for i, line := range lines {
			at, found := tr.FieldAt(i, h)
			isCursor := strings.Contains(line, "▸")
			hasCursor = hasCursor || isCursor
			if !found || isCursor && at != tr.Cursor() {
				t.Errorf("line %d is of field %d, %v, but shows the cursor of field %d: %v", i, at, found, tr.Cursor(), isCursor)
			}
		}
		if _, found := tr.FieldAt(h, h); found || !hasCursor {
			t.Errorf("after scrolling by %d: a field below the window %v, a cursor %v", by, found, hasCursor)
		}
	}
}

// TestLongTextsAreWrappedInChunks compares the layout of a long text with the text wrapped as a whole.
func TestLongTextsAreWrappedInChunks(t *testing.T) {
	for _, words := range []string{"some words, and others; ", "onelongword", "日本語の文章 と "} {
		text := strings.Repeat(words, 100_000/len(words))
		calls := 0
		v := tree.Value{Root: item.NewCell([]byte(`"` + text + `"`)), Next: func(int) bool { calls++; return true }}
		var tr tree.Tree
		tr.SetLayout(v.Lay(painter(), 42))
		want := painter().Wrap(text, 40)
		if got := strings.Join(tr.Lines(), "\n"); ansi.Strip(got) != strings.Join(want, "\n") || calls < 4 {
			t.Errorf("%q: %d lines after %d calls of Next, want %d lines", words, len(tr.Lines()), calls, len(want))
		}
		v.Next = func(int) bool { return false }
		var stopped tree.Tree
		stopped.SetLayout(v.Lay(painter(), 42))
		if len(stopped.Lines()) > len(want)/2 {
			t.Errorf("%q: the layout did not stop early", words)
		}
	}
}
