package reading

import (
	"math"
	"strconv"
)

// Numbers is how the numbers of one column are written. Its zero value knows nothing of the column yet, and takes what can
// be read in two ways ("1.299") as the most would.
type Numbers struct {
	// CommaIsDecimal is true where a comma stands before the decimals, as in "1.299,00 €". It decides only what can be
	// read in two ways: one separator, with exactly three digits behind it.
	CommaIsDecimal bool
}

// Number reads a text as a number: digits with separators of any country, a sign, a currency or a unit, and a few phrases
// ("4.5 out of 5"). False where a person would not: for dates, times, versions, phone numbers, ids, ranges, and for amounts
// in parentheses, which are negative in accounts and a count on a shop's page.
//
// The unit is not converted, but for words that multiply: "1.2k" and "£1.2m" are 1,200 and 1,200,000; "45%" is 45. The
// number is always finite: one beyond what a float64 holds is the largest, one of more digits is the nearest to it.
func (n Numbers) Number(text []byte) (float64, bool) {
	value, _, ok := n.read(text)
	return value, ok
}

// JSON reads a number of JSON, which is written the same everywhere. It is 0 where text is none.
func JSON(text []byte) float64 {
	if value, ok := simple(text); ok {
		return value
	}
	value, err := strconv.ParseFloat(string(text), 64)
	if err != nil && !math.IsInf(value, 0) {
		return 0
	}
	return finite(value)
}

// simple reads what most numbers are: digits, few enough to be exact, at most with a minus and a dot between them.
func simple(text []byte) (float64, bool) {
	i := 0
	if len(text) > 0 && text[0] == '-' {
		i = 1
	}
	if len(text)-i > exactDigits || i == len(text) {
		return 0, false
	}
	mantissa, dot := uint64(0), 0
	for at, c := range text[i:] {
		switch d := c - '0'; {
		case d <= 9:
			mantissa = mantissa*10 + uint64(d)
		case c == '.' && dot == 0 && at > 0:
			dot = i + at + 1
		default:
			return 0, false
		}
	}
	value := float64(mantissa)
	if dot > 0 {
		if dot == len(text) {
			return 0, false
		}
		value /= math.Pow10(len(text) - dot)
	}
	if i == 1 {
		value = -value
	}
	return value, true
}

// habit is what a text tells of how its column writes numbers.
type habit int8

const (
	habitUnknown habit = iota
	habitDot           // a dot stands before decimals
	habitComma         // a comma does
)

// read reads a number, and what it tells of the column.
func (n Numbers) read(text []byte) (float64, habit, bool) {
	before, ok := readBefore(text)
	if !ok {
		return 0, habitUnknown, false
	}
	f, end, ok := readFigures(text, before.length)
	if !ok || (before.sign == '+' && f.isPhone()) {
		return 0, habitUnknown, false
	}
	decimals, shown, ok := n.decimals(&f)
	if !ok {
		return 0, habitUnknown, false
	}
	exponent := -decimals
	if end < len(text) {
		if isExponent(text, before, &f, end) {
			value, err := strconv.ParseFloat(string(text[before.from:trimmedEnd(text)]), 64)
			return finite(value), shown, err == nil || math.IsInf(value, 0)
		}
		behind, ok := readBehind(text[end:], before.currency, decimals > 0)
		if !ok {
			return 0, habitUnknown, false
		}
		exponent += behind
	}
	value := f.value(text[before.length:end], exponent)
	if before.sign == '-' {
		value = -value
	}
	return value, shown, true
}

// isExponent tells whether what follows the figures is the exponent of a number as JSON writes it, with nothing around.
func isExponent(text []byte, before before, f *figures, end int) bool {
	if text[end]|' ' != 'e' || before.currency || before.sign == '+' || f.separators > 1 || f.separators == 1 && f.last != '.' {
		return false
	}
	i := end + 1
	if i < len(text) && (text[i] == '+' || text[i] == '-') {
		i++
	}
	from := i
	for i < len(text) && isDigit(text[i]) {
		i++
	}
	return i > from && i == trimmedEnd(text) && before.length-before.from <= 1 && (before.sign == 0 || text[before.from] == '-')
}

// trimmedEnd is the place after the last byte that is no space.
func trimmedEnd(text []byte) int {
	end := len(text)
	for end > 0 && isASCIISpace(text[end-1]) {
		end--
	}
	return end
}

func isASCIISpace(c byte) bool { return c == ' ' || c-'\t' <= '\r'-'\t' }

// finite is a number that a caller can go on reckoning with.
func finite(value float64) float64 {
	return min(max(value, -math.MaxFloat64), math.MaxFloat64)
}
