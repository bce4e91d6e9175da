package run

import (
	"fmt"
	"slices"
	"strings"

	"charm.land/lipgloss/v2"

	"sbwatch/model/baseline"
	"sbwatch/model/optional"
	"sbwatch/model/run"
	"sbwatch/model/text"
	"sbwatch/model/watch"
	"sbwatch/ui/draw"
	"sbwatch/ui/widget/chart"
	"sbwatch/ui/widget/digits"
)

// The live view answers three questions: Is the run active? How much of it is done? What does it cost?

// Fixed widths of the counters, in cells, so that a growing number does not move the text next to it.
const (
	pagesWidth = 11 // three large digits
	itemsWidth = 17 // four large digits and a separator
	labelWidth = 6
	factWidth  = 37
	// The widths of the details next to the numbers of pages and items: the rate, the sparkline and the pace. If there
	// is room, the details of the items have up to maxSide cells instead of itemsSide cells.
	pagesSide  = 17
	itemsSide  = 12
	maxSide    = 24
	sparkWidth = 12
	// waitingWidth is the maximum width of the text that is shown before there are counters. It equals the width of the
	// counters on a wide screen.
	waitingWidth = 2*labelWidth + pagesWidth + pagesSide + itemsWidth + itemsSide + 6
)

// secondChart is the height of the second chart, in lines. The second chart is shown only if there is room for it.
const secondChart = 12

// sideBySideWidth is the minimum width of the screen, in cells, at which the facts are next to the counters.
const sideBySideWidth = 112

// stackedHeight is the minimum height of the body, in lines, at which the counters are below each other. This layout
// sends fewer bytes to the terminal, because the renderer redraws a line from its first to its last changed cell.
const stackedHeight = 26

// highChartHeight is the minimum height of the body, in lines, at which the chart may be higher than lowChart. A higher
// chart takes more bytes each time it changes.
const (
	highChartHeight = 46
	lowChart        = 12
)

// tallHeight is the minimum height of the body, in lines, at which the progress takes two lines and two lines are
// reserved for notices. On lower screens, the chart uses these lines.
const tallHeight = 22

// liveView draws an active run.
type liveView struct{ *status }

// view draws the run on w by h cells.
func (s liveView) view(w, h int) []string {
	switch {
	case s.poll.IsLoading():
		return append([]string{""}, s.waitingLines(w)...)
	case w < compactWidth || h < compactHeight:
		return s.compact(w, h)
	}
	isDense, isTall, isStacked := h < 18, h >= tallHeight, h >= stackedHeight
	var lines []string
	if !isDense {
		lines = []string{""}
	}
	if isStacked {
		lines = append(append(append(lines, s.stackedCounters(w)...), ""), s.flowedFacts(w)...)
	} else {
		lines = append(lines, s.liveHead(w, isDense)...)
	}
	// Lines are reserved for notices, so that the chart does not move when one appears.
	reserved := 1
	if isTall {
		reserved = 2
		if progress := s.tallProgress(w, !isStacked); progress != nil {
			lines = append(append(lines, ""), progress...)
		}
		lines = append(lines, "")
	} else if progress := s.progress(w); progress != "" {
		lines = append(lines, progress)
	}
	attention := s.attention(w)
	lines = append(append(lines, attention...), make([]string, max(0, reserved-len(attention)))...)
	room := h - len(lines)
	if isStacked {
		room-- // for an empty line at the end
	}
	if h < highChartHeight {
		room = min(room, lowChart)
	}
	return append(lines, s.charts(w, room)...)
}

// charts draws the selected chart of the run and, if there is room, the other chart below it. One chart shows the items
// over time, the other the items per page.
func (s liveView) charts(w, room int) []string {
	lines := s.chartLines(w, room)
	if lines != nil {
		room -= len(lines) + 1
	}
	if other := s.otherChart(); room >= secondChart {
		lines = append(append(lines, ""), other.chartLines(w, secondChart)...)
	}
	return lines
}

// The minimum width and height of the body, in cells, for the layout with large digits. In a smaller body the run is
// drawn by the method compact.
const (
	compactWidth  = 58
	compactHeight = 12
)

