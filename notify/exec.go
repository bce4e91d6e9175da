package notify

import (
	"bytes"
	"context"
	"errors"
	"os/exec"
	"strings"
	"sync"
	"time"

	"sbwatch/model/text"
)

// DefaultExecTimeout is the default time limit for the user's command.
const DefaultExecTimeout = time.Minute

// outputDelay is how long to wait for more output after the command has ended. The output may come from programs that
// the command has left in the background.
const outputDelay = time.Second

// errTooLong is the reason why a command is killed.
var errTooLong = errors.New("the command took too long")

// exec runs the user's command for a run. It reports the output of the command and, if the command fails, the reason.
func (n *Notifier) exec(f Facts) {
	limit := n.config.ExecTimeout
	if limit <= 0 {
		limit = DefaultExecTimeout
	}
	ctx, cancel := context.WithTimeoutCause(n.life, limit, errTooLong)
	defer cancel()
	command := shell(ctx, n.config.Exec)
	command.Env = f.environ(n.config.Environ, n.redacted)
	command.WaitDelay = outputDelay
	output := lineWriter{say: func(line string) { n.config.Output("--exec for " + f.name() + ": " + n.redacted(line)) }}
	command.Stdout, command.Stderr = &output, &output
	err := command.Run()
	output.end()
	exit, isExit := errors.AsType[*exec.ExitError](err)
	switch {
	case err == nil || errors.Is(err, exec.ErrWaitDelay):
		// The command may leave programs in the background that keep the command's output open.
	case n.life.Err() != nil:
		n.abandon()
	case ctx.Err() != nil:
		n.reportFailure("--exec", &f, "killed after "+text.Wait(limit))
	case isExit:
		n.reportFailure("--exec", &f, "the command failed: "+exit.String())
	default:
		n.reportFailure("--exec", &f, "the command cannot be run: "+err.Error())
	}
}

// maxOutputLines is the maximum number of lines of output that are reported for each run.
const maxOutputLines = 50

// lineWriter passes each line of a text to a function. It makes the lines printable and limits their length.
type lineWriter struct {
	say func(line string)

	mu     sync.Mutex
	line   []byte // text after the last newline
	lines  int
	isOver bool
}

// Write accepts output. It never fails, because an error would make the command fail.
func (w *lineWriter) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for part := range bytes.Lines(p) {
		content, isWhole := bytes.CutSuffix(part, []byte("\n"))
		w.line = append(w.line, content[:min(len(content), max(0, maxLine+1-len(w.line)))]...)
		if isWhole {
			w.flush()
		}
	}
	return len(p), nil
}

// end handles the last line even if it does not end in a newline. Later writes are ignored.
func (w *lineWriter) end() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.flush()
	w.isOver = true // programs in the background may still write
}

func (w *lineWriter) flush() {
	line := strings.TrimRight(strings.ReplaceAll(string(w.line), "\t", "  "), "\r ")
	w.line = w.line[:0]
	if line == "" || w.isOver || w.lines > maxOutputLines {
		return
	}
	w.lines++
	if w.lines > maxOutputLines {
		line = "more output is not shown"
	}
	w.say(text.Shorten(text.Printable(line), maxLine))
}
