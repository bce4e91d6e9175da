package run

import (
	"fmt"
	"strings"

	"charm.land/lipgloss/v2"

	"sbwatch/model/optional"
	"sbwatch/model/run"
	"sbwatch/model/text"
	"sbwatch/model/watch"
	"sbwatch/ui/draw"
	"sbwatch/ui/widget/chart"
	"sbwatch/ui/widget/digits"
)

// The live view answers three questions: is the run active, how far is it, and what does it cost?

// Fixed widths of the counters, in cells, so that growing numbers do not move their neighbors.
const (
	pagesWidth = 11 // three large digits
	itemsWidth = 17 // four large digits and a separator
	labelWidth = 6
	factWidth  = 37
	// Widths of the rate, sparkline and pace next to the counters.
	pagesSide = 17
	itemsSide = 12
	// maxSide is the maximum width of itemsSide on wide screens.
	maxSide    = 24
	sparkWidth = 12
)

// sideBySideWidth is the minimum width at which the facts are next to the counters.
const sideBySideWidth = 112

// liveView draws an active run.
type liveView struct{ *status }

// view draws the run on w by h cells.
func (s liveView) view(w, h int) []string {
	if s.poll.IsLoading() {
		return append([]string{""}, s.chartOrWait(w, h)...)
	}
	lines := []string{""}
	if h < 18 {
		lines = nil
	}
	lines = append(lines, s.liveHead(w)...)
	lines = append(lines, "")
	attention := s.attention(w)
	lines = append(lines, attention...)
	// Reserve lines for notices, so that the chart does not move when one appears.
	for range 2 - len(attention) {
		lines = append(lines, "")
	}
	return append(lines, s.chartOrWait(w, h-len(lines)-1)...)
}

// liveHead draws the counters and facts.
func (s liveView) liveHead(w int) []string {
	counters := s.counters(w)
	facts := s.facts()
	if w < sideBySideWidth {
		return append(append(counters, ""), s.env.Painter.Flow(facts, 2, w)...)
	}
	return s.env.Painter.SideBySide(counters, facts, s.env.Painter.Width(counters[0])+3)
}

// counters draws the numbers of pages and items in large digits, dimmed if they are out of date.
func (s liveView) counters(w int) []string {
	p, run := s.env.Painter, s.watch.Run()
	style := p.Strong
	if _, silent := s.poll.Silence(s.env.Now); silent || s.problem() != nil {
		style = p.Muted
	}
	pages, items := s.sides()
	left := s.counter("pages", text.CountOr(run.Pages), pagesWidth, style)
	right := s.counter("items", text.CountOr(run.Items), itemsWidth, style)
	const gap = 2
	itemsWide := itemsSide
	for _, side := range items {
		itemsWide = max(itemsWide, min(p.Width(side), maxSide))
	}
	if wide := p.Width(left[0]) + gap + pagesSide + gap + p.Width(right[0]) + gap; w < wide+itemsWide || w < 2*sideBySideWidth {
		itemsWide = itemsSide
	}
	withSides := w >= p.Width(left[0])+gap+pagesSide+gap+p.Width(right[0])+gap+itemsSide
	var lines []string
	for i := range digits.Height {
		line := left[i] + draw.Spaces(gap)
		if withSides {
			line += p.Fit(pages[i], pagesSide) + draw.Spaces(gap) + right[i] + draw.Spaces(gap) + p.Fit(items[i], itemsWide)
		} else {
			line += right[i]
		}
		lines = append(lines, p.Fit(line, min(w, p.Width(line))))
	}
	if !withSides {
		lines = append(lines, sideLine(p, "pages", pages, w), sideLine(p, "items", items, w))
	}
	return lines
}

// sideLine draws the details of a counter on a line of its own, for screens too narrow to show them next to the
// counter.
func sideLine(p draw.Painter, label string, side [digits.Height]string, w int) string {
	parts := []string{p.Muted.Render(p.Fit(label, labelWidth-1)), p.Fit(side[1], sparkWidth), side[0], side[2]}
	return p.Cut(strings.Join(parts, draw.Spaces(2)), w)
}

