package history

import (
	"math"
	"strings"
	"time"

	"charm.land/lipgloss/v2"

	"sbwatch/model/baseline"
	"sbwatch/model/optional"
	"sbwatch/model/run"
	"sbwatch/model/text"
	"sbwatch/ui/draw"
	"sbwatch/ui/widget/chart"
)

// View draws the panel.
func (t *Panel) View() []string {
	p, w := t.env.Painter, t.area.Dx()
	switch {
	case t.problem != "" && len(t.runs) == 0:
		return draw.Marked("✗", p.Error, p.Wrap("The history cannot be read: "+t.problem, w-2))
	case t.study == nil:
		return []string{p.Muted.Render(p.Cut("reading the history …", w))}
	case len(t.study.runs) == 0:
		words := "No runs of " + text.NewText(t.recipe.ID).String() + " are recorded yet. sbwatch records each run that it watches."
		return draw.Styled(p.Muted, p.Wrap(words, w))
	}
	l := t.layout()
	t.follow(l)
	lines := l.head
	if l.hasGap {
		lines = append(lines, "")
	}
	lines = append(lines, t.charts(l)...)
	lines = append(lines, t.axis(l, w)...)
	for i := t.firstColumn; i < len(t.study.columns) && i < t.firstColumn+l.matrix; i++ {
		lines = append(lines, t.matrixLine(i, l))
	}
	if l.hasGap {
		lines = append(lines, p.Rule(w))
	}
	lines = append(lines, t.list(l, w)...)
	return append(lines, l.detail...)
}

// visible returns the range [from, to) of the indexes of visible runs.
func (t *Panel) visible(l panelLayout) (from, to int) {
	return t.firstRun, min(len(t.study.runs), t.firstRun+l.shown)
}

// charts draws the charts of drift and items above the time axis.
func (t *Panel) charts(l panelLayout) []string {
	if l.chart == 0 {
		return nil
	}
	count := func(v float64) string { return text.Count(int64(math.Round(v))) }
	drift := t.series("drift", baseline.Drift, l, 0.1, text.Number)
	return append(drift, t.series("items", baseline.Items, l, 1, count)...)
}

// series draws the chart of subject, such as the drift, for the visible runs. The vertical axis ends at the largest
// value or at minTop, whichever is larger.
func (t *Panel) series(title string, subject baseline.Subject, l panelLayout, minTop float64, format func(float64) string) []string {
	p := t.env.Painter
	from, to := t.visible(l)
	values := make([]float64, to-from)
	most := minTop
	for i := range values {
		values[i] = math.NaN()
		if v, known := subject.Measure(&t.study.runs[from+i].Run).Get(); known {
			values[i] = max(0, v)
			most = max(most, v)
		}
	}
	style := func(i int) lipgloss.Style {
		switch t.study.severity(from+i, subject) {
		case baseline.Error:
			return t.band(from+i, p.Error)
		case baseline.Warning:
			return t.band(from+i, p.Warning)
		case baseline.Note:
		}
		return t.band(from+i, p.Accent.UnsetBold())
	}
	s := chart.Series{Title: title, Values: values, Top: chart.RoundTop(max(most, minTop)), Format: format, Style: style, Each: l.runWidth}
	return s.View(p, l.label, l.chart)
}

// band returns the style for the cells of a run: the given style, with the background of the cursor if the cursor is on
// the run.
func (t *Panel) band(run int, style lipgloss.Style) lipgloss.Style {
	if run != t.run {
		return style
	}
	return style.Inherit(t.env.Painter.Table.Row)
}

// axis draws the time axis as two lines: a mark for each run and, below it, the dates. The second line also has the
// titles of the columns at the right, such as "today".
func (t *Panel) axis(l panelLayout, w int) []string {
	p := t.env.Painter
	from, to := t.visible(l)
	var marks strings.Builder
	var at []time.Time
	for i := from; i < to; i++ {
		mark, style := t.mark(i)
		if i == t.run {
			style = p.Table.Cursor
		}
		marks.WriteString(style.Render(fill(mark, "─", l.runWidth)))
		at = append(at, t.local(t.study.runs[i].At()))
	}
	left := p.Muted.Render(p.FitRight("runs", l.label-1)) + p.Faint.Render("└")
	if from > 0 {
		left = p.Muted.Render(p.FitRight("← "+text.Count(int64(from))+" more", l.label-1)) + p.Faint.Render("└")
	}
	marksLine := left + marks.String()
	if more := len(t.study.runs) - to; more > 0 {
		marksLine += p.Muted.Render(" " + text.Count(int64(more)) + " more →")
	}
	cells := l.runWidth * (to - from)
	titles := draw.Spaces(partGap) + p.FitRight("today", l.today)
	if l.usual > 0 {
		titles += draw.Spaces(partGap) + p.FitRight(t.study.usualTitle(), l.usual)
	}
	if len(t.study.columns) == 0 {
		titles = ""
	}
	room := cells
	if titles == "" {
		room = w - l.label
	}
	dates := chart.Dates{At: at, Each: l.runWidth}.View(p, max(room, 0))
	header := p.Table.Header.Render(p.Fit(draw.Spaces(cursorWidth)+t.matrixTitle(l), l.label)) + p.Fit(dates, room) + p.Table.Header.Render(titles)
	return []string{p.Cut(marksLine, w), p.Cut(header, w)}
}

