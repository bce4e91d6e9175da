package run

import (
	"math"
	"time"

	"sbwatch/ui/widget/chart"
)

// chartKind says what the chart of a run shows.
type chartKind int

const (
	chartOverTime chartKind = iota
	chartPerPage
	chartKinds // number of kinds
)

func (k chartKind) title() string {
	if k == chartPerPage {
		return "Items per page"
	}
	return "Items over time"
}

// chartLines draws the chart of the run on at most w by h cells. It returns nil if there is nothing to draw, or not
// enough room.
func (s *status) chartLines(w, h int) []string {
	if s.chart == chartPerPage {
		return chart.Bars{Title: s.chart.title(), Values: s.watch.Timeline().PerPage()}.View(s.env.Painter, w, h)
	}
	return s.growth(w, h)
}

// otherChart returns a copy of the status with the other chart selected: the items per page instead of the items over
// time, or the other way round.
func (s *status) otherChart() *status {
	other := *s
	other.chart = (s.chart + 1) % chartKinds
	return &other
}

// growth draws the number of items over time, or of pages until there are items. During a run, the axes end at round
// values beyond the latest values. Most answers thus only extend the line, and nothing else moves. After the run, the
// line fills the chart.
func (s *status) growth(w, h int) []string {
	timeline := s.watch.Timeline()
	last, sampled := timeline.Last()
	if !sampled {
		return nil
	}
	maxPages, maxItems := timeline.Most()
	latest := last.At.Sub(timeline.Began())
	line := chart.Line{Title: s.chart.title(), Max: maxItems, Span: latest}
	if maxItems == 0 {
		line.Title, line.Max = "Pages over time", maxPages
	}
	if !s.watch.Over() {
		line.Span, line.Max = roundSpan(line.Span), roundCount(line.Max)
		s.compareWithUsual(&line)
	}
	line.At = func(elapsed time.Duration) (float64, bool) {
		if elapsed > latest {
			return 0, false
		}
		pages, items, known := timeline.At(timeline.Began().Add(elapsed))
		if maxItems == 0 {
			return pages, known
		}
		return items, known
	}
	return line.View(s.env.Painter, w, h)
}

// compareWithUsual adds the usual pace of the recipe to a line chart: a straight line from the start to the usual
// number of items or pages after the usual duration. It extends the axes so that this line fits.
func (s *status) compareWithUsual(line *chart.Line) {
	e, known := s.estimate()
	maxPages, maxItems := s.watch.Timeline().Most()
	most, values := maxItems, e.Items
	if maxItems == 0 {
		most, values = maxPages, e.Pages
	}
	usual, counted := values.Get()
	if !known || !counted || usual.Median < 1 || e.Duration.Median < 1 {
		return
	}
	if e.ClaimsUsual() {
		line.Title += ", dotted: the usual pace"
	} else {
		line.Title += ", dotted: the pace of the last run"
	}
	if longest := time.Duration(e.Duration.High * float64(time.Second)); s.watch.Elapsed(s.env.Now) <= longest {
		line.Span = longest
	}
	if high := int64(usual.High); most <= high {
		line.Max = high
	}
	line.Usual = func(elapsed time.Duration) (float64, bool) {
		share := elapsed.Seconds() / e.Duration.Median
		return usual.Median * share, share <= 1
	}
}

// roundSpan returns the smallest of these times that is at least d: 30 seconds, 1, 2, 5, 10, 20, 30 minutes, 1, 2, 4, 8
// hours, and so on. If there is none, it returns d.
func roundSpan(d time.Duration) time.Duration {
	for _, span := range []time.Duration{
		30 * time.Second, time.Minute, 2 * time.Minute, 5 * time.Minute, 10 * time.Minute, 20 * time.Minute, 30 * time.Minute,
	} {
		if d <= span {
			return span
		}
	}
	span := time.Hour
	for span < d && span <= math.MaxInt64/2 {
		span *= 2
	}
	return max(d, span)
}

// roundCount returns the smallest of 1, 2, 5, 10, 20, 50 and so on that is at least n.
func roundCount(n int64) int64 {
	for unit := int64(1); ; unit *= 10 {
		for _, round := range []int64{unit, 2 * unit, 5 * unit} {
			if n <= round || round > math.MaxInt64/10 {
				return max(n, round)
			}
		}
	}
}

// hasChart reports whether there is anything for a chart to show.
func (s *status) hasChart() bool {
	maxPages, maxItems := s.watch.Timeline().Most()
	last, sampled := s.watch.Timeline().Last()
	return sampled && maxPages+maxItems > 0 && last.At.After(s.watch.Timeline().Began())
}
