package main

import (
	"fmt"
	"time"

	"sbwatch/bench/answers"
	"sbwatch/bench/report"
)

// settling is the time between the start of a program and the start of the measurement.
const settling = 3 * time.Second

// measureWatch measures the output and the CPU time of the programs. All of them run at the same time, because they are
// nearly idle.
func (b *bench) measureWatch(lasts time.Duration) ([]report.Line, error) {
	run, err := answers.Dispatch(b.emulator, recipe)
	if err != nil {
		return nil, err
	}
	programs := []program{
		{movingNumber, []string{b.minimal, "-moving"}},
		b.watchOf("watch, a run under way", run, b.service),
		{oneLine, []string{b.minimal}},
		{"open, browsing, idle", []string{b.sbwatch, "open", b.saved}},
	}
	used, err := b.runFor(programs, lasts)
	if err != nil {
		return nil, err
	}
	moving, watch, idle, browse := used[0], used[1], used[2], used[3]
	return []report.Line{
		line("bytes per changed frame, median", "%.0f", report.Median(watch.frames), report.Median(moving.frames), movingNumber),
		meanSize(mean(watch.frames)),
		line("changed frames per second", "%.1f", watch.framesPerSecond(), moving.framesPerSecond(), movingNumber),
		line("bytes per second", "%.0f", watch.bytesPerSecond(), moving.bytesPerSecond(), movingNumber),
		line("CPU seconds per watched minute", "%.3f", watch.cpuPerMinute(), moving.cpuPerMinute(), movingNumber),
		line("bytes per minute, table without input", "%.0f", 60*browse.bytesPerSecond(), 60*idle.bytesPerSecond(), oneLine),
		line("CPU seconds per minute, table without input", "%.3f", browse.cpuPerMinute(), idle.cpuPerMinute(), oneLine),
	}, nil
}

// Names of the programs to compare.
const (
	movingNumber = "minimal program, a moving number"
	oneLine      = "minimal program, idle"
)

// meanSize compares the mean size of changed frames, in bytes, with the maximum.
func meanSize(bytes float64) report.Line {
	const maxBytes = 60
	return report.Line{
		What: "bytes per changed frame, mean", Ours: fmt.Sprintf("%.1f", bytes), Other: fmt.Sprint(maxBytes, " target"),
		Ratio: bytes / maxBytes, Target: 1,
	}
}

// line compares two numbers in a line of the report. The parameter format is the format of both numbers.
func line(what, format string, ours, other float64, otherWhat string) report.Line {
	l := report.Line{What: what, Ours: fmt.Sprintf(format, ours), Other: fmt.Sprintf(format, other) + " " + otherWhat}
	if other > 0 {
		l.Ratio = ours / other
	}
	return l
}

// runFor runs programs for a duration, and returns the output and the CPU time of each.
//
// The CPU time of a process is known only after the process has ended. Each program is therefore run twice: for a short
// time, and for this short time plus the duration. The result is the difference of the two CPU times.
func (b *bench) runFor(programs []program, duration time.Duration) ([]usage, error) {
	short, err := b.startAll(programs)
	if err != nil {
		return nil, err
	}
	long, err := b.startAll(programs)
	if err != nil {
		return nil, err
	}
	b.wait(settling)
	startUp, err := leaveAll(short)
	if err != nil {
		return nil, err
	}
	from := make([]time.Duration, len(long))
	for i, s := range long {
		from[i] = time.Since(s.started)
	}
	b.wait(duration)
	used := make([]usage, len(programs))
	for i, s := range long {
		used[i].lasts = time.Since(s.started) - from[i]
		used[i].frames = frames(s.outputAfter(from[i]))
	}
	cpu, err := leaveAll(long)
	if err != nil {
		return nil, err
	}
	for i := range used {
		used[i].cpu = max(0, cpu[i]-startUp[i])
	}
	return used, nil
}

// wait waits for d, or until this process is asked to end.
func (b *bench) wait(d time.Duration) {
	select {
	case <-time.After(d):
	case <-b.ctx.Done():
	}
}

func (b *bench) startAll(programs []program) ([]*session, error) {
	var sessions []*session
	for _, p := range programs {
		s, err := b.start(p)
		if err != nil {
			return nil, err
		}
		sessions = append(sessions, s)
	}
	for _, s := range sessions {
		if _, err := s.firstText(); err != nil {
			return nil, err
		}
	}
	return sessions, nil
}

// leaveAll ends all sessions and returns the CPU time of each.
func leaveAll(sessions []*session) ([]time.Duration, error) {
	var cpu []time.Duration
	for _, s := range sessions {
		took, err := s.leave()
		if err != nil {
			return nil, err
		}
		cpu = append(cpu, took)
	}
	return cpu, nil
}

// frames splits the output into frames, and returns their sizes in bytes. A frame may take several reads, so chunks
// that arrive within 5 ms belong to the same frame. Frames are at least a sixtieth of a second apart.
func frames(chunks []chunk) []float64 {
	const apart = 5 * time.Millisecond
	var sizes []float64
	last := -apart
	for _, c := range chunks {
		if len(sizes) == 0 || c.at-last > apart {
			sizes = append(sizes, 0)
		}
		sizes[len(sizes)-1] += float64(c.bytes)
		last = c.at
	}
	return sizes
}

// usage is the output and the CPU time of a program.
type usage struct {
	cpu    time.Duration
	frames []float64 // size of each frame in bytes
	lasts  time.Duration
}

func (u usage) cpuPerMinute() float64    { return u.cpu.Seconds() / u.lasts.Minutes() }
func (u usage) framesPerSecond() float64 { return float64(len(u.frames)) / u.lasts.Seconds() }
func (u usage) bytesPerSecond() float64  { return sum(u.frames) / u.lasts.Seconds() }

func sum(values []float64) float64 {
	total := 0.0
	for _, v := range values {
		total += v
	}
	return total
}

func mean(values []float64) float64 { return sum(values) / float64(max(1, len(values))) }