// matrixTitle returns the title above the column names: "column" or, if not all columns are visible, a text such as
// "columns 3-8 of 20".
func (t *Panel) matrixTitle(l panelLayout) string {
	n := len(t.study.columns)
	if n <= l.matrix {
		return "column"
	}
	visible := text.Count(int64(t.firstColumn+1)) + "-" + text.Count(int64(t.firstColumn+l.matrix))
	if l.matrix < 2 {
		visible = text.Count(int64(t.firstColumn + 1))
	}
	of := text.Count(int64(n))
	for _, title := range []string{"columns " + visible + " of " + of, "cols " + visible + "/" + of, visible + " of " + of} {
		if t.env.Painter.Width(title) < l.label-cursorWidth {
			return title
		}
	}
	return visible + "/" + of
}

// mark returns the symbol of run i on the time axis, and the style of the symbol.
func (t *Panel) mark(i int) (string, lipgloss.Style) {
	p := t.env.Painter
	switch t.study.signOf(i) {
	case signError:
		return "✗", p.Error
	case signWarning:
		return "!", p.Warning
	case signNone:
		return "○", p.Muted
	case signFine:
	}
	return "┴", p.Faint
}

// fill returns the character mark followed by copies of the character filling. cells is the width of the result, in
// cells.
func fill(mark, filling string, cells int) string { return mark + strings.Repeat(filling, cells-1) }

// matrixLine draws the coverage of a column in the visible runs.
func (t *Panel) matrixLine(i int, l panelLayout) string {
	p, c := t.env.Painter, &t.study.columns[i]
	from, to := t.visible(l)
	name := p.Fit(c.name.String(), l.label-cursorWidth)
	if i == t.column {
		name = p.Strong.Render(name)
	}
	var b strings.Builder
	b.WriteString(p.Row(name, i == t.column))
	for r := from; r < to; r++ {
		mark, style := t.cellMark(c, r, l.runWidth)
		if style = t.band(r, style); r == t.run && i == t.column {
			style = p.Table.Cursor
			if c.cells[r].state == normal {
				style = t.band(r, p.Accent) // in reverse video, a full block would look like a hole
			}
		}
		b.WriteString(style.Render(mark))
	}
	style, sign := c.stateStyle(p)
	b.WriteString(draw.Spaces(partGap) + style.Render(p.FitRight(c.todayText(t.study.newest()), l.today)))
	if l.usual > 0 {
		b.WriteString(draw.Spaces(partGap) + p.Muted.Render(p.FitRight(c.usualText(), l.usual)))
	}
	if note := t.note(c, sign, l.note); note != "" {
		b.WriteString(draw.Spaces(partGap) + style.Render(p.Cut(note, l.note)))
	}
	return b.String()
}

// cellMark draws the coverage of a column in run r. The parameter cells is the width in cells. Even full coverage
// leaves a gap to the line above.
//
// Runs in which the column is worse than usual have a color and a sign. If each run is only one cell wide, the sign is
// drawn only for the first of several consecutive runs that are worse than usual.
func (t *Panel) cellMark(c *column, r, cells int) (string, lipgloss.Style) {
	p, one := t.env.Painter, c.cells[r]
	gap := ""
	if cells > 1 {
		cells, gap = cells-1, " "
	}
	block := string([]rune("▁▂▃▄▅▆▇")[min(6, int(one.coverage*6.3))])
	begins := r == 0 || c.cells[r-1].state < worse
	switch one.state {
	case unknown:
		return draw.Spaces(cells) + gap, p.Plain
	case absent:
		return strings.Repeat("·", cells) + gap, p.Faint
	case normal:
		return strings.Repeat(block, cells) + gap, p.Faint
	case vanished:
		return strings.Repeat("✗", cells) + gap, p.Error
	case worse, bad:
	}
	style := p.Warning
	if one.state == bad {
		style = p.Error
	}
	switch {
	case gap != "":
		return strings.Repeat(block, cells) + "!", style
	case begins:
		return "!", style
	default:
		return block, style
	}
}

// stateStyle returns the style and the sign for the state of a column in the newest run.
func (c *column) stateStyle(p draw.Painter) (lipgloss.Style, string) {
	switch {
	case c.state == vanished, c.state == bad:
		return p.Error, "✗"
	case c.state == worse:
		return p.Warning, "!"
	case c.isNew:
		return p.Accent.UnsetBold(), "+"
	default:
		return p.Plain, ""
	}
}

// todayText returns the coverage of the column in the newest run.
func (c *column) todayText(newest int) string {
	if newest < 0 {
		return ""
	}
	switch one := c.cells[newest]; one.state {
	case vanished:
		return "gone"
	case unknown, absent:
		return "–"
	default:
		return percent(one.coverage)
	}
}

