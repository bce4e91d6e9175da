package parse

import (
	"bytes"
	"cmp"
	"math"
	"strconv"
)

// Imprecise reports whether number stands for a number between -2^53 and 2^53 that float64 cannot tell from others,
// such as 0.12345678901234567890. [JSON] and [Numbers.Number] return +Inf for such a number, and never otherwise. To
// compare the number, use its [Decimal]; to calculate with it, use [Nearest] or [Numbers.Read].
//
// Numbers of 15 digits are precise, and so are longer ones that are the shortest text of a float64, as most programs
// write them: 0.30000000000000004. Beyond ±2^53, different numbers may be equal as float64; see [MaxExact].
func Imprecise(number float64) bool { return number > math.MaxFloat64 }

// MaxExact is 2^53. A float64 represents all integers up to this number exactly.
const MaxExact = 1 << 53

// markImprecise returns value, or +Inf if it stands for an imprecise number. The parameter isExact reports whether value
// is the only float64 for the number.
func markImprecise(value float64, isExact bool) float64 {
	if !isExact && value > -MaxExact && value < MaxExact {
		return math.Inf(1)
	}
	return value
}

// isExact reports whether value stands for no other number than the one that digits form, multiplied by ten to the power
// of exponent. The sign is ignored, and so are characters other than digits. No two numbers for which isExact returns
// true have the same value.
func isExact(digits []byte, exponent int, value float64) bool {
	const maxDigits = 17 // no float64 needs more
	var kept [maxDigits]byte
	n, skipped := 0, 0 // skipped is the number of zeros after the kept digits
	for _, c := range digits {
		switch {
		case !isDigit(c) || n == 0 && c == '0':
		case c == '0':
			skipped++
		case n+skipped >= maxDigits:
			return false
		default:
			for ; skipped > 0; skipped-- {
				kept[n] = '0'
				n++
			}
			kept[n] = c
			n++
		}
	}
	var buffer [32]byte
	shortest := strconv.AppendFloat(buffer[:0], math.Abs(value), 'e', -1, 64) // such as 1.25e+07
	mantissa, power, _ := bytes.Cut(shortest, []byte("e"))
	at := 0
	for _, c := range mantissa {
		if c == '.' || n == 0 && c == '0' {
			continue
		}
		if at == n || kept[at] != c {
			return false
		}
		at++
	}
	scale, _ := strconv.Atoi(string(power))
	return at == n && (n == 0 || scale == n-1+skipped+exponent)
}

// splitJSON returns the parts of a JSON number: its digits, which may contain a dot, and the exponent for the digits
// without the dot.
func splitJSON(text []byte) (digits []byte, exponent int) {
	digits = bytes.TrimPrefix(text, []byte("-"))
	if e := bytes.IndexAny(digits, "eE"); e >= 0 {
		exponent = saturatedInt(digits[e+1:])
		digits = digits[:e]
	}
	if point := bytes.IndexByte(digits, dot); point >= 0 {
		exponent -= len(digits) - point - 1
	}
	return digits, exponent
}

// maxPower limits exponents, so that calculations with them do not overflow.
const maxPower = 1 << 40

// saturatedInt parses an integer. Beyond ±maxPower, it returns the limit.
func saturatedInt(text []byte) int {
	isNegative := bytes.HasPrefix(text, []byte("-"))
	n := 0
	for _, c := range text {
		if isDigit(c) {
			n = min(n*10+int(c-'0'), maxPower)
		}
	}
	if isNegative {
		return -n
	}
	return n
}

// Decimal is a number with all its digits. The zero value is 0.
type Decimal struct {
	isNegative bool
	// digits are the significant digits. Neither the first nor the last digit is 0. The number is 0.digits multiplied by
	// ten to the power of exponent.
	digits   []byte
	exponent int
}

// newDecimal returns the number that digits form, multiplied by ten to the power of exponent. Characters other than
// digits are ignored.
func newDecimal(isNegative bool, digits []byte, exponent int) Decimal {
	kept := make([]byte, 0, len(digits))
	for _, c := range digits {
		if isDigit(c) && (len(kept) > 0 || c != '0') {
			kept = append(kept, c)
		}
	}
	d := Decimal{isNegative, bytes.TrimRight(kept, "0"), len(kept) + exponent}
	if len(d.digits) == 0 {
		return Decimal{}
	}
	return d
}

// DecimalOfJSON returns the value of a JSON number. The parameter text must be valid. Infinity is larger than all other
// numbers.
func DecimalOfJSON(text []byte) Decimal {
	isNegative := bytes.HasPrefix(text, []byte("-"))
	digits, exponent := splitJSON(text)
	if bytes.HasPrefix(digits, []byte("I")) {
		return Decimal{isNegative, []byte("1"), math.MaxInt}
	}
	return newDecimal(isNegative, digits, exponent)
}

// Decimal returns the number in text with all its digits. For a range, it returns the low end. The text must be a
// number, that is, [Numbers.Number] returns true.
func (n Numbers) Decimal(text []byte) Decimal {
	var d Decimal
	value, kind, _ := n.readAny(text, &d)
	if !kind.IsNumber() {
		value, _ = n.parsePlain(text)
	} else if d.digits != nil {
		return d
	}
	return decimalOfFloat(value)
}

func decimalOfFloat(value float64) Decimal {
	return DecimalOfJSON(strconv.AppendFloat(nil, value, 'e', -1, 64))
}

// Compare returns a negative number if d is less than other, a positive number if d is greater, and 0 if both are equal.
func (d Decimal) Compare(other Decimal) int {
	if order := cmp.Compare(d.sign(), other.sign()); order != 0 {
		return order
	}
	order := cmp.Or(cmp.Compare(d.exponent, other.exponent), bytes.Compare(d.digits, other.digits))
	if d.isNegative {
		return -order
	}
	return order
}

// sign returns -1, 0 or 1.
func (d Decimal) sign() int {
	switch {
	case len(d.digits) == 0:
		return 0
	case d.isNegative:
		return -1
	default:
		return 1
	}
}

// Append appends the number to dst. Equal numbers have the same text. A number of usual size has no exponent: 1200 or
// 0.05.
func (d Decimal) Append(dst []byte) []byte {
	const maxZeros = 40
	if d.isNegative {
		dst = append(dst, '-')
	}
	n := len(d.digits)
	switch {
	case n == 0:
		return append(dst, '0')
	case d.exponent > n+maxZeros || d.exponent < -maxZeros:
		dst = append(append(dst, "0."...), d.digits...)
		return strconv.AppendInt(append(dst, 'e'), int64(d.exponent), 10)
	case d.exponent <= 0:
		dst = append(append(dst, "0."...), bytes.Repeat([]byte("0"), -d.exponent)...)
		return append(dst, d.digits...)
	case d.exponent >= n:
		return append(append(dst, d.digits...), bytes.Repeat([]byte("0"), d.exponent-n)...)
	default:
		dst = append(append(dst, d.digits[:d.exponent]...), dot)
		return append(dst, d.digits[d.exponent:]...)
	}
}
