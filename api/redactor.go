package api

import "io"

// redactor is a reader that masks the key in an answer. The program shows, saves and exports only text that has passed
// through a redactor.
type redactor struct {
	source io.Reader
	secret *secret

	held    []byte // bytes that were read but not returned, because they may be the start of the key
	ready   []byte // bytes that did not fit into the caller's buffer and are returned next
	failed  error  // error of the source, returned after the bytes in ready
	escaped bool   // whether the text returned so far ends in an odd number of backslashes
}

// newRedactor returns a redactor of source, or source itself if there is no secret.
func newRedactor(source io.Reader, s *secret) io.Reader {
	if s == nil {
		return source
	}
	return &redactor{source: source, secret: s}
}

// Read returns the text that has arrived. If the text ends with what may be the start of the API key, Read holds that
// part back until more text has arrived.
func (r *redactor) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	if len(r.ready) == 0 {
		if r.failed != nil {
			return 0, r.failed
		}
		room := 2 * maxEscape * len(r.secret.key) // more than the length of held
		if len(p) >= room {
			return r.fill(p)
		}
		text := make([]byte, max(room, 4096))
		n, err := r.fill(text)
		r.ready, r.failed = text[:n], err
	}
	n := copy(p, r.ready)
	if r.ready = r.ready[n:]; len(r.ready) > 0 {
		return n, nil
	}
	return n, r.failed
}

// fill copies r.held, the text that was held back, to p. Then it reads more text into p, and masks the key. p must be
// longer than r.held, whose maximum length is maxEscape times the length of the key.
func (r *redactor) fill(p []byte) (int, error) {
	for {
		had := copy(p, r.held)
		n, err := r.source.Read(p[had:])
		text := p[:had+n]
		if n > 0 {
			r.secret.mask(text, r.escaped)
		}
		keep := 0
		if err == nil {
			keep = r.secret.unfinished(text)
		}
		given := text[:len(text)-keep]
		r.held = append(r.held[:0], text[len(given):]...)
		if len(given) > 0 {
			r.escaped = oddBackslashes(given, r.escaped)
		}
		if len(given) > 0 || err != nil || n == 0 {
			return len(given), err
		}
	}
}
