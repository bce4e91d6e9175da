// Package tabs implements a line of tabs in a thin rule, such as "─┤ a.json 301 ├── b.csv 61 ──────".
package tabs

import (
	"strconv"
	"strings"

	"charm.land/lipgloss/v2"

	"sbwatch/ui/draw"
)

// Tab is a tab of the line.
type Tab struct {
	Name string // printable
	// Sign is an optional sign before the name, one cell wide. Style is its style.
	Sign  string
	Style lipgloss.Style
	// Note is shown after the name, such as a count. A narrow line shows only the note of the open tab.
	Note string
}

// Line is a line of tabs. The tab at the index Open is open.
type Line struct {
	Tabs []Tab
	Open int
}

// part is a part of the line, on the cells [from, end). A click on the part opens the tab at the index tab.
type part struct {
	tab       int
	from, end int
	text      string // styled, without the frame
	isOpen    bool
}

// maxName is the maximum width of a name, in cells, if not everything fits on the line.
const maxName = 24

// frame is the number of cells that a tab takes in addition to its name. For example, "┤ a.json ├─" takes two cells
// before the name and three after it.
const frame = 5

// more is the width of the text that counts hidden tabs at one side, such as "── < 12 ─".
const more = 9

// lay lays out the line on w cells. If not everything fits, it first omits notes, then shortens names, and then hides
// the tabs farthest from the open tab.
func (l Line) lay(p draw.Painter, w int) []part {
	for _, try := range []struct {
		hasNotes bool
		maxName  int
	}{{true, w}, {false, w}, {true, maxName}, {false, maxName}} {
		if parts := l.between(p, 0, len(l.Tabs), try.hasNotes, try.maxName); len(parts) == 0 || parts[len(parts)-1].end < w {
			return parts
		}
	}
	longest := min(maxName, max(4, w-2*more-frame-6))
	first, last := l.Open, l.Open+1
	fits := func(first, last int) bool {
		parts := l.between(p, first, last, false, longest)
		return parts[len(parts)-1].end < w
	}
	for grown := true; grown; {
		grown = false
		if last < len(l.Tabs) && fits(first, last+1) {
			last++
			grown = true
		}
		if first > 0 && fits(first-1, last) {
			first--
			grown = true
		}
	}
	return l.between(p, first, last, false, longest)
}

// between lays out the tabs in [first, last), with counts of the hidden tabs at both sides.
func (l Line) between(p draw.Painter, first, last int, hasNotes bool, maxName int) []part {
	var parts []part
	at := 1
	add := func(one part, width int) {
		one.from, one.end = at, at+width+frame-1
		at = one.end + 1
		parts = append(parts, one)
	}
	if first > 0 {
		words := "< " + strconv.Itoa(first)
		add(part{tab: first - 1, text: p.Muted.Render(words)}, len(words))
	}
	for i := first; i < last; i++ {
		text := l.text(p, i, hasNotes, maxName)
		add(part{tab: i, text: text, isOpen: i == l.Open}, p.Width(text))
	}
	if n := len(l.Tabs) - last; n > 0 {
		words := strconv.Itoa(n) + " >"
		add(part{tab: last, text: p.Muted.Render(words)}, len(words))
	}
	return parts
}

func (l Line) text(p draw.Painter, i int, hasNotes bool, maxName int) string {
	one := l.Tabs[i]
	text := ""
	if one.Sign != "" {
		text = one.Style.Render(one.Sign) + " "
	}
	style := p.Muted
	if i == l.Open {
		style = p.Accent.Bold(true)
	}
	text += style.Render(p.Cut(one.Name, maxName))
	if one.Note != "" && (hasNotes || i == l.Open) {
		text += " " + p.Muted.Render(one.Note)
	}
	return text
}

// View draws the line on w cells.
func (l Line) View(p draw.Painter, w int) string {
	var b strings.Builder
	end := 0
	for _, one := range l.lay(p, w) {
		left, right := "─ ", " ─"
		if one.isOpen {
			left, right = "┤ ", " ├"
		}
		b.WriteString(p.Rule(one.from-end) + p.Faint.Render(left) + one.text + p.Faint.Render(right))
		end = one.end
	}
	return p.Cut(b.String()+p.Rule(w-end), w)
}

// At returns the index of the tab that a click at cell x of a line of w cells opens. It returns false if no tab is at
// the cell.
func (l Line) At(p draw.Painter, w, x int) (int, bool) {
	for _, one := range l.lay(p, w) {
		if x >= one.from && x < one.end {
			return one.tab, true
		}
	}
	return 0, false
}

// Names returns a short name for each path: its last element, preceded by as many elements as are needed to tell the
// files apart. For example, the names of runs/a/x.json, runs/b/x.json and runs/y.json are a/x.json, b/x.json and
// y.json.
func Names(paths []string) []string {
	names := make([]string, len(paths))
	for i, path := range paths {
		names[i] = end(path, 1)
	}
	for depth := 2; ; depth++ {
		owner, isUnclear := map[string]string{}, map[string]bool{}
		for i, path := range paths {
			if other, isTaken := owner[names[i]]; isTaken && other != path {
				isUnclear[names[i]] = true
			}
			owner[names[i]] = path
		}
		isLonger := false
		for i, path := range paths {
			if isUnclear[names[i]] && names[i] != path {
				names[i], isLonger = end(path, depth), true
			}
		}
		if !isLonger {
			return names
		}
	}
}

// end returns the last n elements of a path, such as "b/c" of "a/b/c" for n = 2. It returns the whole path if the path
// has fewer elements.
func end(path string, n int) string {
	at := len(strings.TrimRight(path, "/\\"))
	for range n {
		if at = strings.LastIndexAny(path[:at], "/\\"); at < 0 {
			return path
		}
	}
	return path[at+1:]
}
