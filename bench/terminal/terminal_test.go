package main

import (
	"slices"
	"testing"
	"time"
)

func TestIsVisible(t *testing.T) {
	for _, c := range []struct {
		output string
		want   bool
	}{
		{"", false},
		{"\x1b[?1049h\x1b[?25l\x1b[2J\x1b[H", false},
		{"\x1b]2;a title\x07\x1b[1m \r\n", false},
		{"\x1b]2;a title that is cut", false},
		{"\x1b[38;2;95", false},
		{"\x1b[?1049h\x1b[1mone", true},
	} {
		if got := isVisible([]byte(c.output)); got != c.want {
			t.Errorf("isVisible(%q) = %v, want %v", c.output, got, c.want)
		}
	}
}

func TestFramesAreReadsThatFollowEachOther(t *testing.T) {
	ms := time.Millisecond
	got := frames([]chunk{{3000 * ms, 4095}, {3001 * ms, 5}, {3017 * ms, 11}, {3267 * ms, 2}, {3268 * ms, 1}})
	if want := []float64{4100, 11, 3}; !slices.Equal(got, want) {
		t.Errorf("frames of %v bytes, want %v", got, want)
	}
}
