package api

import (
	"bytes"
	"encoding/binary"
	"strings"
)

// secret finds and masks the key in text from the service. It recognizes the key even if some or all of its characters
// are escaped as in JSON (\u0077) or in a URL (%77).
type secret struct {
	key string
	// inKey is the set of bytes in the key.
	inKey [256]bool
	// grams contains the hash, as computed by gramHash, of every sequence of four bytes in the key.
	grams [gramTable / 64]uint64
	// leads contains the first bytes of each kind of escape that can stand for a byte of the key, such as "%" for %77.
	leads [][]byte
}

// minSecret is the minimum length, in bytes, of a key that is masked. A shorter text is not a secret, and masking it
// would make answers unreadable.
const minSecret = 8

// gramTable is the number of different hashes that gramHash can return. It is large, so that other text rarely has the
// same hashes as the key. gramSize is the number of bytes in a hashed sequence.
const (
	gramTable = 1 << 16
	gramSize  = 4
)

// keyPrefix is the start of every documented key. The prefix is not secret, so messages may contain it.
const keyPrefix = "wsg_live_"

// maxEscape is the length of the longest escape of one character: \u0077.
const maxEscape = 6

// newSecret returns the secret for key, or nil if key is too short.
func newSecret(key string) *secret {
	if len(key) < minSecret {
		return nil
	}
	s := &secret{key: key, leads: [][]byte{[]byte(`\u00`), []byte("%")}}
	for i := range len(key) {
		s.inKey[key[i]] = true
		if i+gramSize <= len(key) {
			hash := gramHash([]byte(key[i : i+gramSize]))
			s.grams[hash/64] |= 1 << (hash % 64)
		}
	}
	for _, c := range []byte(`"\/`) {
		if s.inKey[c] {
			s.leads = append(s.leads, []byte{'\\', c})
		}
	}
	return s
}

func gramHash(text []byte) uint32 { return binary.LittleEndian.Uint32(text) * 0x9E3779B1 >> 16 }

// maskText returns text with the key masked.
func (s *secret) maskText(text string) string {
	if s == nil || len(text) < len(s.key) {
		return text
	}
	masked := []byte(text)
	s.mask(masked, false)
	return strings.ReplaceAll(string(masked), s.key, strings.Repeat("*", len(s.key)))
}

// mask overwrites the key wherever it occurs in text: each byte after keyPrefix becomes an asterisk, so that JSON stays
// valid. isEscaped says whether an odd number of backslashes comes before text.
//
// For speed, mask does not compare the key with the text at every position. It searches for the key only near sequences
// of four bytes that also occur in the key, and near escapes such as %77.
func (s *secret) mask(text []byte, isEscaped bool) {
	tested := 0 // all keys that start before this offset have been masked
	suspect := func(from, to int) {
		tested = s.maskRange(text, max(from, tested), to, isEscaped)
	}
	step := len(s.key) - gramSize + 1
	for at := step - 1; at+gramSize <= len(text); at += step {
		if hash := gramHash(text[at:]); s.grams[hash/64]&(1<<(hash%64)) != 0 {
			suspect(at-step+1, at+1)
		}
	}
	reach := maxEscape * len(s.key)
	for _, lead := range s.leads {
		tested = 0
		for at := 0; ; at++ {
			next := bytes.Index(text[at:], lead)
			if next < 0 {
				break
			}
			at += next
			if c, size := unescape(text[at:]); size > 0 && s.inKey[c] {
				suspect(at-reach, at+1)
			}
		}
	}
}

// maskRange masks each occurrence of the key that starts in text[from:to]. It returns the offset at which the search
// must continue.
func (s *secret) maskRange(text []byte, from, to int, isEscaped bool) int {
	for from = max(0, from); from < to; from++ {
		n, isWhole := s.match(text[from:])
		if !isWhole || s.isInEscape(text, from, isEscaped) {
			continue
		}
		begin := from
		if bytes.HasPrefix(text[from:], []byte(keyPrefix)) {
			begin += len(keyPrefix)
		}
		for i := begin; i < from+n; i++ {
			text[i] = '*'
		}
		from += n - 1
	}
	return from
}

// match compares the start of text with the key. It returns the length of the part of text that matches, and whether
// this part is the whole key. If text ends before the key is complete, match returns len(text) and false.
func (s *secret) match(text []byte) (n int, isWhole bool) {
	for i := range len(s.key) {
		rest := text[n:]
		if len(rest) == 0 {
			return n, false
		}
		switch c, size := unescape(rest); {
		case size > 0 && c == s.key[i]:
			n += size
		case rest[0] == s.key[i]:
			n++
		case size < 0:
			return len(text), false
		default:
			return n, false
		}
	}
	return n, true
}

// unescape decodes the escape at the start of text and returns its size. size is 0 if there is no escape, and negative
// if text ends before the escape is complete.
func unescape(text []byte) (c byte, size int) {
	var form string
	var length int
	switch text[0] {
	case '\\':
		switch {
		case len(text) == 1:
			return 0, -1
		case text[1] == '"' || text[1] == '\\' || text[1] == '/':
			return text[1], 2
		}
		form, length = `\u00`, maxEscape
	case '%':
		form, length = "%", 3
	default:
		return 0, 0
	}
	digits := text[min(len(text), len(form)):min(len(text), length)]
	if !strings.HasPrefix(form, string(text[:min(len(text), len(form))])) {
		return 0, 0
	}
	for _, digit := range digits {
		value, ok := hexValue(digit)
		if !ok {
			return 0, 0
		}
		c = c<<4 | value
	}
	if len(text) < length {
		return 0, -1
	}
	return c, length
}

func hexValue(digit byte) (byte, bool) {
	switch {
	case '0' <= digit && digit <= '9':
		return digit - '0', true
	case 'a' <= digit && digit <= 'f':
		return digit - 'a' + 10, true
	case 'A' <= digit && digit <= 'F':
		return digit - 'A' + 10, true
	default:
		return 0, false
	}
}

// isInEscape reports whether text[at] is the second character of an escape such as \n or \u0077. Such a character does
// not stand for itself, and masking it would make the JSON invalid.
func (s *secret) isInEscape(text []byte, at int, isEscaped bool) bool {
	if !strings.ContainsRune(`"\/bfnrtu`, rune(text[at])) {
		return false
	}
	return oddBackslashes(text[:at], isEscaped)
}

// oddBackslashes reports whether text ends in an odd number of backslashes. isOddBefore says whether an odd number of
// backslashes precedes text; it matters only if text contains nothing but backslashes.
func oddBackslashes(text []byte, isOddBefore bool) bool {
	n := len(text) - len(bytes.TrimRight(text, `\`))
	return (n%2 == 1) != (n == len(text) && isOddBefore)
}

// unfinished returns the length of the longest suffix of text that may be the start of the API key.
func (s *secret) unfinished(text []byte) int {
	for at := max(0, len(text)-maxEscape*len(s.key)); at < len(text); at++ {
		if n, isWhole := s.match(text[at:]); !isWhole && n == len(text)-at {
			return len(text) - at
		}
	}
	return 0
}
