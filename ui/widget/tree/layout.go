package tree

import (
	"iter"
	"strconv"
	"strings"
	"unicode/utf8"

	"charm.land/lipgloss/v2"

	"sbwatch/model/item"
	"sbwatch/model/text"
	"sbwatch/ui/cell"
	"sbwatch/ui/draw"
)

// Value is a JSON value to lay out.
type Value struct {
	Root item.Cell
	// Path and Place say where Root is in its item.
	Path  item.Path
	Place item.Place
	// Folds records which fields the user has collapsed (true) or expanded (false).
	Folds map[item.Path]bool
	// Elided returns the values that a text such as "61 items" stands for: in this case 61 items. It returns at most
	// [MaxElided] values, and nil for an ordinary text.
	Elided func(path item.Path, value item.Cell) []item.Cell
	// IsLiteral shows names and values as in JSON, with quotes and escapes.
	IsLiteral bool
	// Marks returns the parts of a text to highlight. It may be nil.
	Marks func(text string) [][2]int
	// Next is called repeatedly with the number of bytes of JSON that were laid out since the last call. If it returns
	// false, the layout ends early. Next may be nil.
	Next func(bytes int) bool
}

// The limits of a layout. Lines, fields and text beyond the limits are left out, and a note says so.
const (
	maxLines     = 50_000
	maxFields    = 10_000
	maxValueSize = 4 << 20 // in bytes
)

// MaxElided is the maximum number of values that [Value.Elided] returns.
const MaxElided = 1000

// Widths in cells.
const (
	maxNameWidth  = 24
	minValueWidth = 24
	markerWidth   = 2
	indentWidth   = 2
)

const (
	cutNote    = "… truncated: copy the value to get all of it"
	elidedNote = "… lists of more than 1,000 items show the first 1,000"
)

// layouter lays out a value.
type layouter struct {
	Value
	p         draw.Painter
	w         int // width in cells, without the cursor's marker
	nameWidth int
	maxDepth  int
	isCut     bool // some fields are left out
	isElided  bool // some elided values are left out
	isStopped bool // Next has returned false
	out       Layout
}

// next passes the number of bytes that were laid out to Value.Next, and reports whether to continue.
func (l *layouter) next(bytes int) bool {
	l.isStopped = l.isStopped || l.Next != nil && !l.Next(bytes)
	return !l.isStopped
}

// Lay lays out the visible fields of the value on w cells. A value that is not an object or a list is shown as a single
// field.
func (v Value) Lay(p draw.Painter, w int) Layout {
	l := layouter{Value: v, p: p, w: max(8, w-markerWidth)}
	l.maxDepth = max(1, min(12, l.w/(3*indentWidth)))
	root := Field{Path: v.Path, Place: v.Place, Value: v.Root}
	if kind := v.Root.Kind(); kind == item.CellObject || kind == item.CellArray {
		l.children(root, 0)
	} else {
		l.add(root)
	}
	for i := range l.out.fields {
		f := &l.out.fields[i]
		l.nameWidth = max(l.nameWidth, min(f.depth*indentWidth+p.Width(f.name), maxNameWidth))
	}
	for i := range l.out.fields {
		if l.isStopped {
			break
		}
		if len(l.out.lines) >= maxLines {
			l.out.fields = l.out.fields[:i]
			l.isCut = true
			break
		}
		l.field(i)
	}
	if l.isCut {
		l.note(cutNote)
	}
	if l.isElided {
		l.note(elidedNote)
	}
	return l.out
}

// Add adds lines at the end, such as notes. They scroll with the last field, but are not part of it: see [Tree.FieldAt].
func (l *Layout) Add(lines []string) {
	l.appendLines(lines)
	l.added += len(lines)
}

// appendLines adds lines to the last field.
func (l *Layout) appendLines(lines []string) {
	for _, line := range lines {
		l.lines = append(l.lines, line)
		l.owner = append(l.owner, max(0, len(l.fields)-1))
	}
}

// note adds a line at the end.
func (l *layouter) note(line string) {
	l.out.Add([]string{l.p.Muted.Render(l.p.Cut(line, l.w))})
}

