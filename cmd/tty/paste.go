package tty

import (
	"bytes"
	"io"
	"time"
	"unicode/utf8"
)

// The byte sequences that the terminal sends before and after pasted text.
const (
	pasteStart = "\x1b[200~"
	pasteEnd   = "\x1b[201~"
)

const (
	// maxPaste is the maximum size of a paste, in bytes. The rest is dropped. No input field of the dashboard holds
	// more.
	maxPaste = 64 << 10
	// maxPasteGap is the maximum pause within a paste. After a longer pause, the end of the paste is assumed to be
	// lost.
	maxPasteGap = 3 * time.Second
	// maxKey is the maximum number of bytes that one key press sends.
	maxKey = 32
)

// pasteFilter reads terminal input, and removes escape characters and invalid UTF-8 from pastes.
//
// Without it, an unfinished escape sequence in a paste, or a C1 control in invalid UTF-8, would make Bubble Tea's
// decoder miss the end of the paste. After that, the decoder would treat all keys as pasted text.
type pasteFilter struct {
	source io.Reader
	now    func() time.Time

	matched int // number of bytes of pasteStart at the end of the input so far

	// State within a paste.
	inPaste bool
	passed  int       // number of bytes of this paste that were passed on
	held    []byte    // input that may be the start of pasteEnd or of a character
	last    time.Time // time of the last input
}

// Read reads keys and filtered pastes. It may return 0, nil.
func (f *pasteFilter) Read(p []byte) (int, error) {
	// p must have room for the bytes that are added: the held bytes or the end of a paste.
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
			out, input = f.filterPaste(out, input)
		} else {
			out, input = f.passKeys(out, input)
		}
	}
	return len(out), err
}

// passKeys appends input to out, up to and including the start of a paste. It returns the remaining input as rest.
func (f *pasteFilter) passKeys(out, input []byte) (appended, rest []byte) {
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

// filterPaste appends the safe bytes of a paste to out, up to and including the end of the paste. It returns the
// remaining input as rest. If input ends with an incomplete character or with the beginning of pasteEnd, filterPaste
// keeps these bytes for the next call.
func (f *pasteFilter) filterPaste(out, input []byte) (appended, rest []byte) {
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
