//go:build unix

package termtest

import (
	"bytes"
	"cmp"
	"errors"
	"io"
	"os"
	"os/exec"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"
	xterm "github.com/charmbracelet/x/term"
	"github.com/charmbracelet/x/vt"
	"github.com/creack/pty"
)

// Options select the program and its terminal.
type Options struct {
	// Args are the program and its arguments.
	Args []string
	// Cols and Rows are the size of the terminal in cells; the default is 80 by 24.
	Cols, Rows int
	// Env is added to a minimal environment that does not depend on the developer's: PATH, TERM, LANG, CI and an empty
	// HOME.
	Env []string
	// Dir is the working directory of the program; the default is that of the test.
	Dir string
	// Stdin replaces the terminal as standard input.
	Stdin *os.File
	// Patience is how long methods such as [Term.Wait] wait before they fail the test; the default is 30 s.
	Patience time.Duration
}

// Term is a program running in a terminal. Except for Kill, only the test's own goroutine may call its methods.
type Term struct {
	t        testing.TB
	cmd      *exec.Cmd
	patience time.Duration

	master *os.File      // the terminal's side
	slave  *os.File      // the program's side
	input  chan []byte   // input to type, and the emulator's answers to queries
	done   chan struct{} // closed once the program has ended and all its output has been read
	atEnd  chan struct{} // closed when the program has ended

	before, after *xterm.State // state of the line discipline; after is valid once done is closed
	code          int          // valid once done is closed

	mu      sync.Mutex
	emu     *vt.Emulator
	raw     []byte
	unshown []byte // the end of a frame that has been read but not shown yet
	drawing bool   // within a synchronized update
	screen  string
	changed chan struct{} // closed and replaced whenever there is output
}

// Start runs a program in a new terminal. The program and its children are killed when the test ends.
func Start(t testing.TB, o Options) *Term {
	t.Helper()
	if len(o.Args) == 0 {
		t.Fatal("termtest: no program to run")
	}
	cols, rows := cmp.Or(o.Cols, 80), cmp.Or(o.Rows, 24)
	term := &Term{
		t:        t,
		patience: cmp.Or(o.Patience, 30*time.Second),
		input:    make(chan []byte, 1024),
		done:     make(chan struct{}),
		atEnd:    make(chan struct{}),
		changed:  make(chan struct{}),
	}
	term.emu = newEmulator(cols, rows, &term.drawing)
	if err := term.open(cols, rows); err != nil {
		t.Fatal("termtest: no pseudo terminal:", err)
	}
	term.cmd = command(t, o, term.slave)
	if err := term.cmd.Start(); err != nil {
		_ = term.slave.Close()
		_ = term.master.Close()
		t.Fatal("termtest:", err)
	}
	term.serve()
	return term
}

// newEmulator returns a terminal emulator. It tells programs that it supports synchronized updates and grapheme
// clusters. *drawing is true during synchronized updates.
func newEmulator(cols, rows int, drawing *bool) *vt.Emulator {
	emu := vt.NewEmulator(cols, rows)
	_, _ = emu.WriteString(ansi.ResetModeSynchronizedOutput + ansi.ResetModeUnicodeCore)
	follow := func(value bool) func(ansi.Mode) {
		return func(mode ansi.Mode) {
			if mode == ansi.ModeSynchronizedOutput {
				*drawing = value
			}
		}
	}
	emu.SetCallbacks(vt.Callbacks{EnableMode: follow(true), DisableMode: follow(false)})
	return emu
}

func (term *Term) open(cols, rows int) (err error) {
	if term.master, term.slave, err = pty.Open(); err != nil {
		return err
	}
	if err = pty.Setsize(term.slave, winsize(cols, rows)); err != nil {
		return err
	}
	if term.before, err = xterm.GetState(term.slave.Fd()); err != nil {
		return err
	}
	if runtime.GOOS == "darwin" {
		return nil // on macOS, terminals support only blocking I/O
	}
	// In non-blocking mode, Close can interrupt a write that nobody reads. From here on, call Fd only on slave, because
	// Fd turns non-blocking mode off.
	return syscall.SetNonblock(int(term.master.Fd()), true)
}

func winsize(cols, rows int) *pty.Winsize {
	return &pty.Winsize{Cols: uint16(cols), Rows: uint16(rows)}
}

