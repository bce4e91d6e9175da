package parse

import (
	"encoding/binary"
	"math/bits"
	"unicode/utf8"
)

// Key is the sort key of a text; see [NaturalKey].
type Key struct {
	// Folded is the sort key, or the first bytes of it.
	Folded []byte
	// Upper has one bit for each of the first 64 bytes of the text. The bit is set if the byte is an ASCII capital
	// letter. The highest bit stands for the first byte.
	Upper uint64
	// IsExact is set if Folded is the whole sort key, and Folded and Upper together determine the text. If IsExact is
	// set for two keys with equal Folded, the text with the larger Upper comes first.
	IsExact bool
}

// AppendNaturalKey appends the first bytes of the sort key of text to dst: at least size bytes if the key is that long,
// and possibly a few more.
func AppendNaturalKey(dst, text []byte, size int) Key {
	k := keyAppender{dst: dst, limit: len(dst) + size, isExact: true}
	i := 0
	for i < len(text) && len(k.dst) < k.limit {
		switch b := text[i]; {
		case isDigit(b):
			i = k.addDigits(text, i)
		case b >= utf8.RuneSelf:
			i = k.addRune(text, i)
		default:
			i = k.addASCII(text, i)
		}
	}
	return Key{k.dst[len(dst):], k.upper, k.isExact && i >= len(text)}
}

// keyAppender appends a sort key to dst. It stops when the length of dst reaches limit. Each method appends the key of
// the characters at an offset of the text, and returns the offset after them.
type keyAppender struct {
	dst     []byte
	limit   int
	upper   uint64
	isExact bool
}

func (k *keyAppender) addDigits(text []byte, i int) int {
	start := i
	for i < len(text) && text[i] == '0' {
		i++
	}
	first := i
	for i < len(text) && isDigit(text[i]) {
		i++
	}
	if leading := first - start; leading > 1 || leading == 1 && i > first {
		k.isExact = false // the sort key has no leading zeros
	}
	const maxCount = 9 // as in naturalKey.addDigits
	count := i - first
	for ; count >= maxCount; count -= maxCount {
		k.dst = append(k.dst, '0'+maxCount)
	}
	k.dst = append(append(k.dst, '0'+byte(count)), text[first:i]...)
	return i
}

func (k *keyAppender) addRune(text []byte, i int) int {
	r, size := utf8.DecodeRune(text[i:])
	folded, _ := foldedRune(text[i:])
	switch {
	case r == utf8.RuneError && size == 1:
		k.dst = append(k.dst, 0xff, text[i])
	case folded == r:
		k.dst = append(k.dst, text[i:i+size]...)
		return i + size
	default:
		k.dst = utf8.AppendRune(k.dst, folded)
	}
	k.isExact = false
	return i + size
}

// addASCII appends the ASCII characters from offset i to the next digit. There must be at least one. It returns the
// offset after these characters.
func (k *keyAppender) addASCII(text []byte, i int) int {
	const size = 8
	for ; len(k.dst) < k.limit; i += size {
		if cap(text)-i < size {
			return k.addSingly(text, i)
		}
		word := binary.LittleEndian.Uint64(text[i : i+size]) // may include bytes after the end of text
		low := word &^ highs
		others := (digitsIn(word) | word | (highs - low)) & highs // also zero
		if left := len(text) - i; left < size {
			others |= highs << (left * size)
		}
		capitals := (low + (0x80-'A')*ones) &^ (low + (0x80-'Z'-1)*ones) &^ word & highs
		k.dst = binary.LittleEndian.AppendUint64(k.dst, word|capitals>>2)
		if others == 0 {
			k.addUpper(capitals, i)
			continue
		}
		count := bits.TrailingZeros64(others) / size
		k.dst = k.dst[:len(k.dst)-size+count]
		k.addUpper(capitals&^(^uint64(0)<<(count*size)), i)
		return k.addSingly(text, i+count)
	}
	return min(i, len(text))
}

// addSingly is like addASCII, but appends one character at a time instead of eight.
func (k *keyAppender) addSingly(text []byte, i int) int {
	for ; i < len(text) && text[i] < utf8.RuneSelf && !isDigit(text[i]) && len(k.dst) < k.limit; i++ {
		b := lowerASCII(text[i])
		if b != text[i] {
			k.addUpper(1<<7, i)
		}
		if b == 0 {
			k.isExact = false // a zero looks like the end of the sort key
		}
		k.dst = append(k.dst, b)
	}
	return i
}

// addUpper adds the capital letters among the eight characters at offset i to upper. Each byte of the parameter
// capitals stands for one of these characters. Its highest bit is set if the character is a capital letter.
func (k *keyAppender) addUpper(capitals uint64, i int) {
	if capitals == 0 {
		return
	}
	const gather = 0x8040201008040201 // moves the lowest bit of each byte to the highest byte, that of the first byte to its highest bit
	eight := capitals >> 7 * gather >> 56 << 56
	k.upper |= eight >> i
	if eight>>i<<i != eight || i >= 64 {
		k.isExact = false
	}
}
