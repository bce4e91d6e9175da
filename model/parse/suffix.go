package parse

import (
	"unicode"
	"unicode/utf8"
)

// maxUnitLen is the maximum number of letters of a unit.
const maxUnitLen = 15

// suffix describes the text after the digits of a number.
type suffix struct {
	exponent int8 // power of ten by which the number is multiplied
	unit     span // currency or unit of measure
	// measure is the unit if it is a word, such as "kg" or "kroner", or a single character such as "㎡". It is empty for
	// a symbol such as $ or %.
	measure span
	noCents bool // the suffix stands for zero cents, as in "12,-"
	// next is the offset of further digits after a multiplier, as in "1億2000万", or 0.
	next int32
}

// parse parses the text after the digits of a number, such as a currency, a unit or a multiplier. It returns false if
// it does not know that text. The number is then likely to be a part of a sentence, an id or a date.
func (s *suffix) parse(text []byte, currency []byte, hasDecimals bool) bool {
	text = text[:trimmedLen(text)]
	if len(text) == 0 {
		return true
	}
	i := emptyCents(text)
	attached := i == 0
	s.noCents = i > 0 && text[0] == comma
	if start := skipSpace(text, i); start > i {
		attached = false
		i = start
	}
	if size := ratingScale(text[i:], hasDecimals); size > 0 {
		i = skipSpace(text, i+size)
		return i == len(text) || isUnit(text[i:], false)
	}
	hasCurrency := len(currency) > 0
	if size, isCurrency := suffixSymbol(text[i:]); size > 0 {
		if isCurrency && hasCurrency {
			return false
		}
		s.unit = spanOf(i, i+size)
		if isSquaredUnit(text[i:]) {
			s.measure = s.unit
		}
		if isCents(text[i:]) {
			s.exponent = -2
		}
		hasCurrency = hasCurrency || isCurrency
		attached = false
		i = skipSpace(text, i+size)
		if i == len(text) {
			return true
		}
		i = skipSpace(text, i+countryLen(text[i:], isCurrency))
	}
	if i < len(text) && text[i] < utf8.RuneSelf && !isASCIILetter(text[i]) {
		return isSuffixEnd(text, i)
	}
	return s.parseWords(text, i, magnitude{currency: currency, symbol: s.unit.of(text), attached: attached, hasCurrency: hasCurrency, hasDecimals: hasDecimals})
}

// parseWords parses the multiplier and the unit at offset i. It returns false if the text after them is invalid.
func (s *suffix) parseWords(text []byte, i int, m magnitude) bool {
	n := unitLen(text[i:])
	if !m.attached && isTail(text[i:]) {
		return true
	}
	if times := m.multiplierAt(text[i:], n); times.refused {
		return false
	} else if times.size > 0 {
		s.exponent = int8(times.exponent)
		i = skipSpace(text, i+times.size)
		if i < len(text) && isDigit(text[i]) {
			s.next = int32(i)
			return true
		}
		if size, _ := suffixSymbol(text[i:]); size > 0 { // "1.2 million €"
			s.unit = spanOf(i, i+size)
			return isSuffixEnd(text, skipSpace(text, i+size))
		}
		m.attached = false
		n = unitLen(text[i:])
	}
	if size := squareLen(text[i:]); size > 0 {
		n = size
		m.attached = false
	}
	if n == 0 {
		return isSuffixEnd(text, i)
	}
	word := text[i : i+n]
	if !isSuffixEnd(text, skipSpace(text, i+n)) || !isUnitWord(word, m.attached) {
		return false
	}
	s.measure = spanOf(i, i+n)
	if s.unit == (span{}) {
		s.unit = s.measure
	}
	return true
}

// countryLen returns the length of the country that follows a currency sign, as in "5 $ US". The parameter text is the
// text after the sign.
func countryLen(text []byte, isCurrency bool) int {
	n := unitLen(text)
	if !isCurrency || !isCountry(text[:n]) {
		return 0
	}
	return n
}

