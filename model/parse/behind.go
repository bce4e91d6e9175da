package parse

import (
	"unicode"
	"unicode/utf8"
)

// longestUnit is how many letters the word behind a number has at most.
const longestUnit = 15

// behind is what stands behind the figures of a number.
type behind struct {
	exponent int    // the power of ten that it multiplies by
	unit     []byte // a currency, a unit or a measure
	noCents  bool   // a comma that stands for no cents: "12,-"
}

// readBehind reads what stands behind the figures of a number. It is false where text is more than a person would take for
// a currency, a unit or a measure: what is left is then a sentence, an id or a date.
func readBehind(text []byte, currency, hasDecimals bool) (b behind, ok bool) {
	text = text[:trimmedEnd(text)]
	if len(text) == 0 {
		return b, true
	}
	i := openPrice(text)
	attached := i == 0
	b.noCents = i > 0 && text[0] == comma
	if from := skipSpace(text, i); from > i {
		attached = false
		i = from
	}
	if size := outOf(text[i:], hasDecimals); size > 0 {
		i = skipSpace(text, i+size)
		return b, i == len(text) || isUnit(text[i:], false)
	}
	if size, isCurrency := signBehind(text[i:]); size > 0 {
		if isCurrency && currency {
			return b, false
		}
		b.unit = text[i : i+size]
		currency = currency || isCurrency
		attached = false
		i = skipSpace(text, i+size)
	}
	if n := wordLength(text[i:]); n > 0 {
		word := text[i : i+n]
		if b.exponent = multiplier(word, attached, currency, hasDecimals); b.exponent == 0 && !isUnit(word, attached) {
			return b, false
		}
		if b.unit == nil {
			b.unit = word
		}
		i = skipSpace(text, i+n)
		if b.exponent > 0 && i < len(text) { // "1.2 million €"
			size, _ := signBehind(text[i:])
			i = skipSpace(text, i+size)
		}
	}
	return b, readLast(text, i)
}

// readLast tells whether the rest of text, from i on, is what may still follow a number with its unit: "5 €/kg", "100+",
// "19,99 €*", "5 kr."
func readLast(text []byte, i int) bool {
	if i+1 < len(text) && text[i] == '/' {
		from := skipSpace(text, i+1)
		n := wordLength(text[from:])
		if n == 0 {
			return false
		}
		i = from + n
	}
	if i < len(text) && (text[i] == '+' || text[i] == '*' || text[i] == '.' && i > 0 && text[i-1]|' ' >= 'a') {
		i++
	}
	return skipSpace(text, i) == len(text)
}

// openPrice gives the length of what stands for no cents: "12,-", "CHF 12.–".
func openPrice(text []byte) int {
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

// outOf gives the length of the most that a mark can reach, with the words before it: "out of 5", "von 5", "/5"; 0 where
// text does not begin so. A mere slash may be part of a fraction or of a date, and is taken only behind decimals.
func outOf(text []byte, hasDecimals bool) int {
	if len(text) == 0 || text[0] != '/' && !isASCIILetter(text[0]) {
		return 0
	}
	for _, words := range [...]string{"out of ", "of ", "von ", "sur ", "de ", "su ", "van ", "av ", "/"} {
		if len(text) <= len(words) || string(text[:len(words)]) != words {
			continue
		}
		i := skipSpace(text, len(words))
		from := i
		for i < len(text) && isDigit(text[i]) {
			i++
		}
		most := string(text[from:i])
		if i+1 < len(text) && (text[i] == dot || text[i] == comma) && text[i+1] == '0' {
			i += 2
		}
		if most == "" || len(most) > 3 || words == "/" && (!hasDecimals || most != "5" && most != "10" && most != "100") {
			return 0
		}
		return i
	}
	return 0
}

// signBehind gives the length of a sign that text begins with: a currency, a percentage, a measure.
func signBehind(text []byte) (size int, isCurrency bool) {
	r, size := utf8.DecodeRune(text)
	switch {
	case isCurrencySign(r):
		return size, true
	case r == '°' && len(text) > size && (text[size] == 'C' || text[size] == 'F'):
		return size + 1, false
	case r == '%' || r == '‰' || r == '°' || r == '"' || r == '″' || r == '★' || r == '⭐':
		return size, false
	}
	for n := 1; n <= longestCurrency && n < len(text); n++ { // "5 US$"
		if text[n-1] < 'A' || text[n-1] > 'Z' {
			break
		}
		if r, size := utf8.DecodeRune(text[n:]); isCurrencySign(r) {
			return n + size, true
		}
	}
	return 0, false
}

// wordLength is the length of the word that text begins with, in bytes; 0 where there is none, or one that is too long.
func wordLength(text []byte) int {
	i := 0
	for letters := 0; i < len(text); letters++ {
		r, size := rune(text[i]), 1
		if r >= utf8.RuneSelf {
			r, size = utf8.DecodeRune(text[i:])
		}
		isExponent := r == '²' || r == '³' || (r == '2' || r == '3') && i > 0 && text[i-1] == 'm'
		if !unicode.IsLetter(r) && !isExponent {
			return i
		}
		if letters == longestUnit {
			return 0
		}
		i += size
	}
	return i
}

// multiplier gives the power of ten that a word stands for; 0 where it is none. A single letter may as well be a unit:
// "5m" is a length, and "12 M" a size; "£5m" is neither.
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

// isUnit tells whether a word can be what is counted: "reviews", "GB", "zł". One that is attached to the figures must be a
// common unit, as an id looks the same; one in capitals too. Months and halves of a day belong to dates.
func isUnit(word []byte, attached bool) bool {
	n := wordLength(word)
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
		return monthOf(word) == 0 && !isHalfOfDay(word)
	}
}

// isKnownUnit tells whether a word of a few ASCII letters, in any case, is a unit that is written right behind figures.
func isKnownUnit(word []byte) bool {
	if len(word) == 1 {
		switch word[0] { // a capital is as often the end of an id
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

// isHalfOfDay tells whether a word belongs to a time of day.
func isHalfOfDay(word []byte) bool {
	return len(word) == 2 && (word[0]|' ' == 'a' || word[0]|' ' == 'p') && word[1]|' ' == 'm'
}
