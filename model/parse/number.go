package parse

import (
	"math"
	"strconv"
)

// Numbers describes how one column writes its numbers. It matters only for ambiguous numbers: those with a single
// separator that is followed by exactly three digits. The zero value makes no assumption about the column: a comma then
// separates thousands, and a dot marks decimals ("1.299"), except next to the currency of a country that separates
// thousands by dots ("€1.299").
type Numbers struct {
	// CommaIsDecimal means that a comma marks decimals, as in "1.299,00 €". DotIsDecimal means that a dot does,
	// whatever the currency. At most one of them is set.
	CommaIsDecimal, DotIsDecimal bool
}

// Number parses text as a number: digits with the separators of any country, a sign, a currency or a unit, and some
// phrases ("4.5 out of 5", "from $5"). It reports false for dates, times, versions, phone numbers, ids, ranges, and
// numbers in parentheses, which are negative amounts in accounting but counts on a web page.
//
// Units are not converted, but multipliers are applied: "1.2k" is 1,200, "£1.2m" is 1,200,000, and "45%" is 45. The
// result is always finite: values beyond the range of float64 become the largest or smallest float64, and excess digits
// are rounded.
func (n Numbers) Number(text []byte) (float64, bool) {
	if value, ok := n.parsePlain(text); ok {
		return value, true
	}
	if len(text) > maxCurrencyLen && isASCIILetter(text[0]) && isASCIILetter(text[1]) && isASCIILetter(text[2]) && isASCIILetter(text[3]) && leadInLen(text) == 0 {
		return 0, false // a word that is not a currency, like the start of most text
	}
	value, _, ok := n.parse(text)
	return value, ok
}

// parsePlain is a fast path for common numbers such as "19.99" and "$1,299.00". It returns what parse would return, or
// false if parse must decide.
func (n Numbers) parsePlain(text []byte) (float64, bool) {
	negative := false
	if len(text) > 1 && (text[0] == '$' || text[0] == '-') {
		negative = text[0] == '-'
		text = text[1:]
	}
	if len(text) > maxExactDigits {
		return 0, false
	}
	mantissa, commas, last, hasDot := scanPlain(text)
	// If a comma may mark decimals, a single separator before three digits is left to parse.
	if last == 0 || n.CommaIsDecimal && last == 3 && hasDot == (commas == 0) {
		return 0, false
	}
	value := float64(mantissa)
	if hasDot {
		value /= math.Pow10(last)
	}
	if negative {
		value = -value
	}
	return value, true
}

// scanPlain reads digits with commas between thousands and a dot before decimals. It returns all digits as one number,
// the number of commas, and the number of digits after the last separator, which is 0 if text is not such a number.
func scanPlain(text []byte) (mantissa uint64, commas, last int, hasDot bool) {
	run := 0
	for _, c := range text {
		if isDigit(c) {
			mantissa = mantissa*10 + uint64(c-'0')
			run++
			continue
		}
		isWhole := run == 3 || commas == 0 && run > 0
		switch {
		case hasDot || !isWhole:
			return 0, 0, 0, false
		case c == dot:
			hasDot = true
		case c == comma && run <= 3 && text[0] != '0':
			commas++
		default:
			return 0, 0, 0, false
		}
		run = 0
	}
	if commas > 0 && !hasDot && run != 3 {
		return 0, 0, 0, false
	}
	return mantissa, commas, run, hasDot
}

// JSON parses a JSON number. text must be valid.
func JSON(text []byte) float64 {
	if value, ok := (Numbers{}).parsePlain(text); ok {
		return value
	}
	value, err := strconv.ParseFloat(string(text), 64)
	if err != nil && !math.IsInf(value, 0) {
		return 0
	}
	return clamp(value)
}

// habit is what one number implies about how its column writes numbers.
type habit int8

const (
	habitUnknown  habit = iota
	habitDot            // a dot marks decimals
	habitComma          // a comma marks decimals
	habitLocalDot       // a dot marks decimals, as usual for this currency; implies nothing about other currencies
)

// parse parses a number and returns what it implies about the column.
func (n Numbers) parse(text []byte) (float64, habit, bool) {
	before, ok := parsePrefix(text)
	if !ok {
		return 0, habitUnknown, false
	}
	var f digitGroups
	end, ok := f.scan(text, before.digitsAt)
	if !ok || (before.sign == '+' && f.isPhone()) {
		return 0, habitUnknown, false
	}
	decimals, shown, ok := n.countDecimals(&f)
	if !ok {
		return 0, habitUnknown, false
	}
	exponent := -decimals
	var after suffix
	if end < len(text) {
		if isJSONExponent(text, before, &f, end) {
			value, err := strconv.ParseFloat(string(text[before.signAt:trimmedLen(text)]), 64)
			return clamp(value), shown, err == nil || math.IsInf(value, 0)
		}
		var ok bool
		if after, ok = parseSuffix(text[end:], before.currency, decimals > 0); !ok {
			return 0, habitUnknown, false
		}
		exponent += after.exponent
	}
	if decimals == 3 && after.exponent == 0 && n.isAmbiguous(&f) && (after.noCents || usesDotForThousands(before.unit(text)) || usesDotForThousands(after.unit)) {
		exponent = 0
	}
	if shown == habitDot && (usesDotForDecimals(before.unit(text)) || usesDotForDecimals(after.unit)) {
		shown = habitLocalDot
	}
	value := f.value(text[before.digitsAt:end], exponent)
	if before.sign == '-' {
		value = -value
	}
	return value, shown, true
}

// isJSONExponent reports whether the digits are followed by the exponent of a JSON number, and nothing else.
func isJSONExponent(text []byte, before prefix, f *digitGroups, end int) bool {
	if text[end]|' ' != 'e' || before.currency || before.sign == '+' || f.separators > 1 || f.separators == 1 && f.last != '.' {
		return false
	}
	i := end + 1
	if i < len(text) && (text[i] == '+' || text[i] == '-') {
		i++
	}
	start := i
	for i < len(text) && isDigit(text[i]) {
		i++
	}
	return i > start && i == trimmedLen(text) && before.digitsAt-before.signAt <= 1 && (before.sign == 0 || text[before.signAt] == '-')
}

// trimmedLen returns the length of text without trailing white space.
func trimmedLen(text []byte) int {
	end := len(text)
	for end > 0 && isASCIISpace(text[end-1]) {
		end--
	}
	return end
}

func isASCIISpace(c byte) bool { return c == ' ' || c-'\t' <= '\r'-'\t' }

// clamp limits value to the finite range of float64.
func clamp(value float64) float64 {
	return min(max(value, -math.MaxFloat64), math.MaxFloat64)
}
