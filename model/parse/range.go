package parse

import (
	"math"
	"unicode/utf8"
)

// maxRange is the maximum length of a range, in bytes.
const maxRange = 80

// parseRange parses two ascending numbers that are joined by a word or a dash. With a dash, one of the numbers must
// have a currency, a unit or a multiplier, because "10-20" could also be a score, a date or an id.
func (n *Numbers) parseRange(text []byte, r *reading) bool {
	if !couldBeRange(text) {
		return false
	}
	start := skipSpace(text, 0)
	start += rangeLeadInLen(text[start:])
	digits := false
	for i := start; i < len(text); i++ {
		c := text[i]
		if digits = digits || isDigit(c); !digits || c > ' ' && c < utf8.RuneSelf && c != '-' && c != '~' {
			continue
		}
		size, isWord := rangeSign(text, i)
		if size == 0 {
			continue
		}
		if n.parseEnds(text, span{int32(start), int32(i)}, i+size, isWord, r) {
			r.isRange = true
			return true
		}
	}
	return false
}

// couldBeRange is a quick check. It returns false for text with a colon, which may be a time. For other text, it
// returns true if the text has digits, then a space or a dash, then more digits, and also a letter, a non-ASCII
// character, $ or %.
func couldBeRange(text []byte) bool {
	if len(text) > maxRange {
		return false
	}
	const ( // what was found so far
		nothing = iota
		digits
		sign
	)
	found, more, isMarked := nothing, false, false
	for _, c := range text {
		switch {
		case isDigit(c):
			more = more || found == sign
			found = max(found, digits)
		case c == '-' || c == '~' || c == ' ':
			if found == digits {
				found = sign
			}
		case c >= utf8.RuneSelf:
			isMarked = true
			if found == digits {
				found = sign
			}
		case c == ':':
			return false
		case isASCIILetter(c) || c == '$' || c == '%':
			isMarked = true
		}
	}
	return more && isMarked
}

// parseEnds parses the two ends of a range. The parameter first says where the first end is in text. The second end is
// the text from offset secondStart. A currency, a unit or a multiplier may be written at only one of the ends.
func (n *Numbers) parseEnds(text []byte, first span, secondStart int, isWord bool, from *reading) bool {
	low, high := first.of(text), text[secondStart:]
	var to reading
	if !n.parse(low, nil, from) || !n.parse(high, from.currency.of(low), &to) || !isWord && !from.marked && !to.marked {
		return false
	}
	if from.currency == (span{}) && to.currency != (span{}) {
		n.parse(low, to.currency.of(high), from)
	}
	if times := math.Pow10(int(to.exponent)); from.exponent == 0 && from.value*times < to.value { // "$1-2 million"
		from.value *= times
		from.power += int(to.exponent)
	}
	one, other := from.measure(low), to.measure(high)
	if from.value >= to.value || one != nil && other != nil && !isSameUnit(one, other) {
		return false
	}
	from.digits = from.digits.plus(int(first.from))
	from.currency, from.unit = from.currency.plus(int(first.from)), from.unit.plus(int(first.from))
	if one == nil {
		from.unit = to.unit.plus(secondStart)
	}
	if from.columnHabit == habitUnknown {
		from.columnHabit = to.columnHabit
	}
	return true
}

// rangeSign returns the length of the dash or of the word for "to" at offset i. isWord is true for a word. The length
// is 0 if there is none.
func rangeSign(text []byte, i int) (size int, isWord bool) {
	switch c := text[i]; {
	case c == '-' || c == '~':
		return 1, false
	case c >= utf8.RuneSelf && utf8.RuneStart(c):
		r, size := utf8.DecodeRune(text[i:])
		if r == '–' || r == '—' || r == '−' || r == '〜' {
			return size, false
		}
	}
	if skipSpace(text, i) == i {
		return 0, false
	}
	start := skipSpace(text, i)
	end := start
	for end < len(text) && (isASCIILetter(text[end]) || text[end] >= utf8.RuneSelf && wideSpace(text, end) == 0) {
		end++
	}
	if end == len(text) || skipSpace(text, end) == end {
		return 0, false
	}
	switch string(text[start:end]) {
	case "to", "To", "TO", "and", "bis", "und", "à", "a", "et", "y", "e", "al", "ad", "tot", "en", "till", "til", "do", "og", "och", "hasta", "ate", "até", "до", "и", "по":
		return end - i, true
	default:
		return 0, false
	}
}
