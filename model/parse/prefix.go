package parse

import "unicode/utf8"

// prefix describes the text before the digits of a number.
type prefix struct {
	signAt   int  // offset of the sign, after any lead-in words
	digitsAt int  // offset of the digits
	sign     byte // '-', '+', or 0 if there is none
	currency bool
	// text[unitFrom:unitTo] is the currency.
	unitFrom, unitTo int
}

// unit returns the currency in text.
func (p *prefix) unit(text []byte) []byte { return text[p.unitFrom:p.unitTo] }

// parsePrefix parses lead-in words, a sign and a currency; the last two come in either order. It reports false if no
// digits follow.
func parsePrefix(text []byte) (prefix, bool) {
	i := skipSpace(text, 0)
	if i < len(text) && (text[i] >= utf8.RuneSelf || isASCIILetter(text[i])) {
		i += leadInLen(text[i:])
	}
	p := prefix{signAt: i}
	if i < len(text) && text[i] == '~' {
		i = skipSpace(text, i+1)
	}
	for i < len(text) {
		c := text[i]
		if isDigit(c) || c == dot && i+1 < len(text) && isDigit(text[i+1]) {
			p.digitsAt = i
			return p, true
		}
		hadCurrency := p.currency
		size := p.parseSign(text[i:])
		if size == 0 {
			return p, false
		}
		if p.currency != hadCurrency {
			p.unitFrom, p.unitTo = i, i+size
		}
		i = skipSpace(text, i+size)
	}
	return p, false
}

// parseSign parses the sign or currency at the start of text and returns its length, or 0 if there is none or if it is
// a second one.
func (p *prefix) parseSign(text []byte) int {
	c := text[0]
	size, isMinus := 1, c == '-'
	switch {
	case c == '-' || c == '+':
		if p.sign != 0 {
			return 0
		}
		p.sign = c
		return 1
	case c == '$':
	case isASCIILetter(c):
		size = currencyPrefix(text)
	case c < utf8.RuneSelf:
		return 0
	default:
		size, isMinus = prefixSymbol(text)
	}
	switch {
	case isMinus && p.sign == 0:
		p.sign = '-'
	case !isMinus && !p.currency:
		p.currency = true
	default:
		return 0
	}
	return size
}

// prefixSymbol returns the length of the non-ASCII minus sign or currency at the start of text, or 0 if there is none.
func prefixSymbol(text []byte) (size int, isMinus bool) {
	r, size := utf8.DecodeRune(text)
	switch {
	case r == '\u2212' || r == '\u2013': // minus sign, en dash
		return size, true
	case isCurrencySign(r):
		return size, false
	case r < 0x80:
		return 0, false
	}
	for _, word := range [...]string{"zł", "Kč", "kč", "руб.", "руб", "р."} {
		if len(text) > len(word) && string(text[:len(word)]) == word {
			return len(word), false
		}
	}
	return 0, false
}

// isCurrencySign reports whether r is a currency symbol.
func isCurrencySign(r rune) bool {
	switch {
	case r < 0x80:
		return r == '$'
	case r >= '\u20a0' && r <= '\u20cf': // the Currency Symbols block: €, ₹, ₩, ₽
		return true
	case r >= '¢' && r <= '¥', r == '؋', r == '฿', r == '៛', r == '﷼', r == '＄', r == '￠', r == '￡', r == '￥', r == '￦', r == '円', r == '元':
		return true
	default:
		return false
	}
}

// usesDotForThousands reports whether a dot separates thousands in countries that use this currency.
func usesDotForThousands(currency []byte) bool {
	switch string(currency) {
	case "€", "EUR", "eur", "Euro", "euro", "Euros", "euros", "kr", "Kr", "KR", "kr.", "Kr.", "DKK", "NOK", "SEK", "ISK", "zł", "PLN", "Kč", "kč", "CZK",
		"R$", "BRL", "₺", "TRY", "TL", "tl", "Ft", "HUF", "lei", "RON", "din", "din.", "RSD", "BGN", "Rp", "Rp.", "IDR", "₫", "VND", "ARS", "CLP", "COP", "UYU":
		return true
	default:
		return false
	}
}

// usesDotForDecimals reports whether unit is a currency of countries in which a dot marks decimals.
func usesDotForDecimals(unit []byte) bool {
	if len(unit) == 0 || usesDotForThousands(unit) {
		return false
	}
	size, isCurrency := suffixSymbol(unit)
	return isCurrency && size == len(unit) || isCurrencyCode(unit) || isCurrencyWord(unit)
}

// maxCurrencyLen is the maximum number of letters that currencyPrefix matches.
const maxCurrencyLen = 3

// currencyPrefix returns the length of the alphabetic currency at the start of text: a code or an abbreviation with an
// optional dot or symbol, such as "USD", "US$", "kr" or "Rs.". It returns 0 if there is none.
func currencyPrefix(text []byte) int {
	n := 0
	for n < len(text) && text[n]|' ' >= 'a' && text[n]|' ' <= 'z' {
		if n++; n > maxCurrencyLen {
			return 0
		}
	}
	word, rest := text[:n], text[n:]
	if len(rest) == 0 {
		return 0
	}
	if c := rest[0]; c == '$' || c >= 0x80 {
		r, size := utf8.DecodeRune(rest)
		if isCurrencySign(r) && isUpper(word) {
			return n + size
		}
		if string(word) == "K" && r == 'č' {
			return n + size
		}
		if string(word) == "z" && r == 'ł' {
			return n + size
		}
	}
	if !isCurrencyCode(word) && !isCurrencyWord(word) {
		return 0
	}
	if rest[0] == '.' && !isUpper(word) {
		n++
	}
	return n
}

func isUpper(word []byte) bool {
	for _, c := range word {
		if c < 'A' || c > 'Z' {
			return false
		}
	}
	return true
}

// isCurrencyWord reports whether an ASCII word is a common abbreviation of a currency.
func isCurrencyWord(word []byte) bool {
	switch string(word) {
	case "kr", "Kr", "KR", "Rs", "rs", "Fr", "fr", "Ft", "ft", "RM", "Rp", "TL", "tl", "lei", "din", "Lt", "Ls", "usd", "eur", "gbp":
		return true
	default:
		return false
	}
}

// isCurrencyCode reports whether word is an ISO 4217 currency code. Codes that are English words, and those that are
// rare in shops, are excluded.
func isCurrencyCode(word []byte) bool {
	switch string(word) {
	case "AED", "ARS", "AUD", "AZN", "BDT", "BGN", "BHD", "BRL", "BYN", "CAD", "CHF", "CLP", "CNY", "COP", "CRC", "CZK", "DKK", "DOP", "DZD",
		"EGP", "EUR", "GBP", "GEL", "GHS", "HKD", "HRK", "HUF", "IDR", "ILS", "INR", "IQD", "ISK", "JOD", "JPY", "KES", "KRW", "KWD", "KZT",
		"LBP", "LKR", "MAD", "MXN", "MYR", "NGN", "NOK", "NZD", "OMR", "PEN", "PHP", "PKR", "PLN", "QAR", "RON", "RSD", "RUB", "SAR",
		"SEK", "SGD", "THB", "TND", "TRY", "TWD", "UAH", "USD", "UYU", "VND", "XAF", "XOF", "ZAR":
		return true
	default:
		return false
	}
}
