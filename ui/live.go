package ui

import (
	"fmt"
	"strings"
	"time"

	"charm.land/lipgloss/v2"

	"sbwatch/model/optional"
	"sbwatch/model/run"
	"sbwatch/model/text"
	"sbwatch/model/watch"
)

// The live screen answers: is it alive, how far is it, what does it cost me?

// Room that the counters keep, in cells, so that growing numbers do not push their neighbours.
const (
	pagesRoom = 11 // three large digits
	itemsRoom = 17 // four and a separator
	labelRoom = 6
	factRoom  = 37
	// Rate, sparkline and pace stand beside the counters.
	pagesSide = 17
	itemsSide = 12
	// sideAtMost is what the widest screens have for it.
	sideAtMost = 24
	sparkRoom  = 12
)

// besideFactsFrom is the width from which the facts stand beside the counters.
const besideFactsFrom = 112

// liveView draws a run under way on w by h cells.
func (a *App) liveView(w, h int) []string {
	if a.loading {
		return append([]string{""}, a.chartOrWait(w, h)...)
	}
	lines := []string{""}
	if h < 18 {
		lines = nil
	}
	lines = append(lines, a.liveHead(w)...)
	lines = append(lines, "")
	attention := a.attention(w)
	lines = append(lines, attention...)
	// A place is kept for what may have to be said, so that the chart does not move when it is.
	for range 2 - len(attention) {
		lines = append(lines, "")
	}
	return append(lines, a.chartOrWait(w, h-len(lines)-1)...)
}

// liveHead draws the counters and facts.
func (a *App) liveHead(w int) []string {
	counters := a.counters(w)
	facts := a.facts()
	if w < besideFactsFrom {
		return append(append(counters, ""), a.look.flow(facts, 2, w)...)
	}
	return a.look.sideBySide(counters, facts, a.look.width(counters[0])+3)
}

// counters draws the pages and items, the largest things on the screen. Numbers that could not be brought up to date are
// dimmed.
func (a *App) counters(w int) []string {
	l, run := a.look, a.watch.Run()
	style := l.Strong
	if _, silent := a.silence(); silent || a.problem() != nil {
		style = l.Muted
	}
	pages, items := a.sides()
	left := a.counter("pages", text.CountOr(run.Pages), pagesRoom, style)
	right := a.counter("items", text.CountOr(run.Items), itemsRoom, style)
	const gap = 2
	itemsWide := itemsSide
	for _, side := range items {
		itemsWide = max(itemsWide, min(l.width(side), sideAtMost))
	}
	if wide := l.width(left[0]) + gap + pagesSide + gap + l.width(right[0]) + gap; w < wide+itemsWide || w < 2*besideFactsFrom {
		itemsWide = itemsSide
	}
	withSides := w >= l.width(left[0])+gap+pagesSide+gap+l.width(right[0])+gap+itemsSide
	var lines []string
	for i := range digitHeight {
		line := left[i] + spaces(gap)
		if withSides {
			line += l.fit(pages[i], pagesSide) + spaces(gap) + right[i] + spaces(gap) + l.fit(items[i], itemsWide)
		} else {
			line += right[i]
		}
		lines = append(lines, l.fit(line, min(w, l.width(line))))
	}
	if !withSides {
		lines = append(lines, l.sideLine("pages", pages, w), l.sideLine("items", items, w))
	}
	return lines
}

// sideLine is what stands beside a counter, on a line of its own where there is no room for it there.
func (l look) sideLine(label string, side [digitHeight]string, w int) string {
	parts := []string{l.Muted.Render(l.fit(label, labelRoom-1)), l.fit(side[1], sparkRoom), side[0], side[2]}
	return l.cut(strings.Join(parts, spaces(2)), w)
}

// counter draws one number with its label before it.
func (a *App) counter(label, number string, room int, style lipgloss.Style) [digitHeight]string {
	l := a.look
	lines := largeDigits(number)
	room = max(room, l.width(lines[0]))
	for i := range lines {
		before := spaces(labelRoom)
		if i == 1 {
			before = l.Muted.Render(l.fit(label, labelRoom))
		}
		lines[i] = before + style.Render(l.fitRight(lines[i], room))
	}
	return lines
}

