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

// Options say what to run, and in what terminal.
type Options struct {
	// Args are the program and its arguments.
	Args []string
	// Cols and Rows are the size of the terminal in cells; 80 by 24 unless given.
	Cols, Rows int
	// Env is added to a small environment that holds nothing of the developer's own: PATH, TERM, LANG and an empty
	// HOME.
	Env []string
	// Dir is where the program runs; the test's own directory unless given.
	Dir string
	// Stdin stands in the terminal's place as standard input.
	Stdin *os.File
	// Patience is how long to wait for what a test expects; 30 s unless given.
	Patience time.Duration
}

// Term is a program running in a terminal. Its methods are for the test's own goroutine.
type Term struct {
	t        testing.TB
	cmd      *exec.Cmd
	patience time.Duration

	master *os.File      // the terminal's side
	slave  *os.File      // the program's side
	input  chan []byte   // what waits to be typed, and the emulator's answers to the program's questions
	done   chan struct{} // closed once the program has ended and all that it wrote has been read
	atEnd  chan struct{} // closed when the program has ended

	before, after *xterm.State // the line discipline's; after is there once done is closed
	code          int          // likewise

	mu      sync.Mutex
	emu     *vt.Emulator
	raw     []byte
	unshown []byte // the tail of a frame, read and not yet shown
	drawing bool   // within a synchronized update
	screen  string
	changed chan struct{} // closed, and replaced, whenever there is output
}

// Start runs a program in a new terminal. The program, and whatever it started, is killed when the test ends.
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

// newEmulator makes a terminal as modern ones are: it knows synchronized updates and grapheme clusters, as programs
// that ask for them find out. *drawing follows the former.
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
		return nil // its terminals know only blocking I/O
	}
	// So that Close cuts short a write that nobody reads. From here on Fd, which undoes it, is the slave's alone.
	return syscall.SetNonblock(int(term.master.Fd()), true)
}

func winsize(cols, rows int) *pty.Winsize {
	return &pty.Winsize{Cols: uint16(cols), Rows: uint16(rows)} //nolint:gosec // no terminal is that large
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
	}, o.Env...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = cmp.Or(o.Stdin, tty), tty, tty
	// A session of its own, so that the terminal is its controlling one: of the program's files standard output is it.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true, Ctty: 1}
	cmd.Cancel = func() error { return killGroup(cmd.Process) }
	return cmd
}

// killGroup kills the program and what it started in the same terminal.
func killGroup(p *os.Process) error {
	if err := syscall.Kill(-p.Pid, syscall.SIGKILL); !errors.Is(err, syscall.ESRCH) {
		return err
	}
	return os.ErrProcessDone
}

// endMark is written behind the program's last output. The stream alone does not tell where that is: a process that
// the program left behind keeps it open.
const endMark = "\x00the program has ended\x00"

// serve starts the goroutines that stand for the terminal, and sees to it that they end with the test.
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

// reap waits for the program to end.
func (term *Term) reap() {
	_ = term.cmd.Wait() // what there is to know stands in ProcessState
	term.code = exitCode(term.cmd.ProcessState)
	term.after, _ = xterm.GetState(term.slave.Fd())
	if runtime.GOOS == "darwin" { // where the slave is of no use once the program has ended
		term.after, _ = xterm.GetState(term.master.Fd())
	}
	close(term.atEnd)
	_, _ = io.WriteString(term.slave, endMark) // where this fails, the stream ends by itself
}

// exitCode is the program's exit code; 128 and the signal's number where a signal killed it, as shells count.
func exitCode(state *os.ProcessState) int {
	if status, ok := state.Sys().(syscall.WaitStatus); ok && status.Signaled() {
		return 128 + int(status.Signal())
	}
	return state.ExitCode()
}

// show brings what the program writes to the screen, to the end.
func (term *Term) show() {
	chunk := make([]byte, 32<<10)
	for ended := false; !ended; {
		n, err := term.master.Read(chunk)
		ended = term.take(chunk[:n]) || err != nil
	}
	term.mu.Lock()
	term.draw(term.unshown)
	term.drawing = false
	term.publish()
	term.mu.Unlock()
	// Not Close, which has a data race with Read.
	if pipe, ok := term.emu.InputPipe().(io.Closer); ok {
		_ = pipe.Close()
	}
	close(term.done)
}

