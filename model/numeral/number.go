package numeral

import (
	"math"
	"strconv"
	"strings"
	"unicode/utf8"

	"sbwatch/model/parse"
)

// Number formats a JSON number. The result wholeLen is the number of bytes before the decimal point, for alignment. The
// result ok is false if the number stays unchanged.
func (f Format) Number(number []byte) (text string, wholeLen int, ok bool) {
	d, isNegative, valid := parseDecimal(number)
	if !valid || f.IsZero() {
		return "", 0, false
	}
	digits, wholeLen, suffix, ok := f.write(d, false)
	if !ok {
		return "", 0, false
	}
	sign := ""
	if isNegative && strings.Trim(digits, "0.,") != "" {
		sign = "-"
	}
	return sign + digits + suffix, len(sign) + wholeLen, true
}

// Text formats the number in s and keeps the text around it, such as a sign, a currency or a unit. The parameter
// numbers describes how the column writes numbers. The result ok is false if s does not contain exactly one number, or
// if the number stays unchanged. Numbers with a multiplier ("₹95 Lac") stay unchanged.
func (f Format) Text(s string, numbers parse.Numbers) (text string, wholeLen int, ok bool) {
	from, to := digitsIn(s)
	if f.IsZero() || from == to || len(s) > maxText {
		return "", 0, false
	}
	value, kind := numbers.Read([]byte(s))
	if kind != parse.OneNumber {
		return "", 0, false
	}
	d, valid := readDigits(s[from:to], math.Abs(value))
	if !valid {
		return "", 0, false
	}
	digits, wholeLen, suffix, ok := f.write(d, strings.Contains(s[to:], "%"))
	if !ok {
		return "", 0, false
	}
	return s[:from] + digits + suffix + s[to:], from + wholeLen, true
}

// maxText is the maximum length of a text that Text formats, in bytes.
const maxText = 100

// write formats the number d. The parameter hasPercent says whether a percent sign follows the number in its text. The
// result wholeLen is the number of bytes before the decimal point. The result suffix follows the digits, such as "%" or
// "M". The result ok is false if the number stays unchanged.
func (f Format) write(d decimal, hasPercent bool) (digits string, wholeLen int, suffix string, ok bool) {
	switch f.Style {
	case Fixed:
		d.round(int(f.Decimals))
	case Percent:
		if !hasPercent {
			d.shift(2)
			suffix = "%"
		}
		d.round(int(f.Decimals))
	case Short:
		if suffix, ok = d.shorten(); !ok {
			return "", 0, "", false
		}
	case AsReceived, Thousands:
	}
	written, wholeLen := d.text()
	return string(written), wholeLen, suffix, true
}

// shorten divides the number by a power of 1,000, so that at most three digits are before the decimal point, and rounds
// it. It returns the letter for that power, such as M for 1,000,000. It returns false if rounding would turn the number
// into 0.
func (d *decimal) shorten() (mark string, ok bool) {
	const smallDecimals = 2
	marks := []string{"", "K", "M", "B", "T"}
	scale := 0
	for d.point > 3 && scale < len(marks)-1 {
		scale++
		d.shift(-3)
	}
	if scale == 0 {
		wasZero := d.isZero()
		rounded := decimal{append([]byte(nil), d.digits...), d.point}
		rounded.round(smallDecimals)
		if rounded.isZero() && !wasZero {
			return "", false
		}
		*d = rounded
		d.trim()
		if d.point <= 3 {
			return "", true
		}
		scale++ // 999.999 has become 1000
		d.shift(-3)
	}
	d.round(1)
	if d.point > 3 && scale < len(marks)-1 {
		scale++
		d.shift(-3)
		d.round(1)
	}
	return marks[scale], true
}

// digitsIn returns the start and the end of the only number in a text, including separators between its digits. It
// returns equal offsets if there is no number or more than one.
func digitsIn(s string) (from, to int) {
	isDigit := func(i int) bool { return i < len(s) && s[i] >= '0' && s[i] <= '9' }
	for from < len(s) && !isDigit(from) {
		from++
	}
	for to = from; isDigit(to); {
		for isDigit(to) {
			to++
		}
		if next := to + separatorLen(s[to:]); next > to && isDigit(next) {
			to = next
		}
	}
	if strings.ContainsAny(s[to:], "0123456789") || from > 0 && s[from-1] == '.' {
		return 0, 0
	}
	return from, to
}

// separatorLen returns the length of the separator at the start of s, or 0.
func separatorLen(s string) int {
	r, size := utf8.DecodeRuneInString(s)
	if strings.ContainsRune(".,'’_ \u00a0\u202f\u2009", r) {
		return size
	}
	return 0
}

// readDigits reads digits with separators. A text such as "1.299" is 1299 or 1.299; the parameter value says which. If
// neither equals value, readDigits returns false.
func readDigits(s string, value float64) (decimal, bool) {
	last := strings.LastIndexAny(s, ".,")
	for _, point := range [...]int{len(s), last} {
		if point < 0 {
			continue
		}
		number := onlyDigits(s[:point])
		if point < len(s) {
			number += "." + onlyDigits(s[point:])
		}
		d, _, valid := parseDecimal([]byte(number))
		if got, err := strconv.ParseFloat(number, 64); valid && err == nil && got == value {
			d.shift(0)
			return d, true
		}
	}
	return decimal{}, false
}

func onlyDigits(s string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, s)
}
