package filter

import (
	"slices"
	"testing"

	"sbwatch/model/item"
)

// TestNaNIsNeitherLessNorMore checks that no ordering operator matches NaN, and that Infinity is larger than all
// numbers.
func TestNaNIsNeitherLessNorMore(t *testing.T) {
	var b item.Builder
	for _, row := range [][2]string{
		{`{"v":NaN}`, `{"v":100}`}, {`{"v":Infinity}`, `{"v":10000000}`}, {`{"v":-Infinity}`, `{"v":-10000000}`}, {`{"v":5}`, `{"v":5}`},
	} {
		if err := b.AppendRepaired([]byte(row[0]), []byte(row[1])); err != nil {
			t.Fatal(err)
		}
	}
	items := b.Items()
	for text, want := range map[string][]int{
		"v > 0": {2, 4}, "v >= 0": {2, 4}, "v < 0": {3}, "v <= 0": {3}, "v > 1e300": {2}, "v < -1e300": {3}, "v = 5": {4}, "v != 5": {1, 2, 3}, "v?": {1, 2, 3, 4},
		"not v > 0": {1, 3}, "v > 0 or v <= 0": {2, 3, 4},
	} {
		filter, err := Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		if got := picked(filter, items); !slices.Equal(got, want) {
			t.Errorf("%s matches %d, want %d", text, got, want)
		}
	}
}
