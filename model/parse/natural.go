package parse

import (
	"bytes"
	"cmp"
	"unicode"
	"unicode/utf8"
)

// CompareNatural compares text in natural order: digits by their numeric value ("page 9" before "page 10") and letters
// without regard to case. It returns 0 only if a and b are identical; as a last resort, it compares their bytes.
//
// Non-ASCII characters are in Unicode order. Invalid UTF-8 comes last.
func CompareNatural(a, b []byte) int {
	if order := compareFolded(a, b); order != 0 {
		return order
	}
	return bytes.Compare(a, b)
}

// compareFolded is CompareNatural, but ignores case and leading zeros.
func compareFolded(a, b []byte) int {
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

// compareDigits compares two runs of digits of any length by their numeric value and returns the offsets after them.
func compareDigits(a, b []byte, i, j int) (order, endA, endB int) {
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
	switch longerA, longerB := i < len(a) && isDigit(a[i]), j < len(b) && isDigit(b[j]); {
	case longerA:
		return 1, i, j
	case longerB:
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

// foldedRune returns the first character of text in lower case, and its length. An invalid byte is mapped to a value
// above all characters.
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