// isSuffixEnd reports whether the rest of text, from offset i, may follow a number and its unit: "5 €/kg", "100+",
// "19,99 €*", "5 kr."
func isSuffixEnd(text []byte, i int) bool {
	if i+1 < len(text) && text[i] == '/' {
		start := skipSpace(text, i+1)
		n := unitLen(text[start:])
		if n == 0 {
			return false
		}
		i = start + n
	}
	if i < len(text) && (text[i] == '+' || text[i] == '*' || text[i] == '.' && i > 0 && text[i-1]|' ' >= 'a') {
		isMore := text[i] == '+'
		i = skipSpace(text, i+1)
		if n := unitLen(text[i:]); isMore && n > 0 && isUnit(text[i:i+n], false) { // "1,000+ sold"
			i += n
		}
	}
	i = skipSpace(text, i+footnoteLen(text[i:]))
	return i == len(text) || isTail(text[i:])
}

// footnoteLen returns the length of the footnote marks at the start of text, as in "5 €¹".
func footnoteLen(text []byte) int {
	i := 0
	for i < len(text) && text[i] >= utf8.RuneSelf {
		r, size := utf8.DecodeRune(text[i:])
		if r != '¹' && r != '²' && r != '³' && r != '†' && r != '‡' {
			break
		}
		i += size
	}
	return i
}

// isTail reports whether the text after a number only says what the amount is for or what it includes: "per month",
// "each", "inkl. MwSt.", "TTC".
func isTail(text []byte) bool {
	n := unitLen(text)
	var buffer [maxUnitLen]byte
	least, most := 0, 0 // minimum and maximum number of words that follow
	switch string(appendLower(text[:n], buffer[:0])) {
	case "each", "ea", "pcm", "pw", "ttc", "ht", "vb", "vhb", "netto", "brutto", "hors":
	case "per", "pro", "par", "por", "a", "al", "je":
		least, most = 1, 1
	case "incl", "inkl", "inc", "including", "inclusive", "includes", "excl", "exkl", "ex", "excluding", "zzgl", "plus", "iva", "mwst", "btw", "moms", "s", "bez":
		least, most = 1, 3
	default:
		return false
	}
	for words := 0; ; words++ {
		if n < len(text) && text[n] == dot {
			n++
		}
		if n = skipSpace(text, n); n == len(text) {
			return words >= least
		}
		size := unitLen(text[n:])
		if size == 0 || words == most {
			return false
		}
		n += size
	}
}

// isCents reports whether text starts with the sign for a hundredth of a currency: "¢".
func isCents(text []byte) bool {
	r, _ := utf8.DecodeRune(text)
	return r == '¢' || r == '￠'
}

// squareLen returns the length of a two-word unit of area at the start of text, such as "sq ft" and "sq. m". It returns
// 0 if there is none.
func squareLen(text []byte) int {
	if len(text) < len("sq m") || text[0]|' ' != 's' || text[1]|' ' != 'q' {
		return 0
	}
	start := len("sq")
	if text[start] == dot {
		start++
	}
	next := skipSpace(text, start)
	size := unitLen(text[next:])
	if next == len("sq") || size == 0 {
		return 0
	}
	var buffer [maxUnitLen]byte
	switch string(appendLower(text[next:next+size], buffer[:0])) {
	case "ft", "feet", "m", "meters", "metres", "yd", "in", "km", "mi":
		return next + size
	default:
		return 0
	}
}

// emptyCents returns the length of a suffix that stands for zero cents, as in "12,-", "12:-", "CHF 12.–" and "Rs.
// 12/-".
func emptyCents(text []byte) int {
	if len(text) > 1 && text[0] == '/' && text[1] == '-' {
		return 2
	}
	if text[0] != comma && text[0] != dot && text[0] != ':' {
		return 0
	}
	i := 1
	for i < len(text) {
		r, size := utf8.DecodeRune(text[i:])
		if r != '-' && r != '\u2013' && r != '\u2014' {
			break
		}
		i += size
	}
	if i == 1 {
		return 0
	}
	return i
}

