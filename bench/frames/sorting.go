package main

import (
	"time"

	tea "charm.land/bubbletea/v2"
)

// frameTime is the time per frame at 60 frames a second.
const frameTime = time.Second / 60

// sortingGesture is a gesture that draws frames while a sort runs.
const sortingGesture = "while sorting"

// whileSorting sorts by one column after another. While a sort runs, it presses a key and draws a frame 60 times a
// second. It returns the time of the slowest frame.
func (d dashboard) whileSorting() sample {
	const columns = 5
	var slowest sample
	d.press("0")
	d.press("g")
	for range columns {
		_, cmd := d.app.Update(keyPress("s"))
		messages, ended := make(chan tea.Msg), make(chan struct{})
		go func() {
			// The messages that result from ticks are ignored, because ticks only cause a frame to be drawn.
			collect(cmd, func(msg tea.Msg) { messages <- msg })
			close(ended)
		}()
		frames := time.NewTicker(frameTime)
		for sorting := true; sorting; {
			select {
			case msg := <-messages:
				d.app.Update(msg)
			case <-ended:
				sorting = false
			case <-frames.C:
				start := time.Now()
				d.press("j")
				d.frame()
				slowest.Time = max(slowest.Time, time.Since(start))
			}
		}
		frames.Stop()
		d.press("l")
	}
	return slowest
}
