package parse

import "unicode/utf8"

// before is what stands before the figures of a number.
type before struct {
	from     int  // of all but space
	length   int  // up to the figures
	sign     byte // '-' or '+'; 0 where there is none
	currency bool
	// unitFrom and unitTo are the place of the currency.
	unitFrom, unitTo int
}

// unit is the currency.
func (b *before) unit(text []byte) []byte { return text[b.unitFrom:b.unitTo] }

// readBefore reads words that lead to a number, a sign and a currency, these in either order; false where no figures follow.
func readBefore(text []byte) (before, bool) {
	i := skipSpace(text, 0)
	if i < len(text) && (text[i] >= utf8.RuneSelf || isASCIILetter(text[i])) {
		i += leading(text[i:])
	}
	b := before{from: i}
	if i < len(text) && text[i] == '~' {
		i = skipSpace(text, i+1)
	}
	for i < len(text) {
		c := text[i]
		if isDigit(c) || c == dot && i+1 < len(text) && isDigit(text[i+1]) {
			b.length = i
			return b, true
		}
		hadCurrency := b.currency
		size := b.readOne(text[i:])
		if size == 0 {
			return b, false
		}
		if b.currency != hadCurrency {
			b.unitFrom, b.unitTo = i, i+size
		}
		i = skipSpace(text, i+size)
	}
	return b, false
}

// readOne reads the sign or the currency that text begins with, and gives its length; 0 where it begins with neither, or
// with a second one.
func (b *before) readOne(text []byte) int {
	c := text[0]
	size, isMinus := 1, c == '-'
	switch {
	case c == '-' || c == '+':
		if b.sign != 0 {
			return 0
		}
		b.sign = c
		return 1
	case c == '$':
	case isASCIILetter(c):
		size = currencyBefore(text)
	case c < utf8.RuneSelf:
		return 0
	default:
		size, isMinus = signBefore(text)
	}
	switch {
	case isMinus && b.sign == 0:
		b.sign = '-'
	case !isMinus && !b.currency:
		b.currency = true
	default:
		return 0
	}
	return size
}

// signBefore gives the length of a minus beyond ASCII or of a currency at the beginning of text, and which it is.
func signBefore(text []byte) (size int, isMinus bool) {
	r, size := utf8.DecodeRune(text)
	switch {
	case r == '\u2212' || r == '\u2013': // a minus; a dash that stands for one
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

// isCurrencySign tells whether a character stands for a currency.
func isCurrencySign(r rune) bool {
	switch {
	case r < 0x80:
		return r == '$'
	case r >= '\u20a0' && r <= '\u20cf': // the block of currency signs: €, ₹, ₩, ₽
		return true
	case r >= '¢' && r <= '¥', r == '؋', r == '฿', r == '៛', r == '﷼', r == '＄', r == '￠', r == '￡', r == '￥', r == '￦', r == '円', r == '元':
		return true
	default:
		return false
	}
}

// isDotBetweenThousands tells of a currency whether where it is used a dot stands between thousands, if anything does.
func isDotBetweenThousands(currency []byte) bool {
	switch string(currency) {
	case "€", "EUR", "eur", "Euro", "euro", "Euros", "euros", "kr", "Kr", "KR", "kr.", "Kr.", "DKK", "NOK", "SEK", "ISK", "zł", "PLN", "Kč", "kč", "CZK",
		"R$", "BRL", "₺", "TRY", "TL", "tl", "Ft", "HUF", "lei", "RON", "din", "din.", "RSD", "BGN", "Rp", "Rp.", "IDR", "₫", "VND", "ARS", "CLP", "COP", "UYU":
		return true
	default:
		return false
	}
}

// isDotBeforeDecimals tells of a unit whether it is a currency of the others, where a dot stands before decimals.
func isDotBeforeDecimals(unit []byte) bool {
	if len(unit) == 0 || isDotBetweenThousands(unit) {
		return false
	}
	size, isCurrency := signBehind(unit)
	return isCurrency && size == len(unit) || isCurrencyCode(unit) || isCurrencyWord(unit)
}

// longestCurrency is the length of the longest word that currencyBefore looks for.
const longestCurrency = 3

// currencyBefore gives the length of a currency in letters that text begins with: a code or an abbreviation, with a dot or
// a sign behind it or without: "USD", "US$", "kr", "Rs."; 0 where it begins with anything else.
func currencyBefore(text []byte) int {
	n := 0
	for n < len(text) && text[n]|' ' >= 'a' && text[n]|' ' <= 'z' {
		if n++; n > longestCurrency {
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

// isCurrencyWord tells of a word of ASCII letters whether it is a common abbreviation of a currency.
func isCurrencyWord(word []byte) bool {
	switch string(word) {
	case "kr", "Kr", "KR", "Rs", "rs", "Fr", "fr", "Ft", "ft", "RM", "Rp", "TL", "tl", "lei", "din", "Lt", "Ls", "usd", "eur", "gbp":
		return true
	default:
		return false
	}
}

// isCurrencyCode tells whether a word is the code of a currency after ISO 4217. Those that are English words, or that hardly
// any shop sells for, are left out.
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
