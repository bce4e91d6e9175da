package ui

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
)

// TestOpeningAnItemCostsItsSize opens the most expensive items to draw of a given size.
func TestOpeningAnItemCostsItsSize(t *testing.T) {
	var keys strings.Builder
	for i := range 6_000 {
		fmt.Fprintf(&keys, `"%d":1,`, i)
	}
	nested := func(opening, closing string, depth int) string {
		return strings.Repeat(opening, depth) + "1" + strings.Repeat(closing, depth)
	}
	for name, item := range map[string]string{
		"nested arrays":           nested("[", "]", 9_000),
		"nested objects":          nested(`{"a":`, "}", 9_000),
		"nested arrays in a key":  `{"a":` + nested("[", "]", 9_000) + "}",
		"nested arrays in values": `{"a":` + nested("[1,", "]", 4_000) + `,"b":` + nested("[1,", "]", 4_000) + "}",
		"many values":             "[" + strings.Repeat("0,", 30_000) + "0]",
		"many keys":               "{" + keys.String() + `"x":1}`,
		"long text":               `{"a":"` + strings.Repeat("x", 60_000) + `"}`,
		"line breaks":             `{"a":"` + strings.Repeat(`\n`, 30_000) + `"}`,
		"long key":                `{"` + strings.Repeat("k", 60_000) + `":1}`,
	} {
		inNoTime(t, func(t *testing.T) {
			s := browses(t, 80, 24, []string{item})
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			s.does("enter")
			frame := frameOf(t, s)
			runtime.ReadMemStats(&after)
			if !strings.Contains(frame, "item 1 of 1") {
				t.Errorf("%s: the item does not show:\n%s", name, frame)
			}
			const maxRatio = 400
			if ratio := (after.TotalAlloc - before.TotalAlloc) / uint64(len(item)); ratio > maxRatio {
				t.Errorf("%s: opening an item of %d bytes allocates %d times its size", name, len(item), ratio)
			}
		})
	}
}

func TestDeepLevelsShareALine(t *testing.T) {
	inNoTime(t, func(t *testing.T) {
		s := browses(t, 80, 24, []string{`{"a":` + strings.Repeat(`[`, 100) + `"deepest"` + strings.Repeat("]", 100) + `}`}).does("enter")
		var text string
		for _, line := range s.itemText().Lines() {
			text += strings.TrimSpace(line)
		}
		if n := len(s.itemText().Lines()); n > 60 || !strings.Contains(text, "deepest") {
			t.Errorf("%d lines:\n%s", n, strings.Join(s.itemText().Lines(), "\n"))
		}
	})
}
