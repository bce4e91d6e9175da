package wire

// Skip skips the value at the start of the window, even if it is larger than the limits. It looks only at brackets and
// quotes, and does not validate the value.
func (w *Window) Skip() error {
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

// skipper finds the end of a value that arrives in parts.
type skipper struct {
	depth             int
	inString, escaped bool
	begun             bool
}

// pass reads the next part of the text. It returns the number of bytes that belong to the value, and whether the value
// ends in this part.
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
			if s.depth == 0 { // the end of a number
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
