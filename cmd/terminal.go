package cmd

import (
	"bytes"
	"io"
	"strconv"
	"strings"

	"github.com/charmbracelet/x/term"

	"sbwatch/model"
)

// isTerminal tells whether a stream is one.
func isTerminal(stream any) bool {
	file, ok := stream.(interface{ Fd() uintptr })
	return ok && term.IsTerminal(file.Fd())
}

// usesDashboard tells whether there is a terminal that can show the dashboard, and whether it is wanted.
func (p *program) usesDashboard(f watchFlags) bool {
	return !f.plain && !f.json && isTerminal(p.Stdout) && p.getenv("TERM") != "dumb"
}

// canAsk tells whether there is somebody to answer a question.
func (p *program) canAsk() bool { return isTerminal(p.Stdin) && isTerminal(p.Stderr) }

// terminalSize is the size of standard output in cells, or the usual one where the terminal does not tell.
func (p *program) terminalSize() (width, height int) {
	if file, ok := p.Stdout.(interface{ Fd() uintptr }); ok {
		width, height, err := term.GetSize(file.Fd())
		if err == nil && width > 0 && height > 0 {
			return width, height
		}
	}
	return 80, 24
}

// isLightBackground guesses from COLORFGBG, which some terminals set to the numbers of their colours: "0;15" is black
// on white.
func isLightBackground(colorFGBG string) bool {
	fields := strings.Split(colorFGBG, ";")
	background, err := strconv.Atoi(fields[len(fields)-1])
	return err == nil && (background == 7 || (background > 8 && background < 16))
}

// printableWriter writes text to a terminal so that whatever the terminal would obey is shown, except for line breaks and
// tabs. A line is written when it is whole; flush writes the last.
type printableWriter struct {
	out  io.Writer
	line []byte // that has not ended yet
}

// Write takes more text.
func (w *printableWriter) Write(text []byte) (int, error) {
	for rest := text; ; {
		end := bytes.IndexByte(rest, '\n')
		if end < 0 {
			w.line = append(w.line, rest...)
			return len(text), nil
		}
		w.line = append(w.line, rest[:end+1]...)
		if err := w.flush(); err != nil {
			return 0, err
		}
		rest = rest[end+1:]
	}
}

// flush writes the line as far as it is there.
func (w *printableWriter) flush() error {
	text, ended := bytes.CutSuffix(w.line, []byte("\n"))
	var shown strings.Builder
	for i, part := range strings.Split(string(bytes.TrimSuffix(text, []byte("\r"))), "\t") {
		if i > 0 {
			shown.WriteByte('\t')
		}
		shown.WriteString(model.Printable(part))
	}
	if ended {
		shown.WriteByte('\n')
	}
	w.line = w.line[:0]
	_, err := io.WriteString(w.out, shown.String())
	return err
}