func command(t testing.TB, o Options, tty *os.File) *exec.Cmd {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), o.Args[0], o.Args[1:]...)
	cmd.Dir = o.Dir
	cmd.Env = append([]string{
		"PATH=" + os.Getenv("PATH"),
		"HOME=" + t.TempDir(),
		"TERM=xterm-256color",
		"LANG=C.UTF-8",
		"CI=true", // without the hints for new users
	}, o.Env...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = cmp.Or(o.Stdin, tty), tty, tty
	// With its own session, the program gets the terminal as its controlling terminal. Its standard output refers to
	// that terminal.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true, Ctty: 1}
	cmd.Cancel = func() error { return killGroup(cmd.Process) }
	return cmd
}

// killGroup kills the program and its children in the same terminal.
func killGroup(p *os.Process) error {
	if err := syscall.Kill(-p.Pid, syscall.SIGKILL); !errors.Is(err, syscall.ESRCH) {
		return err
	}
	return os.ErrProcessDone
}

// endMark is written after the last output of the program. The end of the stream does not show that the program has
// ended, because other processes that the program has started may keep the stream open.
const endMark = "\x00the program has ended\x00"

// serve starts the goroutines that act as the terminal, and stops them when the test ends.
func (term *Term) serve() {
	var running sync.WaitGroup
	running.Go(term.reap)
	running.Go(term.show)
	running.Go(term.answer)
	running.Go(term.feed)
	term.t.Cleanup(func() {
		select {
		case <-term.atEnd:
		default:
			_ = killGroup(term.cmd.Process)
		}
		<-term.done
		_ = term.master.Close()
		running.Wait()
		_ = term.slave.Close()
	})
}

func (term *Term) reap() {
	_ = term.cmd.Wait() // ProcessState has all the information
	term.code = exitCode(term.cmd.ProcessState)
	term.after, _ = xterm.GetState(term.slave.Fd())
	if runtime.GOOS == "darwin" { // on that system, the slave is unusable once the program has ended
		term.after, _ = xterm.GetState(term.master.Fd())
	}
	close(term.atEnd)
	_, _ = io.WriteString(term.slave, endMark) // if this fails, the stream ends by itself
}

// exitCode returns the program's exit code, or 128 plus the signal number if a signal killed it, as shells do.
func exitCode(state *os.ProcessState) int {
	if status, ok := state.Sys().(syscall.WaitStatus); ok && status.Signaled() {
		return 128 + int(status.Signal())
	}
	return state.ExitCode()
}

// show copies the program's output to the screen until the program ends.
func (term *Term) show() {
	chunk := make([]byte, 32<<10)
	for ended := false; !ended; {
		n, err := term.master.Read(chunk)
		ended = term.process(chunk[:n]) || err != nil
	}
	term.mu.Lock()
	term.draw(term.unshown)
	term.drawing = false
	term.publish()
	term.mu.Unlock()
	// Only the input is closed, because term.emu.Close would have a data race with term.emu.Read.
	if pipe, ok := term.emu.InputPipe().(io.Closer); ok {
		_ = pipe.Close()
	}
	close(term.done)
}

// process draws chunk on the screen. ended reports whether the output of the program is complete.
func (term *Term) process(chunk []byte) (ended bool) {
	term.mu.Lock()
	defer term.mu.Unlock()
	seen := max(0, len(term.raw)-len(endMark))
	term.raw = append(term.raw, chunk...)
	fresh := append(term.unshown, chunk...)
	if at := bytes.Index(term.raw[seen:], []byte(endMark)); at >= 0 {
		ended = true
		fresh = fresh[:max(0, len(fresh)-(len(term.raw)-seen-at))]
		term.raw = term.raw[:seen+at]
	}
	// A read may end in the middle of a character of several code points, such as a family emoji. The emulator would
	// treat the end of the read as the end of the character. During a synchronized update, more text always follows, so
	// the text after the last escape sequence is held back until more text arrives.
	whole := max(0, bytes.LastIndexByte(fresh, ansi.ESC), endOfUpdate(fresh))
	term.draw(fresh[:whole])
	term.unshown = slices.Clone(fresh[whole:])
	if !term.drawing {
		term.draw(term.unshown)
		term.unshown = nil
		term.publish()
	}
	term.wake()
	return ended
}

// endOfUpdate returns the offset after the last end of a synchronized update in b, or 0 if there is none.
func endOfUpdate(b []byte) int {
	if at := bytes.LastIndex(b, []byte(ansi.ResetModeSynchronizedOutput)); at >= 0 {
		return at + len(ansi.ResetModeSynchronizedOutput)
	}
	return 0
}

