package text

import (
	"slices"
	"strings"
	"testing"
)

func TestNearest(t *testing.T) {
	names := slices.Values([]string{"price", "Brand", "min-items", "max-items", "dims", "", strings.Repeat("x", 100), strings.Repeat("Ⱥ", 19)})
	for word, want := range map[string]string{
		"prise": "price", "prcie": "price", "PRICES": "price", "brnd": "Brand", "min-item": "min-items", "pr": "price", "mni-items": "min-items", "pirse": "price",
		"": "", "p": "", "colour": "", "mid": "", "bran": "Brand", "dmsi": "", "dimensions": "", strings.Repeat("x", 99): "", strings.Repeat("Ⱥ", 12) + "x": "", strings.Repeat("Ⱥ", 20): "",
	} {
		if got := Nearest(word, names); got != want {
			t.Errorf("nearest to %q is %q, want %q", word, got, want)
		}
	}
}
