package parse

import (
	"math"
	"strconv"
)

// Limits of the fast path in [digitGroups.value]. A uint64 can hold any integer of 19 digits. A float64 can hold
// integers of 15 digits and powers of ten up to 22 exactly, so a single multiplication or division is rounded
// correctly.
const (
	maxMantissaDigits = 19
	maxExactDigits    = 15
	maxExactPower     = 22
	maxGroups         = 8
)

// digitGroups holds the digits of a number and the separators between them, before they are interpreted.
type digitGroups struct {
	mantissa  uint64 // all digits as one number; only valid if there are at most maxMantissaDigits
	digits    int
	zeroFirst bool
	// separators is the number of separators. The field first is the kind of all separators before the last, and the
	// field last is the kind of the last separator: a comma and a dot in "1,234,567.89".
	separators  int
	first, last byte
	// groups holds the number of digits before each separator. lastGroup is the number of digits after the last
	// separator.
	groups    [maxGroups]uint8
	lastGroup int
}

// The kinds of separator. An apostrophe or a space may be any of its Unicode variants.
const (
	dot        = '.'
	comma      = ','
	apostrophe = '\''
	space      = ' '
)

// scan reads digits and separators from offset i and returns the offset after them. A separator counts only if a digit
// follows. The result ok is false if these characters cannot form a number.
func (f *digitGroups) scan(text []byte, i int) (end int, ok bool) {
	f.zeroFirst = text[i] == '0'
	for {
		start := i
		mantissa := f.mantissa
		for i < len(text) && isDigit(text[i]) {
			mantissa = mantissa*10 + uint64(text[i]-'0')
			i++
		}
		f.mantissa = mantissa
		f.lastGroup = i - start
		f.digits += f.lastGroup
		if i == len(text) {
			return i, true
		}
		kind, size := separator(text, i)
		if size == 0 || i+size >= len(text) || !isDigit(text[i+size]) {
			return i, f.digits > 0
		}
		if f.separators == maxGroups || f.separators > 1 && f.last != f.first {
			return i, false
		}
		if f.separators == 0 {
			f.first = kind
		}
		f.groups[f.separators] = uint8(min(f.lastGroup, math.MaxUint8))
		f.last = kind
		f.separators++
		i += size
	}
}

func isDigit(c byte) bool { return c-'0' <= 9 }

// separator returns the kind and the length of the separator at offset i. The length is 0 if there is none.
func separator(text []byte, i int) (kind byte, size int) {
	switch c := text[i]; {
	case c == dot || c == comma || c == apostrophe || c == space:
		return c, 1
	case c < 0x80:
		return 0, 0
	case len(text)-i >= 3 && c == 0xe2 && text[i+1] == 0x80 && text[i+2] == 0x99: // ’
		return apostrophe, 3
	default:
		if size := wideSpace(text, i); size > 0 {
			return space, size
		}
		return 0, 0
	}
}

// wideSpace returns the length of the non-ASCII space at offset i (no-break, figure, thin or narrow), or 0 if there is
// none.
func wideSpace(text []byte, i int) int {
	rest := text[i:]
	switch {
	case len(rest) >= 2 && rest[0] == 0xc2 && rest[1] == 0xa0:
		return 2
	case len(rest) >= 3 && rest[0] == 0xe2 && rest[1] == 0x80 && (rest[2] == 0x87 || rest[2] == 0x89 || rest[2] == 0xaf):
		return 3
	default:
		return 0
	}
}

// skipSpace returns the offset of the first byte at or after i that is not white space.
func skipSpace(text []byte, i int) int {
	for i < len(text) {
		switch c := text[i]; {
		case isASCIISpace(c):
			i++
		case c < 0x80:
			return i
		default:
			size := wideSpace(text, i)
			if size == 0 {
				return i
			}
			i += size
		}
	}
	return i
}

// isAmount reports whether the digits are likely to be an amount of money: they are grouped or have decimals.
func (f *digitGroups) isAmount() bool {
	return f.separators > 0 && (f.lastGroup == 2 || f.lastGroup == 3 && f.last != dot)
}

// isPhone reports whether the digits, if they follow a plus sign, are likely to be a phone number.
func (f *digitGroups) isPhone() bool {
	return f.first == space || f.separators == 0 && f.digits >= 7
}

