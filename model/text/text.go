package text

import (
	"encoding/json"
	"fmt"
	"iter"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Text is a string from outside: from the service, a scraped website or a file.
//
// It has its own type because it may contain anything, such as terminal escape sequences. [Text.String], which fmt
// uses, makes it printable. [Text.Raw] returns the original bytes, for comparisons, requests and the clipboard.
type Text struct{ raw string }

// NewText returns s as untrusted text.
func NewText(s string) Text { return Text{raw: s} }

// Raw returns the original bytes. Do not write them to a terminal.
func (t Text) Raw() string { return t.raw }

// IsEmpty reports whether the text is empty.
func (t Text) IsEmpty() bool { return t.raw == "" }

// String returns the text made printable on one line; see [Printable].
func (t Text) String() string { return Printable(t.raw) }

// Format formats the printable text for any verb. fmt therefore never writes the original bytes.
func (t Text) Format(state fmt.State, verb rune) {
	if verb == 'v' || verb == 'd' {
		verb = 's'
	}
	fmt.Fprintf(state, fmt.FormatString(formatFlags{state}, verb), t.String())
}

// formatFlags hides the # flag, which would make fmt quote the text in Go syntax.
type formatFlags struct{ fmt.State }

// Flag reports whether a flag other than # is set. For # it returns false.
func (f formatFlags) Flag(c int) bool { return c != '#' && f.State.Flag(c) }

// Lines returns the printable text line by line. An empty text is one empty line.
func (t Text) Lines() iter.Seq[string] {
	return func(yield func(string) bool) {
		rest, more := t.raw, true
		for more {
			var line string
			line, rest, more = strings.Cut(rest, "\n")
			if !yield(Printable(strings.TrimSuffix(line, "\r"))) {
				return
			}
		}
	}
}

// MarshalJSON writes the text as a JSON string that is safe to show: every character that [Printable] would change is
// escaped. Invalid UTF-8 becomes U+FFFD, because JSON cannot represent it.
func (t Text) MarshalJSON() ([]byte, error) {
	out := append(make([]byte, 0, len(t.raw)+2), '"')
	marks := 0
	for _, r := range t.raw {
		marks = countMarks(marks, r)
		switch {
		case r == '"' || r == '\\':
			out = append(out, '\\', byte(r))
		case r == utf8.RuneError:
			out = append(out, `\ufffd`...)
		case isHarmless(r) && marks <= maxMarks && !isJoiner(r) && !isSkinTone(r):
			out = utf8.AppendRune(out, r)
		default:
			out = append(out, escapeRune(r)...)
		}
	}
	return append(out, '"'), nil
}

// UnmarshalJSON reads a JSON string.
func (t *Text) UnmarshalJSON(data []byte) error { return json.Unmarshal(data, &t.raw) }

// maxMarks is the maximum number of combining marks per character. No script needs more. Many more would cover the
// lines above and below.
const maxMarks = 4

// Printable returns s in one line that is safe to write to a terminal. All text from outside must pass through it.
//
// Some characters are commands to a terminal, and some hide or reorder text. Printable escapes them as in Go source:
// control characters (\x1b, \n), bidirectional controls, invisible format characters and invalid UTF-8. Joiners are
// kept where scripts need them. Emoji modifiers are removed. Terminals disagree on the width of modified emoji, so the
// rest of the line would be shifted.
func Printable(s string) string {
	if isPlainASCII(s) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s) + len(s)/4)
	marks := 0
	previous := rune(0)
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		marks = countMarks(marks, r)
		switch {
		case variesEmoji(previous, r):
		case isSkinTone(r): // without an emoji, a modifier would join the character before it, even a space of the margin
			b.WriteString(escapeRune(r))
		case isJoiner(r) && !joinsScripts(previous):
			b.WriteString(escapeRune(r))
		case r == utf8.RuneError && size == 1:
			b.WriteString(`\x` + hex(uint64(s[i]), 2))
		case r < ' ' || r == 0x7f:
			b.WriteString(escapeControl(r))
		case isHarmless(r) && marks <= maxMarks:
			b.WriteString(s[i : i+size])
		default:
			b.WriteString(escapeRune(r))
		}
		previous = r
		i += size
	}
	return b.String()
}

