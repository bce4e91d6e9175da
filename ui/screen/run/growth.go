package run

import (
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

// title returns the title of the chart.
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

// growth draws the number of items over time, from the start of the run to the latest answer. The chart does not change
// between two answers. Until there are items, it shows pages.
func (s *status) growth(w, h int) []string {
	timeline := s.watch.Timeline()
	last, sampled := timeline.Last()
	if !sampled {
		return nil
	}
	maxPages, maxItems := timeline.Most()
	line := chart.Line{Title: s.chart.title(), Max: maxItems, Span: last.At.Sub(timeline.Began())}
	if maxItems == 0 {
		line.Title, line.Max = "Pages over time", maxPages
	}
	line.At = func(elapsed time.Duration) (float64, bool) {
		pages, items, known := timeline.At(timeline.Began().Add(elapsed))
		if maxItems == 0 {
			return pages, known
		}
		return items, known
	}
	return line.View(s.env.Painter, w, h)
}

// hasChart reports whether there is anything for a chart to show.
func (s *status) hasChart() bool {
	maxPages, maxItems := s.watch.Timeline().Most()
	last, sampled := s.watch.Timeline().Last()
	return sampled && maxPages+maxItems > 0 && last.At.After(s.watch.Timeline().Began())
}