// countDecimals returns the number of decimals, and which separator marks decimals in the column, as far as the number
// shows this. It returns false if the separators do not form a number.
func (n *Numbers) countDecimals(f *digitGroups) (int, habit, bool) {
	switch {
	case f.separators == 0:
		return 0, habitUnknown, true
	case f.separators == 1:
		return n.countDecimalsOneSeparator(f)
	case f.first == f.last:
		// Several separators of one kind separate thousands. So decimals are marked by the other kind.
		shown := habitUnknown
		switch f.first {
		case dot:
			shown = habitComma
		case comma:
			shown = habitDot
		}
		return 0, shown, f.isGrouped(f.separators, f.lastGroup) && !f.isIPAddress()
	case f.last == dot:
		return f.lastGroup, habitDot, f.isGrouped(f.separators-1, int(f.groups[f.separators-1]))
	case f.last == comma:
		return f.lastGroup, habitComma, f.isGrouped(f.separators-1, int(f.groups[f.separators-1]))
	default:
		return 0, habitUnknown, false
	}
}

// isAmbiguous reports whether the number has a dot that could mark decimals or thousands. Numbers are not ambiguous if
// the style of the column is known.
func (n *Numbers) isAmbiguous(f *digitGroups) bool {
	return f.separators == 1 && f.last == dot && f.looksGrouped() && !n.CommaIsDecimal && !n.DotIsDecimal
}

// looksGrouped reports whether the only separator could be a thousands separator.
func (f *digitGroups) looksGrouped() bool {
	return f.lastGroup == 3 && f.groups[0] >= 1 && f.groups[0] <= 3 && !f.zeroFirst
}

// countDecimalsOneSeparator is countDecimals for a number with one separator, the only case that can be ambiguous.
func (n *Numbers) countDecimalsOneSeparator(f *digitGroups) (int, habit, bool) {
	looksGrouped := f.looksGrouped()
	switch {
	case f.last == dot && looksGrouped && n.CommaIsDecimal:
		return 0, habitUnknown, true
	case f.last == dot && looksGrouped:
		return f.lastGroup, habitUnknown, true
	case f.last == dot:
		return f.lastGroup, habitDot, true
	case f.last == comma && looksGrouped && n.CommaIsDecimal:
		return f.lastGroup, habitUnknown, true
	case f.last == comma && looksGrouped:
		return 0, habitUnknown, true
	case f.last == comma:
		return f.lastGroup, habitComma, f.groups[0] > 0
	default:
		return 0, habitUnknown, looksGrouped
	}
}

// isGrouped reports whether the first separators of the number all separate thousands. The parameter separators says
// how many separators to check, and digitsAfter is the number of digits after the last of these. Indian numbers have
// groups of two digits, except for the last three digits: "12,34,567".
func (f *digitGroups) isGrouped(separators, digitsAfter int) bool {
	if f.zeroFirst || digitsAfter != 3 || f.groups[0] == 0 || f.groups[0] > 3 {
		return false
	}
	threes, twos := true, f.first == comma && f.groups[0] <= 2
	for _, group := range f.groups[1:separators] {
		threes = threes && group == 3
		twos = twos && group == 2
	}
	return threes || twos
}

// isIPAddress reports whether grouped digits could also be an IP address.
func (f *digitGroups) isIPAddress() bool {
	if f.separators != 3 || f.first != dot {
		return false
	}
	for rest := f.mantissa; rest > 0; rest /= 1000 {
		if rest%1000 > 255 {
			return false
		}
	}
	return true
}

// value returns the number that the digits form, multiplied by ten to the power of exponent. The parameter text
// contains the digits.
func (f *digitGroups) value(text []byte, exponent int) float64 {
	if f.digits <= maxMantissaDigits && f.mantissa <= 1<<53 && exponent >= -maxExactPower && exponent <= maxExactPower {
		if exponent < 0 {
			return float64(f.mantissa) / math.Pow10(-exponent)
		}
		if exponent == 0 || f.digits+exponent <= maxExactDigits {
			return float64(f.mantissa) * math.Pow10(exponent)
		}
	}
	digits := make([]byte, 0, len(text)+len("e-0000"))
	for _, c := range text {
		if isDigit(c) {
			digits = append(digits, c)
		}
	}
	digits = strconv.AppendInt(append(digits, 'e'), int64(exponent), 10)
	// The digits are valid, so the only possible error is ErrRange with an infinite value.
	value, _ := strconv.ParseFloat(string(digits), 64)
	return clamp(value)
}
