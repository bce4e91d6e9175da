package main

import (
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"time"

	tea "charm.land/bubbletea/v2"

	"sbwatch/api/wire"
	"sbwatch/bench/answers"
	"sbwatch/bench/report"
	"sbwatch/files/read"
	"sbwatch/model/item"
)

// frameTime is the time per frame at 60 frames a second.
const frameTime = time.Second / 60

// sortingGesture is the name of the measurement of frames drawn during a sort.
const sortingGesture = "while sorting"

// whileSorting sorts by several columns in turn and returns the time of the slowest frame.
func (d dashboard) whileSorting() sample {
	const columns = 5
	var slowest sample
	d.press("0")
	d.press("g")
	for range columns {
		slowest.Time = max(slowest.Time, d.measureKey("s", 0).frame)
		d.press("l")
	}
	return slowest
}

// durations holds the measurements of one operation.
type durations struct {
	frame   time.Duration // of the slowest frame
	took    time.Duration
	stopped time.Duration // from Esc until the work stopped
}

// measureKey presses a key that begins an operation. Until the operation has ended, it presses j and draws a frame 60
// times a second. If cancelAfter is not 0, measureKey presses Esc after that time, and measures how long the operation
// then continues.
func (d dashboard) measureKey(key string, cancelAfter time.Duration) durations {
	var result durations
	began := time.Now()
	_, cmd := d.app.Update(keyPress(key))
	result.frame = time.Since(began)
	messages, ended := make(chan tea.Msg), make(chan struct{})
	go func() {
		// The messages that result from ticks are ignored, because ticks only cause a frame to be drawn.
		collect(cmd, func(msg tea.Msg) { messages <- msg })
		close(ended)
	}()
	var canceled time.Time
	frames := time.NewTicker(frameTime)
	defer frames.Stop()
	for {
		select {
		case msg := <-messages:
			d.timeFrame(&result, func() { d.app.Update(msg) })
		case <-ended:
			result.took = time.Since(began)
			if !canceled.IsZero() {
				result.stopped = time.Since(canceled)
			}
			return result
		case <-frames.C:
			if cancelAfter > 0 && canceled.IsZero() && time.Since(began) > cancelAfter {
				canceled = time.Now()
				d.timeFrame(&result, func() { d.app.Update(tea.KeyPressMsg{Code: tea.KeyEscape}) })
			}
			d.timeFrame(&result, func() { d.press("j") })
		}
	}
}

// timeFrame calls act, draws a frame, and measures how long both take together. It keeps the longest time in result.
func (d dashboard) timeFrame(result *durations, act func()) {
	start := time.Now()
	act()
	d.frame()
	result.frame = max(result.frame, time.Since(start))
}

// measureWork measures long operations on a table: their slowest frame, how long they take, and how soon they stop.
func measureWork(rows int) error {
	const room = 1 << 40 // large enough for all items
	from, to := io.Pipe()
	go func() { _ = to.CloseWithError(answers.WriteCatalog(to, rows)) }()
	answer, err := read.Open(from, read.Options{Limits: wire.Limits{Body: room, Memory: room}, OnItems: func(item.Table) {}})
	if err != nil {
		return err
	}
	d := newDashboard(answer)
	const garbage = 5 // as in the dashboard for a table of this size
	debug.SetGCPercent(garbage)
	var idle durations
	for range 100 { // shows how busy the machine is
		d.timeFrame(&idle, func() { d.press("j") })
		time.Sleep(frameTime)
	}
	fmt.Printf("slowest frame while no operation runs: %s\n", report.Time(idle.frame))
	var lines []report.Line
	for _, operation := range []struct {
		name string
		keys []string // keys to press before key
		key  string
	}{
		{"sort by id", []string{"0"}, "s"},
		{"sort by name", []string{"l"}, "s"},
		{"reverse it", nil, "s"},
		{"sort by price", []string{"l"}, "s"},
		{"then by brand", []string{"l"}, "S"},
		{"group by brand", nil, "#"},
		{"mark all", []string{"esc"}, "A"},
		{"unmark all", nil, "A"},
	} {
		for _, key := range operation.keys {
			d.pressOrEscape(key)
		}
		result := d.measureKey(operation.key, 0)
		lines = append(lines, report.Line{
			What: fmt.Sprintf("slowest frame of %s, %d items, %s", operation.name, rows, report.Time(result.took)), Ours: report.Time(result.frame),
			Other: report.Time(frameTime) + ", 60 a second", Ratio: float64(result.frame) / float64(frameTime), Target: 1,
		})
	}
	return report.Print(os.Stdout, "frames during long work", append(lines, d.measureCancel(rows)...))
}

// measureCancel measures how soon operations stop after Esc is pressed.
func (d dashboard) measureCancel(rows int) []report.Line {
	const after, soon = 300 * time.Millisecond, 100 * time.Millisecond
	var lines []report.Line
	for _, operation := range []struct {
		name string
		keys []string
		key  string
	}{
		{"sort by another column", []string{"l", "l"}, "s"},
		{"group", nil, "#"},
	} {
		for _, key := range operation.keys {
			d.pressOrEscape(key)
		}
		result := d.measureKey(operation.key, after)
		lines = append(lines, report.Line{
			What: fmt.Sprintf("cancel %s, %d items", operation.name, rows), Ours: report.Time(result.stopped),
			Other: report.Time(soon), Ratio: float64(result.stopped) / float64(soon), Target: 1,
		})
	}
	return lines
}

func (d dashboard) pressOrEscape(key string) {
	if key == "esc" {
		d.app.Update(tea.KeyPressMsg{Code: tea.KeyEscape})
		return
	}
	d.press(key)
}
