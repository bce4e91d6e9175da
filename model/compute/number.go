package compute

import (
	"math"
	"math/big"

	"sbwatch/model/parse"
)

// number is a number during the evaluation of a formula. Integers are exact. Other numbers are accurate to 15
// significant digits.
type number struct {
	float float64
	// large is the exact value of an integer that float64 might not represent exactly. It is nil for all other numbers.
	// It is never modified, because values share it.
	large *big.Int
}

const (
	// maxExact is 2^53. A float64 represents all integers up to this number exactly.
	maxExact = 1 << 53
	// maxDigits is the maximum number of digits of a large integer. All these integers are in the range of float64.
	maxDigits = 300
)

// isInteger reports whether n is an integer whose exact value is known.
func (n number) isInteger() bool {
	return n.large != nil || n.float == math.Trunc(n.float) && math.Abs(n.float) < maxExact
}

// integer returns the exact value of n, which must be an integer. The result must not be modified.
func (n number) integer() *big.Int {
	if n.large != nil {
		return n.large
	}
	return big.NewInt(int64(n.float))
}

// integerNumber returns n as a value. It returns an absent value if n has too many digits.
func integerNumber(n *big.Int) value {
	float, _ := new(big.Float).SetInt(n).Float64()
	switch {
	case math.Abs(float) < maxExact:
		return numberValue(float)
	case math.Abs(float) > math.Pow10(maxDigits):
		return value{}
	}
	return value{kind: kindNumber, number: number{float, n}}
}

// readInteger returns the integer with the given digits if float64 might not represent it exactly, and otherwise nil.
// The digits may follow a minus sign.
func readInteger(digits []byte) *big.Int {
	const safeDigits = 15
	if len(digits) <= safeDigits || len(digits) > maxDigits {
		return nil
	}
	for i, c := range digits {
		if !isDigit(c) && (i > 0 || c != '-') {
			return nil
		}
	}
	n, ok := new(big.Int).SetString(string(digits), 10)
	if !ok || n.CmpAbs(big.NewInt(maxExact)) < 0 {
		return nil
	}
	return n
}

// readText returns the number in a text. style is the number format of the column that contains the text.
func readText(text []byte, style *parse.Numbers) (number, bool) {
	float, kind := style.Read(text)
	if !kind.IsNumber() || math.Abs(float) < maxExact {
		return number{float: float}, kind.IsNumber()
	}
	digits := make([]byte, 0, len(text)+1)
	if float < 0 {
		digits = append(digits, '-')
	}
	for _, c := range text {
		if isDigit(c) {
			digits = append(digits, c)
		}
	}
	// The text is an integer if its digits alone have the same value. This is not so if some digits are decimals.
	if large := readInteger(digits); large != nil {
		if same, _ := new(big.Float).SetInt(large).Float64(); same == float {
			return number{float, large}, true
		}
	}
	return number{float: float}, true
}

// arithmetic computes a + b, a - b, a * b, a / b or a % b. The result is absent if it is not finite.
func arithmetic(sign string, a, b number) value {
	var result float64
	switch sign {
	case "+":
		result = a.float + b.float
	case "-":
		result = a.float - b.float
	case "*":
		result = a.float * b.float
	case "/":
		result = a.float / b.float
	default:
		result = math.Mod(a.float, b.float)
	}
	areSmall := a.large == nil && b.large == nil
	if areSmall && math.Abs(result) < maxExact || !a.isInteger() || !b.isInteger() {
		return numberValue(result)
	}
	return integerArithmetic(sign, a.integer(), b.integer())
}

// integerArithmetic computes a + b, a - b, a * b, a / b or a % b. The result is exact, unless it is a quotient that is
// not an integer.
func integerArithmetic(sign string, a, b *big.Int) value {
	result := new(big.Int)
	switch {
	case sign == "+":
		result.Add(a, b)
	case sign == "-":
		result.Sub(a, b)
	case sign == "*":
		result.Mul(a, b)
	case b.Sign() == 0:
		return value{}
	case sign == "%":
		result.Rem(a, b)
	default:
		var rest big.Int
		if result.QuoRem(a, b, &rest); rest.Sign() != 0 {
			quotient, _ := new(big.Rat).SetFrac(a, b).Float64()
			return numberValue(quotient)
		}
	}
	return integerNumber(result)
}

// compareNumbers returns -1, 0 or 1, like [cmp.Compare]. It compares integers exactly, and other numbers to 15
// significant digits.
func compareNumbers(a, b number) int {
	if a.isInteger() && b.isInteger() && (a.large != nil || b.large != nil) {
		return a.integer().Cmp(b.integer())
	}
	x, y := a.float, b.float
	if !a.isInteger() || !b.isInteger() {
		x, y = significant(x), significant(y)
	}
	switch {
	case x < y:
		return -1
	case x > y:
		return 1
	default:
		return 0
	}
}

// negative returns -n.
func negative(n number) number {
	if n.large != nil {
		return number{-n.float, new(big.Int).Neg(n.large)}
	}
	return number{float: -n.float}
}

func absolute(n number) number {
	if n.float < 0 {
		return negative(n)
	}
	return n
}

// roundLarge rounds a large integer to a multiple of a power of ten, half away from zero. zeros is the exponent: if
// zeros is 2, the result is a multiple of 100.
func roundLarge(n *big.Int, zeros int) value {
	unit := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(zeros)), nil)
	half := new(big.Int).Rsh(unit, 1)
	if n.Sign() < 0 {
		half.Neg(half)
	}
	rounded := half.Add(half, n)
	return integerNumber(rounded.Mul(rounded.Quo(rounded, unit), unit))
}