// ratingScale returns the number of bytes of "out of 5", "von 5" or "/5" at the start of the text after a rating. It
// returns 0 if text does not start in this way. A slash is accepted only if the rating has decimals ("4.5/5"), because
// "4/5" could be a fraction or a date.
func ratingScale(text []byte, hasDecimals bool) int {
	if len(text) == 0 {
		return 0
	}
	switch text[0] {
	case 'o', 'v', 's', 'd', 'a', '/':
	default:
		return 0
	}
	for _, words := range [...]string{"out of ", "of ", "von ", "sur ", "de ", "su ", "van ", "av ", "/"} {
		if words[0] != text[0] || len(text) <= len(words) || string(text[:len(words)]) != words {
			continue
		}
		i := skipSpace(text, len(words))
		start := i
		for i < len(text) && isDigit(text[i]) {
			i++
		}
		scale := string(text[start:i])
		if i+1 < len(text) && (text[i] == dot || text[i] == comma) && text[i+1] == '0' {
			i += 2
		}
		if scale == "" || len(scale) > 3 || words == "/" && (!hasDecimals || scale != "5" && scale != "10" && scale != "100") {
			return 0
		}
		return i
	}
	return 0
}

// suffixSymbol returns the length of the symbol at the start of text: a currency, a percent sign or a sign for a unit.
func suffixSymbol(text []byte) (size int, isCurrency bool) {
	if len(text) == 0 {
		return 0, false
	}
	if c := text[0]; c < utf8.RuneSelf && (c < 'A' || c > 'Z') {
		isCurrency = c == '$'
		if isCurrency || c == '%' || c == '"' {
			size = 1
		}
		return size, isCurrency
	}
	r, size := utf8.DecodeRune(text)
	switch {
	case isCurrencySign(r):
		return size, true
	case r == '°' && len(text) > size && (text[size] == 'C' || text[size] == 'F'):
		return size + 1, false
	case r == '‰' || r == '°' || r == '″' || r == '★' || r == '⭐' || isSquaredUnit(text):
		return size, false
	}
	n := alphabeticSymbol(text)
	return n, n > 0
}

// isSquaredUnit reports whether text starts with a unit that is a single character: "㎡", "㎏".
func isSquaredUnit(text []byte) bool {
	r, _ := utf8.DecodeRune(text)
	return r >= '㎀' && r <= '㏟'
}

// alphabeticSymbol returns the length of a currency that consists of letters and other characters: "US$", "د.إ".
func alphabeticSymbol(text []byte) int {
	if n := dottedCurrency(text); n > 0 {
		return n
	}
	for n := 1; n <= maxCountryLen && n < len(text); n++ { // "5 US$"
		if text[n-1] < 'A' || text[n-1] > 'Z' {
			break
		}
		if r, size := utf8.DecodeRune(text[n:]); isCurrencySign(r) {
			return n + size
		}
	}
	return 0
}

// unitLen returns the length in bytes of the word at the start of text. It returns 0 if there is none, or if it is too
// long to be a unit.
func unitLen(text []byte) int {
	i := 0
	for wordLen := 0; i < len(text); wordLen++ {
		size := 1
		if c := text[i]; c < utf8.RuneSelf {
			isPower := (c == '2' || c == '3') && i > 0 && text[i-1] == 'm'
			if !isASCIILetter(c) && !isPower {
				return i
			}
		} else {
			var r rune
			r, size = utf8.DecodeRune(text[i:])
			if !unicode.IsLetter(r) && r != '²' && r != '³' && (i == 0 || !unicode.IsMark(r)) {
				return i
			}
		}
		if wordLen == maxUnitLen {
			return 0
		}
		i += size
	}
	return i
}
