package table_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
)

// TestDecimalPointsAreAligned draws columns of numbers. If a number has a decimal point, it is below the others.
func TestDecimalPointsAreAligned(t *testing.T) {
	for _, test := range []struct{ values, want []string }{
		{[]string{`1.5`, `12`, `0.25`, `-3`, `null`, `1000`}, []string{"   1.5", "  12", "   0.25", "  -3", "   null", "1000"}},
		{[]string{`"$1,299"`, `"$4.50"`, `"$12"`}, []string{"$1,299", "    $4.50", "   $12"}},
		{[]string{`"5 kg"`, `"4.5 kg"`}, []string{"5 kg", "4.5 kg"}},
		{[]string{`1e9`, `2.5`}, []string{"1e9", "2.5"}},
		{[]string{`3`, `20`}, []string{"  3", " 20"}},
		{[]string{`0.12345678901234567`, `2.5`}, []string{"0.12345678901234567", "                2.5"}},
	} {
		var rows []string
		for _, value := range test.values {
			rows = append(rows, fmt.Sprintf(`{"x":%s}`, value))
		}
		var cells []string
		for _, line := range drawn(tableOf(t, itemsOf(t, rows)), painter(), 120, 40)[1:] {
			const left = len("  1   1  ")
			cells = append(cells, strings.TrimRight(string([]rune(ansi.Strip(line))[left:]), " "))
		}
		if !slices.Equal(cells, test.want) {
			t.Errorf("%v is drawn as %q, want %q", test.values, cells, test.want)
		}
	}
}