// compact draws the run on a small terminal: the counts, then notices, then as many facts as fit.
func (s liveView) compact(w, h int) []string {
	p, r := s.env.Painter, s.watch.Run()
	var lines []string
	if s.env.Frame.Header.Dy() == 0 {
		mark, style := s.badge()
		lines = append(lines, p.Between(style.Render(mark+" "+s.statusText()), p.Muted.Render(s.clockText()), w))
	}
	if waiting := s.waitingText(); waiting != "" {
		return append(append(lines, draw.Styled(p.Muted, p.Wrap(waiting, w))...), s.attention(w)...)
	}
	pages, items := s.sides()
	for _, count := range []struct {
		label, number string
		side          [digits.Height]string
	}{{"pages", text.CountOr(r.Pages), pages}, {"items", text.CountOr(r.Items), items}} {
		line := p.Muted.Render(p.Fit(count.label, labelWidth)) + s.countStyle().Render(p.FitRight(count.number, 9))
		lines = append(lines, firstFit(p, w, []string{line, count.side[0], count.side[2]}, []string{line, count.side[0]}, []string{line}))
	}
	if progress := s.progress(w); progress != "" {
		lines = append(lines, progress)
	}
	lines = append(lines, s.attention(w)...)
	for _, fact := range s.facts(0) {
		lines = append(lines, p.Cut(fact, w))
	}
	if drawn := s.chartLines(w, h-len(lines)-1); drawn != nil {
		lines = append(append(lines, ""), drawn...)
	}
	return lines
}

// countStyle returns the style of the counts. Counts that are out of date are dimmed.
func (s liveView) countStyle() lipgloss.Style {
	if _, silent := s.poll.Silence(s.env.Now); silent || s.problem() != nil {
		return s.env.Painter.Muted
	}
	return s.env.Painter.Plain
}

// liveHead draws the counters and facts. If isDense is true, there is no empty line between them.
func (s liveView) liveHead(w int, isDense bool) []string {
	const gap = 3
	counters := s.counters(w)
	if width := s.env.Painter.Width(counters[0]); w >= sideBySideWidth && width+gap+factWidth <= w {
		return s.env.Painter.SideBySide(counters, s.facts(factWidth), width+gap)
	}
	if !isDense {
		counters = append(counters, "")
	}
	return append(counters, s.flowedFacts(w)...)
}

// flowedFacts draws the facts on two columns.
func (s liveView) flowedFacts(w int) []string {
	const gap = 2
	facts := s.facts(factWidth)
	if w < 2*factWidth+gap {
		// The fact with the label "limit" gets a line of its own, so that the other facts fit next to each other.
		facts = s.facts(w/2 - 1)
		facts = append(slices.Delete(facts, limitFact, limitFact+1), s.facts(w)[limitFact])
	}
	return s.env.Painter.Flow(facts, gap, min(w, 2*factWidth+gap))
}

// stackedCounters draws the number of pages above the number of items, with the details of each on the right. Before
// there are any numbers, it draws what the watch is waiting for.
func (s liveView) stackedCounters(w int) []string {
	p, run := s.env.Painter, s.watch.Run()
	if waiting := s.waitingText(); waiting != "" {
		return draw.Exactly([]string{"", p.Muted.Render(p.Cut(waiting, w))}, 2*digits.Height+1)
	}
	pages, items := s.sides()
	pages[2], items[2] = s.besideUsual(pages[2], items[2])
	lines := s.besideCounter(s.counter("pages", text.CountOr(run.Pages), itemsWidth, s.countStyle()), pages)
	lines = append(append(lines, ""), s.besideCounter(s.counter("items", text.CountOr(run.Items), itemsWidth, s.countStyle()), items)...)
	for i, line := range lines {
		lines[i] = p.Cut(line, w)
	}
	return lines
}

// besideUsual adds the usual numbers of pages and items, as far as they are known, to the texts next to the counters.
func (s liveView) besideUsual(pages, items string) (string, string) {
	e, known := s.estimate()
	if !known {
		return pages, items
	}
	p := s.env.Painter
	if usual, hasPages := e.Pages.Get(); hasPages {
		pages = joinWith(draw.Spaces(3), pages, p.Muted.Render(usualWords(e)+usual.Words(baseline.Pages)+" pages"))
	}
	if usual, hasItems := e.Items.Get(); hasItems {
		items = joinWith(draw.Spaces(3), items, p.Muted.Render(usualWords(e)+usual.Words(baseline.Items)+" items"))
	}
	return pages, items
}

func (s liveView) besideCounter(counter, details [digits.Height]string) []string {
	lines := make([]string, digits.Height)
	for i := range lines {
		lines[i] = counter[i] + draw.Spaces(2) + details[i]
	}
	return lines
}

