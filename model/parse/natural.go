package parse

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"unicode"
	"unicode/utf8"
)

// CompareNatural compares text in natural order: digits by their numeric value ("page 9" before "page 10") and letters
// without regard to case. If a and b differ only in case or in leading zeros, it compares their bytes. So it returns 0
// only if they are identical.
//
// Non-ASCII characters are in Unicode order. Invalid UTF-8 comes last.
func CompareNatural(a, b []byte) int {
	if order := compareFolded(a, b); order != 0 {
		return order
	}
	return bytes.Compare(a, b)
}

// compareFolded is like CompareNatural, but ignores case and leading zeros.
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

// compareDigits compares the sequences of digits at a[i] and b[j], of any length, by their numeric value. The results
// endA and endB are the offsets after these sequences.
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

// NaturalKey returns a part of the sort key of text as a big-endian number. The parameter start is the offset of the
// first byte of that part in the key, and size is the number of bytes, at most eight. Bytes after the end of the key
// are zero. Sort keys compare like [CompareNatural], but are equal for texts that differ only in case or in leading
// zeros.
//
// In a sort key, letters are in lower case. A sequence of digits is preceded by its length, which is itself written as
// digits. Other characters are in UTF-8, and invalid bytes sort after them.
func NaturalKey(text []byte, start, size int) uint64 {
	var key [8]byte
	PutNaturalKey(key[len(key)-size:], text, start)
	return binary.BigEndian.Uint64(key[:])
}

// PutNaturalKey fills dst with a part of the sort key of text. The parameter start is the offset of the first byte of
// that part in the key. Bytes after the end of the key are zero. See [NaturalKey].
func PutNaturalKey(dst, text []byte, start int) {
	skipped := 0
	for skipped < min(start, len(text)) && text[skipped] < utf8.RuneSelf && !isDigit(text[skipped]) {
		skipped++
	}
	k := naturalKey{dst: dst, skip: start - skipped}
	for i := skipped; i < len(text) && k.size < len(dst); {
		switch b := text[i]; {
		case isDigit(b):
			i = k.addDigits(text, i)
		case b < utf8.RuneSelf:
			k.add(lowerASCII(b))
			i++
		default:
			i += k.addRune(text[i:])
		}
	}
	clear(dst[k.size:])
}

// naturalKey is a part of the sort key of a text; see [NaturalKey].
type naturalKey struct {
	dst  []byte
	skip int // number of bytes to drop first
	size int // number of bytes so far
}

func (k *naturalKey) add(b byte) {
	switch {
	case k.skip > 0:
		k.skip--
	case k.size < len(k.dst):
		k.dst[k.size] = b
		k.size++
	}
}

// addDigits adds the sequence of digits at offset i and returns the offset after it.
func (k *naturalKey) addDigits(text []byte, i int) int {
	for i < len(text) && text[i] == '0' {
		i++
	}
	start := i
	for i < len(text) && isDigit(text[i]) {
		i++
	}
	const maxCount = 9 // longest sequence of digits whose length has one digit
	count := i - start
	for ; count >= maxCount; count -= maxCount {
		k.add('0' + maxCount)
	}
	k.add('0' + byte(count))
	for _, digit := range text[start:i] {
		k.add(digit)
	}
	return i
}

// addRune adds the first character of text and returns its length.
func (k *naturalKey) addRune(text []byte) int {
	r, size := foldedRune(text)
	if r > unicode.MaxRune { // invalid UTF-8
		k.add(0xff)
		k.add(text[0])
		return size
	}
	var buffer [utf8.UTFMax]byte
	for _, b := range buffer[:utf8.EncodeRune(buffer[:], r)] {
		k.add(b)
	}
	return size
}
