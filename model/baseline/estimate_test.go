package baseline

import (
	"testing"
	"time"

	"sbwatch/model/optional"
)

func TestEstimate(t *testing.T) {
	_, course := JudgeCourse(steady(12)) // 8 or 9 pages, 36 to 38 s
	for name, c := range map[string]struct {
		pages            int64
		elapsed          time.Duration
		doneLow, doneTop float64
		leftLow, leftTop time.Duration
	}{
		"just begun":           {0, 0, 0, 0.01, 35 * time.Second, 39 * time.Second},
		"half the pages":       {4, 18 * time.Second, 0.45, 0.55, 15 * time.Second, 21 * time.Second},
		"slower than usual":    {4, 30 * time.Second, 0.45, 0.85, 8 * time.Second, 15 * time.Second},
		"all pages, not ended": {9, 36 * time.Second, 0.98, 0.99, 0, time.Second},
		"overdue":              {9, 80 * time.Second, 0.99, 0.99, 0, 0},
	} {
		e, known := course.Estimate(optional.Some(c.pages), c.elapsed).Get()
		if !known || !e.ClaimsUsual() {
			t.Fatalf("%s: no estimate", name)
		}
		if e.Done < c.doneLow || e.Done > c.doneTop || e.Left < c.leftLow || e.Left > c.leftTop || e.LeftLow > e.Left || e.Left > e.LeftHigh {
			t.Errorf("%s: done %.2f, left %v to %v to %v", name, e.Done, e.LeftLow, e.Left, e.LeftHigh)
		}
		if isOver := e.Overdue > 0; isOver != (name == "overdue") {
			t.Errorf("%s: overdue by %v", name, e.Overdue)
		}
	}
	if (Course{}).Estimate(optional.Some(int64(1)), time.Second).Known() {
		t.Error("an estimate without earlier runs")
	}
}