// children adds the fields of a nested value. depth is their nesting depth.
func (l *layouter) children(parent Field, depth int) {
	add := func(name string, f Field) bool {
		if len(l.out.fields) >= maxFields {
			l.isCut = true
			return false
		}
		f.name, f.depth = name, depth
		l.add(f)
		return l.next(0)
	}
	if l.Elided != nil {
		elided := l.Elided(parent.Path, parent.Value)
		for i, value := range elided {
			add(index(i), Field{Path: parent.Path.Child(strconv.Itoa(i)), Place: parent.Place.Elements(), Value: value, isElided: true})
		}
		l.isElided = l.isElided || len(elided) >= MaxElided
	}
	for key, value := range parent.Value.Members() {
		name := cell.Name(key)
		if l.IsLiteral {
			name = strconv.Quote(key.String())
		}
		if !add(name, Field{Path: parent.Path.Child(key.Raw()), Place: parent.Place.Child(key.Raw()), Value: value}) {
			return
		}
	}
	i := 0
	for value := range parent.Value.Elements() {
		if !add(index(i), Field{Path: parent.Path.Child(strconv.Itoa(i)), Place: parent.Place.Elements(), Value: value}) {
			return
		}
		i++
	}
}

func index(i int) string { return "[" + strconv.Itoa(i) + "]" }

// add adds a field. If the field is open, it also adds the fields inside it.
func (l *layouter) add(f Field) {
	f.count = l.count(f)
	f.IsNested = f.count > 0 && f.depth < l.maxDepth
	f.IsOpen = f.IsNested && l.isOpen(f)
	l.out.fields = append(l.out.fields, f)
	if f.IsOpen {
		l.children(f, f.depth+1)
	}
}

// count returns the number of fields inside a value, at most maxLines.
func (l *layouter) count(f Field) int {
	n := 0
	for range f.Value.Members() {
		if n++; n >= maxLines {
			return n
		}
	}
	for range f.Value.Elements() {
		if n++; n >= maxLines {
			return n
		}
	}
	if l.Elided != nil && n == 0 {
		n = len(l.Elided(f.Path, f.Value))
	}
	return n
}

// isOpen reports whether the fields inside a nested value are visible. The user can collapse and expand values. By
// default, all values are expanded, except short lists and elided values (see [Value.Elided]). If a collapsed value
// contains text to highlight, its fields are visible too.
func (l *layouter) isOpen(f Field) bool {
	isFolded, known := l.Folds[f.Path]
	if !known {
		isElided := f.Value.Kind() == item.CellString
		isFolded = isElided || f.isElided || f.Value.Kind() == item.CellArray && l.isShortList(f.Value)
	}
	if isFolded && l.Marks != nil && !l.IsLiteral && len(f.Value.Raw()) <= maxValueSize {
		return len(l.Marks(string(f.Value.Raw()))) > 0
	}
	return !isFolded
}

// isShortList reports whether a list has only plain values and fits on one line.
func (l *layouter) isShortList(list item.Cell) bool {
	if len(list.Raw()) > l.w-maxNameWidth-2 {
		return false
	}
	for value := range list.Elements() {
		if kind := value.Kind(); kind == item.CellArray || kind == item.CellObject {
			return false
		}
	}
	return true
}

// field lays out field i. Its value is to the right of its name or, if there is no room, below the name.
func (l *layouter) field(i int) {
	p := l.p
	f := &l.out.fields[i]
	f.from = len(l.out.lines)
	indent := f.depth * indentWidth
	if f.name == "" {
		l.addLines(i, l.value(f, l.w))
		return
	}
	if l.w-l.nameWidth-2 < minValueWidth {
		lines := []string{draw.Spaces(indent) + p.Muted.Render(p.Cut(f.name, max(1, l.w-indent)))}
		l.addLines(i, append(lines, draw.Indent(l.value(f, l.w-indent-indentWidth), indent+indentWidth)...))
		return
	}
	names := draw.Indent(draw.Styled(p.Muted, p.Wrap(f.name, max(1, l.nameWidth-indent))), indent)
	l.addLines(i, p.SideBySide(names, l.value(f, l.w-l.nameWidth-2), l.nameWidth+2))
}

