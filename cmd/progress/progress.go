// Package progress shows the progress of a long operation in one line of a terminal.
package progress

import (
	"io"
	"strconv"
	"strings"
	"sync"
	"time"

	"sbwatch/model/text"
	"sbwatch/work"
)

// interval is the time between two updates of the line. It is also the time before the line first appears.
const interval = 200 * time.Millisecond

// Line shows the progress of an operation in one line of a terminal.
type Line struct {
	terminal io.Writer
	// mu is locked while the terminal is written to. shown is the number of cells of the line that may not be blank.
	mu            sync.Mutex
	shown         int
	done, stopped chan struct{}
}

// Show writes the line that describe returns to a terminal, and updates it regularly until [Line.Stop] is called. If
// the operation is short, no line appears. The line must contain only printable ASCII characters.
func Show(terminal io.Writer, describe func() string) *Line {
	l := &Line{terminal: terminal, done: make(chan struct{}), stopped: make(chan struct{})}
	go func() {
		defer close(l.stopped)
		ticks := time.NewTicker(interval)
		defer ticks.Stop()
		for {
			select {
			case <-ticks.C:
				l.show(describe())
			case <-l.done:
				l.Interrupt(func() {})
				return
			}
		}
	}()
	return l
}

func (l *Line) show(line string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	_, _ = io.WriteString(l.terminal, "\r"+line+strings.Repeat(" ", max(0, l.shown-len(line))))
	l.shown = max(l.shown, len(line))
}

// Interrupt erases the line and calls the function write, which may write other lines to the terminal. The next update
// shows the line again, below them.
func (l *Line) Interrupt(write func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.shown > 0 {
		_, _ = io.WriteString(l.terminal, "\r"+strings.Repeat(" ", l.shown)+"\r")
		l.shown = 0
	}
	write()
}

// Stop erases the line and stops updating it. Call it once.
func (l *Line) Stop() {
	close(l.done)
	<-l.stopped
}

// Percent returns a function that describes the progress of work, such as "writing: 42%".
func Percent(what string, of *work.Progress) func() string {
	return func() string { return what + ": " + strconv.Itoa(int(100*of.Share())) + "%" }
}

// Elapsed returns a function that describes an operation whose progress is not known. After the first second, the text
// contains how long the operation has taken, such as "reading the history: 3 s".
func Elapsed(what string) func() string {
	began := time.Now()
	return func() string {
		if seconds := int(time.Since(began).Seconds()); seconds > 0 {
			return what + ": " + strconv.Itoa(seconds) + " s"
		}
		return what
	}
}

// Steps returns a function that describes the progress of work with a known number of steps, such as "exporting: 12 of
// 340 runs". Each step is one unit of work.
func Steps(what, noun string, of *work.Progress) func() string {
	return func() string {
		done, total := of.Counts()
		return what + ": " + text.Count(done) + " of " + text.Counted(total, noun)
	}
}
