package digits_test

import (
	"testing"

	"github.com/charmbracelet/x/ansi"

	"sbwatch/internal/golden"
	"sbwatch/ui/widget/digits"
)

func TestView(t *testing.T) {
	var lines []string
	for _, number := range []string{"0123456789", "1,204,000", "–", "", "1k 表"} {
		for _, line := range digits.View(number) {
			lines = append(lines, line)
		}
		for _, line := range digits.ASCII(number) {
			lines = append(lines, line)
		}
	}
	golden.Check(t, "digits", golden.Frame(t, lines, 60, ansi.WcWidth))
}

func TestDigitsDifferInSeveralCells(t *testing.T) {
	const digits10 = "0123456789"
	for i, a := range digits10 {
		for _, b := range digits10[i+1:] {
			first, second, different := digits.View(string(a)), digits.View(string(b)), 0
			for line := range first {
				other := []rune(second[line])
				for x, r := range []rune(first[line]) {
					if r != other[x] {
						different++
					}
				}
			}
			if different == 0 || a == '1' && b == '7' && different < 5 {
				t.Errorf("%c and %c differ in %d cells", a, b, different)
			}
		}
	}
}
