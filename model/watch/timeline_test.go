package watch

import (
	"slices"
	"testing"
	"time"

	"sbwatch/model/optional"
	"sbwatch/model/run"
	"sbwatch/model/text"
)

func counts(began time.Time, pages, items int64) run.Run {
	return run.Run{StatusSent: text.NewText("running"), StartedAt: began, Pages: optional.Some(pages), Items: optional.Some(items)}
}

func TestRatesCountFromTheStartOfTheRun(t *testing.T) {
	var tl Timeline
	// The watch starts a minute late.
	tl.Add(at(60), counts(at(0), 20, 600))
	rate, known := tl.Rate().Get()
	if !known || rate.PagesPerMinute != 20 || rate.ItemsPerMinute != 600 {
		t.Errorf("rate %+v, %v; want 20 and 600 a minute", rate, known)
	}
	if pace, _ := tl.PagePace().Get(); pace != 3*time.Second {
		t.Errorf("a page each %v, want 3 s", pace)
	}
	if _, _, known := tl.At(at(30)); known {
		t.Error("the counts before the watch started are known")
	}
	if pages, _ := tl.Growth(12); len(pages) != 12 || pages[0] >= 0 {
		t.Errorf("intervals that were not watched: got %v", pages)
	}
}

func TestEmptyTimeline(t *testing.T) {
	var tl Timeline
	if tl.Rate().Known() || tl.PagePace().Known() || tl.Stall(time.Second).Known() {
		t.Error("an empty timeline has a rate or a pace")
	}
	if pages, items := tl.Growth(8); pages != nil || items != nil {
		t.Error("an empty timeline grew")
	}
	tl.Add(at(5), run.Run{StatusSent: text.NewText("queued")})
	if tl.Rate().Known() {
		t.Error("a rate is known before the first page")
	}
}

func TestStall(t *testing.T) {
	var tl Timeline
	for i := range 13 {
		tl.Add(at(float64(3*i)), counts(at(0), int64(i), int64(29*i)))
	}
	for seconds, stalled := range map[float64]bool{37: false, 47: false, 48: true, 84: true} {
		seen := tl
		seen.samples = slices.Clone(tl.samples)
		seen.Add(at(seconds), counts(at(0), 12, 348))
		quiet, got := seen.Stall(2 * time.Second).Get()
		if got != stalled {
			t.Errorf("%v s after the start, 12 pages in 36 s: stalled %v", seconds, got)
		}
		if got && quiet != at(seconds).Sub(at(36)) {
			t.Errorf("quiet for %v", quiet)
		}
	}
	// Polls that are far apart do not count as a stall.
	tl.Add(at(60), counts(at(0), 12, 348))
	if tl.Stall(10 * time.Second).Known() {
		t.Error("two polls without growth are a stall")
	}
	// If the counts do not change, only the first and the last sample are kept.
	for i := range 1000 {
		tl.Add(at(float64(61+i)), counts(at(0), 12, 348))
	}
	if n := len(tl.samples); n > 16 {
		t.Errorf("a plateau takes %d samples", n)
	}
	tl.Add(at(1100), counts(at(0), 13, 377))
	if tl.Stall(2 * time.Second).Known() {
		t.Error("still stalled after a page came")
	}
}

func TestStallBeforeTheFirstPage(t *testing.T) {
	var tl Timeline
	tl.Add(at(2), counts(at(0), 0, 0))
	tl.Add(at(40), counts(at(0), 0, 0))
	if tl.Stall(2 * time.Second).Known() {
		t.Error("stalled before the first page could be expected")
	}
	tl.Add(at(60), counts(at(0), 0, 0))
	if quiet, _ := tl.Stall(2 * time.Second).Get(); quiet != time.Minute {
		t.Errorf("quiet for %v, want the minute since the run began", quiet)
	}
}

func TestGrowthIntervalsAreRound(t *testing.T) {
	var tl Timeline
	for i := range 41 {
		tl.Add(at(float64(i)), counts(at(0), int64(i), int64(10*i)))
	}
	pages, items := tl.Growth(12)
	if len(pages) != 8 || pages[0] != 5 || items[7] != 50 {
		t.Errorf("41 s in at most 12 stretches: %v and %v, want eight of 5 s", pages, items)
	}
	tl.Add(at(44.8), counts(at(0), 44, 440))
	later, _ := tl.Growth(12)
	if len(later) != len(pages) {
		t.Error("bars change before an interval is over")
	}
}

func TestTimelineIsBounded(t *testing.T) {
	var tl Timeline
	for i := range 3 * maxSamples {
		tl.Add(at(float64(i)), counts(at(0), int64(i), int64(i)))
	}
	if len(tl.samples) > maxSamples {
		t.Errorf("%d samples are kept", len(tl.samples))
	}
	if last, _ := tl.Last(); last.Pages != 3*maxSamples-1 {
		t.Errorf("the newest sample is lost: %+v", last)
	}
	if pages, _, _ := tl.At(at(1000)); pages < 995 || pages > 1005 {
		t.Errorf("page %v after 1000 s", pages)
	}
}

func TestPerPage(t *testing.T) {
	at := func(s int) time.Time { return time.Date(2026, 5, 21, 12, 0, s, 0, time.UTC) }
	type poll struct {
		second       int
		pages, items int64
	}
	for name, c := range map[string]struct {
		polls []poll
		want  []float64
	}{
		"nothing":             {nil, nil},
		"page by page":        {[]poll{{2, 1, 30}, {4, 2, 50}, {6, 2, 50}, {8, 3, 50}}, []float64{30, 20, 0}},
		"several at once":     {[]poll{{2, 2, 60}, {4, 4, 80}}, []float64{30, 30, 10, 10}},
		"watched from page 3": {[]poll{{60, 2, 60}, {62, 3, 80}}, []float64{-1, -1, 20}},
		"counts that go down": {[]poll{{2, 2, 60}, {4, 1, 30}, {6, 3, 90}}, []float64{30, 30, 30}},
		"items before a page": {[]poll{{2, 0, 5}, {4, 1, 30}}, []float64{30}},
	} {
		var line Timeline
		for _, p := range c.polls {
			line.Add(at(p.second), run.Run{StartedAt: at(0), Pages: optional.Some(p.pages), Items: optional.Some(p.items)})
		}
		if got := line.PerPage(); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}
