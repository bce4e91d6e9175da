// Overview measures how long the overview of several runs takes to produce the text of the next frame: after a key
// press, and after a change of a run. It compares an overview of few runs with an overview of many runs.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"runtime"
	"time"

	tea "charm.land/bubbletea/v2"

	"sbwatch/bench/report"
	"sbwatch/model/item"
	"sbwatch/model/optional"
	"sbwatch/model/run"
	"sbwatch/model/text"
	"sbwatch/model/watch"
	"sbwatch/monitor"
	"sbwatch/ui"
	"sbwatch/ui/screen"
)

// The size of the terminal, in cells.
const (
	width  = 120
	height = 40
)

// frameTime is the time per frame at 60 frames a second.
const frameTime = time.Second / 60

func main() {
	rounds := flag.Int("rounds", 101, "number of measurements; medians are printed")
	few := flag.Int("few", 50, "number of runs in the small overview; the default fills the screen")
	many := flag.Int("many", 1000, "number of runs in the large overview")
	flag.Parse()
	err := errors.New("-rounds, -few and -many must be greater than 0")
	if *rounds > 0 && *few > 0 && *many > 0 {
		err = compare(*rounds, *few, *many)
	}
	if err != nil {
		_, _ = fmt.Fprintln(os.Stderr, "overview:", err)
		os.Exit(1)
	}
}

// gesture is an action that changes the screen.
type gesture struct {
	name string
	do   func(d *dashboard)
	// target is the maximum ratio of two times: the time of the large overview to the time of the small one. If target
	// is 0, the time of the large overview must be at most frameTime.
	target float64
}

func gestures() []gesture {
	const aboutAsFast = 1.25 // more than 1, because each update also checks whether a run is active
	return []gesture{
		{"a run changes", (*dashboard).change, 0},
		{"cursor down", func(d *dashboard) { d.press("j") }, aboutAsFast},
		{"page down", func(d *dashboard) { d.press("space") }, aboutAsFast},
		{"sort by a column", func(d *dashboard) { d.press("s") }, 0},
	}
}

// compare measures an overview of few runs and one of many runs, and prints the times of both.
func compare(rounds, few, many int) error {
	before := heap()
	small := newDashboard(few)
	afterSmall := heap()
	large := newDashboard(many)
	perFew, perMany := int64(afterSmall-before)/int64(few), int64(heap()-afterSmall)/int64(many)
	var lines []report.Line
	for _, g := range gestures() {
		var ours, other []time.Duration
		for range rounds {
			ours, other = append(ours, large.measure(g)), append(other, small.measure(g))
		}
		line := report.Line{
			What: fmt.Sprintf("%s, %d runs", g.name, many), Ours: report.Time(report.Median(ours)),
			Other: fmt.Sprintf("%s with %d runs", report.Time(report.Median(other)), few),
			Ratio: report.RatioOfPairs(ours, other), Target: g.target,
		}
		if g.target == 0 {
			line.Other = report.Time(frameTime) + ", 60 a second"
			line.Ratio, line.Target = float64(report.Median(ours))/float64(frameTime), 1
		}
		lines = append(lines, line)
	}
	lines = append(lines, report.Line{
		What: fmt.Sprintf("memory per run, %d runs", many), Ours: fmt.Sprintf("%d B", perMany),
		Other: fmt.Sprintf("%d B with %d runs", perFew, few),
	})
	return report.Print(os.Stdout, "overview, time per frame", lines)
}

// heap returns the size of the live heap.
func heap() uint64 {
	runtime.GC()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return stats.HeapAlloc
}

// dashboard is an overview whose clock stands still, so that it never polls.
type dashboard struct {
	app     *ui.App
	runs    int
	changed monitor.RunKey // key of the run that was changed last
}

func newDashboard(n int) *dashboard {
	now := time.Date(2026, 5, 21, 12, 0, 0, 0, time.UTC)
	var watches []watch.Watch
	for i := range n {
		w := watch.NewWatch(text.NewText(fmt.Sprintf("run%08d", i)))
		for polls := range 20 {
			w.Polled(answer(i, int64(polls), now), now.Add(time.Duration(polls)*2*time.Second), 80*time.Millisecond)
		}
		watches = append(watches, w)
	}
	return &dashboard{
		app: ui.New(context.Background(), ui.Config{
			Watches: watches, Service: noService{}, Interval: time.Hour, Width: width, Height: height,
			Now: func() time.Time { return now.Add(time.Minute) }, Jitter: func() float64 { return 0 },
		}),
		runs: n,
	}
}

// answer returns the state of run i after the given number of polls. Every seventh run has completed at poll 19.
func answer(i int, polls int64, began time.Time) run.Answer {
	status, completed := "running", time.Time{}
	if polls == 19 && i%7 == 0 {
		status, completed = "completed", began.Add(40*time.Second)
	}
	return run.Answer{Run: run.Run{
		ID: text.NewText(fmt.Sprintf("run%08d", i)), RecipeID: text.NewText(fmt.Sprintf("recipe%05d", i%50)),
		StatusSent: text.NewText(status), Pages: optional.Some(polls), Items: optional.Some(polls * 30), Credits: optional.Some(polls * 2),
		CreatedAt: began, StartedAt: began, CompletedAt: completed,
	}}
}

// noService is a service that never answers. The benchmark does not execute the commands of the dashboard, so the
// methods of noService are never called.
type noService struct{}

func (noService) Dispatch(context.Context, string) (run.Dispatch, error) {
	return run.Dispatch{}, context.Canceled
}

func (noService) Poll(context.Context, string, func(item.Table)) (run.Answer, error) {
	return run.Answer{}, context.Canceled
}

func (noService) Usage(context.Context) (run.Usage, error) { return run.Usage{}, context.Canceled }

// change tells the dashboard that one run has changed. Each call changes the next run.
func (d *dashboard) change() {
	d.changed = d.changed%monitor.RunKey(d.runs) + 1
	d.app.Update(screen.RunMsg{Run: d.changed, Msg: nil})
}

func (d *dashboard) press(key string) {
	msg := tea.KeyPressMsg{Code: rune(key[0]), Text: key}
	if key == "space" {
		msg = tea.KeyPressMsg{Code: ' ', Text: " "}
	}
	d.app.Update(msg)
}

// measure returns the time of one gesture, including the frame that is drawn after it.
func (d *dashboard) measure(g gesture) time.Duration {
	began := time.Now()
	g.do(d)
	length := len(d.app.View().Content)
	took := time.Since(began)
	runtime.KeepAlive(length)
	return took
}