// percent formats a share from 0 to 1 in few cells. It returns 0% and 100% only for shares of exactly 0 and 1.
func percent(share float64) string {
	switch {
	case share > 0 && share < 0.01:
		return "<1%"
	case share > 0.99 && share < 1:
		return ">99%"
	default:
		return text.Count(int64(math.Round(100*share))) + "%"
	}
}

// note returns what is wrong with a column and when that began, in at most w cells. If the text does not fit, note
// returns only the sign.
func (t *Panel) note(c *column, sign string, w int) string {
	for _, words := range t.notes(c, sign) {
		if t.env.Painter.Width(words) <= w {
			return words
		}
	}
	return sign
}

// notes returns what is wrong with a column and when that began, in a long and a short form.
func (t *Panel) notes(c *column, sign string) []string {
	switch {
	case c.state == vanished:
		since := t.date(t.study.runs[c.since].At())
		return []string{sign + " gone since " + since, sign + " " + since}
	case c.state >= worse:
		since := t.date(t.study.runs[c.since].At())
		return []string{sign + " low since " + since, sign + " " + since}
	case c.isNew:
		return []string{sign + " new"}
	default:
		return nil
	}
}

// local converts a time to the time zone of the user.
func (t *Panel) local(at time.Time) time.Time {
	if at.IsZero() {
		return at
	}
	return at.In(t.env.Now.Location())
}

// date formats the day of a run. If the recipe has several runs on that day, it adds the time.
func (t *Panel) date(at time.Time) string {
	if at.IsZero() {
		return "an unknown day"
	}
	at = t.local(at)
	format := "Jan 2"
	if at.Year() != t.env.Now.Year() {
		format = "Jan 2, 2006"
	}
	same := 0
	for i := range t.study.runs {
		if other := t.local(t.study.runs[i].At()); other.YearDay() == at.YearDay() && other.Year() == at.Year() {
			same++
		}
	}
	if same > 1 {
		format += " 15:04"
	}
	return at.Format(format)
}

// list draws the visible lines of the list of runs, the newest run first.
func (t *Panel) list(l panelLayout, w int) []string {
	newest := t.newestListed(l)
	var lines []string
	for i := newest; i >= 0 && len(lines) < l.list; i-- {
		lines = append(lines, t.env.Painter.Row(t.factsLine(i, w-cursorWidth), i == t.run))
	}
	return lines
}

// newestListed returns the index of the run on the first visible line of the list.
func (t *Panel) newestListed(l panelLayout) int {
	return min(len(t.study.runs)-1, max(t.run+l.list/2, l.list-1))
}

// factsLine returns the facts about run i on one line of w cells. On narrow screens it leaves out less important facts.
func (t *Panel) factsLine(i, w int) string {
	p, r := t.env.Painter, &t.study.runs[i]
	at := t.local(r.At()).Format("Jan 02 15:04")
	if r.At().IsZero() {
		at = "time unknown"
	}
	mark, style := t.mark(i)
	if t.study.signOf(i) == signFine {
		mark, style = "✓", p.Success
	}
	fact := func(value optional.Value[int64], noun string, width int) string {
		words := noun
		if value.Or(0) != 1 {
			words += "s"
		}
		return p.FitRight(text.CountOr(value), width) + p.Muted.Render(" "+p.Fit(words, len(noun)+1))
	}
	drift := p.Muted.Render("drift ") + p.Fit(driftOr(r.Drift), 6)
	took := ""
	if seconds, known := baseline.Duration.Measure(&r.Run).Get(); known {
		took = text.Clock(time.Duration(seconds * float64(time.Second)))
	}
	warnings := draw.Spaces(len("00 warnings"))
	if r.Warnings > 0 {
		warnings = p.Fit(p.Warning.Render(p.FitRight(text.Count(int64(r.Warnings)), 2))+" "+p.Muted.Render(plural(r.Warnings, "warning")), len("00 warnings"))
	}
	parts := []string{style.Render(mark) + " " + p.Strong.Render(at)}
	if r.Status == run.StatusFailed || r.Status == run.StatusCancelled {
		parts = append(parts, p.Error.Render(r.Status.String()))
		if !r.Error.IsEmpty() {
			parts = append(parts, r.Error.String())
		}
		return p.Cut(strings.Join(parts, "  "), w)
	}
	parts = append(parts, fact(r.Items, "item", 7), drift, fact(r.Pages, "page", 4), p.FitRight(took, 5), fact(r.Credits, "credit", 4), warnings)
	if !r.HasItems && r.ID.Raw() != t.current.Or(Run{}).ID.Raw() {
		parts = append(parts, p.Muted.Render("items not kept"))
	}
	line := parts[0]
	for _, part := range parts[1:] {
		if p.Width(line)+2+p.Width(part) > w {
			break
		}
		line += "  " + part
	}
	return line
}

func driftOr(drift optional.Value[float64]) string {
	value, known := drift.Get()
	if !known {
		return "–"
	}
	return text.DriftText(value)
}

func plural(n int, noun string) string {
	if n == 1 {
		return noun
	}
	return noun + "s"
}