// counter draws one number with its label on the left.
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

// sides returns the details of each counter: rate, growth and pace.
func (s liveView) sides() (pages, items [digits.Height]string) {
	p, timeline := s.env.Painter, s.watch.Timeline()
	if rate, known := timeline.Rate().Get(); known {
		pages[0] = p.Muted.Render(perMinute(rate.PagesPerMinute))
		items[0] = p.Muted.Render(perMinute(rate.ItemsPerMinute))
	}
	pageGrowth, itemGrowth := timeline.Growth(sparkWidth)
	bar := p.Accent.UnsetBold()
	pages[1], items[1] = bar.Render(sparkline(pageGrowth)), bar.Render(sparkline(itemGrowth))
	if pace, known := timeline.PagePace().Get(); known {
		pages[2] = p.Muted.Render(text.Wait(pace) + " per page")
	}
	items[2] = p.Muted.Render(itemsPerPage(s.watch.Run()))
	return pages, items
}

// sparkline draws the growth of a count on one line.
func sparkline(growth []float64) string {
	return chart.Sparkline{Values: growth, Baseline: true}.View()[0]
}

func perMinute(rate float64) string {
	if rate < 10 {
		return fmt.Sprintf("%.1f / min", rate)
	}
	return text.Count(int64(rate+0.5)) + " / min"
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

// facts returns the labeled values below or next to the counters: credits, balance, time left, polls and drift.
func (s liveView) facts() []string {
	p := s.env.Painter
	fact := func(label, value, more string) string {
		if more != "" {
			more = p.Muted.Render(more)
		}
		if value != "" && more != "" {
			value += " "
		}
		return p.Fit(p.Muted.Render(p.Fit(label, 10))+p.Strong.Render(value)+more, factWidth)
	}
	unlessUnknown := func(n optional.Value[int64], more string) string {
		if n.Known() {
			return more
		}
		return ""
	}
	credits, balance := s.watch.Run().Credits, s.watch.Balance()
	return []string{
		fact("credits", text.CountOr(credits), unlessUnknown(credits, "so far")),
		fact("balance", text.CountOr(balance), unlessUnknown(balance, "left")),
		fact("limit", s.timeLeft(), ""),
		fact("next poll", s.nextPoll(), s.lastPoll()),
		fact("drift", "", "after the run"),
	}
}

// timeLeft returns the maximum remaining time: until the last allowed page or until the time limit.
func (s liveView) timeLeft() string {
	if s.watch.Run().Status() != run.StatusRunning {
		return "–"
	}
	left := max(0, run.RunLimit-s.watch.Elapsed(s.env.Now))
	forecast, known := s.watch.CapForecast(s.env.Now).Get()
	if known && forecast < left {
		return text.Clock(forecast) + " (plan: " + countedOr(s.watch.PageCap(), "page") + ")"
	}
	return text.Clock(left) + " (time limit)"
}

// nextPoll describes when the next request is due.
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

// chartOrWait draws the items over time or, before there are any, what the watch is waiting for.
func (s liveView) chartOrWait(w, h int) []string {
	p := s.env.Painter
	if lines := growthChart(p, s.watch.Timeline(), w, h); lines != nil {
		return lines
	}
	var words string
	_, known := s.watch.Answer()
	switch {
	case s.poll.IsLoading():
		words = "reading " + s.sourceName()
	case s.watch.Phase() == watch.PhaseDispatching:
		words = "starting the run; its id appears here as soon as it is known"
	case !known:
		words = "waiting for the first answer"
	case s.watch.Run().Status() == run.StatusQueued:
		words = "queued: accepted, not started yet"
	case s.watch.Run().Pages.Or(0) == 0:
		words = "no pages yet"
	default:
		return nil
	}
	return draw.Styled(p.Muted, p.Wrap(words, w))
}
