package wire

// skip uses up the value that rest begins with, whatever its size. It looks at brackets and quotes only: what is in it is not
// checked.
func (w *Window) skip() error {
	var s skipper
	for {
		n, ended := s.pass(w.Bytes())
		w.from += n
		if ended {
			return nil
		}
		if err := w.Grow(); err != nil {
			return w.Broken(err)
		}
	}
}

// skipper finds the end of a value that comes in parts.
type skipper struct {
	depth             int
	inString, escaped bool
	begun             bool
}

// pass gives the number of bytes of a part that belong to the value, and whether it ended.
func (s *skipper) pass(part []byte) (n int, ended bool) {
	for i, c := range part {
		switch {
		case s.escaped:
			s.escaped = false
		case s.inString && c == '\\':
			s.escaped = true
		case c == '"':
			s.inString = !s.inString
			if !s.inString && s.depth == 0 {
				return i + 1, true
			}
		case s.inString:
		case c == '{' || c == '[':
			s.depth++
		case c == '}' || c == ']':
			if s.depth == 0 { // behind a number
				return i, true
			}
			if s.depth--; s.depth == 0 {
				return i + 1, true
			}
		case s.depth == 0 && s.begun && (c == ',' || c <= ' '):
			return i, true
		}
		s.begun = true
	}
	return len(part), false
}