// counters draws the numbers of pages and items in large digits. Numbers that are out of date are dimmed. Before there
// are any numbers, counters returns a text that says what the watch is waiting for.
func (s liveView) counters(w int) []string {
	p, run := s.env.Painter, s.watch.Run()
	if waiting := s.waitingText(); waiting != "" {
		w = min(w, waitingWidth)
		return []string{draw.Spaces(w), p.Muted.Render(p.Fit(waiting, w)), draw.Spaces(w)}
	}
	style := s.countStyle()
	pages, items := s.sides()
	left := s.counter("pages", text.CountOr(run.Pages), pagesWidth, style)
	right := s.counter("items", text.CountOr(run.Items), itemsWidth, style)
	const gap = 2
	wide := p.Width(left[0]) + gap + pagesSide + gap + p.Width(right[0]) + gap
	switch {
	case p.Width(left[0])+gap+p.Width(right[0]) > w:
		return s.plainCounters(pages, items, w)
	case w < wide+itemsSide:
		return s.narrowCounters(left, right, pages, items, w)
	}
	// If the rate gets too wide, it gets the maximum width immediately, so that the facts next to it move only once.
	itemsWide := itemsSide
	for _, side := range items {
		if p.Width(side) > itemsWide {
			itemsWide = min(maxSide, w-wide)
		}
	}
	var lines []string
	for i := range digits.Height {
		lines = append(lines, left[i]+draw.Spaces(gap)+p.Fit(pages[i], pagesSide)+draw.Spaces(gap)+right[i]+draw.Spaces(gap)+p.Fit(items[i], itemsWide))
	}
	return lines
}

// narrowCounters draws the numbers of pages and items next to each other, with the details of each number below it.
func (s liveView) narrowCounters(left, right, pages, items [digits.Height]string, w int) []string {
	p := s.env.Painter
	half := max(w/2, p.Width(left[0])+2)
	half = min(half, w-p.Width(right[0]))
	var lines []string
	for i := range digits.Height {
		lines = append(lines, p.Fit(left[i], half)+right[i])
	}
	return append(lines, s.belowCounters(pages, items, half, w)...)
}

// plainCounters draws the numbers of pages and items next to each other in plain text, with the details of each number
// below it. It is for numbers whose large digits do not fit.
func (s liveView) plainCounters(pages, items [digits.Height]string, w int) []string {
	p, run := s.env.Painter, s.watch.Run()
	half := w / 2
	counter := func(label, number string, w int) string {
		return p.Muted.Render(p.Fit(label, labelWidth)) + s.countStyle().Render(p.Fit(number, w-labelWidth))
	}
	line := counter("pages", text.CountOr(run.Pages), half) + counter("items", text.CountOr(run.Items), w-half)
	return append([]string{line}, s.belowCounters(pages, items, half, w)...)
}

// belowCounters draws the details below two counters that are next to each other. The second counter starts at cell
// half.
func (s liveView) belowCounters(pages, items [digits.Height]string, half, w int) []string {
	p, room := s.env.Painter, w-half
	details := func(parts [digits.Height]string, w int) [2]string {
		return [2]string{p.Cut(draw.Spaces(labelWidth)+parts[1], w), p.Cut(draw.Spaces(labelWidth)+firstFit(p, w-labelWidth, []string{parts[0], parts[2]}, []string{parts[0]}), w)}
	}
	below, beside := details(pages, half-2), details(items, room)
	var lines []string
	for i := range below {
		lines = append(lines, p.Fit(below[i], half)+beside[i])
	}
	return lines
}

// counter draws a number with its label on the left. room is the width of the number in cells.
func (s liveView) counter(label, number string, room int, style lipgloss.Style) [digits.Height]string {
	p := s.env.Painter
	lines := digits.View(number)
	if p.IsASCII {
		lines = digits.ASCII(number)
	}
	room = max(room, p.Width(lines[0]))
	for i := range lines {
		before := draw.Spaces(labelWidth)
		if i == 1 {
			before = p.Muted.Render(p.Fit(label, labelWidth))
		}
		lines[i] = before + style.Render(p.FitRight(lines[i], room))
	}
	return lines
}

// sides returns the lines next to each counter: the rate, the growth and, for pages, the time per page or, for items,
// the number of items per page.
func (s liveView) sides() (pages, items [digits.Height]string) {
	p, timeline := s.env.Painter, s.watch.Timeline()
	if rate, known := timeline.Rate().Get(); known {
		pages[0] = perMinute(rate.PagesPerMinute) + " " + p.Muted.Render("/ min")
		items[0] = perMinute(rate.ItemsPerMinute) + " " + p.Muted.Render("/ min")
	}
	pageGrowth, itemGrowth := timeline.Growth(sparkWidth)
	bar := p.Accent.UnsetBold()
	pages[1], items[1] = bar.Render(sparkline(pageGrowth)), bar.Render(sparkline(itemGrowth))
	if pace, known := timeline.PagePace().Get(); known {
		pages[2] = text.Wait(pace) + " " + p.Muted.Render("per page")
	}
	if number, unit, known := strings.Cut(itemsPerPage(s.watch.Run()), " "); known {
		items[2] = number + " " + p.Muted.Render(unit)
	}
	return pages, items
}