// sides are what stands beside the counters: rate, growth and pace of each.
func (a *App) sides() (pages, items [digitHeight]string) {
	l, timeline := a.look, a.watch.Timeline()
	if rate, known := timeline.Rate().Get(); known {
		pages[0] = l.Muted.Render(perMinute(rate.PagesPerMinute))
		items[0] = l.Muted.Render(perMinute(rate.ItemsPerMinute))
	}
	pageGrowth, itemGrowth := timeline.Growth(sparkRoom)
	bar := l.Accent.UnsetBold()
	pages[1], items[1] = bar.Render(sparkline(pageGrowth)), bar.Render(sparkline(itemGrowth))
	if pace, known := timeline.PagePace().Get(); known {
		pages[2] = l.Muted.Render("a page each " + text.Wait(pace))
	}
	items[2] = l.Muted.Render(itemsPerPage(a.watch.Run()))
	return pages, items
}

func perMinute(rate float64) string {
	if rate < 10 {
		return fmt.Sprintf("%.1f / min", rate)
	}
	return text.Count(int64(rate+0.5)) + " / min"
}

// itemsPerPage is empty where it is not known.
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

// facts are what a run under way costs, and when more will be known.
func (a *App) facts() []string {
	l := a.look
	fact := func(label, value, more string) string {
		if more != "" {
			more = l.Muted.Render(more)
		}
		if value != "" && more != "" {
			value += " "
		}
		return l.fit(l.Muted.Render(l.fit(label, 10))+l.Strong.Render(value)+more, factRoom)
	}
	unlessUnknown := func(n optional.Value[int64], more string) string {
		if n.Known() {
			return more
		}
		return ""
	}
	credits, balance := a.watch.Run().Credits, a.watch.Balance()
	return []string{
		fact("credits", text.CountOr(credits), unlessUnknown(credits, "if it ends now")),
		fact("balance", text.CountOr(balance), unlessUnknown(balance, "left")),
		fact("time left", a.timeLeft(), ""),
		fact("next poll", a.nextPoll(), a.lastPoll()),
		fact("drift", "", "known at the end"),
	}
}

// timeLeft is how long the run can take at the most: to the last page that it may read, or to the limit.
func (a *App) timeLeft() string {
	if a.watch.Run().Status() != run.StatusRunning {
		return "–"
	}
	left := max(0, run.RunLimit-a.watch.Elapsed(a.now))
	forecast, known := a.watch.CapForecast(a.now).Get()
	if known && forecast < left {
		return "at most " + text.Clock(forecast) + " (" + countedOr(a.watch.PageCap(), "page") + ")"
	}
	return "at most " + text.Clock(left) + " (the limit)"
}

// nextPoll is when the next request is sent.
func (a *App) nextPoll() string {
	due, known := a.schedule.DueAt(theSlot).Get()
	if !known {
		if silence, long := a.silence(); long {
			return "asking for " + text.Seconds(silence)
		}
		return "asking"
	}
	return text.Wait(due.Sub(a.now))
}

func (a *App) lastPoll() string {
	if took := a.watch.Took(); took > 0 {
		return "last " + text.Latency(took)
	}
	return ""
}

// chartOrWait draws the items over time, or says what is waited for.
func (a *App) chartOrWait(w, h int) []string {
	l := a.look
	if chart := l.chart(a.watch.Timeline(), w, h); chart != nil {
		return chart
	}
	var words string
	_, known := a.watch.Answer()
	switch {
	case a.loading:
		words = "reading " + a.config.Source.String()
	case a.watch.Phase() == watch.PhaseDispatching:
		words = "asking the service to run the recipe; the run's id shows as soon as it is known"
	case !known:
		words = "waiting for the first answer"
	case a.watch.Run().Status() == run.StatusQueued:
		words = "queued: the service has accepted the run and not begun it"
	case a.watch.Run().Pages.Or(0) == 0:
		words = "no page yet"
	default:
		return nil
	}
	return styled(l.Muted, l.wrap(words, w))
}

