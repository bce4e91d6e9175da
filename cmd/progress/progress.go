// Package progress shows the progress of a long operation in one line of a terminal.
package progress

import (
	"io"
	"strconv"
	"strings"
	"time"

	"sbwatch/work"
)

// interval is the time between two updates of the line. It is also the time before the line first appears.
const interval = 200 * time.Millisecond

// Show writes the line that describe returns to a terminal, and updates it regularly until stop is called. stop erases
// the line. If the operation is short, no line appears. The line must contain only printable ASCII characters.
func Show(terminal io.Writer, describe func() string) (stop func()) {
	done, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		shown := 0
		ticks := time.NewTicker(interval)
		defer ticks.Stop()
		for {
			select {
			case <-ticks.C:
				line := describe()
				_, _ = io.WriteString(terminal, "\r"+line+strings.Repeat(" ", max(0, shown-len(line))))
				shown = max(shown, len(line))
			case <-done:
				if shown > 0 {
					_, _ = io.WriteString(terminal, "\r"+strings.Repeat(" ", shown)+"\r")
				}
				return
			}
		}
	}()
	return func() {
		close(done)
		<-stopped
	}
}

// Percent returns a function that describes the progress of work, such as "writing: 42%".
func Percent(what string, of *work.Progress) func() string {
	return func() string { return what + ": " + strconv.Itoa(int(100*of.Share())) + "%" }
}
