package parse

import (
	"bytes"
	"cmp"
	"unicode"
	"unicode/utf8"
)

// CompareNatural orders texts as a person would: digits by the number that they say ("page 9" before "page 10"), letters
// whatever their case. Texts that differ are never equal: where nothing else tells them apart, their bytes do.
//
// Beyond ASCII characters come in the order of Unicode; bytes that are no characters come last.
func CompareNatural(a, b []byte) int {
	if order := compareLoosely(a, b); order != 0 {
		return order
	}
	return bytes.Compare(a, b)
}

// compareLoosely is CompareNatural without case and leading zeros.
func compareLoosely(a, b []byte) int {
	for i, j := 0, 0; ; {
		if i >= len(a) || j >= len(b) {
			return cmp.Compare(len(a)-i, len(b)-j)
		}
		x, y := a[i], b[j]
		switch {
		case isDigit(x) && isDigit(y):
			var order int
			if order, i, j = compareDigits(a, b, i, j); order != 0 {
				return order
			}
		case x < utf8.RuneSelf && y < utf8.RuneSelf:
			if x != y {
				if x, y = lowerASCII(x), lowerASCII(y); x != y {
					return cmp.Compare(x, y)
				}
			}
			i++
			j++
		default:
			r, n := foldedRune(a[i:])
			s, m := foldedRune(b[j:])
			if r != s {
				return cmp.Compare(r, s)
			}
			i += n
			j += m
		}
	}
}

// compareDigits compares two runs of digits by the numbers that they say, however long, and gives the places behind them.
func compareDigits(a, b []byte, i, j int) (order, afterA, afterB int) {
	for i < len(a) && a[i] == '0' {
		i++
	}
	for j < len(b) && b[j] == '0' {
		j++
	}
	for ; i < len(a) && j < len(b) && isDigit(a[i]) && isDigit(b[j]); i, j = i+1, j+1 {
		if order == 0 {
			order = cmp.Compare(a[i], b[j])
		}
	}
	switch moreA, moreB := i < len(a) && isDigit(a[i]), j < len(b) && isDigit(b[j]); {
	case moreA:
		return 1, i, j
	case moreB:
		return -1, i, j
	default:
		return order, i, j
	}
}

func lowerASCII(c byte) byte {
	if c-'A' <= 'Z'-'A' {
		return c | ' '
	}
	return c
}

// foldedRune is the first character of text whatever its case, and its length. A byte that is no part of a character
// becomes a number behind all characters.
func foldedRune(text []byte) (rune, int) {
	if text[0] < utf8.RuneSelf {
		return rune(lowerASCII(text[0])), 1
	}
	r, size := utf8.DecodeRune(text)
	if r == utf8.RuneError && size == 1 {
		return unicode.MaxRune + 1 + rune(text[0]), 1
	}
	return unicode.ToLower(r), size
}