// sparkline draws the growth of a count on one line.
func sparkline(growth []float64) string {
	return chart.Sparkline{Values: growth, Baseline: true}.View()[0]
}

func perMinute(rate float64) string {
	if rate < 10 {
		return fmt.Sprintf("%.1f", rate)
	}
	return text.Count(int64(rate + 0.5))
}

// itemsPerPage returns the average number of items per page, or "" if it is unknown.
func itemsPerPage(run run.Run) string {
	pages, items := run.Pages.Or(0), run.Items.Or(0)
	if pages <= 0 || !run.Items.Known() {
		return ""
	}
	perPage := float64(items) / float64(pages)
	if perPage < 10 && items%pages != 0 {
		return fmt.Sprintf("%.1f / page", perPage)
	}
	return text.Count(int64(perPage+0.5)) + " / page"
}

// limitFact is the index of the fact with the label "limit" in the result of the method facts.
const limitFact = 2

// facts returns the values below or next to the counters, each with its label: credits, balance, limit, polls and
// drift. Each fact is w cells wide. If w is 0, each is as wide as its content.
func (s liveView) facts(w int) []string {
	p := s.env.Painter
	fact := func(label, value, more string) string {
		if more != "" {
			more = p.Muted.Render(more)
		}
		if value != "" && more != "" {
			value += " "
		}
		line := p.Muted.Render(p.Fit(label, 10)) + value + more
		if w == 0 {
			return line
		}
		return p.Fit(line, w)
	}
	unlessUnknown := func(n optional.Value[int64], more string) string {
		if n.Known() {
			return more
		}
		return ""
	}
	credits, balance := s.watch.Run().Credits, s.watch.Balance()
	left, limit := s.timeLeft()
	return []string{
		fact("credits", text.CountOr(credits), unlessUnknown(credits, "so far")),
		fact("balance", text.CountOr(balance), unlessUnknown(balance, "left")),
		fact("limit", left, limit),
		fact("drift", "", "after the run"),
		fact("next poll", s.nextPoll(), s.lastPoll()),
	}
}

// timeLeft returns the longest time that the run can still take, such as "8:48", and the limit that ends it then, such
// as "(time limit)". left is "–" if the run is not running.
func (s liveView) timeLeft() (left, limit string) {
	if s.watch.Run().Status() != run.StatusRunning {
		return "–", ""
	}
	longest := max(0, run.RunLimit-s.watch.Elapsed(s.env.Now))
	forecast, known := s.watch.CapForecast(s.env.Now).Get()
	if known && forecast < longest {
		return text.Clock(forecast), "(plan: " + countedOr(s.watch.PageCap(), "page") + ")"
	}
	return text.Clock(longest), "(time limit)"
}

// nextPoll returns when the next request is due, in words.
func (s liveView) nextPoll() string {
	due, known := s.poll.NextAt().Get()
	if !known {
		if silence, long := s.poll.Silence(s.env.Now); long {
			return "waiting for " + text.Seconds(silence)
		}
		return "waiting"
	}
	return text.Wait(due.Sub(s.env.Now))
}

func (s liveView) lastPoll() string {
	if took := s.watch.Took(); took > 0 {
		return "last " + text.Latency(took)
	}
	return ""
}

// waitingLines returns lines that say what the watch is waiting for. w is the width in cells.
func (s liveView) waitingLines(w int) []string {
	return draw.Styled(s.env.Painter.Muted, s.env.Painter.Wrap(s.waitingText(), w))
}

// waitingText returns what the watch is waiting for. It returns "" once there is something to count.
func (s liveView) waitingText() string {
	r := s.watch.Run()
	_, known := s.watch.Answer()
	switch {
	case s.poll.IsLoading() && s.config.Source.IsEmpty():
		return "reading the items again: memory holds only the items of recently opened runs"
	case s.poll.IsLoading():
		return "reading " + s.sourceName()
	case s.watch.Phase() == watch.PhaseDispatching:
		return "starting the run; its id appears here as soon as it is known"
	case !known:
		return "waiting for the first answer"
	case r.Status() == run.StatusQueued && r.Pages.Or(0) == 0 && r.Items.Or(0) == 0:
		return "queued: accepted, not started yet"
	default:
		return ""
	}
}
