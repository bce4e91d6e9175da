package table

import (
	"strings"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"

	"sbwatch/model/item"
	"sbwatch/ui/cell"
	"sbwatch/ui/draw"
)

// wrappedText is the text of a cell that may take several lines. It is printable except for line breaks.
type wrappedText struct {
	text  string
	marks [][2]int // offsets of the parts to highlight, in ascending order
}

// wrapCell lays out a table cell on at most n lines of w terminal cells each. Each line is a list of parts. Parts at
// odd indexes are highlighted. If the text does not fit, the last line ends in an ellipsis.
func wrapCell(p draw.Painter, value item.Cell, marker Marker, w, n int) [][]string {
	const maxBytes = 6 // bytes of JSON for one terminal cell
	size := max(cell.PreviewSize, w*n*maxBytes)
	t := wrappedText{text: cell.Lines(value, size)}
	if marker != nil && value.Kind() != item.CellMissing {
		if s, spans := findMarks(value, marker, size); len(spans) > 0 {
			t = markText(s, spans, 0)
			ranges, _ := t.wrap(p, w, n)
			if from, last := spans[0][0], ranges[len(ranges)-1]; t.marks[0][1] > last[1] {
				t = markText(s, spans, max(0, from-w)) // start about a line before the first match, so that the match is visible
			}
		}
	}
	ranges, isWhole := t.wrap(p, w, n)
	lines := make([][]string, len(ranges))
	for i, r := range ranges {
		lines[i] = t.parts(r[0], r[1])
	}
	if last := len(ranges) - 1; !isWhole {
		rest := wrappedText{strings.ReplaceAll(t.text, "\n", " "), t.marks}
		lines[last] = cutParts(p, rest.parts(ranges[last][0], len(t.text)), w)
	}
	return lines
}

// markText returns the printable form of s[start:]. The parts of s in spans are marked.
func markText(s string, spans [][2]int, start int) wrappedText {
	for start > 0 && !utf8.RuneStart(s[start]) {
		start--
	}
	var t wrappedText
	if start > 0 {
		t.text = "…"
	}
	for _, span := range spans {
		t.text += cell.BreakLines(s[start:span[0]])
		mark := len(t.text)
		t.text += cell.BreakLines(s[span[0]:span[1]])
		t.marks = append(t.marks, [2]int{mark, len(t.text)})
		start = span[1]
	}
	t.text += cell.BreakLines(s[start:])
	return t
}

// wrap breaks the text into 1 to n lines of at most w cells. It returns the start and end offsets of each line. isWhole
// reports whether the lines contain the whole text.
func (t wrappedText) wrap(p draw.Painter, w, n int) (ranges [][2]int, isWhole bool) {
	for from := 0; len(ranges) < n; {
		end, next := breakLine(p, t.text[from:], w)
		ranges = append(ranges, [2]int{from, from + end})
		if from += next; from >= len(t.text) {
			return ranges, true
		}
	}
	return ranges, false
}

// parts returns text[from:to] as a list of parts. Parts at odd indexes are highlighted.
func (t wrappedText) parts(from, to int) []string {
	var parts []string
	for _, mark := range t.marks {
		start, end := max(from, min(mark[0], to)), max(from, min(mark[1], to))
		if start == end {
			continue
		}
		parts = append(parts, t.text[from:start], t.text[start:end])
		from = end
	}
	return append(parts, t.text[from:to])
}

// breakLine breaks a text at its first line break, if that is within w cells. Otherwise it breaks the text after a
// space or punctuation, if possible. It returns the end of the first line, which is at most w cells wide, and the start
// of the next line.
func breakLine(p draw.Painter, s string, w int) (end, nextStart int) {
	width, after := 0, 0
	for end < len(s) {
		if s[end] == '\n' {
			return end, end + 1
		}
		cluster, cells := ansi.FirstGraphemeCluster(s[end:], p.Method)
		if width+cells > w && end > 0 {
			if after > 0 && s[end] != ' ' {
				end = after
			}
			break
		}
		width += cells
		end += max(1, len(cluster))
		if strings.Contains(" /,;-", cluster) {
			after = end
		}
	}
	for p.Width(s[:end]) > w { // in some scripts, a text is wider than the sum of its characters
		_, size := utf8.DecodeLastRuneInString(s[:end])
		if size == end {
			break
		}
		end -= size
	}
	nextStart = end
	for nextStart < len(s) && s[nextStart] == ' ' {
		nextStart++
	}
	if nextStart < len(s) && s[nextStart] == '\n' {
		nextStart++
	}
	return len(strings.TrimRight(s[:end], " ")), nextStart
}