// attention are the lines that a person must not miss: what is wrong with the polls, then what is to be said of the run.
func (a *App) attention(w int) []string {
	var lines []string
	if problem := a.problem(); problem != nil {
		lines = append(lines, a.problemLines(problem, w)...)
	} else if silence, long := a.silence(); long {
		lines = append(lines, a.silenceLines(silence, w)...)
	}
	for _, notice := range a.watch.Notices(a.now, a.config.Interval) {
		lines = append(lines, a.noticeLines(notice, w)...)
	}
	return lines
}

// problem is what keeps the watch from going on, if anything does. After the end of a run, usage that cannot be read is
// no matter.
func (a *App) problem() *run.Problem {
	if problem := a.watch.Problem(); problem != nil || a.watch.Over() {
		return problem
	}
	return a.watch.UsageProblem()
}

func (a *App) ageOfNumbers(at time.Time) string {
	return "numbers are " + text.Seconds(a.now.Sub(at)) + " old"
}

// silenceLong is how long an answer may take before that is worth a word.
const silenceLong = 5 * time.Second

// silence is how long a request has been without an answer, and whether that is long.
func (a *App) silence() (time.Duration, bool) {
	if !a.schedule.InFlight(theSlot) || a.watch.Over() || a.watch.Items().Len() > 0 {
		return 0, false
	}
	silence := a.now.Sub(a.askedAt)
	return silence, silence >= silenceLong
}

// silenceLines say that the service does not answer.
func (a *App) silenceLines(silence time.Duration, w int) []string {
	parts := []string{"no answer for " + text.Seconds(silence)}
	if at := a.watch.AnsweredAt(); !at.IsZero() {
		parts = append(parts, a.ageOfNumbers(at))
	}
	return a.look.marked("!", a.look.Doubtful, a.look.wrap(strings.Join(parts, " · "), w-2))
}

// waits tells whether there is a request that could be sent at once.
func (a *App) waits() bool {
	request := a.watch.NextRequest()
	if a.loading || request == watch.RequestNone || a.watch.Phase() == watch.PhaseEnded {
		return false
	}
	return request == watch.RequestPoll || !a.schedule.InFlight(theSlot)
}

// problemLines say what went wrong, when it is tried again, and how old the numbers are.
func (a *App) problemLines(problem *run.Problem, w int) []string {
	l := a.look
	parts := []string{problem.Short()}
	if due, known := a.schedule.DueAt(theSlot).Get(); known {
		parts = append(parts, "next try in "+text.Wait(due.Sub(a.now)))
	} else if a.schedule.InFlight(theSlot) {
		parts = append(parts, "trying again")
	}
	if at := a.watch.AnsweredAt(); !at.IsZero() {
		parts = append(parts, a.ageOfNumbers(at))
	}
	if !problem.Passing() && !problem.NextStep.IsEmpty() {
		parts = append(parts, problem.NextStep.String())
	}
	lines := l.wrap(strings.Join(parts, " · "), w-2)
	refs := problem.References()
	if last := len(lines) - 1; l.width(lines[last])+l.width(refs)+4 <= w-2 {
		lines[last] = l.between(lines[last], l.Muted.Render(refs), w-2)
	} else if refs != "" {
		lines = append(lines, l.Muted.Render(l.cut(refs, w-2)))
	}
	return l.marked("!", l.Doubtful, lines)
}

// noticeLines say what is to be said of the run, and what can be done.
func (a *App) noticeLines(notice watch.Notice, w int) []string {
	return a.look.marked("!", a.noticeStyle(notice), a.look.wrap(notice.String(), w-2))
}

// noticeLine says as much of it as fits on one line.
func (a *App) noticeLine(notice watch.Notice, w int) string {
	return a.noticeStyle(notice).Render("!") + " " + a.look.cut(notice.String(), w-2)
}

func (a *App) noticeStyle(notice watch.Notice) lipgloss.Style {
	if notice.Severity == watch.SeverityBad {
		return a.look.Bad
	}
	return a.look.Doubtful
}

// marked puts a mark before the first of some lines and moves the others in line with it.
func (l look) marked(mark string, style lipgloss.Style, lines []string) []string {
	for i := range lines {
		before := "  "
		if i == 0 {
			before = style.Render(mark) + " "
		}
		lines[i] = before + lines[i]
	}
	return lines
}
