package write

import (
	"bytes"
	"io"
	"strings"

	"sbwatch/model/text"
)

// ScreenWriter writes text to a terminal. It makes control characters visible, except line breaks and tabs. It writes
// only complete lines; Close writes the rest.
type ScreenWriter struct {
	out  io.Writer
	line []byte // text after the last line break
}

// NewScreenWriter returns a ScreenWriter that writes to out. It never closes out.
func NewScreenWriter(out io.Writer) *ScreenWriter { return &ScreenWriter{out: out} }

// Write adds text.
func (w *ScreenWriter) Write(text []byte) (int, error) {
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

// Close writes the last line if it does not end in a line break.
func (w *ScreenWriter) Close() error { return w.flush() }

// flush writes the current line.
func (w *ScreenWriter) flush() error {
	s, ended := bytes.CutSuffix(w.line, []byte("\n"))
	var shown strings.Builder
	for i, part := range strings.Split(string(bytes.TrimSuffix(s, []byte("\r"))), "\t") {
		if i > 0 {
			shown.WriteByte('\t')
		}
		shown.WriteString(text.Printable(part))
	}
	if ended {
		shown.WriteByte('\n')
	}
	w.line = w.line[:0]
	_, err := io.WriteString(w.out, shown.String())
	return err
}
