package charset

import (
	"bytes"
	"encoding/binary"
	"io"
	"math/bits"
	"sync"
	"unicode/utf8"

	"golang.org/x/text/transform"

	"sbwatch/model/run"
)

// Reader converts a text to valid UTF-8.
//
// If the encoding is not known, the Reader guesses it. The first bytes show whether the text is UTF-16 or UTF-32. All
// other text is read as UTF-8. Bytes that are not valid UTF-8 are read as Windows-1252, even in the middle of UTF-8.
// Windows-1252 is by far the most common of the older encodings, and text in it is almost never valid UTF-8.
type Reader struct {
	source    io.Reader
	isBinary  func(begin []byte) bool
	givenName string // name of the encoding; "" if it must be guessed

	read    func(p []byte) (int, error) // nil until the encoding is known
	buffer  []byte                      // buffer to use if the caller's buffer is too small
	pending []byte                      // text that is decoded but not returned yet
	held    []byte                      // incomplete character at the end of the last read
	err     error                       // error of the source, returned after the text in pending
	replace bool                        // whether invalid bytes become U+FFFD

	mutex     sync.Mutex // for the fields below
	encoding  string     // encoding that was guessed, unless it is UTF-8
	bad       run.Notes  // lines with invalid bytes
	lines     int64      // number of line breaks so far
	badLine   int64      // number of the newest line with invalid bytes
	invalid   int        // number of bytes that are not valid UTF-8
	multibyte int        // number of characters of more than one byte
}

// NewReader returns a reader of source. The parameter name is the name of its encoding, for which [IsKnown] must be
// true; if it is "", the encoding is guessed. The reader calls the function isBinary with the first bytes of the
// source: at least 8, unless the source is shorter. If the function returns true, the source is not text and is read
// unchanged.
func NewReader(source io.Reader, name string, isBinary func(begin []byte) bool) *Reader {
	return &Reader{source: source, givenName: name, isBinary: isBinary}
}

// minRead is the smallest buffer, in bytes, that is used to read from the source.
const minRead = 64

// Read implements [io.Reader].
func (r *Reader) Read(p []byte) (int, error) {
	if len(r.pending) > 0 {
		n := copy(p, r.pending)
		r.pending = r.pending[n:]
		return n, nil
	}
	if r.err != nil {
		return 0, r.err
	}
	if len(p) >= minRead {
		return r.readText(p)
	}
	if r.buffer == nil {
		r.buffer = make([]byte, minRead)
	}
	n, err := r.readText(r.buffer)
	// The method check may have added bytes to pending. These come after the bytes in the buffer.
	r.pending = append(bytes.Clone(r.buffer[:n]), r.pending...)
	if len(r.pending) == 0 {
		return 0, err
	}
	if err != nil {
		r.err = err
	}
	n = copy(p, r.pending)
	r.pending = r.pending[n:]
	return n, nil
}

// readText reads text into p, which must have room for minRead bytes.
func (r *Reader) readText(p []byte) (int, error) {
	if r.read != nil {
		return r.read(p)
	}
	enough, n := firstExamined, 0
	var err error
	for empty := 0; n < enough && err == nil; {
		var more int
		more, err = r.source.Read(p[n:])
		n += more
		if empty++; more > 0 {
			empty = 0
		}
		if empty >= maxEmptyReads {
			err = io.ErrNoProgress
		}
		if n >= firstExamined && mayBeWide(p[:firstExamined]) && !r.isBinary(p[:n]) {
			enough = maxExamined
		}
	}
	return r.begin(p, n, min(n, enough), err)
}

// maxEmptyReads is the maximum number of consecutive reads without data or error.
const maxEmptyReads = 100

// begin determines the encoding, and reads the first text into p. p[:n] is the beginning of the source, and
// p[:examined] is the part that determines the encoding. The length of that part must not depend on how fast the text
// arrives, so that a file and a pipe get the same encoding.
func (r *Reader) begin(p []byte, n, examined int, err error) (int, error) {
	begin := p[:n]
	if r.isBinary(begin) {
		r.read = r.source.Read
		return n, err
	}
	encoding, known := wideEncoding(begin[:examined])
	if r.givenName != "" {
		encoding, known = lookUp(r.givenName)
		if encoding.name == "UTF-8" {
			known, r.replace = false, true
		}
	} else if known {
		r.mutex.Lock()
		r.encoding = encoding.name
		r.mutex.Unlock()
	}
	if !known {
		r.read = r.readUTF8
		return r.check(p, n, err)
	}
	source := io.MultiReader(bytes.NewReader(bytes.Clone(begin)), &failing{r.source, err})
	decoded := transform.NewReader(source, encoding.encoding.NewDecoder())
	r.read = func(p []byte) (int, error) {
		n, err := decoded.Read(p)
		r.noteReplaced(p[:n])
		return n, err
	}
	return r.read(p)
}

// failing is a reader that returns the error err or, if err is nil, reads from source.
type failing struct {
	source io.Reader
	err    error
}

func (f *failing) Read(p []byte) (int, error) {
	if f.err != nil {
		return 0, f.err
	}
	return f.source.Read(p)
}

// readUTF8 reads UTF-8 into p. It validates and repairs the text in place.
func (r *Reader) readUTF8(p []byte) (int, error) {
	held := copy(p, r.held)
	r.held = r.held[:0]
	n, err := r.source.Read(p[held:])
	return r.check(p, held+n, err)
}

