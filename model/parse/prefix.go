package parse

import "unicode/utf8"

// prefix describes the text before the digits of a number.
type prefix struct {
	signAt   int  // offset of the sign, after any lead-in words
	digitsAt int  // offset of the digits
	sign     byte // '-', '+', or 0 if there is none
	currency bool
	unit     span // the currency
}

// parse parses lead-in words, a sign and a currency. The sign and the currency may be in either order. It returns false
// if no digits follow.
func (p *prefix) parse(text []byte) bool {
	i := 0
	if len(text) > 0 && !isDigit(text[0]) {
		i = skipSpace(text, 0)
		if i < len(text) && (text[i] >= utf8.RuneSelf || isASCIILetter(text[i])) {
			i += leadInLen(text[i:])
		}
		p.signAt = i
		i += comparisonLen(text[i:])
	}
	for i < len(text) {
		c := text[i]
		if isDigit(c) || c == dot && i+1 < len(text) && isDigit(text[i+1]) {
			p.digitsAt = i
			return true
		}
		hadCurrency := p.currency
		size := p.parseSign(text[i:])
		if size == 0 {
			return false
		}
		if p.currency != hadCurrency {
			p.unit = spanOf(i, i+size)
		}
		i = skipSpace(text, i+size)
	}
	return false
}

// parseSign parses the sign or currency at the start of text and returns its length. It returns 0 if there is none, or
// if it is the second sign or the second currency of the prefix.
func (p *prefix) parseSign(text []byte) int {
	c := text[0]
	var size int
	isMinus := false
	switch {
	case c == '-' || c == '+':
		if p.sign != 0 {
			return 0
		}
		p.sign = c
		return 1
	case c == '$':
		size = dollarLen(text)
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

// isRefuted reports whether the digits show that text is not a number. Digits after a plus sign may be a phone number.
// Digits after a letter that could be a currency may be an id.
func (p *prefix) isRefuted(text []byte, f *digitGroups) bool {
	return p.sign == '+' && f.isPhone() || isCurrencyLetter(p.unit.of(text)) && !f.isAmount()
}

// dollarLen returns the length of a dollar sign and a country after it, as in "$US 5" and "$ CA 5".
func dollarLen(text []byte) int {
	start := skipSpace(text, 1)
	n := start
	for n < len(text) && isASCIILetter(text[n]) {
		n++
	}
	if n > start && n < len(text) && (isCountry(text[start:n]) || isCurrencyCode(text[start:n])) {
		return n
	}
	return 1
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
	return dottedCurrency(text), false
}

// comparisonLen returns the length of a sign at the start of text, such as "~", "≥" or "★", including the space after
// it. It returns 0 if there is none.
func comparisonLen(text []byte) int {
	if len(text) == 0 || text[0] < utf8.RuneSelf && text[0] != '~' && text[0] != '<' && text[0] != '>' {
		return 0
	}
	r, size := utf8.DecodeRune(text)
	switch r {
	case '~', '<', '>', '≈', '≤', '≥', '～', '±', '★', '⭐':
	default:
		return 0
	}
	if (r == '<' || r == '>') && len(text) > size && text[size] == '=' {
		size++
	}
	return skipSpace(text, size)
}