// countMarks returns the number of consecutive combining marks that end with r. The parameter marks is that number for
// the character before r.
func countMarks(marks int, r rune) int {
	if unicode.In(r, unicode.Mn, unicode.Me) {
		return marks + 1
	}
	return 0
}

// isSkinTone reports whether r sets the color of the emoji before it.
func isSkinTone(r rune) bool { return r >= 0x1f3fb && r <= 0x1f3ff }

// variesEmoji reports whether r only changes the appearance of an emoji: a presentation selector, a skin tone or the
// joiner of a group. The parameter previous is the character before r.
func variesEmoji(previous, r rune) bool {
	switch {
	case r == '\ufe0e' || r == '\ufe0f' || isSkinTone(r):
		return previous == zeroWidthJoiner || unicode.In(previous, unicode.So, unicode.Sk, unicode.Sm, unicode.Po, unicode.Nd)
	case r == zeroWidthJoiner:
		return previous == '\ufe0f' || unicode.In(previous, unicode.So, unicode.Sk)
	default:
		return false
	}
}

// isPlainASCII reports whether s needs no change. Most text needs none.
func isPlainASCII(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			return false
		}
	}
	return true
}

const (
	zeroWidthNonJoiner = '\u200c' // used in Persian and Indic scripts
	zeroWidthJoiner    = '\u200d' // used in the same scripts, and in emoji of several people
	brailleBlank       = '\u2800' // looks like a space but is not one
)

func isJoiner(r rune) bool { return r == zeroWidthJoiner || r == zeroWidthNonJoiner }

// joinsScripts reports whether r belongs to a script in which a joiner after r has a meaning. A joiner after Latin,
// Greek and Cyrillic letters, digits and symbols has no meaning and could only hide text.
func joinsScripts(r rune) bool {
	return unicode.In(r, unicode.L, unicode.M) && !unicode.In(r, unicode.Latin, unicode.Greek, unicode.Cyrillic, unicode.Han)
}

// isHarmless reports whether a terminal shows r as a visible character.
func isHarmless(r rune) bool {
	switch {
	case r >= ' ' && r <= '~':
		return true
	case isJoiner(r):
		return true
	case r == brailleBlank || unicode.Is(unicode.Other_Default_Ignorable_Code_Point, r):
		return false
	case unicode.Is(unicode.Zs, r):
		return r == '\u00a0' || r == '\u3000' || r == '\u202f' || r == '\u2009'
	case unicode.Is(unicode.Co, r):
		return true // private use: shown as a symbol of an icon font or as an empty box
	case unicode.Is(unicode.Variation_Selector, r):
		return false
	default:
		return unicode.IsPrint(r)
	}
}

// escapeControl escapes an ASCII control character as in Go source: \n, \x1b.
func escapeControl(r rune) string {
	switch r {
	case '\n':
		return `\n`
	case '\r':
		return `\r`
	case '\t':
		return `\t`
	default:
		return `\x` + hex(uint64(r), 2)
	}
}

// escapeRune escapes r as in a JSON string, such as \u200b. A character above U+FFFF becomes a surrogate pair, such as
// \ud83d\ude00.
func escapeRune(r rune) string {
	if r > 0xffff {
		r -= 0x10000
		return escapeRune(0xd800+r>>10) + escapeRune(0xdc00+r&0x3ff)
	}
	return `\u` + hex(uint64(r), 4)
}

func hex(v uint64, digits int) string {
	s := strconv.FormatUint(v, 16)
	return strings.Repeat("0", max(0, digits-len(s))) + s
}
