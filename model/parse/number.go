package parse

import (
	"bytes"
	"math"
	"strconv"
)

// Numbers describes how one column writes its numbers. It matters only for ambiguous numbers, which have a single
// separator followed by exactly three digits. The zero value is for an unknown column: a comma separates thousands and
// a dot marks decimals, as in "1.299". If the currency is of a country that separates thousands by dots, the dot
// separates thousands: "€1.299" is 1299.
type Numbers struct {
	// CommaIsDecimal means that a comma marks decimals, as in "1.299,00 €". DotIsDecimal means that a dot marks
	// decimals, with any currency. At most one of them is set.
	CommaIsDecimal, DotIsDecimal bool
	units                        unitRule
	// learns is true while a Learner reads a sample of the column, to find out how its numbers are written.
	learns bool
}

// NumberKind says whether a text is a number, and of what kind.
type NumberKind uint8

// The kinds of number.
const (
	NoNumber NumberKind = iota
	OneNumber
	Range     // two ascending numbers, such as "$10 - $20", "10–20 €" or "from 5 to 10"
	OtherUnit // a number that is not read because of its unit, such as "5 lb" in a column of kilograms
)

// IsNumber reports whether the text is read as a number, and so has a value.
func (k NumberKind) IsNumber() bool { return k == OneNumber || k == Range }

// Number parses text as a number: digits with the separators of any country, a sign, a currency or a unit, and some
// phrases ("4.5 out of 5", "from $5"). For a range ("$10 - $20"), Number returns the low end; see [Numbers.Read]. It
// returns false for dates, times, versions, phone numbers and ids. It also returns false for numbers in parentheses: in
// accounting they are negative amounts, but on a web page they are counts.
//
// Digits of any script are read, and invisible characters are ignored. Multipliers of the usual languages are applied:
// "1.2k" is 1,200, "£1.2m" is 1,200,000, "₹95 Lac" is 9,500,000, "9800万円" is 98,000,000, and "45%" is 45. Units are not
// converted. If a column mixes units, only numbers in its usual unit are read; see [OtherUnit]. The result is
// finite, except that it is +Inf for a number that float64 cannot tell from others; see [Imprecise]. Values beyond the
// range of float64 become the largest or smallest float64.
func (n Numbers) Number(text []byte) (float64, bool) {
	if value, ok := n.parsePlain(text); ok {
		return value, true
	}
	value, kind, isExact := n.readAny(text, nil)
	return markImprecise(value, isExact), kind.IsNumber()
}

// Read is like [Numbers.Number], but also returns the kind of the number, and rounds an imprecise number to the nearest
// float64. The value is 0 unless [NumberKind.IsNumber] returns true.
func (n Numbers) Read(text []byte) (float64, NumberKind) {
	if value, ok := n.parsePlain(text); ok {
		return value, OneNumber
	}
	value, kind, _ := n.readAny(text, nil)
	return value, kind
}

// readAny is like Read, but has no fast path. If d is not nil, readAny stores the digits of the number in it. The result
// isExact is false if float64 cannot tell the number from others. It is true if there is no number.
func (n *Numbers) readAny(text []byte, d *Decimal) (value float64, kind NumberKind, isExact bool) {
	isWord := startsWithWord(text)
	if isWord && !couldIntroduce(text) || startsLikeID(text) || startsLikeDate(text) {
		return 0, NoNumber, true
	}
	isPlain := true
	if len(text) <= maxClean {
		has := contentsOf(text)
		isPlain = !has.wide || isClean(text)
		if !has.digits && isPlain {
			return 0, NoNumber, true
		}
	}
	if isWord && leadInLen(text) == 0 && rangeLeadInLen(text) == 0 && currencyPrefix(text) == 0 {
		return 0, NoNumber, true
	}
	if isPlain {
		return n.readClean(text, d)
	}
	var buffer [maxClean]byte
	return n.readClean(clean(text, &buffer), d)
}

