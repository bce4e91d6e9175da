package tty

import (
	"bytes"
	"io"
	"time"
	"unicode/utf8"
)

// A terminal sends what is pasted between these, so that it is not taken for keys.
const (
	pasteStart = "\x1b[200~"
	pasteEnd   = "\x1b[201~"
)

const (
	// maxPaste is how many bytes of a paste are passed on, which is more than any input of the dashboard can hold.
	maxPaste = 64 << 10
	// maxPasteGap is how long a paste may pause. A key after that ends it: its end was lost.
	maxPasteGap = 3 * time.Second
	// maxKey is the maximum length of the sequence of a key, in bytes. More than that is not typed but goes on with a paste.
	maxKey = 32
)

// pasteFilter reads the input of a terminal with its pastes made safe for the decoder of Bubble Tea, which takes an escape
// sequence without an end, or a C1 control in a text that is not UTF-8, for the start of a sequence that the end of the
// paste belongs to: all keys that follow are lost. Escape characters and invalid UTF-8 within a paste are left out. No input
// could hold them anyway.
type pasteFilter struct {
	source io.Reader
	now    func() time.Time

	matched int  // how many bytes of pasteStart were read last
	inPaste bool // the rest is about it
	passed  int  // bytes of the paste
	held    []byte
	last    time.Time // when a part of the paste was read
}

// Read reads keys and pastes. It can return no bytes and no error.
func (f *pasteFilter) Read(p []byte) (int, error) {
	// Room for what is held, and for the end of a paste in its place.
	if len(p) <= len(pasteEnd) {
		return 0, io.ErrShortBuffer
	}
	input := make([]byte, len(p)-len(pasteEnd))
	n, err := f.source.Read(input)
	input = input[:n]
	out := p[:0]
	if f.inPaste && n > 0 {
		now := f.now()
		if now.Sub(f.last) > maxPasteGap && n <= maxKey {
			f.inPaste, f.held = false, nil
			out = append(out, pasteEnd...)
		}
		f.last = now
	}
	input = append(f.held, input...)
	f.held = nil
	for len(input) > 0 {
		if f.inPaste {
			out, input = f.takePaste(out, input)
		} else {
			out, input = f.takeKeys(out, input)
		}
	}
	return len(out), err
}

// takeKeys appends input unchanged, up to the start of a paste, and returns the rest.
func (f *pasteFilter) takeKeys(out, input []byte) (appended, rest []byte) {
	for i, c := range input {
		switch c {
		case pasteStart[f.matched]:
			f.matched++
		case pasteStart[0]:
			f.matched = 1
		default:
			f.matched = 0
		}
		if f.matched == len(pasteStart) {
			f.matched, f.inPaste, f.passed, f.last = 0, true, 0, f.now()
			return append(out, input[:i+1]...), input[i+1:]
		}
	}
	return append(out, input...), nil
}

// takePaste appends what is safe of a paste, up to its end, and returns the rest. What may become its end, or a character,
// with the next bytes is held.
func (f *pasteFilter) takePaste(out, input []byte) (appended, rest []byte) {
	for len(input) > 0 {
		if input[0] == pasteEnd[0] {
			switch {
			case bytes.HasPrefix(input, []byte(pasteEnd)):
				f.inPaste = false
				return append(out, pasteEnd...), input[len(pasteEnd):]
			case bytes.HasPrefix([]byte(pasteEnd), input):
				f.held = input
				return out, nil
			}
			input = input[1:]
			continue
		}
		if !utf8.FullRune(input) {
			f.held = input
			return out, nil
		}
		r, size := utf8.DecodeRune(input)
		if (r != utf8.RuneError || size > 1) && f.passed+size <= maxPaste {
			out = append(out, input[:size]...)
			f.passed += size
		}
		input = input[size:]
	}
	return out, nil
}
