package parse

import (
	"math"
	"strconv"
)

// Limits of what is read without a detour: digits that a uint64 takes, and numbers and powers of ten that a float64 holds
// exactly, so that one multiplication or division rounds as it must.
const (
	mostDigits  = 19
	exactDigits = 15
	exactPower  = 22
	mostGroups  = 8
)

// figures are the digits of a number with the separators between them, before anything is concluded from them.
type figures struct {
	mantissa  uint64 // all digits as one number, where there are no more than mostDigits
	digits    int
	zeroFirst bool
	// separators is how many there are; first and last are their kinds, and all but the last are of the first kind.
	separators  int
	first, last byte
	// groups has how many digits stand before each separator, behind those behind the last.
	groups [mostGroups]uint8
	behind int
}

// The kinds of separator: a dot, a comma, an apostrophe of any shape, a space of any width.
const (
	dot        = '.'
	comma      = ','
	apostrophe = '\''
	space      = ' '
)

// readFrom reads digits and separators from a place on, and gives the place behind them. A separator counts only where a
// digit follows.
func (f *figures) readFrom(text []byte, i int) (end int, ok bool) {
	f.zeroFirst = text[i] == '0'
	for {
		from := i
		mantissa := f.mantissa
		for i < len(text) && isDigit(text[i]) {
			mantissa = mantissa*10 + uint64(text[i]-'0')
			i++
		}
		f.mantissa = mantissa
		f.behind = i - from
		f.digits += f.behind
		if i == len(text) {
			return i, true
		}
		kind, size := separator(text, i)
		if size == 0 || i+size >= len(text) || !isDigit(text[i+size]) {
			return i, f.digits > 0
		}
		if f.separators == mostGroups || f.separators > 1 && f.last != f.first {
			return i, false
		}
		if f.separators == 0 {
			f.first = kind
		}
		f.groups[f.separators] = uint8(min(f.behind, math.MaxUint8))
		f.last = kind
		f.separators++
		i += size
	}
}

func isDigit(c byte) bool { return c-'0' <= 9 }

// separator gives the kind and the length of the separator at a place; 0 where there is none.
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

// wideSpace gives the length of the space beyond ASCII at a place: no-break, figure, thin, narrow; 0 where there is none.
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

// skipSpace gives the first place from i on where there is no space.
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

// isPhone tells of figures behind a plus whether they are rather a telephone number.
func (f *figures) isPhone() bool {
	return f.first == space || f.separators == 0 && f.digits >= 7
}

// decimals tells how many of the digits are decimals, and what that says of the column; false where the separators make
// no number.
func (n Numbers) decimals(f *figures) (int, habit, bool) {
	switch {
	case f.separators == 0:
		return 0, habitUnknown, true
	case f.separators == 1:
		return n.oneSeparator(f)
	case f.first == f.last:
		// Between thousands, all of them: the other one stands before decimals, if one does.
		shown := habitUnknown
		switch f.first {
		case dot:
			shown = habitComma
		case comma:
			shown = habitDot
		}
		return 0, shown, f.isGrouped(f.separators, f.behind) && !f.isAddress()
	case f.last == dot:
		return f.behind, habitDot, f.isGrouped(f.separators-1, int(f.groups[f.separators-1]))
	case f.last == comma:
		return f.behind, habitComma, f.isGrouped(f.separators-1, int(f.groups[f.separators-1]))
	default:
		return 0, habitUnknown, false
	}
}

// isOpen tells whether the figures have a dot that could be before decimals or between thousands, and nothing says which.
func (n Numbers) isOpen(f *figures) bool {
	return f.separators == 1 && f.last == dot && f.looksGrouped() && n == Numbers{}
}

// looksGrouped tells whether the only separator could be one between thousands.
func (f *figures) looksGrouped() bool {
	return f.behind == 3 && f.groups[0] >= 1 && f.groups[0] <= 3 && !f.zeroFirst
}

// oneSeparator is decimals for the one case that can be read in two ways.
func (n Numbers) oneSeparator(f *figures) (int, habit, bool) {
	looksGrouped := f.looksGrouped()
	switch {
	case f.last == dot && looksGrouped && n.CommaIsDecimal:
		return 0, habitUnknown, true
	case f.last == dot && looksGrouped:
		return f.behind, habitUnknown, true
	case f.last == dot:
		return f.behind, habitDot, true
	case f.last == comma && looksGrouped && n.CommaIsDecimal:
		return f.behind, habitUnknown, true
	case f.last == comma && looksGrouped:
		return 0, habitUnknown, true
	case f.last == comma:
		return f.behind, habitComma, f.groups[0] > 0
	default:
		return 0, habitUnknown, looksGrouped
	}
}

// isGrouped tells whether the first so many separators stand between thousands; last is the number of digits behind the
// last of them. India groups by two, but for the last three.
func (f *figures) isGrouped(separators, last int) bool {
	if f.zeroFirst || last != 3 || f.groups[0] == 0 || f.groups[0] > 3 {
		return false
	}
	threes, twos := true, f.first == comma && f.groups[0] <= 2
	for _, group := range f.groups[1:separators] {
		threes = threes && group == 3
		twos = twos && group == 2
	}
	return threes || twos
}

// isAddress tells of figures that are grouped whether they could as well be an address of the internet.
func (f *figures) isAddress() bool {
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

// value is the number that the figures make, times a power of ten; text is what they were read from.
func (f *figures) value(text []byte, exponent int) float64 {
	if f.digits <= mostDigits && f.mantissa <= 1<<53 && exponent >= -exactPower && exponent <= exactPower {
		if exponent < 0 {
			return float64(f.mantissa) / math.Pow10(-exponent)
		}
		if exponent == 0 || f.digits+exponent <= exactDigits {
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
	// The digits are good; what is out of range is infinite.
	value, _ := strconv.ParseFloat(string(digits), 64)
	return finite(value)
}