// readClean is like readAny, but text must have been cleaned by the function clean.
func (n *Numbers) readClean(text []byte, d *Decimal) (value float64, kind NumberKind, isExact bool) {
	var r reading
	switch {
	case !n.read(text, &r):
		return 0, NoNumber, true
	case n.units != "" && !n.units.allow(r.measure(text)):
		return 0, OtherUnit, true
	}
	if d != nil && r.digits != (span{}) {
		*d = newDecimal(r.isNegative, r.digits.of(text), r.power)
	}
	kind = OneNumber
	if r.isRange {
		kind = Range
	}
	return r.value, kind, !r.isImprecise
}

// startsWithWord reports whether text starts with at least four ASCII letters. Few words of that length introduce a
// number.
func startsWithWord(text []byte) bool {
	return len(text) > 4 && isASCIILetter(text[0]) && isASCIILetter(text[1]) && isASCIILetter(text[2]) && isASCIILetter(text[3])
}

// startsLikeID is a quick check. It reports whether text starts like an id, such as "SKU-12" and "B07", or like a date
// that starts with a month.
func startsLikeID(text []byte) bool {
	n := 0
	for n < len(text) && n <= maxCountryLen && isASCIILetter(text[n]) {
		n++
	}
	if n == 0 || n == len(text) || n > maxCountryLen {
		return false
	}
	switch c := text[n]; {
	case c == '-' || isDigit(c):
		return currencyPrefix(text) == 0
	default:
		return c == ' ' && englishMonth(text[:n]) > 0
	}
}

