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

// bench is what the programs are measured with.
type bench struct {
	options

	ctx  context.Context //nolint:containedctx // the life of this process
	home string          // an empty home directory
}

// environ is the environment of the programs: that of a common terminal, with nothing in it of whoever measures but where
// programs and modules are found.
func (b *bench) environ() []string {
	return []string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + b.home, "TERM=xterm-256color", "COLORTERM=truecolor", "LANG=C.UTF-8",
		"NODE_PATH=" + os.Getenv("NODE_PATH"),
	}
}

// screen is a program in a pseudo terminal of 120 by 40 cells, whose screen can be read.
type screen struct {
	cmd     *exec.Cmd
	tty     *os.File
	started time.Time
	over    chan struct{} // closed once there is no more to read

	mu      sync.Mutex
	emu     *vt.Emulator
	at      time.Time     // when the last of the output was read
	changed chan struct{} // closed, and replaced, whenever there is output
}

// start starts a program; stdin stands in the terminal's place unless it is nil.
func (b *bench) start(stdin *os.File, args ...string) (*screen, error) {
	cmd := exec.CommandContext(b.ctx, args[0], args[1:]...)
	cmd.Env = b.environ()
	// A session of its own, which is ended whole, and whose terminal is this one.
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

// output is what one read gave, and when.
type output struct {
	text []byte
	at   time.Time
	err  error
}

// read brings what the program writes to the screen, to the end. It is read apart from being shown, which takes much longer: the
// program is not to wait for that, nor its time to be counted.
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

// answer types what a terminal answers when it is asked.
func (s *screen) answer() {
	buffer := make([]byte, 4096)
	for {
		n, err := s.emu.Read(buffer)
		if err != nil {
			return
		}
		_, _ = s.tty.Write(slices.Clone(buffer[:n])) // fails only when the program has gone
	}
}

// await waits until the screen matches and gives the time since from; an error where it did not in time.
func (s *screen) await(pattern string, from time.Time, patience time.Duration) (time.Duration, error) {
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
			return at.Sub(from), nil
		}
		select {
		case <-changed:
		case <-s.over:
			return 0, fmt.Errorf("the program ended before %s was to be seen", pattern)
		case <-timeout.C:
			return 0, fmt.Errorf("%s was not to be seen within %v", pattern, patience)
		}
	}
}

// press types keys one by one, as a person would, and gives the time of the last.
func (s *screen) press(keys ...string) time.Time {
	var last time.Time
	for _, key := range keys {
		time.Sleep(100 * time.Millisecond)
		last = time.Now()
		_, _ = s.tty.WriteString(key) // the screen tells when the program has gone
	}
	return last
}

// peak is the memory of the program at its most so far, in MB; 0 where the system does not tell.
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

// end ends the program, whatever it is doing.
func (s *screen) end() {
	_ = s.cmd.Cancel() // fails only when it has ended
	_ = s.cmd.Wait()   // it was killed, and says so
	_ = s.tty.Close()
	<-s.over
}