func (l *layouter) addLines(i int, lines []string) {
	l.out.lines = append(l.out.lines, lines...)
	for range lines {
		l.out.owner = append(l.out.owner, i)
	}
}

// value lays out the value of a field: a plain value in full, and a nested value on one line.
func (l *layouter) value(f *Field, w int) []string {
	p := l.p
	switch {
	case f.IsOpen:
		return []string{p.Faint.Render(p.Cut(fieldCount(f), w))}
	case f.Value.Kind() == item.CellString && l.Elided != nil && l.Elided(f.Path, f.Value) != nil:
		return []string{p.Muted.Render(p.Cut(f.Value.Text().String(), w))}
	case f.IsNested:
		return []string{l.marked(p.Table.Dim, p.Cut(cell.Preview(f.Value, cell.PreviewSize).String(), w))}
	}
	style := valueStyle(p, f.Value)
	var lines []string
	for line := range l.text(f.Value).Lines() {
		for part := range l.wrap(line, w) {
			if len(lines) == maxLines {
				return append(lines, style.Render(p.Cut(cutNote, w)))
			}
			lines = append(lines, l.marked(style, part))
		}
	}
	if len(f.Value.Raw()) > maxValueSize {
		lines = append(lines, style.Render(p.Cut(cutNote, w)))
	}
	return lines
}

// wrap breaks a line of text into lines of at most w cells. It wraps a long text in chunks, so that Next is called often
// enough.
func (l *layouter) wrap(line string, w int) iter.Seq[string] {
	return func(yield func(string) bool) {
		held := "" // the last line of the previous chunk, which continues
		for {
			chunk, rest := cutChunk(line)
			parts := l.p.Wrap(held+chunk, w)
			if rest != "" {
				held, parts = parts[len(parts)-1], parts[:len(parts)-1]
			}
			for _, part := range parts {
				if !yield(part) {
					return
				}
			}
			if line = rest; !l.next(len(chunk)) || line == "" {
				return
			}
		}
	}
}

// chunkSize is the approximate number of bytes of a long text that are wrapped at once. Wrapping so many bytes takes
// some milliseconds.
const chunkSize = 32 << 10

// cutChunk splits a long text into a chunk of at most chunkSize bytes and the rest. It splits before a space or, if
// there is none, between two characters.
func cutChunk(s string) (chunk, rest string) {
	if len(s) <= chunkSize {
		return s, ""
	}
	at := strings.LastIndexByte(s[:chunkSize], ' ')
	if at <= 0 {
		for at = chunkSize; !utf8.RuneStart(s[at]); {
			at--
		}
	}
	return s[:at], s[at:]
}

// fieldCount returns the number of fields inside an open value, such as "3 fields".
func fieldCount(f *Field) string {
	switch f.Value.Kind() {
	case item.CellObject:
		return text.Counted(int64(f.count), "field")
	case item.CellString: // a text that stands for elided values
		return f.Value.Text().String()
	default:
	}
	return text.Counted(int64(f.count), "value")
}

// text returns the text of a value. An empty text is shown as "".
func (l *layouter) text(value item.Cell) text.Text {
	if l.IsLiteral && value.Kind() != item.CellObject && value.Kind() != item.CellArray {
		return text.NewText(string(value.Raw()[:min(len(value.Raw()), maxValueSize)]))
	}
	shown := cell.Preview(value, maxValueSize)
	if value.Kind() == item.CellString && shown.IsEmpty() {
		return text.NewText(`""`)
	}
	return shown
}

// marked renders a line, which must be printable. The parts of the line that l.Marks returns are highlighted.
func (l *layouter) marked(style lipgloss.Style, line string) string {
	if l.Marks == nil {
		return style.Render(line)
	}
	var b strings.Builder
	from := 0
	for _, span := range l.Marks(line) {
		b.WriteString(style.Render(line[from:span[0]]) + l.p.Table.Match.Render(line[span[0]:span[1]]))
		from = span[1]
	}
	return b.String() + style.Render(line[from:])
}