// take draws what was read and tells whether that was the last of it.
func (term *Term) take(chunk []byte) (ended bool) {
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
	// A read may end within a character of several code points, an emoji of several people say, and the emulator takes
	// the end of a write for the end of a character. So, while the program says that it is drawing and the rest is sure
	// to come, what follows its last escape sequence waits for the rest.
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

// endOfUpdate is where the last end of a synchronized update in b ends; 0 where there is none.
func endOfUpdate(b []byte) int {
	if at := bytes.LastIndex(b, []byte(ansi.ResetModeSynchronizedOutput)); at >= 0 {
		return at + len(ansi.ResetModeSynchronizedOutput)
	}
	return 0
}

func (term *Term) draw(b []byte) { _, _ = term.emu.Write(b) }

// publish makes the emulator's screen the one that tests see. Half a frame is never published.
func (term *Term) publish() {
	term.screen = strings.TrimRight(term.emu.String(), "\n")
}

// wake wakes whoever waits for output.
func (term *Term) wake() {
	close(term.changed)
	term.changed = make(chan struct{})
}

// answer hands the emulator's answers to the program. It must never make the emulator wait, which holds the lock: what
// a program that does not read its input asked for is dropped.
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

// feed types what waits to be typed.
func (term *Term) feed() {
	for {
		select {
		case b := <-term.input:
			_, _ = term.master.Write(b) // fails only when the program has gone
		case <-term.atEnd:
			return
		}
	}
}

// Screen is what the terminal shows: its lines, without blanks at their ends and without empty lines at its end.
func (term *Term) Screen() string {
	term.mu.Lock()
	defer term.mu.Unlock()
	return term.screen
}

// Raw is every byte that the program wrote so far, as the terminal got them: its line discipline writes "\r\n" for a
// line break unless the program switched that off.
func (term *Term) Raw() []byte {
	term.mu.Lock()
	defer term.mu.Unlock()
	return bytes.Clone(term.raw)
}

// Wait waits until the screen holds text. The test fails, with the screen printed, when it does not within
// [Options.Patience], or when the program ends before.
func (term *Term) Wait(text string) {
	term.t.Helper()
	term.WaitFor("the screen to hold "+text, func() bool { return strings.Contains(term.Screen(), text) })
}

// WaitMatch waits as [Term.Wait] does, for a regular expression to match the screen.
func (term *Term) WaitMatch(pattern string) {
	term.t.Helper()
	expression := regexp.MustCompile(pattern)
	term.WaitFor("the screen to match "+pattern, func() bool { return expression.MatchString(term.Screen()) })
}

// WaitFor waits as [Term.Wait] does, for anything that comes true with the program's output: a line that is gone, a
// sequence in [Term.Raw] that shows on no screen.
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
			term.t.Fatalf("waiting for %s: the program ended, with code %d. The screen:\n%s", what, term.code, term.Screen())
		case <-timeout.C:
			term.t.Fatalf("waiting for %s: not within %v. The screen:\n%s", what, term.patience, term.Screen())
		}
	}
}

// Resize makes the terminal another size and tells the program so.
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

// Signal sends a signal to the program alone, not to what it started.
func (term *Term) Signal(signal os.Signal) {
	term.t.Helper()
	if err := term.cmd.Process.Signal(signal); err != nil {
		term.t.Fatalf("send %v to the program: %v", signal, err)
	}
}

// Exit waits for the program to end and gives its exit code; 128 and the signal's number where a signal killed it.
// From then on [Term.Screen] and [Term.Raw] hold all of its output.
func (term *Term) Exit() int {
	term.t.Helper()
	timeout := time.After(term.patience)
	for _, end := range []<-chan struct{}{term.done, term.atEnd} { // after a hangup the former comes first
		select {
		case <-end:
		case <-timeout:
			term.t.Fatalf("the program has not ended within %v. The screen:\n%s", term.patience, term.Screen())
		}
	}
	return term.code
}

// Kill sends a signal to the program as [Term.Signal] does, but may be called by any goroutine: its error is that the program
// has ended.
func (term *Term) Kill(signal os.Signal) error { return term.cmd.Process.Signal(signal) }