func (term *Term) draw(b []byte) { _, _ = term.emu.Write(b) }

// publish updates the screen that tests read.
func (term *Term) publish() {
	term.screen = strings.TrimRight(term.emu.String(), "\n")
}

func (term *Term) wake() {
	close(term.changed)
	term.changed = make(chan struct{})
}

// answer passes the answers of the terminal emulator to the program. It discards an answer that the program does not
// read, because waiting would block the emulator.
func (term *Term) answer() {
	buf := make([]byte, 4096)
	for {
		n, err := term.emu.Read(buf)
		if err != nil {
			return
		}
		select {
		case term.input <- slices.Clone(buf[:n]):
		default:
		}
	}
}

func (term *Term) feed() {
	for {
		select {
		case b := <-term.input:
			_, _ = term.master.Write(b) // fails only if the program has ended
		case <-term.atEnd:
			return
		}
	}
}

// Screen returns the lines that the terminal shows, without trailing blanks and trailing empty lines.
func (term *Term) Screen() string {
	term.mu.Lock()
	defer term.mu.Unlock()
	return term.screen
}

// Raw returns all bytes that the program has written so far, as the terminal received them. The line discipline turns
// each "\n" into "\r\n", unless the program has disabled this conversion.
func (term *Term) Raw() []byte {
	term.mu.Lock()
	defer term.mu.Unlock()
	return bytes.Clone(term.raw)
}

// Wait waits until the screen contains text. The test fails and prints the screen if that takes longer than
// [Options.Patience], or if the program ends first.
func (term *Term) Wait(text string) {
	term.t.Helper()
	term.WaitFor("the screen to contain "+text, func() bool { return strings.Contains(term.Screen(), text) })
}

// WaitMatch is like [Term.Wait], but waits for the screen to match a regular expression.
func (term *Term) WaitMatch(pattern string) {
	term.t.Helper()
	expression := regexp.MustCompile(pattern)
	term.WaitFor("the screen to match "+pattern, func() bool { return expression.MatchString(term.Screen()) })
}

// WaitFor is like [Term.Wait], but waits until a condition is true. The condition may depend only on the program's
// output: for example, that a line has disappeared, or that [Term.Raw] has a sequence that the screen does not show.
func (term *Term) WaitFor(what string, holds func() bool) {
	term.t.Helper()
	timeout := time.NewTimer(term.patience)
	defer timeout.Stop()
	for {
		term.mu.Lock()
		changed := term.changed
		term.mu.Unlock()
		if holds() {
			return
		}
		select {
		case <-changed:
		case <-term.done:
			if holds() {
				return
			}
			term.t.Fatalf("waiting for %s: the program ended with code %d. The screen:\n%s", what, term.code, term.Screen())
		case <-timeout.C:
			term.t.Fatalf("waiting for %s: not seen within %v. The screen:\n%s", what, term.patience, term.Screen())
		}
	}
}

// Resize changes the size of the terminal and notifies the program.
func (term *Term) Resize(cols, rows int) {
	term.t.Helper()
	term.mu.Lock()
	term.emu.Resize(cols, rows)
	term.publish()
	term.wake()
	term.mu.Unlock()
	if err := pty.Setsize(term.slave, winsize(cols, rows)); err != nil {
		term.t.Fatal("resize the terminal:", err)
	}
}

// Signal sends a signal to the program, but not to its children.
func (term *Term) Signal(signal os.Signal) {
	term.t.Helper()
	if err := term.cmd.Process.Signal(signal); err != nil {
		term.t.Fatalf("send %v to the program: %v", signal, err)
	}
}

// Exit waits for the program to end and returns its exit code, or 128 plus the signal number if a signal killed it.
// Afterwards, [Term.Screen] and [Term.Raw] include all of its output.
func (term *Term) Exit() int {
	term.t.Helper()
	timeout := time.After(term.patience)
	for _, end := range []<-chan struct{}{term.done, term.atEnd} { // after HangUp, done is closed first
		select {
		case <-end:
		case <-timeout:
			term.t.Fatalf("the program has not ended within %v. The screen:\n%s", term.patience, term.Screen())
		}
	}
	return term.code
}

// Kill sends a signal to the program like [Term.Signal], but may be called from any goroutine. It returns an error if
// the program has ended.
func (term *Term) Kill(signal os.Signal) error { return term.cmd.Process.Signal(signal) }
