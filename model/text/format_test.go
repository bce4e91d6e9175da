package text_test

import (
	"testing"

	"sbwatch/model/text"
)

func TestNumber(t *testing.T) {
	for number, want := range map[float64]string{
		0: "0", 1: "1", -1: "-1", 1299: "1,299", 99.285: "99.285", 99.28: "99.28", -0.5: "-0.5", 1234567.891: "1,234,567.891", 1.0 / 3: "0.3333", 2.0 / 3: "0.6667",
		0.00012: "0.00012", 1e15: "1e+15", -2.5e300: "-2.5e+300", 999999.99999: "1,000,000", 1e14: "100,000,000,000,000", 0.001: "0.001", 100: "100", 19.90: "19.9",
	} {
		if got := text.Number(number); got != want {
			t.Errorf("Number(%v) = %s, want %s", number, got, want)
		}
	}
}