// startsLikeDate is a quick check. It reports whether text starts like "2024-05-01". Such text cannot be a number or a
// range, because these never have two dashes between digits.
func startsLikeDate(text []byte) bool {
	return len(text) >= len("2024-05-01") && text[4] == '-' && text[7] == '-' &&
		isDigit(text[3]) && isDigit(text[5]) && isDigit(text[6]) && isDigit(text[8])
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
	// If a comma may mark decimals, parse must decide about a single separator before three digits.
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

// scanPlain reads digits with commas between thousands and a dot before decimals. The result mantissa has all digits,
// commas is the number of commas, and digitsAfter is the number of digits after the last separator. The results are
// zero if text is not such a number.
func scanPlain(text []byte) (mantissa uint64, commas, digitsAfter int, hasDot bool) {
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

// JSON parses a JSON number. The parameter text must be valid. The result is +Inf for a number that float64 cannot tell
// from others; see [Imprecise]. Values beyond the range of float64 become the largest or smallest float64.
func JSON(text []byte) float64 {
	if value, ok := shortInteger(text); ok {
		return value
	}
	value, isShort := shortJSON(text)
	if isShort || len(text) <= maxExactDigits && bytes.IndexByte(text, 'e') < 0 && bytes.IndexByte(text, 'E') < 0 || math.IsNaN(value) {
		return value
	}
	digits, exponent := splitJSON(text)
	return markImprecise(value, isExact(digits, exponent, value))
}

// Nearest parses a JSON number and returns the nearest float64. The parameter text must be valid. Values beyond the range
// of float64 become the largest or smallest float64.
func Nearest(text []byte) float64 {
	value, _ := shortJSON(text)
	return value
}

// shortJSON returns the float64 that is nearest to a JSON number. The result isShort is true if the number has so few
// digits that float64 can tell it from all others.
func shortJSON(text []byte) (value float64, isShort bool) {
	if value, ok := shortInteger(text); ok {
		return value, true
	}
	if value, ok := (Numbers{}).parsePlain(text); ok {
		return value, true
	}
	value, err := strconv.ParseFloat(string(text), 64)
	if err != nil && !math.IsInf(value, 0) {
		return 0, false
	}
	return clamp(value), false
}

// shortInteger is a fast path for integers of a few digits.
func shortInteger(text []byte) (float64, bool) {
	const maxDigits = 15 // so that the result is exact
	if len(text) > maxDigits {
		return 0, false
	}
	value := int64(0)
	for _, c := range text {
		if !isDigit(c) {
			return 0, false
		}
		value = value*10 + int64(c-'0')
	}
	return float64(value), len(text) > 0
}

// habit says which separator marks decimals in a column, as far as one of its numbers shows this.
type habit int8

const (
	habitUnknown  habit = iota
	habitDot            // a dot marks decimals
	habitComma          // a comma marks decimals
	habitLocalDot       // a dot marks decimals, but only in this currency
)

// reading is the result of parsing a number.
type reading struct {
	value float64
	// currency is the symbol or word next to the number: usually a currency, but possibly a unit such as "kg". unit is
	// the unit after the number. Both fields may mark the same word.
	currency, unit span
	// next is the offset of further digits after a multiplier, such as 2000 in "1億2000万", or 0.
	next        int32
	exponent    int8  // power of ten of the multiplier
	columnHabit habit // what the number implies about the column; set only if learns is set
	// marked means that the number has a currency, a unit or a multiplier.
	marked  bool
	isRange bool
	// digits are the digits of the number with their separators, and power is the power of ten by which they are
	// multiplied. The span is empty if the number has several parts.
	digits     span
	power      int
	isNegative bool
	// isImprecise means that float64 cannot tell the number from others.
	isImprecise bool
	// hasDigits is false if the text does not even start like a number.
	hasDigits bool
}

// measure returns the unit of the number. It returns nil if there is no unit, or if the unit is a currency or a counter
// such as the x in "3x". Numbers with different units cannot be compared.
func (r *reading) measure(text []byte) []byte {
	unit := r.unit.of(text)
	if isCurrencyWord(unit) || isCurrencyCode(unit) || isCounter(unit) {
		return nil
	}
	return unit
}

// span is a part of a text. It is empty if both ends are equal.
type span struct{ from, to int32 }

func spanOf(from, to int) span { return span{int32(from), int32(to)} }

// of returns the part of text that the span marks, or nil if the span is empty.
func (s span) of(text []byte) []byte {
	if s.from == s.to {
		return nil
	}
	return text[s.from:s.to]
}

// plus returns the span moved by offset bytes. An empty span stays empty.
func (s span) plus(offset int) span {
	if s.from == s.to {
		return span{}
	}
	return span{s.from + int32(offset), s.to + int32(offset)}
}

// read reads a number or a range. The text must have been cleaned by the function clean. read does not check whether
// the column may have the unit of the number.
func (n *Numbers) read(text []byte, r *reading) bool {
	if n.parse(text, nil, r) {
		return true
	}
	if !r.hasDigits && rangeLeadInLen(text[skipSpace(text, 0):]) == 0 {
		return false
	}
	return n.parseRange(text, r)
}

// parse parses one number. The number may have several parts, as in "1億2000万円" and "2 crore 50 lakh". In a range, the
// currency may be written at only one end. The parameter hint is the currency of the other end.
func (n *Numbers) parse(text, hint []byte, r *reading) bool {
	return n.parseOne(text, hint, r) && (r.next == 0 || n.parseParts(text, hint, r))
}

// parseParts parses the parts of a number after the first part, such as "50 lakh" in "2 crore 50 lakh".
func (n *Numbers) parseParts(text, hint []byte, number *reading) bool {
	at, exponent := int(number.next), number.exponent
	for {
		var part reading
		ok := n.parseOne(text[at:], hint, &part)
		// Each part must be smaller than the part before it, such as 50 lakh after 2 crore. A part without a multiplier
		// may follow only the multipliers 10^4 and 10^8 of Chinese, Japanese and Korean.
		const tenThousand, hundredMillion = 4, 8
		if !ok || part.value < 0 || part.value >= math.Pow10(int(exponent)) || part.exponent >= exponent ||
			part.exponent == 0 && exponent != tenThousand && exponent != hundredMillion {
			return false
		}
		if number.value < 0 {
			part.value = -part.value
		}
		number.value += part.value
		number.digits, number.isImprecise = span{}, false
		number.unit = part.unit.plus(at)
		if number.currency == (span{}) {
			number.currency = part.currency.plus(at)
		}
		if part.next == 0 {
			return true
		}
		at, exponent = at+int(part.next), part.exponent
	}
}

// maxLen is the maximum length of a number in bytes. It leaves room for all digits of a large float64.
const maxLen = 4 << 10

// parseOne parses a single number. If another part of the number follows, as in "2 crore 50 lakh", parseOne sets r.next
// to the offset of that part.
func (n *Numbers) parseOne(text, hint []byte, r *reading) bool {
	*r = reading{}
	var before prefix
	if r.hasDigits = before.parse(text); !r.hasDigits || len(text) > maxLen {
		return false
	}
	var f digitGroups
	end, ok := f.scan(text, before.digitsAt)
	if !ok || before.isRefuted(text, &f) {
		return false
	}
	decimals, shown, ok := n.countDecimals(&f)
	if !ok {
		return false
	}
	r.columnHabit, r.currency, r.marked = shown, before.unit, before.currency
	exponent := -decimals
	r.digits, r.isNegative = spanOf(before.digitsAt, end), before.sign == '-'
	var after suffix
	if end < len(text) {
		if isJSONExponent(text, &before, &f, end) {
			value, err := strconv.ParseFloat(string(text[before.signAt:trimmedLen(text)]), 64)
			r.value = clamp(value)
			r.power = saturatedInt(text[end+1:]) - decimals
			r.isImprecise = !isExact(r.digits.of(text), r.power, r.value)
			return err == nil || math.IsInf(value, 0)
		}
		if !after.parse(text[end:], before.unit.of(text), decimals > 0) {
			return false
		}
		after.unit = after.unit.plus(end)
		r.add(&after, end)
		exponent += int(after.exponent)
	}
	if decimals == 3 && after.exponent == 0 && n.isAmbiguous(&f) && (after.noCents || r.isLocal(text, after.unit, hint)) {
		exponent = 0
	}
	if n.learns {
		r.columnHabit = habitOf(shown, before.unit.of(text), after.unit.of(text))
	}
	r.value, r.power = f.value(text[before.digitsAt:end], exponent), exponent
	r.isImprecise = (f.digits > maxExactDigits || exponent < -maxExactPower) && !isExact(r.digits.of(text), exponent, r.value)
	if before.sign == '-' {
		r.value = -r.value
	}
	return true
}

// habitOf returns which separator marks decimals in the column of a number, as far as the number shows this. The
// parameter shown is what its separators show. The parameter currency is the currency to the left of the number, and
// unit is the unit to the right.
func habitOf(shown habit, currency, unit []byte) habit {
	if shown == habitDot && (usesDotForDecimals(currency) || usesDotForDecimals(unit)) {
		return habitLocalDot
	}
	return shown
}

// add sets the fields of the reading that come from the text after the digits, such as the unit. The parameter end is
// the offset at which the digits end.
func (r *reading) add(after *suffix, end int) {
	r.exponent, r.unit = after.exponent, after.measure.plus(end)
	r.marked = r.marked || after.unit != (span{}) || after.exponent > 0
	if r.currency == (span{}) {
		r.currency = after.unit
	}
	if after.next > 0 {
		r.next = int32(end) + after.next
	}
}

// isLocal reports whether the number has the currency of a country that separates thousands by dots. The currency is
// before the number or in the unit after it. If the number has no currency, isLocal uses hint, the currency of the
// other end of a range.
func (r *reading) isLocal(text []byte, unit span, hint []byte) bool {
	if r.currency == (span{}) {
		return usesDotForThousands(hint)
	}
	return usesDotForThousands(r.currency.of(text)) || usesDotForThousands(unit.of(text))
}

// isJSONExponent reports whether the digits are followed by the exponent of a JSON number, and nothing else.
func isJSONExponent(text []byte, before *prefix, f *digitGroups, end int) bool {
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
