package tree_test

import (
	"testing"

	"sbwatch/ui/widget/tree"
)

// TestAddedLinesBelongToNoField looks for the fields of lines in a window that shows two blocks and a note.
func TestAddedLinesBelongToNoField(t *testing.T) {
	l := tree.Blocks([][]string{{"a", "more of a"}, {"b"}})
	l.Add([]string{"a note"})
	var tr tree.Tree
	tr.SetLayout(l)
	const h = 3
	tr.Scroll(1, h) // the first line is not visible
	for line, want := range []struct {
		field int
		found bool
	}{{0, true}, {1, true}, {0, false}} {
		if i, found := tr.FieldAt(line, h); i != want.field || found != want.found {
			t.Errorf("line %d is of field %d, %v", line, i, found)
		}
	}
}
