package search

import (
	"encoding/binary"
	"math/bits"
	"slices"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"sbwatch/model/parse"
)

// lookalike is a literal that also matches text that looks the same. The literal and the searched text are compared in
// folded form. Folding unifies composed and decomposed letters, full-width and other compatible forms (NFKC), and all
// kinds of spaces, hyphens and apostrophes. Folding also removes invisible characters. ASCII text is not changed.
type lookalike struct{ *literal }

// newMatcher returns a matcher for a text to search for.
func newMatcher(text string, ignoreCase bool) matcher {
	folded := appendFolded(nil, []byte(text))
	if len(folded) == 0 { // only invisible characters
		return newLiteral(text, ignoreCase)
	}
	return lookalike{newLiteral(string(folded), ignoreCase)}
}

func (l lookalike) matchIn(value []byte) bool {
	if needsFolding(value) {
		var buffer [256]byte
		value = appendFolded(buffer[:0], value)
	}
	return l.literal.matchIn(value)
}

func (l lookalike) forOne() matcher { return l }

func (l lookalike) spans(value []byte) [][2]int {
	if !needsFolding(value) {
		return l.literal.spans(value)
	}
	folded, origins := foldWithOrigins(value)
	var spans [][2]int
	for _, s := range l.literal.spans(folded) {
		from, to := origins[s[0]][0], origins[s[1]-1][1]
		if n := len(spans); n > 0 && spans[n-1][1] > from { // the start is within the previous match
			spans[n-1][1] = max(spans[n-1][1], to)
			continue
		}
		spans = append(spans, [2]int{from, to})
	}
	return spans
}

func (l lookalike) rows() *rowScan {
	scan := l.literal.rows()
	scan.folds = true
	return scan
}

// Results of foldSpecial that are not characters.
const (
	foldRemoves = -1 // the character is removed
	foldKeeps   = -2 // the character is kept, although normalization would change it
)

// foldSpecial returns the ASCII character that replaces r in folded text, such as ' ' for a no-break space. It returns
// foldRemoves if r is removed, and foldKeeps if r is kept. If it returns r itself, the normal form (NFKC) of r is used.
func foldSpecial(r rune) rune {
	switch {
	case r < utf8.RuneSelf:
		return r
	case parse.IsInvisible(r):
		return foldRemoves
	case r == '\u2010' || r == '\u2011' || r == '\u2212': // hyphens and the minus sign
		return '-'
	case r == '\u2019': // the apostrophe
		return '\''
	case r == '＂' || r == '＼' || r == '﹨' || r == 'ſ': // full-width quotes and backslashes must not become JSON syntax; the long s must not become s
		return foldKeeps
	case unicode.Is(unicode.Z, r):
		return ' '
	default:
		return r
	}
}

func appendFolded(dst, text []byte) []byte {
	start := 0
	settled := 0 // characters before this offset of dst do not combine with later ones
	for i := 0; i < len(text); {
		if text[i] < utf8.RuneSelf {
			i++
			continue
		}
		r, size := utf8.DecodeRune(text[i:])
		folded := foldSpecial(r)
		if folded != r {
			dst = appendNormal(dst, settled, text[start:i])
			start = i + size
		}
		switch {
		case folded == foldKeeps:
			dst = append(dst, text[i:start]...)
			settled = len(dst)
		case folded >= 0 && folded != r:
			dst = append(dst, byte(folded))
		}
		i += size
	}
	return appendNormal(dst, settled, text[start:])
}

// appendNormal appends text in normal form (NFKC). If text starts with a combining accent, the accent is combined with
// the last letter of dst. Bytes of dst before offset start are not changed.
func appendNormal(dst []byte, start int, text []byte) []byte {
	if start == 0 {
		return norm.NFKC.Append(dst, text...)
	}
	last := norm.NFKC.Append(slices.Clone(dst[start:]), text...)
	return append(dst[:start], last...)
}

// foldWithOrigins returns text in folded form. For each byte of the result folded, the result origins holds the part of
// text that the byte comes from, as two offsets: the start and the end of the part.
func foldWithOrigins(text []byte) (folded []byte, origins [][2]int) {
	for from := 0; from < len(text); {
		to := from + norm.NFKC.NextBoundary(text[from:], true)
		if to <= from {
			to = len(text)
		}
		folded = appendFolded(folded, text[from:to])
		origins = origins[:min(len(origins), len(folded))]
		for len(origins) < len(folded) {
			origins = append(origins, [2]int{from, to})
		}
		from = to
	}
	return folded, origins
}

// needsFolding reports whether appendFolded may change text.
func needsFolding(text []byte) bool {
	i := nextToFold(text, 0)
	return i < len(text) && isChanged(text[i:])
}

// isChanged reports whether appendFolded may change text. It checks each character.
func isChanged(text []byte) bool {
	for i, c := range text {
		if c < utf8.RuneSelf || !mayFold(c) {
			continue
		}
		if r, _ := utf8.DecodeRune(text[i:]); foldSpecial(r) != r {
			return true
		}
	}
	return norm.NFKC.QuickSpan(text) < len(text) || !norm.NFKC.Properties(text).BoundaryBefore()
}

// mayFold reports whether the function appendFolded may change a character with the first byte c. For the ordinary
// letters of most scripts it returns false.
func mayFold(c byte) bool {
	const (
		first = 0xc0 // lowest first byte of a non-ASCII character
		usual = 1<<(0xc2-first) - 1 | 1<<(0xc3-first) | 1<<(0xc6-first) | 1<<(0xc8-first) | 1<<(0xc9-first) |
			(1<<(0xd6-first) - 1<<(0xd0-first)) | (1<<(0xea-first) - 1<<(0xe4-first)) | 1<<(0xeb-first) | 1<<(0xec-first)
	)
	return c >= first && uint64(usual)>>(c-first)&1 == 0
}

// nextToFold returns the offset of the first character at or after i that the function appendFolded may change. If
// there is none, nextToFold returns the length of text.
func nextToFold(text []byte, i int) int {
	const size = 8 // size of a word in bytes
	i = skipASCII(text, i)
	for ; i+4*size <= len(text); i += 4 * size {
		block := text[i : i+4*size]
		if (binary.LittleEndian.Uint64(block)|binary.LittleEndian.Uint64(block[size:])|
			binary.LittleEndian.Uint64(block[2*size:])|binary.LittleEndian.Uint64(block[3*size:]))&highs == 0 {
			continue // the block is all ASCII
		}
		for at := 0; at < len(block); at += size {
			for found := characterStarts(block[at:]); found != 0; found &= found - 1 {
				if start := at + bits.TrailingZeros64(found)/8; mayFold(block[start]) {
					return i + start
				}
			}
		}
	}
	for i < len(text) && !mayFold(text[i]) {
		i++
	}
	return i
}

// skipASCII skips blocks of 32 ASCII bytes, starting at offset i. It returns the offset after the last skipped block,
// or i if it skipped none.
func skipASCII(text []byte, i int) int {
	for ; i+32 <= len(text); i += 32 {
		block := text[i : i+32]
		if (binary.LittleEndian.Uint64(block)|binary.LittleEndian.Uint64(block[8:])|
			binary.LittleEndian.Uint64(block[16:])|binary.LittleEndian.Uint64(block[24:]))&highs != 0 {
			break
		}
	}
	return i
}

// characterStarts checks the first eight bytes of text. In the result, the highest bit of a byte is set if a non-ASCII
// character starts at the corresponding byte of text. In UTF-8, such a byte has its two highest bits set.
func characterStarts(text []byte) uint64 {
	word := binary.LittleEndian.Uint64(text)
	return word & (word << 1) & highs
}
