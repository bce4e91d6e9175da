package screen

import "testing"

func TestPercent(t *testing.T) {
	for share, want := range map[float64]string{0: "0%", 0.429: "42%", 1: "99%"} {
		if got := Percent(share); got != want {
			t.Errorf("Percent(%v) is %q, want %q", share, got, want)
		}
	}
}
