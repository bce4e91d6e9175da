package parse

import (
	"math"
	"unicode/utf8"
)

// IsRange reports whether text is a range, such as "$10 - $20", "10–20 €" or "from 5 to 10". [Numbers.Number] returns
// its low end.
func (n Numbers) IsRange(text []byte) bool {
	if isSentence(text) {
		return false
	}
	var buffer [maxClean]byte
	text = clean(text, &buffer)
	if _, ok := n.parse(text, nil); ok {
		return false
	}
	r, ok := n.parseRange(text)
	return ok && n.units.allow(r.measure.of(text))
}

// maxRange is the maximum length of a range, in bytes.
const maxRange = 80

// parseRange parses two ascending numbers with a word or a dash between them. Around a dash, one of the numbers must
// have a currency, a unit or a multiplier: "10-20" could as well be a score, a date or an id.
func (n Numbers) parseRange(text []byte) (reading, bool) {
	if !couldBeRange(text) {
		return reading{}, false
	}
	start := skipSpace(text, 0)
	start += rangeLeadInLen(text[start:])
	digits := false
	for i := start; i < len(text); i++ {
		if digits = digits || isDigit(text[i]); !digits {
			continue
		}
		size, isWord := rangeSign(text, i)
		if size == 0 {
			continue
		}
		if r, ok := n.parseEnds(text, span{int32(start), int32(i)}, i+size, isWord); ok {
			return r, true
		}
	}
	return reading{}, false
}

// couldBeRange is a quick check for digits, a space or a dash, and more digits, with something besides.
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
		case isASCIILetter(c) || c == '$' || c == '%':
			isMarked = true
		}
	}
	return more && isMarked
}

// parseEnds parses the two ends of a range: the first one, and the rest of text from offset second on. A currency, a unit
// or a multiplier may be written only once.
func (n Numbers) parseEnds(text []byte, first span, second int, isWord bool) (reading, bool) {
	low, high := first.of(text), text[second:]
	from, ok := n.parse(low, nil)
	if !ok {
		return reading{}, false
	}
	to, ok := n.parse(high, from.currency.of(low))
	if !ok || !isWord && !from.marked && !to.marked {
		return reading{}, false
	}
	if from.currency == (span{}) && to.currency != (span{}) {
		from, _ = n.parse(low, to.currency.of(high))
	}
	if times := math.Pow10(int(to.exponent)); from.exponent == 0 && from.value*times < to.value { // "$1-2 million"
		from.value *= times
	}
	one, other := from.measure.of(low), to.measure.of(high)
	if from.value >= to.value || one != nil && other != nil && !isSameUnit(one, other) {
		return reading{}, false
	}
	from.currency, from.measure = from.currency.plus(int(first.from)), from.measure.plus(int(first.from))
	if one == nil {
		from.measure = to.measure.plus(second)
	}
	if from.shown == habitUnknown {
		from.shown = to.shown
	}
	return from, true
}

// rangeSign returns the length of the dash or the word for "to" at offset i, and whether it is a word. The length is 0
// if there is neither.
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
