package chart_test

import (
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"

	"sbwatch/internal/golden"
	"sbwatch/theme"
	"sbwatch/ui/draw"
	"sbwatch/ui/widget/chart"
)

func painter() draw.Painter { return draw.New(theme.Mono(), ansi.WcWidth) }

func TestBarAndGauge(t *testing.T) {
	p := painter()
	var lines []string
	for _, share := range []float64{-1, 0, 0.001, 0.25, 0.5, 0.749, 0.999, 1, 2} {
		for _, w := range []int{0, 1, 2, 10, 33} {
			bar, gauge := chart.Bar(p, share, w, p.Accent), chart.Gauge(p, share, w, p.Accent)
			if p.Width(bar) != w || p.Width(gauge) != w {
				t.Errorf("share %v on %d cells: the bar is %d cells wide, the gauge %d", share, w, p.Width(bar), p.Width(gauge))
			}
		}
		lines = append(lines, fmt.Sprintf("%6.3f ", share)+chart.Bar(p, share, 20, p.Accent)+"  "+chart.Gauge(p, share, 20, p.Accent))
	}
	golden.Check(t, "bar-gauge", golden.Frame(t, lines, 60, p.Method))
}

func TestSparkline(t *testing.T) {
	values := []float64{-1, 0, 1, 2, 3, 5, 8, 13, 21, 34, 34.5, 0, -1}
	var lines []string
	for _, s := range []chart.Sparkline{
		{Values: values},
		{Values: values, Baseline: true},
		{Values: values, Height: 3},
		{Values: values, Height: 3, Baseline: true},
		{},
		{Values: []float64{0, 0}, Height: 2},
		{Values: []float64{-1}},
		{Values: chart.Bins([]int{1, 1, 1, 1, 0, 0, 9, 1}, 4)},
		{Values: chart.Bins([]int{3}, 40)},
		{Values: chart.Bins(nil, 4)},
	} {
		view := s.View()
		if len(view) != max(1, s.Height) {
			t.Errorf("%+v has %d lines", s, len(view))
		}
		lines = append(lines, fmt.Sprintf("height %d, baseline %v", s.Height, s.Baseline))
		lines = append(lines, view...)
	}
	golden.Check(t, "sparkline", golden.Frame(t, lines, 40, ansi.WcWidth))
}

func TestLine(t *testing.T) {
	p := painter()
	line := chart.Line{Title: "Items over time", Max: 1204, Span: 95 * time.Second, At: func(elapsed time.Duration) (float64, bool) {
		s := elapsed.Seconds()
		return 1204 * s * s / (95 * 95), s > 10
	}}
	var lines []string
	for _, size := range [][2]int{{24, 4}, {40, 8}, {100, 12}, {100, 40}} {
		view := line.View(p, size[0], size[1])
		if want := min(size[1], chart.MaxHeight); len(view) != want {
			t.Errorf("%d lines, want %d", len(view), want)
		}
		lines = append(lines, fmt.Sprintf("%dx%d", size[0], size[1]))
		lines = append(lines, view...)
	}
	line.Span = 3 * time.Minute
	line.Usual = func(elapsed time.Duration) (float64, bool) { return 8 * elapsed.Seconds(), elapsed <= 150*time.Second }
	lines = append(append(lines, "with the usual pace"), line.View(p, 100, 12)...)
	golden.Check(t, "line", golden.Frame(t, lines, 100, p.Method))
}

func TestBars(t *testing.T) {
	p := painter()
	few := []float64{29, 30, -1, 12, 0, 31}
	var many []float64
	for i := range 300 {
		many = append(many, float64(20+i%11))
	}
	var lines []string
	for _, c := range []struct {
		values []float64
		w, h   int
	}{{few, 60, 12}, {few, 30, 6}, {many, 60, 9}, {many, 400, 20}, {[]float64{1}, 40, 5}} {
		view := chart.Bars{Title: "Items per page", Values: c.values}.View(p, c.w, c.h)
		if want := min(c.h, chart.MaxHeight); len(view) != want {
			t.Errorf("%d lines, want %d", len(view), want)
		}
		if c.w < 100 {
			lines = append(lines, view...)
		}
		golden.Frame(t, view, c.w, p.Method)
	}
	golden.Check(t, "bars", golden.Frame(t, lines, 100, p.Method))
	for _, values := range [][]float64{nil, {0, 0}, {-1}} {
		if view := (chart.Bars{Values: values}).View(p, 80, 10); view != nil {
			t.Errorf("%v is drawn as\n%s", values, strings.Join(view, "\n"))
		}
	}
}

func TestLineWithoutRoomOrData(t *testing.T) {
	known := func(time.Duration) (float64, bool) { return 1, true }
	for _, c := range []struct {
		name string
		line chart.Line
		w, h int
	}{
		{"too narrow", chart.Line{Max: 1, Span: time.Second, At: known}, 18, 10},
		{"too low", chart.Line{Max: 1, Span: time.Second, At: known}, 80, 3},
		{"no height at all", chart.Line{Max: 1, Span: time.Second, At: known}, -1, -1},
		{"nothing counted", chart.Line{Span: time.Second, At: known}, 80, 10},
		{"no time has passed", chart.Line{Max: 1, At: known}, 80, 10},
	} {
		if view := c.line.View(painter(), c.w, c.h); view != nil {
			t.Errorf("%s: the chart is\n%s", c.name, strings.Join(view, "\n"))
		}
	}
}

// A service may send any times and counts.
func TestChartsOfExtremeValues(t *testing.T) {
	known := func(time.Duration) (float64, bool) { return 1, true }
	for _, count := range []int64{1, math.MaxInt64 / 3, math.MaxInt64 - 1, math.MaxInt64} {
		for _, span := range []time.Duration{1, math.MaxInt64 / 3, math.MaxInt64} {
			for h := 4; h <= chart.MaxHeight; h++ {
				if view := (chart.Line{Max: count, Span: span, At: known}).View(painter(), 80, h); len(view) != h {
					t.Errorf("up to %d in %v, the chart has %d lines, want %d", count, span, len(view), h)
				}
			}
		}
		if view := (chart.Bars{Values: []float64{1, float64(count)}}).View(painter(), 80, 10); len(view) != 10 {
			t.Errorf("the chart of %d has %d lines", count, len(view))
		}
	}
}
