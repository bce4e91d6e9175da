package parse

import (
	"math"
	"math/big"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// TestNumbersWithManyDigits checks which numbers float64 cannot tell from others.
func TestNumbersWithManyDigits(t *testing.T) {
	for text, want := range map[string]bool{
		"0.1": false, "1.50000000000000000000": false, "0.30000000000000004": false, "0": false, "0.000": false, "-12.5e-3": false, "123456789.12345678": false,
		"9007199254740993": false, "1e400": false, "1e22": false, // beyond 2^53
		"0.10000000000000000001": true, "-0.10000000000000000001": true, "9007199254740.9925": true, "1e-400": true, "0.30000000000000000": false,
		"9007199254740991.5": false, "1.00000000000000000000e0": false, "1000000000000000001e-18": true,
	} {
		if got := Imprecise(JSON([]byte(text))); got != want {
			t.Errorf("JSON %s: imprecise %t, want %t", text, got, want)
		}
		got, ok := Numbers{}.Number([]byte(text))
		if !ok || Imprecise(got) != want {
			t.Errorf("text %q: %v, %t, want imprecise %t", text, got, ok, want)
		}
	}
}

func TestDecimals(t *testing.T) {
	for text, want := range map[string]string{
		"$1,299.00": "1299", "1.299,5 €": "1299.5", "-0.10000000000000000001 kg": "-0.10000000000000000001", "45%": "45", "£1.2m": "1200000",
		"₹2 crore 50 lakh": "25000000", "$9,007,199,254,740,993.10": "9007199254740993.1", "$1-2 million": "1000000", "0": "0", "٣٤٫٥": "34.5",
		"1e-60": "0.1e-59", "1e100": "0.1e101",
	} {
		if _, ok := (Numbers{}).Number([]byte(text)); !ok {
			t.Errorf("%q is no number", text)
		}
		if got := string((Numbers{}).Decimal([]byte(text)).Append(nil)); got != want {
			t.Errorf("%q: got %s, want %s", text, got, want)
		}
	}
}

// TestDecimalsAreExact compares decimals with rational numbers, and checks that two precise numbers are equal as float64
// only if they are equal.
func TestDecimalsAreExact(t *testing.T) {
	number := rapid.Custom(func(t *rapid.T) string {
		digits := rapid.OneOf(rapid.StringMatching(`-?(0|[1-9]\d{0,20})(\.\d{1,22})?([eE][+-]?\d{1,2})?`), rapid.Map(rapid.Float64(), func(x float64) string {
			return strconv.FormatFloat(x, 'g', rapid.IntRange(-1, 20).Draw(t, "precision"), 64)
		}), rapid.SampledFrom([]string{"0.1", "0.10000000000000000001", "0.1000000000000000055511", "9007199254740993", "9007199254740993.0", "9007199254740992"}))
		return strings.Replace(digits.Draw(t, "number"), "e+", "e", 1)
	})
	rapid.Check(t, func(t *rapid.T) {
		a, b := number.Draw(t, "a"), number.Draw(t, "b")
		exactA, okA := new(big.Rat).SetString(a)
		exactB, okB := new(big.Rat).SetString(b)
		if !okA || !okB {
			t.Fatalf("%s or %s is no number", a, b)
		}
		want := exactA.Cmp(exactB)
		if got := DecimalOfJSON([]byte(a)).Compare(DecimalOfJSON([]byte(b))); got != want {
			t.Errorf("%s and %s: %d, want %d", a, b, got, want)
		}
		x, y := JSON([]byte(a)), JSON([]byte(b))
		if x == y && !Imprecise(x) && math.Abs(x) < MaxExact && want != 0 {
			t.Errorf("%s and %s are both %v", a, b, x)
		}
		if _, ok := (Numbers{}).Number([]byte(a)); ok && (Numbers{}).Decimal([]byte(a)).Compare(DecimalOfJSON([]byte(a))) != 0 {
			t.Errorf("the text %q is %s", a, (Numbers{}).Decimal([]byte(a)).Append(nil))
		}
	})
}
