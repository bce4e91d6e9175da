package parse

import (
	"math"
	"strconv"
)

// Numbers is how the numbers of one column are written. It decides only what can be read in two ways: one separator, with
// exactly three digits behind it. Its zero value knows nothing of the column yet, and takes that as most would: a comma
// stands between thousands; a dot before decimals ("1.299"), but between thousands beside a currency of countries that
// write it so ("€1.299").
type Numbers struct {
	// CommaIsDecimal is true where a comma stands before the decimals, as in "1.299,00 €"; DotIsDecimal where a dot does,
	// whatever the currency. Not both are.
	CommaIsDecimal, DotIsDecimal bool
}

// Number reads a text as a number: digits with separators of any country, a sign, a currency or a unit, and a few phrases
// ("4.5 out of 5", "from $5"). False where a person would not: for dates, times, versions, phone numbers, ids, ranges, and for amounts
// in parentheses, which are negative in accounts and a count on a shop's page.
//
// The unit is not converted, but for words that multiply: "1.2k" and "£1.2m" are 1,200 and 1,200,000; "45%" is 45. The
// number is always finite: one beyond what a float64 holds is the largest, one of more digits is the nearest to it.
func (n Numbers) Number(text []byte) (float64, bool) {
	if value, ok := n.plain(text); ok {
		return value, true
	}
	if len(text) > longestCurrency && isASCIILetter(text[0]) && isASCIILetter(text[1]) && isASCIILetter(text[2]) && isASCIILetter(text[3]) && leading(text) == 0 {
		return 0, false // a word that is no currency, as most texts begin with
	}
	value, _, ok := n.read(text)
	return value, ok
}

// plain reads the numbers that most columns of numbers are full of, "19.99" and "$1,299.00", as read would, and leaves all
// others to it.
func (n Numbers) plain(text []byte) (float64, bool) {
	negative := false
	if len(text) > 1 && (text[0] == '$' || text[0] == '-') {
		negative = text[0] == '-'
		text = text[1:]
	}
	if len(text) > exactDigits {
		return 0, false
	}
	mantissa, commas, last, hasDot := plainFigures(text)
	// Where a comma may be decimal, one separator before three digits needs a closer look.
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

// plainFigures reads digits with commas between thousands and a dot before decimals: all digits as one number, how many
// commas there are, and how many digits stand behind the last of them or behind the dot; 0 where text is anything else.
func plainFigures(text []byte) (mantissa uint64, commas, last int, hasDot bool) {
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

// JSON reads a number of JSON, which is written the same everywhere. It must be one.
func JSON(text []byte) float64 {
	if value, ok := (Numbers{}).plain(text); ok {
		return value
	}
	value, err := strconv.ParseFloat(string(text), 64)
	if err != nil && !math.IsInf(value, 0) {
		return 0
	}
	return finite(value)
}

// habit is what a text tells of how its column writes numbers.
type habit int8

const (
	habitUnknown  habit = iota
	habitDot            // a dot stands before decimals
	habitComma          // a comma does
	habitDotThere       // a dot does, beside a currency of countries that write it so: of another one it tells nothing
)

// read reads a number, and what it tells of the column.
func (n Numbers) read(text []byte) (float64, habit, bool) {
	before, ok := readBefore(text)
	if !ok {
		return 0, habitUnknown, false
	}
	var f figures
	end, ok := f.readFrom(text, before.length)
	if !ok || (before.sign == '+' && f.isPhone()) {
		return 0, habitUnknown, false
	}
	decimals, shown, ok := n.decimals(&f)
	if !ok {
		return 0, habitUnknown, false
	}
	exponent := -decimals
	var behind behind
	if end < len(text) {
		if isExponent(text, before, &f, end) {
			value, err := strconv.ParseFloat(string(text[before.from:trimmedEnd(text)]), 64)
			return finite(value), shown, err == nil || math.IsInf(value, 0)
		}
		var ok bool
		if behind, ok = readBehind(text[end:], before.currency, decimals > 0); !ok {
			return 0, habitUnknown, false
		}
		exponent += behind.exponent
	}
	if decimals == 3 && behind.exponent == 0 && n.isOpen(&f) && (behind.noCents || isDotBetweenThousands(before.unit(text)) || isDotBetweenThousands(behind.unit)) {
		exponent = 0
	}
	if shown == habitDot && (isDotBeforeDecimals(before.unit(text)) || isDotBeforeDecimals(behind.unit)) {
		shown = habitDotThere
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
