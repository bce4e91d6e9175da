package parse

import (
	"unicode"
	"unicode/utf8"
)

// maxUnitLen is the maximum number of letters of a unit.
const maxUnitLen = 15

// suffix describes the text after the digits of a number.
type suffix struct {
	exponent int    // power of ten by which the number is multiplied
	unit     []byte // currency or unit of measure
	noCents  bool   // a placeholder for no cents, as in "12,-"
}

// parseSuffix parses the text after the digits of a number. It reports false if that text is not a currency, a unit or
// a measure. The whole text is then likely to be a sentence, an id or a date.
func parseSuffix(text []byte, currency, hasDecimals bool) (s suffix, ok bool) {
	text = text[:trimmedLen(text)]
	if len(text) == 0 {
		return s, true
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
		return s, i == len(text) || isUnit(text[i:], false)
	}
	if size, isCurrency := suffixSymbol(text[i:]); size > 0 {
		if isCurrency && currency {
			return s, false
		}
		s.unit = text[i : i+size]
		currency = currency || isCurrency
		attached = false
		i = skipSpace(text, i+size)
	}
	if n := unitLen(text[i:]); n > 0 {
		word := text[i : i+n]
		if s.exponent = multiplier(word, attached, currency, hasDecimals); s.exponent == 0 && !isUnit(word, attached) {
			return s, false
		}
		if s.unit == nil {
			s.unit = word
		}
		i = skipSpace(text, i+n)
		if s.exponent > 0 && i < len(text) { // "1.2 million €"
			size, _ := suffixSymbol(text[i:])
			i = skipSpace(text, i+size)
		}
	}
	return s, isSuffixEnd(text, i)
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
		i++
	}
	return skipSpace(text, i) == len(text)
}

// emptyCents returns the length of a placeholder for no cents, as in "12,-" and "CHF 12.–".
func emptyCents(text []byte) int {
	if text[0] != comma && text[0] != dot {
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

// ratingScale returns the length of the scale of a rating ("out of 5", "von 5", "/5"), or 0 if text does not start with
// one. A slash is accepted only after decimals, because it may otherwise be part of a fraction or a date.
func ratingScale(text []byte, hasDecimals bool) int {
	if len(text) == 0 || text[0] != '/' && !isASCIILetter(text[0]) {
		return 0
	}
	for _, words := range [...]string{"out of ", "of ", "von ", "sur ", "de ", "su ", "van ", "av ", "/"} {
		if len(text) <= len(words) || string(text[:len(words)]) != words {
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

// suffixSymbol returns the length of the symbol at the start of text: a currency, a percent sign or a measure.
func suffixSymbol(text []byte) (size int, isCurrency bool) {
	r, size := utf8.DecodeRune(text)
	switch {
	case isCurrencySign(r):
		return size, true
	case r == '°' && len(text) > size && (text[size] == 'C' || text[size] == 'F'):
		return size + 1, false
	case r == '%' || r == '‰' || r == '°' || r == '"' || r == '″' || r == '★' || r == '⭐':
		return size, false
	}
	for n := 1; n <= maxCurrencyLen && n < len(text); n++ { // "5 US$"
		if text[n-1] < 'A' || text[n-1] > 'Z' {
			break
		}
		if r, size := utf8.DecodeRune(text[n:]); isCurrencySign(r) {
			return n + size, true
		}
	}
	return 0, false
}

// unitLen returns the length of the word at the start of text in bytes, or 0 if there is none or if it is too long for
// a unit.
func unitLen(text []byte) int {
	i := 0
	for wordLen := 0; i < len(text); wordLen++ {
		r, size := rune(text[i]), 1
		if r >= utf8.RuneSelf {
			r, size = utf8.DecodeRune(text[i:])
		}
		isJSONExponent := r == '²' || r == '³' || (r == '2' || r == '3') && i > 0 && text[i-1] == 'm'
		if !unicode.IsLetter(r) && !isJSONExponent {
			return i
		}
		if wordLen == maxUnitLen {
			return 0
		}
		i += size
	}
	return i
}

// multiplier returns the power of ten that word stands for, or 0 if it is not a multiplier. A single letter may be a
// unit instead: "5m" is a length and "12 M" a size, but "£5m" is an amount.
func multiplier(word []byte, attached, currency, hasDecimals bool) (exponent int) {
	switch string(word) {
	case "thousand", "Thousand":
		return 3
	case "mn", "million", "Million", "Mio", "mio":
		return 6
	case "bn", "billion", "Billion", "Mrd":
		return 9
	}
	if !attached || len(word) > 1 {
		return 0
	}
	switch c := word[0]; {
	case c|' ' == 'k':
		return 3
	case c == 'M' || c == 'm' && currency:
		return 6
	case c == 'B' && (currency || hasDecimals) || c == 'b' && currency:
		return 9
	default:
		return 0
	}
}

// isUnit reports whether word can be a unit: "reviews", "GB", "zł". A word that is attached to the digits or in upper
// case must be a common unit, because it may otherwise be part of an id. Month names, "am" and "pm" belong to dates.
func isUnit(word []byte, attached bool) bool {
	n := unitLen(word)
	if n == 0 || n < len(word) {
		return false
	}
	switch {
	case isKnownUnit(word) || isCurrencyCode(word) || isCurrencyWord(word):
		return true
	case word[0] >= utf8.RuneSelf || word[n-1] >= utf8.RuneSelf: // "zł", "Kč", "руб", "個"
		return true
	case attached || n == 1 || isUpper(word[:2]):
		return false
	default:
		return monthOf(word) == 0 && !isMeridiem(word)
	}
}

// isKnownUnit reports whether a short ASCII word, in any case, is a unit that is commonly attached to the digits.
func isKnownUnit(word []byte) bool {
	if len(word) == 1 {
		switch word[0] { // upper-case letters are excluded if they often end an id
		case 'm', 'g', 't', 'l', 'L', 'w', 'W', 'v', 'V', 'h', 's', 'd', 'y', 'x', 'p', 'c':
			return true
		default:
			return false
		}
	}
	var lower [4]byte
	if len(word) > len(lower) {
		return false
	}
	for i, c := range word {
		if c >= 'A' && c <= 'Z' {
			c |= ' '
		}
		lower[i] = c
	}
	switch string(lower[:len(word)]) {
	case "mm", "cm", "km", "m2", "m3", "cm2", "cm3", "km2", "in", "ft", "ft2", "yd", "mi", "sqm", "sqft",
		"mg", "kg", "oz", "lb", "lbs", "ml", "cl", "dl", "gal",
		"kw", "kwh", "wh", "mah", "hz", "khz", "mhz", "ghz", "dpi", "px", "mp", "rpm", "bar", "psi", "hp", "ps",
		"kb", "mb", "gb", "tb", "kib", "mib", "gib", "tib", "mbps", "gbps", "mph", "kmh",
		"hr", "hrs", "min", "mins", "sec", "ms", "yr", "yrs", "kcal", "cal", "kj",
		"pc", "pcs", "pkt", "st", "stk", "nd", "rd", "th", "ct", "cts", "eur", "usd", "gbp":
		return true
	default:
		return false
	}
}

// isMeridiem reports whether word is "am" or "pm" in any case.
func isMeridiem(word []byte) bool {
	return len(word) == 2 && (word[0]|' ' == 'a' || word[0]|' ' == 'p') && word[1]|' ' == 'm'
}
