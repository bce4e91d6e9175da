package numeral

import (
	"bytes"
	"strconv"
)

// decimal is a nonnegative decimal number. The decimal point is before digits[point]: for 12.5, digits is "125" and
// point is 2.
type decimal struct {
	digits []byte
	point  int
}

// maxExponent is the largest exponent (power of 10) of a number that can be formatted.
const maxExponent = 30

// parseDecimal parses a JSON number. It returns false if the number is too large, too small or invalid.
func parseDecimal(number []byte) (d decimal, isNegative, ok bool) {
	if len(number) > 0 && number[0] == '-' {
		isNegative, number = true, number[1:]
	}
	exponent := 0
	if e := bytes.IndexAny(number, "eE"); e >= 0 {
		var err error
		if exponent, err = strconv.Atoi(string(number[e+1:])); err != nil || exponent > maxExponent || exponent < -maxExponent {
			return decimal{}, false, false
		}
		number = number[:e]
	}
	whole, fraction, _ := bytes.Cut(number, []byte("."))
	const maxDigits = 100
	if len(whole) == 0 || len(whole)+len(fraction) > maxDigits {
		return decimal{}, false, false
	}
	d = decimal{append(bytes.Clone(whole), fraction...), len(whole)}
	for _, c := range d.digits {
		if c < '0' || c > '9' {
			return decimal{}, false, false
		}
	}
	d.shift(exponent)
	return d, isNegative, true
}

// shift multiplies the number by a power of ten.
func (d *decimal) shift(exponent int) {
	if d.point += exponent; d.point < 1 {
		d.digits = append(bytes.Repeat([]byte("0"), 1-d.point), d.digits...)
		d.point = 1
	}
	if missing := d.point - len(d.digits); missing > 0 {
		d.digits = append(d.digits, bytes.Repeat([]byte("0"), missing)...)
	}
	for d.point > 1 && d.digits[0] == '0' {
		d.digits, d.point = d.digits[1:], d.point-1
	}
}

// decimals returns the number of digits after the decimal point.
func (d *decimal) decimals() int { return len(d.digits) - d.point }

// round rounds to a number of decimals, half away from zero, such as 2.5 to 3. If the number has fewer decimals, round
// adds zeros.
func (d *decimal) round(decimals int) {
	end := d.point + decimals
	if end >= len(d.digits) {
		d.digits = append(d.digits, bytes.Repeat([]byte("0"), end-len(d.digits))...)
		return
	}
	up := d.digits[end] >= '5'
	d.digits = d.digits[:end]
	for i := end - 1; up && i >= 0; i-- {
		if up = d.digits[i] == '9'; up {
			d.digits[i] = '0'
		} else {
			d.digits[i]++
		}
	}
	if up {
		d.digits, d.point = append([]byte("1"), d.digits...), d.point+1
	}
}

func (d *decimal) isZero() bool { return len(bytes.Trim(d.digits, "0")) == 0 }

// trim removes zeros from the end of the decimals.
func (d *decimal) trim() {
	for len(d.digits) > d.point && d.digits[len(d.digits)-1] == '0' {
		d.digits = d.digits[:len(d.digits)-1]
	}
}

// text writes the number with separators between thousands. The result wholeLen is the length of the part before the
// decimal point.
func (d *decimal) text() (text []byte, wholeLen int) {
	for i, c := range d.digits[:d.point] {
		if i > 0 && (d.point-i)%3 == 0 {
			text = append(text, ',')
		}
		text = append(text, c)
	}
	wholeLen = len(text)
	if d.decimals() > 0 {
		text = append(append(text, '.'), d.digits[d.point:]...)
	}
	return text, wholeLen
}
