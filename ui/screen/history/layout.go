package history

import (
	"image"

	"sbwatch/model/baseline"
	"sbwatch/ui/layout"
)

type panelLayout struct {
	head   []string // what to do, and the evidence
	chart  int      // height of each chart, in lines
	matrix int      // height of the matrix without the time axis, in lines
	list   int      // height of the list of runs, in lines
	detail []string // how the run at the cursor differs from usual

	hasGap   bool // whether an empty line follows the head
	label    int  // width of the part to the left of the time axis, in cells
	runWidth int  // width of each run, in cells
	shown    int  // number of visible runs
	today    int  // width of the coverage in the newest run, in cells
	usual    int  // width of the usual coverage, in cells; 0 if it is left out
	note     int  // width of the note about a column, in cells; at least the width of its sign
}

// Sizes in the panel, in cells and lines.
const (
	cursorWidth  = 2
	partGap      = 2
	todayWidth   = 5
	maxUsual     = 12
	minNote      = 1
	maxEach      = 3
	maxList      = 8
	maxDetail    = 4
	axisLines    = 2
	minCells     = 8
	roomForUsual = 48
)

// layout divides the area of the panel. t.study must not be nil.
func (t *Panel) layout() panelLayout {
	w, h := t.area.Dx(), t.area.Dy()
	l := panelLayout{note: minNote, today: todayWidth}
	t.layOutWidth(&l, w)
	switch {
	case h >= 34:
		l.chart = 4
	case h >= 22:
		l.chart = 3
	case h >= 18:
		l.chart = 2
	case h >= 13:
		l.chart = 1
	}
	l.head = t.headLines(w, min(4, max(2, h/5)))
	l.hasGap = h >= 22
	rest := h - len(l.head) - 2*l.chart - axisLines
	if l.hasGap {
		rest -= 2 // for the empty line above the list, too
	}
	l.detail = t.detailLines(w)
	columns := len(t.study.columns)
	detail := min(len(l.detail), max(0, min(maxDetail, rest-4)))
	l.list = 1
	l.matrix = max(0, min(columns, rest-l.list-detail))
	if spare := rest - l.list - detail - l.matrix; spare > 0 || h >= 28 {
		// If there are many columns, reserve some lines for the list.
		l.list = min(len(t.study.runs), maxList, max(1+spare, min(1+rest/4, maxList)))
		l.matrix = max(0, min(columns, rest-l.list-detail))
		detail = min(len(l.detail), rest-l.list-l.matrix)
	}
	l.detail = l.detail[:max(0, detail)]
	return l
}

// areas returns the areas of the charts with the time axis, of the matrix, and of the list of runs.
func (l panelLayout) areas(area image.Rectangle) (charts, matrix, list image.Rectangle) {
	head, rule := len(l.head), 0
	if l.hasGap {
		head, rule = head+1, 1
	}
	_, rest := layout.Below(area, head)
	charts, rest = layout.Below(rest, 2*l.chart+axisLines)
	matrix, rest = layout.Below(rest, l.matrix)
	_, rest = layout.Below(rest, rule)
	list, _ = layout.Below(rest, l.list)
	return charts, matrix, list
}

// layOutWidth divides w cells among the parts of a line.
func (t *Panel) layOutWidth(l *panelLayout, w int) {
	p := t.env.Painter
	most := 11
	switch {
	case w >= 100:
		most = 24
	case w >= 72:
		most = 16
	}
	name := len("items  1,204")
	for i := range t.study.columns[:min(len(t.study.columns), 500)] {
		name = max(name, p.Width(t.study.columns[i].name.String()))
	}
	l.label = cursorWidth + min(name, most) + 1
	rest := w - l.label - partGap - l.today - partGap - l.note
	if w >= roomForUsual {
		for i := range t.study.columns[:min(len(t.study.columns), 500)] {
			l.usual = max(l.usual, min(maxUsual, p.Width(t.study.columns[i].usualText())))
		}
		l.usual = max(l.usual, len(t.study.usualTitle()))
	}
	if l.usual > 0 {
		rest -= l.usual + partGap
	}
	runs := max(1, len(t.study.runs))
	// Shorten the notes about columns if that gives each run a second cell, or if it makes more runs visible on a
	// narrow screen.
	long, short := t.noteWidths()
	for _, note := range []int{long, short} {
		spare := rest + minNote - note
		if spare >= 2*runs || note == short && spare >= minCells && (spare >= runs || spare >= 40) {
			l.note, rest = note, spare
			break
		}
	}
	if l.note == minNote || l.note == short && rest+short-long >= runs && rest < 2*runs {
		if spare := rest + l.note - long; spare >= minCells && (spare >= runs || spare >= 40) {
			l.note, rest = long, spare
		}
	}
	rest = max(1, rest)
	l.runWidth = min(maxEach, max(1, rest/runs))
	l.shown = max(1, min(runs, rest/l.runWidth))
	l.note += max(0, rest-l.runWidth*l.shown)
}

// noteWidths returns the width of the widest note about a column, once for the long form of the notes and once for the
// short form.
func (t *Panel) noteWidths() (long, short int) {
	long, short = minNote, minNote
	for i := range t.study.columns {
		c := &t.study.columns[i]
		if c.state < worse && !c.isNew {
			continue
		}
		_, sign := c.stateStyle(t.env.Painter)
		forms := t.notes(c, sign)
		long = max(long, t.env.Painter.Width(forms[0]))
		short = max(short, t.env.Painter.Width(forms[len(forms)-1]))
	}
	return long, max(short, minNote)
}

// usualTitle returns the title above the usual coverage, or "" if there is no earlier run to compare the newest run
// with.
func (s *Study) usualTitle() string {
	newest := s.newest()
	switch {
	case newest < 0 || s.judgments[newest].Earlier == 0:
		return ""
	case !s.judgments[newest].ClaimsUsual():
		return "last run"
	default:
		return "usually"
	}
}

// usualText returns the usual coverage of a column. It returns "" if that is unknown.
func (c *column) usualText() string {
	usual, known := c.usual.Get()
	if !known {
		return ""
	}
	return usual.Words(baseline.Coverage)
}

// follow scrolls so that the cursor is visible.
func (t *Panel) follow(l panelLayout) {
	runs := len(t.study.runs)
	if t.firstRun == 0 && t.run >= l.shown || t.firstRun > runs-l.shown {
		t.firstRun = runs - l.shown
	}
	t.firstRun = max(0, min(max(t.firstRun, t.run-l.shown+1), t.run, runs-l.shown))
	columns := len(t.study.columns)
	t.firstColumn = max(0, min(max(t.firstColumn, t.column-l.matrix+1), t.column, columns-l.matrix))
}
