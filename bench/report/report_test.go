package report_test

import (
	"strings"
	"testing"
	"time"

	"sbwatch/bench/report"
)

func TestPrint(t *testing.T) {
	var out strings.Builder
	err := report.Print(&out, "speed", []report.Line{
		{What: "fast", Ours: "1ms", Other: "2ms theirs", Ratio: 0.5, Target: 1.1},
		{What: "slow", Ours: "3ms", Other: "2ms theirs", Ratio: 1.5, Target: 1.1},
		{What: "for scale", Ours: "3ms", Other: "0ms theirs"},
	})
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(out.String(), "\n")
	for i, want := range []string{"speed sbwatch other ratio target", "fast 1ms 2ms theirs 0.50 at most 1.10 met", "slow 3ms 2ms theirs 1.50 at most 1.10 MISSED", "for scale 3ms 0ms theirs"} {
		if got := strings.Join(strings.Fields(lines[i]), " "); got != want {
			t.Errorf("line %d: got %q, want %q", i, got, want)
		}
	}
}

func TestTime(t *testing.T) {
	for _, c := range []struct {
		d    time.Duration
		want string
	}{
		{1234567, "1.23ms"},
		{98765 * time.Microsecond, "98.8ms"},
		{999, "999ns"},
		{0, "0s"},
	} {
		if got := report.Time(c.d); got != c.want {
			t.Errorf("Time(%d) = %s, want %s", c.d, got, c.want)
		}
	}
}

func TestRatioOfPairs(t *testing.T) {
	// The machine was ten times slower in the second round, and something interfered in the third.
	ours, other := []time.Duration{2, 20, 900}, []time.Duration{1, 10, 1}
	if got := report.RatioOfPairs(ours, other); got != 2 {
		t.Errorf("got ratio %v, want 2", got)
	}
}
