//go:build unix

package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/charmbracelet/x/vt"
	"github.com/creack/pty"
)

// bench holds the options and data of all measurements.
type bench struct {
	options

	ctx  context.Context // canceled when this process ends
	home string          // an empty home directory
}

// environ returns environment variables for the programs, as in a common terminal. Only PATH and NODE_PATH come from
// the user's environment.
func (b *bench) environ() []string {
	return []string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + b.home, "TERM=xterm-256color", "COLORTERM=truecolor", "LANG=C.UTF-8",
		"NODE_PATH=" + os.Getenv("NODE_PATH"),
	}
}

// screen is a program in a pseudo terminal of 120 by 40 cells, with the text that it shows.
type screen struct {
	cmd     *exec.Cmd
	tty     *os.File
	started time.Time
	over    chan struct{} // closed at the end of the output

	mu      sync.Mutex
	emu     *vt.Emulator
	at      time.Time     // time of the last output
	changed chan struct{} // closed and replaced whenever there is output
}

// start starts a program. If stdin is not nil, the program reads its input from stdin instead of the terminal.
func (b *bench) start(stdin *os.File, args ...string) (*screen, error) {
	cmd := exec.CommandContext(b.ctx, args[0], args[1:]...)
	cmd.Env = b.environ()
	// The program gets its own session with this terminal, so that it can be ended together with its children.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true, Ctty: 1}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	if stdin != nil {
		cmd.Stdin = stdin
	}
	s := &screen{cmd: cmd, over: make(chan struct{}), changed: make(chan struct{}), emu: vt.NewEmulator(120, 40), started: time.Now()}
	tty, err := pty.StartWithAttrs(cmd, &pty.Winsize{Cols: 120, Rows: 40}, cmd.SysProcAttr)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", args[0], err)
	}
	s.tty = tty
	go s.read()
	go s.answer()
	return s, nil
}

// output is the result of one read, with the time of the read.
type output struct {
	text []byte
	at   time.Time
	err  error
}

// read copies the output of the program to the screen until the output ends. One goroutine reads the output and another
// updates the screen. Updating the screen is much slower than reading, and must not delay the program or distort the
// measured times.
func (s *screen) read() {
	defer close(s.over)
	outputs := make(chan output, 1024)
	go func() {
		defer close(outputs)
		buffer := make([]byte, 64<<10)
		for {
			n, err := s.tty.Read(buffer)
			outputs <- output{slices.Clone(buffer[:n]), time.Now(), err}
			if err != nil {
				return
			}
		}
	}()
	for out := range outputs {
		s.mu.Lock()
		_, _ = s.emu.Write(out.text)
		s.at = out.at
		close(s.changed)
		s.changed = make(chan struct{})
		s.mu.Unlock()
	}
}

// answer replies to the program's queries, as a terminal does.
func (s *screen) answer() {
	buffer := make([]byte, 4096)
	for {
		n, err := s.emu.Read(buffer)
		if err != nil {
			return
		}
		_, _ = s.tty.Write(slices.Clone(buffer[:n])) // fails only if the program has ended
	}
}

// await waits until the screen matches pattern. It returns the time from start to the matching output, or an error on
// timeout.
func (s *screen) await(pattern string, start time.Time, patience time.Duration) (time.Duration, error) {
	expression, err := regexp.Compile(pattern)
	if err != nil {
		return 0, err
	}
	timeout := time.NewTimer(patience)
	defer timeout.Stop()
	for {
		s.mu.Lock()
		shown, at, changed := s.emu.String(), s.at, s.changed
		s.mu.Unlock()
		if expression.MatchString(shown) {
			return at.Sub(start), nil
		}
		select {
		case <-changed:
		case <-s.over:
			return 0, fmt.Errorf("the program ended before %s was visible", pattern)
		case <-timeout.C:
			return 0, fmt.Errorf("%s was not visible within %v", pattern, patience)
		}
	}
}

// press types keys one by one, as a person would. It returns the time at which it typed the last key.
func (s *screen) press(keys ...string) time.Time {
	var last time.Time
	for _, key := range keys {
		time.Sleep(100 * time.Millisecond)
		last = time.Now()
		_, _ = s.tty.WriteString(key) // if the program has ended, await reports it
	}
	return last
}

// peak returns the program's peak memory so far in MB, or 0 if the system does not report it.
func (s *screen) peak() float64 {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", s.cmd.Process.Pid))
	if err != nil {
		return 0
	}
	_, rest, _ := strings.Cut(string(status), "VmHWM:")
	fields := strings.Fields(rest)
	if len(fields) == 0 {
		return 0
	}
	kB, err := strconv.ParseFloat(fields[0], 64)
	if err != nil {
		return 0
	}
	return kB * 1024 / 1e6
}

// end kills the program.
func (s *screen) end() {
	_ = s.cmd.Cancel() // fails only if the program has ended
	_ = s.cmd.Wait()   // the error only says that it was killed
	_ = s.tty.Close()
	<-s.over
}
