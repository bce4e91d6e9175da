package write

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
)

// Short numbers are converted to the same double as package strconv returns.
func TestShortNumbersAreExact(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	numbers := []string{"0", "-0", "0.0", "-0.5", "0.1", "999999999999999", "99999999999999.9", "0.00000000000001", "1e3", "1.5E-3", "NaN"}
	for range 10_000 {
		digits := strconv.FormatUint(random.Uint64N(1_000_000_000_000_000), 10)
		if point := random.IntN(len(digits)); point > 0 {
			digits = digits[:point] + "." + digits[point:]
		}
		numbers = append(numbers, digits)
	}
	for _, number := range numbers {
		want, _ := strconv.ParseFloat(number, 64)
		if got := double([]byte(number)); fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%s is %v, want %v", number, got, want)
		}
		if whole, err := strconv.ParseInt(number, 10, 64); err == nil && integer([]byte(number)) != whole {
			t.Errorf("%s is %d", number, integer([]byte(number)))
		}
	}
}

// A field that the fast check isOrdinary accepts needs no quotes according to the full check, either.
func TestOrdinaryFieldsNeedNoQuotes(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	const letters = "abcdefghij0123456789-.,;|\"\t\x7f {[tfé~!\u00a0"
	accepted := 0
	for _, delimiter := range []byte{',', ';', '\t', '#', 'a'} {
		w := newCSVWriter(Options{CSVDelimiter: delimiter}, new(Changes))
		for range 20_000 {
			var text strings.Builder
			for range random.IntN(20) {
				c := letters[random.IntN(len(letters))]
				if random.IntN(3) > 0 {
					c = 'b' + byte(random.IntN(10))
				}
				text.WriteByte(c)
			}
			field := []byte(text.String())
			if !w.isOrdinary(field) {
				continue
			}
			accepted++
			if w.needsQuotes(field) || readsAsJSON(field) || string(w.changes.validText(field)) != text.String() {
				t.Errorf("%q is not ordinary with the delimiter %q", field, delimiter)
			}
		}
	}
	if accepted < 1000 {
		t.Errorf("only %d fields are ordinary", accepted)
	}
}
