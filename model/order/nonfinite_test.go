package order

import (
	"slices"
	"testing"

	"sbwatch/model/item"
)

// TestNaNSortsLast checks that NaN comes last in both directions, and that -Infinity and Infinity come before and after
// all numbers.
func TestNaNSortsLast(t *testing.T) {
	var b item.Builder
	for _, row := range [][2]string{
		{`{"v":NaN}`, `{"v":100}`},
		{`{"v":1e308}`, ``},
		{`{"v":-Infinity}`, `{"v":-10000000}`},
		{`{"v":-1e308}`, ``},
		{`{"v":Infinity}`, `{"v":10000000}`},
		{`{"v":NaN}`, `{"v":100}`},
		{`{"v":0}`, ``},
	} {
		var err error
		if row[1] == "" {
			_, err = b.Append([]byte(row[0]))
		} else {
			err = b.AppendRepaired([]byte(row[0]), []byte(row[1]))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	ranks, _ := rankAll(b.Items(), item.PathOf("v"), nil)
	if up, want := sorted(ranks, false), []uint32{2, 3, 6, 1, 4, 0, 5}; !slices.Equal(up, want) {
		t.Errorf("ascending %d, want %d", up, want)
	}
	if down, want := sorted(ranks, true), []uint32{4, 1, 6, 3, 2, 0, 5}; !slices.Equal(down, want) {
		t.Errorf("descending %d, want %d", down, want)
	}
}
