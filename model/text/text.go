package text

import (
	"fmt"
	"iter"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Text is a string that came from outside: from the service, from a scraped web site, from a file.
//
// It may hold anything, terminal escape sequences among it, and so it is not a string: to show it, call
// [Text.String] (fmt does so by itself), which makes it printable. Only [Text.Raw] gives the bytes as they came,
// for comparing, for requests and for the clipboard.
type Text struct{ raw string }

// NewText marks s as coming from outside.
func NewText(s string) Text { return Text{raw: s} }

// Raw is the text as it came. It must not reach a terminal.
func (t Text) Raw() string { return t.raw }

// IsEmpty tells whether there is no text at all.
func (t Text) IsEmpty() bool { return t.raw == "" }

// String is the text made printable on one line: see [Printable].
func (t Text) String() string { return Printable(t.raw) }

// Format writes the printable text for every verb of fmt, so that none lets the raw bytes through.
func (t Text) Format(state fmt.State, verb rune) {
	if verb == 'v' || verb == 'd' {
		verb = 's'
	}
	fmt.Fprintf(state, fmt.FormatString(formatFlags{state}, verb), t.String())
}

// formatFlags hides the # flag, whose Go syntax is of no use here.
type formatFlags struct{ fmt.State }

// Flag tells whether a flag is set.
func (f formatFlags) Flag(c int) bool { return c != '#' && f.State.Flag(c) }

// Lines is the text made printable, line by line. An empty text is one empty line.
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

// MarshalJSON writes the text as a JSON string in which whatever [Printable] would alter is escaped, so that the
// JSON itself is safe to show. Invalid UTF-8 becomes U+FFFD, as JSON has no way to carry it.
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

// maxMarks is how many combining marks one character may carry: more than any script needs, and too few to paint
// over the lines above and below.
const maxMarks = 4

// Printable makes any bytes safe for a terminal and keeps them on one line. It is the one way from outside to the
// screen.
//
// Whatever a terminal might obey, and whatever hides or reorders text, becomes an escape as in Go source: control
// characters (ESC is \x1b, a line break \n), bidirectional controls, invisible format characters, bytes that are not
// UTF-8. Joiners stay where scripts need them. What only varies the look of an emoji is left out, because terminals
// disagree on how many cells it takes, and one that disagrees with us shifts the rest of the line.
func Printable(s string) string {
	if isPlainASCII(s) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s) + len(s)/4)
	marks := 0
	before := rune(0)
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		marks = countMarks(marks, r)
		switch {
		case variesEmoji(before, r):
		case isJoiner(r) && !joinsScripts(before):
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
		before = r
		i += size
	}
	return b.String()
}

// countMarks counts the combining marks on one character, of which r is the next, or another character.
func countMarks(before int, r rune) int {
	if unicode.In(r, unicode.Mn, unicode.Me) {
		return before + 1
	}
	return 0
}

// isSkinTone tells whether r gives the emoji before it a colour.
func isSkinTone(r rune) bool { return r >= 0x1f3fb && r <= 0x1f3ff }

// variesEmoji tells whether r, after the rune before it, only changes how an emoji looks: a presentation selector, a
// skin tone, or the joiner of a group.
func variesEmoji(before, r rune) bool {
	switch {
	case r == '\ufe0e' || r == '\ufe0f' || isSkinTone(r):
		return before == zeroWidthJoiner || unicode.In(before, unicode.So, unicode.Sk, unicode.Sm, unicode.Po, unicode.Nd)
	case r == zeroWidthJoiner:
		return before == '\ufe0f' || unicode.In(before, unicode.So, unicode.Sk)
	default:
		return false
	}
}

// isPlainASCII is the fast path: most text needs no change.
func isPlainASCII(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			return false
		}
	}
	return true
}

const (
	zeroWidthNonJoiner = '\u200c' // Persian and Indic scripts
	zeroWidthJoiner    = '\u200d' // the same, and emoji of several people
	brailleBlank       = '\u2800' // looks like a space, is none
)

func isJoiner(r rune) bool { return r == zeroWidthJoiner || r == zeroWidthNonJoiner }

// joinsScripts tells whether a joiner after r belongs to the writing of a script. After Latin, Greek and Cyrillic letters,
// digits and signs it only hides.
func joinsScripts(r rune) bool {
	return unicode.In(r, unicode.L, unicode.M) && !unicode.In(r, unicode.Latin, unicode.Greek, unicode.Cyrillic, unicode.Han)
}

// isHarmless tells whether a terminal shows r as a character of text, and nothing else.
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
		return true // private use: an icon font's, or a box
	case unicode.Is(unicode.Variation_Selector, r):
		return false
	default:
		return unicode.IsPrint(r)
	}
}

// escapeControl writes a control character of ASCII as Go source does.
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

// escapeRune writes r as Go and JSON source do; beyond the basic plane as a pair of surrogates, as JSON must.
func escapeRune(r rune) string {
	if r > 0xffff {
		r -= 0x10000
		return escapeRune(0xd800+r>>10) + escapeRune(0xdc00+r&0x3ff)
	}
	return `\u` + hex(uint64(r), 4)
}

// hex is v in hexadecimal with leading zeros.
func hex(v uint64, digits int) string {
	s := strconv.FormatUint(v, 16)
	return strings.Repeat("0", max(0, digits-len(s))) + s
}