// check converts p[:n] to valid UTF-8 in place, and returns the new length. Text that does not fit into p is stored in
// r.pending. The parameter err is the error that came with the text. check returns err, or stores it in r.err if
// r.pending has text.
func (r *Reader) check(p []byte, n int, err error) (int, error) {
	text := p[:n]
	if err == nil {
		whole := wholeCharacters(text)
		r.held = append(r.held[:0], text[whole:]...)
		text = text[:whole]
	}
	if lines, isASCII := scanASCII(text); isASCII {
		r.noteValid(lines, 0)
		return len(text), err
	}
	if utf8.Valid(text) {
		r.noteValid(bytes.Count(text, []byte{'\n'}), countMultibyte(text))
		return len(text), err
	}
	fixed := r.repair(text)
	n = copy(p, fixed)
	if r.pending = fixed[n:]; len(r.pending) > 0 {
		r.err, err = err, nil
	}
	return n, err
}

// scanASCII reports whether a text is ASCII. If so, scanASCII also returns the number of its line breaks. It scans the
// text in small parts, which stay in the processor's cache.
func scanASCII(text []byte) (lines int, ok bool) {
	const partSize = 16 << 10
	for len(text) > 0 {
		part := text[:min(len(text), partSize)]
		if !isASCII(part) {
			return 0, false
		}
		lines += bytes.Count(part, []byte{'\n'})
		text = text[len(part):]
	}
	return lines, true
}

// noteValid adds the numbers of line breaks and of multibyte characters in a valid part of the text to r.lines and
// r.multibyte.
func (r *Reader) noteValid(lines, multibyte int) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	r.lines += int64(lines)
	r.multibyte += multibyte
}

// countMultibyte returns the number of multibyte characters in valid text. It counts the bytes of 0xc0 or more, because
// each multibyte character starts with such a byte.
func countMultibyte(text []byte) int {
	count := 0
	for len(text) >= 8 {
		word := binary.LittleEndian.Uint64(text)
		count += bits.OnesCount64(word >> 7 & word >> 6 & 0x0101010101010101)
		text = text[8:]
	}
	for _, c := range text {
		if c >= 0xc0 {
			count++
		}
	}
	return count
}

// repair returns a text with its invalid bytes replaced.
func (r *Reader) repair(text []byte) []byte {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	fixed := make([]byte, 0, len(text)+len(text)/2+utf8.UTFMax)
	for len(text) > 0 {
		c, size := utf8.DecodeRune(text)
		switch {
		case c == '\n':
			r.lines++
			fixed = append(fixed, '\n')
		case c != utf8.RuneError || size > 1:
			if size > 1 {
				r.multibyte++
			}
			fixed = append(fixed, text[:size]...)
		default:
			r.invalid++
			r.noteBadLine()
			if r.replace {
				fixed = append(fixed, string(utf8.RuneError)...)
			} else {
				fixed = appendWindows1252(fixed, text[0])
			}
		}
		text = text[size:]
	}
	return fixed
}

// noteReplaced records the lines in which the decoder has replaced invalid bytes. The parameter text is the decoded
// text.
func (r *Reader) noteReplaced(text []byte) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	for {
		at := bytes.Index(text, []byte(string(utf8.RuneError)))
		if at < 0 {
			r.lines += int64(bytes.Count(text, []byte{'\n'}))
			return
		}
		r.lines += int64(bytes.Count(text[:at], []byte{'\n'}))
		r.noteBadLine()
		text = text[at+1:]
	}
}

// noteBadLine records that the current line has an invalid byte.
func (r *Reader) noteBadLine() {
	if line := r.lines + 1; line != r.badLine {
		r.badLine = line
		r.bad.Add(run.NoteBadText, line, "")
	}
}

// Notes returns notes about the encoding that was guessed and about invalid bytes that were replaced so far. It is safe
// for concurrent use.
func (r *Reader) Notes() run.Notes {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	var notes run.Notes
	const minRatio = 20
	isAllWindows1252 := r.invalid > 0 && !r.replace && r.multibyte*minRatio <= r.invalid
	if r.encoding != "" {
		notes.Add(run.NoteEncoding, 0, r.encoding)
	} else if isAllWindows1252 {
		notes.Add(run.NoteEncoding, 0, nameWindows1252)
		return notes
	}
	for _, note := range r.bad {
		detail := nameWindows1252
		if r.encoding != "" || r.givenName != "" {
			detail = "U+FFFD"
		}
		notes = append(notes, note.With(detail))
	}
	return notes
}

const nameWindows1252 = "Windows-1252"

// wholeCharacters returns the length of text without an incomplete character at the end.
func wholeCharacters(text []byte) int {
	for i := len(text) - 1; i >= 0 && i >= len(text)-utf8.UTFMax; i-- {
		if utf8.RuneStart(text[i]) {
			if utf8.FullRune(text[i:]) {
				return len(text)
			}
			return i
		}
	}
	return len(text)
}

// isASCII reports whether a text is ASCII.
func isASCII(text []byte) bool {
	for len(text) >= 32 {
		block := text[:32]
		if (binary.LittleEndian.Uint64(block[0:8])|binary.LittleEndian.Uint64(block[8:16])|binary.LittleEndian.Uint64(block[16:24])|binary.LittleEndian.Uint64(block[24:32]))&0x8080808080808080 != 0 {
			return false
		}
		text = text[32:]
	}
	for _, c := range text {
		if c >= utf8.RuneSelf {
			return false
		}
	}
	return true
}
