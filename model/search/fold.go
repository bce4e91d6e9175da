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

// lookalike is a literal that is compared after folding, so that it matches what looks the same: composed and decomposed
// letters, full-width and other compatible forms (NFKC), any kind of space, hyphen or apostrophe, and text with
// invisible characters. Text that is all ASCII is not affected.
type lookalike struct{ *literal }

// newMatcher returns a matcher for a text to search for.
func newMatcher(text string, fold bool) matcher {
	folded := appendFolded(nil, []byte(text))
	if len(folded) == 0 { // only invisible characters
		return newLiteral(text, fold)
	}
	return lookalike{newLiteral(string(folded), fold)}
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
		if n := len(spans); n > 0 && spans[n-1][1] > from { // within the characters of the match before
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

// The results of foldRune for characters that do not become another one.
const (
	dropped = -1 // it is left out
	kept    = -2 // it stays as it is, although normalization would change it
)

// foldSpecial returns the ASCII character that r is folded to, dropped, kept, or r itself if only normalization applies.
func foldSpecial(r rune) rune {
	switch {
	case r < utf8.RuneSelf:
		return r
	case parse.IsInvisible(r):
		return dropped
	case r == '\u2010' || r == '\u2011' || r == '\u2212': // hyphens and the minus sign
		return '-'
	case r == '\u2019': // the apostrophe
		return '\''
	case r == '＂' || r == '＼' || r == '﹨' || r == 'ſ': // quotes and backslashes are syntax in JSON; the long s is no s
		return kept
	case unicode.Is(unicode.Z, r):
		return ' '
	default:
		return r
	}
}

// appendFolded appends text in the form in which it is compared.
func appendFolded(dst, text []byte) []byte {
	start := 0
	settled := 0 // what is before this offset of dst does not combine with what follows
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
		case folded == kept:
			dst = append(dst, text[i:start]...)
			settled = len(dst)
		case folded >= 0 && folded != r:
			dst = append(dst, byte(folded))
		}
		i += size
	}
	return appendNormal(dst, settled, text[start:])
}

// appendNormal appends text in normal form, so that it combines with dst from offset from on.
func appendNormal(dst []byte, from int, text []byte) []byte {
	if from == 0 {
		return norm.NFKC.Append(dst, text...)
	}
	last := norm.NFKC.Append(slices.Clone(dst[from:]), text...)
	return append(dst[:from], last...)
}

// foldWithOrigins returns folded text and, for each byte of it, the part of text that it stems from.
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

// needsFolding reports whether appendFolded changes text, or could.
func needsFolding(text []byte) bool {
	i := nextToFold(text, 0)
	return i < len(text) && isChanged(text[i:])
}

// isChanged reports whether text contains a character that needs folding.
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

// mayFold reports whether a character whose first byte is c may need folding. It excludes the letters of most scripts in
// their usual form.
func mayFold(c byte) bool {
	const (
		first = 0xc0 // of the bytes that start a character
		usual = 1<<(0xc2-first) - 1 | 1<<(0xc3-first) | 1<<(0xc6-first) | 1<<(0xc8-first) | 1<<(0xc9-first) |
			(1<<(0xd6-first) - 1<<(0xd0-first)) | (1<<(0xea-first) - 1<<(0xe4-first)) | 1<<(0xeb-first) | 1<<(0xec-first)
	)
	return c >= first && uint64(usual)>>(c-first)&1 == 0
}

// nextToFold returns the offset, from i on, of the first character that may need folding, or the length of text.
func nextToFold(text []byte, i int) int {
	const size = 8 // of a word
	i = skipASCII(text, i)
	for ; i+4*size <= len(text); i += 4 * size {
		block := text[i : i+4*size]
		if (binary.LittleEndian.Uint64(block)|binary.LittleEndian.Uint64(block[size:])|
			binary.LittleEndian.Uint64(block[2*size:])|binary.LittleEndian.Uint64(block[3*size:]))&highs == 0 {
			continue // all ASCII
		}
		for at := 0; at < len(block); at += size {
			for found := starts(block[at:]); found != 0; found &= found - 1 {
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

// skipASCII returns the offset, from i on, of the first 32 bytes that are not all ASCII, or of fewer bytes at the end.
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

// starts sets the highest bit of each byte of the result for which that byte of the first eight bytes of text starts a
// character beyond ASCII. Such a byte has its two highest bits set.
func starts(text []byte) uint64 {
	word := binary.LittleEndian.Uint64(text)
	return word & (word << 1) & highs
}
