package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
	"time"

	"github.com/charmbracelet/x/ansi"
	"github.com/creack/pty"
)

// patience is the timeout for each expected event.
const patience = 20 * time.Second

// session is a program in a pseudo terminal of 120 by 40 cells. It records the output, and does not reply to the
// program's queries.
type session struct {
	program program
	cmd     *exec.Cmd
	tty     *os.File
	started time.Time
	visible chan struct{} // closed at the first visible text
	over    chan struct{} // closed at the end of the output

	mu        sync.Mutex
	output    []chunk
	visibleAt time.Duration
}

// chunk is the output from one read, with the time since the start of the program.
type chunk struct {
	at    time.Duration
	bytes int
}

func (b *bench) start(p program) (*session, error) {
	cmd := exec.CommandContext(b.ctx, p.args[0], p.args[1:]...)
	cmd.Env = b.environ()
	s := &session{program: p, cmd: cmd, visible: make(chan struct{}), over: make(chan struct{}), started: time.Now()}
	tty, err := pty.StartWithSize(cmd, &pty.Winsize{Cols: 120, Rows: 40})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", p.name, err)
	}
	s.tty = tty
	go s.read()
	return s, nil
}

func (s *session) read() {
	defer close(s.over)
	var begin []byte // the output before the first visible text
	buffer := make([]byte, 64<<10)
	for {
		n, err := s.tty.Read(buffer)
		at := time.Since(s.started)
		s.mu.Lock()
		s.output = append(s.output, chunk{at, n})
		if s.visibleAt == 0 {
			begin = append(begin, buffer[:n]...)
			if isVisible(begin) {
				s.visibleAt = at
				close(s.visible)
			}
		}
		s.mu.Unlock()
		if err != nil {
			return
		}
	}
}

// isVisible reports whether output contains visible text.
func isVisible(output []byte) bool { return strings.TrimSpace(ansi.Strip(string(output))) != "" }

// firstText waits for the first visible text. It returns the time from the start of the program to this text.
func (s *session) firstText() (time.Duration, error) {
	select {
	case <-s.visible:
	case <-s.over:
	case <-time.After(patience):
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.visibleAt == 0 {
		return 0, fmt.Errorf("%s showed nothing within %v", s.program.name, patience)
	}
	return s.visibleAt, nil
}

// outputAfter returns the output that arrived after the program had run for the given time.
func (s *session) outputAfter(runTime time.Duration) []chunk {
	s.mu.Lock()
	defer s.mu.Unlock()
	var chunks []chunk
	for _, c := range s.output {
		if c.at >= runTime && c.bytes > 0 {
			chunks = append(chunks, c)
		}
	}
	return chunks
}

// leave presses q, waits for the program to end and returns its total CPU time.
func (s *session) leave() (time.Duration, error) {
	_, writeErr := s.tty.WriteString("q")
	kill := time.AfterFunc(patience, func() { _ = s.cmd.Process.Kill() })
	err := s.cmd.Wait()
	inTime := kill.Stop()
	_ = s.tty.Close()
	<-s.over
	var exit *exec.ExitError
	switch {
	case writeErr != nil:
		return 0, fmt.Errorf("%s: %w", s.program.name, writeErr)
	case !inTime:
		return 0, fmt.Errorf("%s does not quit on q", s.program.name)
	case err != nil && !errors.As(err, &exit): // if the run has not ended, quitting returns a special exit code
		return 0, fmt.Errorf("%s: %w", s.program.name, err)
	}
	return s.cmd.ProcessState.UserTime() + s.cmd.ProcessState.SystemTime(), nil
}
