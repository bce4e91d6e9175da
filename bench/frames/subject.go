package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"runtime/debug"
	"strconv"
	"time"
)

// gesture is a key that is pressed many times. The frame after each press is measured.
type gesture struct {
	name string
	key  string
	// Keys whose frames are not measured. setupKey is pressed once at the start, and resetKey before each measurement.
	// "" means no key.
	setupKey, resetKey string
}

// timesInARow is the number of times that a key is pressed. Even a small table has more pages than this number.
const timesInARow = 25

func gestures() []gesture {
	return []gesture{
		{name: "cursor down", setupKey: "g", key: "j"},
		{name: "page down", setupKey: "g", key: "space"},
		{name: "last row", resetKey: "g", key: "G"},
	}
}

// sample is the average cost of a frame.
type sample struct {
	Time        time.Duration
	Bytes       int64
	Allocations int64
}

// subject is a process that measures one table. It receives the keys to press, and replies with the average cost of a
// frame.
type subject struct {
	cmd     *exec.Cmd
	in      io.WriteCloser
	ask     *json.Encoder
	answers *json.Decoder
}

// startSubject starts the process and waits until it has loaded its items.
func startSubject(table string, rows int) (*subject, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	cmd := exec.Command(self, "-table", table, "-rows", strconv.Itoa(rows)) //nolint:noctx // it ends with its input
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	s := &subject{cmd: cmd, in: in, ask: json.NewEncoder(in), answers: json.NewDecoder(out)}
	var ready string
	if err := s.answers.Decode(&ready); err != nil {
		s.stop()
		return nil, fmt.Errorf("the process of %s with %d items ended early: %w", table, rows, err)
	}
	return s, nil
}

func (s *subject) measure(gesture string) (sample, error) {
	var answer sample
	if err := s.ask.Encode(gesture); err != nil {
		return answer, err
	}
	err := s.answers.Decode(&answer)
	return answer, err
}

func (s *subject) stop() {
	_ = s.in.Close()
	_ = s.cmd.Wait()
}

// pressable is a screen with a table that handles keys and draws frames.
type pressable interface {
	// press handles a key.
	press(key string)
	// frame draws the screen and returns its length in bytes.
	frame() int
}

// serve is the main function of a process that measures one table. It creates the table and measures gestures until its
// input ends.
func serve(in io.Reader, out io.Writer, name string, rows int) error {
	table, err := newTable(name, rows)
	if err != nil {
		return err
	}
	if name == sbwatchTable {
		limitGarbage()
	}
	answer := json.NewEncoder(out)
	if err := answer.Encode("ready"); err != nil {
		return err
	}
	for asked := json.NewDecoder(in); ; {
		var gesture string
		err := asked.Decode(&gesture)
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		}
		if ours, ok := table.(dashboard); ok && gesture == sortingGesture {
			if err := answer.Encode(ours.whileSorting()); err != nil {
				return err
			}
		}
		for _, g := range gestures() {
			if g.name != gesture {
				continue
			}
			if err := answer.Encode(g.measure(table)); err != nil {
				return err
			}
		}
	}
}

// limitGarbage makes this process collect garbage whenever a fixed amount of it has accumulated. By default, the amount
// depends on the live memory, so that small tables cause more frequent collections and seem slow.
func limitGarbage() {
	const room = 64 << 20
	runtime.GC()
	debug.FreeOSMemory()
	var now runtime.MemStats
	runtime.ReadMemStats(&now)
	debug.SetMemoryLimit(int64(now.Sys-now.HeapReleased) + room)
	debug.SetGCPercent(-1)
}

// measure presses the key timesInARow times, draws a frame after each press, and returns the average cost of these
// frames.
func (g gesture) measure(table pressable) sample {
	pressIf(table, g.setupKey)
	table.frame()
	var total sample
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	length := 0
	for range timesInARow {
		pressIf(table, g.resetKey)
		start := time.Now()
		table.press(g.key)
		length += table.frame()
		total.Time += time.Since(start)
	}
	runtime.ReadMemStats(&after)
	runtime.KeepAlive(length)
	const n = timesInARow
	total.Time /= n
	total.Bytes = int64(after.TotalAlloc-before.TotalAlloc) / n
	total.Allocations = int64(after.Mallocs-before.Mallocs) / n
	return total
}

func pressIf(table pressable, key string) {
	if key != "" {
		table.press(key)
	}
}
