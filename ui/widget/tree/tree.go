// Package tree shows a JSON value as a tree of fields, with a cursor on one of them. Nested values can be folded.
//
// [Value.Lay] lays out the visible fields. For a large value this takes longer than a frame. [Tree] shows the result
// and moves the cursor.
package tree

import (
	"slices"

	"charm.land/lipgloss/v2"

	"sbwatch/model/item"
	"sbwatch/ui/cursor"
	"sbwatch/ui/draw"
)

// Field is a visible field of the tree.
type Field struct {
	Path  item.Path
	Place item.Place
	Value item.Cell
	// IsNested reports whether the field contains other fields. IsOpen reports whether these other fields are visible.
	IsNested, IsOpen bool

	name  string
	depth int
	count int // number of fields inside the field
	// isElided reports whether the value of the field was returned by [Value.Elided].
	isElided bool
	from     int // index of its first line
}

// Layout is a value that was laid out for a certain width.
type Layout struct {
	fields []Field
	lines  []string
	owner  []int // the field that each line belongs to
	added  int   // number of lines at the end that [Layout.Add] has added
}

// Tree shows a layout. The zero value is empty.
type Tree struct {
	Layout
	cursor int // index in fields
	top    int // index of the first visible line
}

// SetLayout replaces the layout. The cursor stays on its field if that is still visible.
func (t *Tree) SetLayout(l Layout) {
	var under item.Path
	if t.cursor < len(t.fields) {
		under = t.fields[t.cursor].Path
	}
	t.Layout = l
	if at, found := t.Find(under); found {
		t.cursor = at
	}
	t.cursor = max(0, min(t.cursor, len(l.fields)-1))
}

// Len returns the number of visible fields.
func (t *Tree) Len() int { return len(t.fields) }

// Lines returns all lines.
func (t *Tree) Lines() []string { return t.lines }

// Top returns the index of the first visible line.
func (t *Tree) Top() int { return t.top }

// Cursor returns the index of the field at the cursor.
func (t *Tree) Cursor() int { return t.cursor }

// Field returns the field at the cursor. It returns false if there are no fields.
func (t *Tree) Field() (Field, bool) {
	if len(t.fields) == 0 {
		return Field{}, false
	}
	return t.fields[t.cursor], true
}

// At returns field i and its name.
func (t *Tree) At(i int) (Field, string) { return t.fields[i], t.fields[i].name }

// Find returns the index of the visible field with this path. It returns false if there is no such field.
func (t *Tree) Find(path item.Path) (i int, found bool) {
	i = slices.IndexFunc(t.fields, func(f Field) bool { return f.Path == path })
	return i, i >= 0
}

// end returns the index of the line after field i.
func (t *Tree) end(i int) int {
	if i+1 < len(t.fields) {
		return t.fields[i+1].from
	}
	return len(t.lines)
}

// Select moves the cursor to field i and scrolls to it in a window of h lines.
func (t *Tree) Select(i, h int) {
	t.cursor = max(0, min(i, len(t.fields)-1))
	t.Follow(h)
}

// SelectLine moves the cursor to the field of a line and scrolls to the line in a window of h lines. lead is the number
// of lines to keep visible above the line.
func (t *Tree) SelectLine(line, lead, h int) {
	if line < len(t.owner) {
		t.cursor = t.owner[line]
		t.top = max(0, min(line-lead, len(t.lines)-h))
	}
}

// Follow scrolls so that the field at the cursor is visible in a window of h lines. If the field does not fit, its
// start is visible.
func (t *Tree) Follow(h int) {
	if len(t.fields) == 0 {
		t.top = 0
		return
	}
	h = max(1, h)
	from, end := t.fields[t.cursor].from, t.end(t.cursor)
	isOnScreen := from < t.top+h && end > t.top
	if end-from > h && isOnScreen {
		t.top = max(0, min(t.top, len(t.lines)-h))
		return // keep the scroll position within a field that does not fit
	}
	t.top = max(0, min(min(max(t.top, end-h), from), len(t.lines)-h))
}

// Move moves the cursor in a window of h lines. If a field does not fit, Move scrolls through the field before the
// cursor leaves it.
func (t *Tree) Move(m cursor.Move, h int) {
	if len(t.fields) == 0 {
		return
	}
	h = max(1, h)
	switch {
	case m == cursor.Down && t.end(t.cursor) > t.top+h:
		t.top++
	case m == cursor.Up && t.fields[t.cursor].from < t.top:
		t.top--
	case m.IsPage():
		t.top = m.Apply(t.top, len(t.lines)-h+1, h)
		if from := t.fields[t.cursor].from; from < t.top || from >= t.top+h {
			t.cursor = t.owner[t.top]
		}
		if m == cursor.PageDown && t.top >= len(t.lines)-h {
			t.cursor = len(t.fields) - 1
		}
		if m == cursor.PageUp && t.top == 0 {
			t.cursor = 0
		}
	default:
		t.Select(m.Apply(t.cursor, len(t.fields), h), h)
	}
}

// Scroll scrolls by a number of lines in a window of h lines. The cursor moves only if its field is no longer visible.
func (t *Tree) Scroll(by, h int) {
	if len(t.fields) == 0 {
		return
	}
	h = max(1, h)
	t.top = max(0, min(t.top+by, len(t.lines)-h))
	first, last := t.owner[t.top], t.owner[min(len(t.lines), t.top+h)-1]
	t.cursor = max(first, min(t.cursor, last))
}

// FieldAt returns the index of the field at a line of the view in a window of h lines. It returns false if no field is
// at the line.
func (t *Tree) FieldAt(line, h int) (i int, found bool) {
	at := t.firstLine(h) + line
	if line < 0 || line >= h || at >= len(t.owner)-t.added {
		return 0, false
	}
	return t.owner[at], true
}

// firstLine returns the index of the first visible line in a window of h lines.
func (t *Tree) firstLine(h int) int { return max(0, min(t.top, len(t.lines)-h)) }

// View draws the lines that are visible in a window of h lines. If the tree has the focus, the field at the cursor has
// a marker.
func (t *Tree) View(p draw.Painter, h int, hasFocus bool) []string {
	var lines []string
	from := t.firstLine(h)
	for i := from; i < len(t.lines) && len(lines) < h; i++ {
		isCurrent := hasFocus && len(t.fields) > 0 && t.owner[i] == t.cursor && (t.fields[t.cursor].from == i || i == from)
		lines = append(lines, p.Row(t.lines[i], isCurrent))
	}
	return lines
}

// Position returns the position of the cursor, such as "field 3 of 12".
func (t *Tree) Position() string {
	if len(t.fields) == 0 {
		return ""
	}
	return "field " + cursor.Of(t.cursor+1, len(t.fields))
}

func valueStyle(p draw.Painter, value item.Cell) lipgloss.Style {
	if value.Kind() == item.CellNull {
		return p.Table.Null
	}
	return p.Table.Cell
}
