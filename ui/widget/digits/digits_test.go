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
	}
	golden.Check(t, "digits", golden.Frame(t, lines, 60, ansi.WcWidth))
}
