package watch

import (
	"slices"
	"time"

	"sbwatch/model/optional"
	"sbwatch/model/run"
)

// Sample is what had been counted of a run at one moment.
type Sample struct {
	At    time.Time
	Pages int64
	Items int64
}

// Timeline is how a run's counts grew, as far as it was watched. The counts grew from 0 when the run began, however
// late the watch joined, so rates hold for the whole run.
type Timeline struct {
	began   time.Time
	samples []Sample
	// grewAt is when a count was last seen to grow; the first sample counts as growth, as nothing earlier is known.
	grewAt time.Time
}

// maxSamples bounds a timeline that is watched for days: past it, every second sample is dropped.
const maxSamples = 4096

// Add notes the counts of an answer that came at time now. Unknown counts change nothing.
func (t *Timeline) Add(now time.Time, run run.Run) {
	if began := run.Began(); !began.IsZero() {
		t.began = began
		t.forgetQueue()
	}
	last, sampled := t.Last()
	sample := Sample{At: now, Pages: run.Pages.Or(last.Pages), Items: run.Items.Or(last.Items)}
	if !sampled || sample.Pages > last.Pages || sample.Items > last.Items {
		t.grewAt = now
	}
	// A plateau needs only its two ends.
	if n := len(t.samples); n >= 2 && sameCounts(t.samples[n-2], last) && sameCounts(last, sample) {
		t.samples[n-1] = sample
		return
	}
	if len(t.samples) >= maxSamples {
		t.thin()
	}
	t.samples = append(t.samples, sample)
}

// forgetQueue drops the samples from before the run began, while it was queued: it could not count anything then.
func (t *Timeline) forgetQueue() {
	t.samples = slices.DeleteFunc(t.samples, func(s Sample) bool {
		return s.At.Before(t.began) && s.Pages == 0 && s.Items == 0
	})
}

func sameCounts(a, b Sample) bool { return a.Pages == b.Pages && a.Items == b.Items }

// thin drops every second sample, but neither the first nor the last.
func (t *Timeline) thin() {
	kept := t.samples[:0]
	for i, s := range t.samples {
		if i%2 == 0 || i == len(t.samples)-1 {
			kept = append(kept, s)
		}
	}
	t.samples = kept
}

// Last is the newest sample, if there is one.
func (t *Timeline) Last() (Sample, bool) {
	if len(t.samples) == 0 {
		return Sample{}, false
	}
	return t.samples[len(t.samples)-1], true
}

// Began is when the counts were 0: the run's beginning, or the first sample where that is not known.
func (t *Timeline) Began() time.Time {
	if len(t.samples) > 0 && (t.began.IsZero() || t.samples[0].At.Before(t.began)) {
		return t.samples[0].At
	}
	return t.began
}

// Most is the highest count of pages and of items in any sample. It is that of the newest, unless a count went down.
func (t *Timeline) Most() (pages, items int64) {
	for _, s := range t.samples {
		pages, items = max(pages, s.Pages), max(items, s.Items)
	}
	return pages, items
}

// knownFromStart is how long after the beginning the first sample may come for the time between to be told by a line.
const knownFromStart = 10 * time.Second

// At is what had been counted at a moment, in a straight line between samples. It is not known of the time before a watch
// that joined late.
func (t *Timeline) At(moment time.Time) (pages, items float64, known bool) {
	if len(t.samples) == 0 {
		return 0, 0, false
	}
	before, first := Sample{At: t.Began()}, t.samples[0]
	if moment.Before(first.At) && first.At.Sub(before.At) > knownFromStart && (first.Pages > 0 || first.Items > 0) {
		return 0, 0, false
	}
	i, found := slices.BinarySearchFunc(t.samples, moment, func(s Sample, m time.Time) int { return s.At.Compare(m) })
	if found {
		return float64(t.samples[i].Pages), float64(t.samples[i].Items), true
	}
	if i > 0 {
		before = t.samples[i-1]
	}
	if i == len(t.samples) || !moment.After(before.At) {
		return float64(before.Pages), float64(before.Items), true
	}
	after := t.samples[i]
	share := float64(moment.Sub(before.At)) / float64(after.At.Sub(before.At))
	between := func(a, b int64) float64 { return float64(a) + share*float64(b-a) }
	return between(before.Pages, after.Pages), between(before.Items, after.Items), true
}

// Growth tells what each stretch of time from the beginning to the newest sample added, in at most so many stretches of
// equal length; a stretch that was not watched is negative. One that is not polled to its end is left out. Lengths are
// round, so that a bar once drawn seldom changes.
func (t *Timeline) Growth(most int) (pages, items []float64) {
	newest, sampled := t.Last()
	began := t.Began()
	span := newest.At.Sub(began)
	if !sampled || span <= 0 || most <= 0 {
		return nil, nil
	}
	stretch := growthStretch(span, most)
	for from := began; !from.Add(stretch).After(newest.At); from = from.Add(stretch) {
		pagesBefore, itemsBefore, known := t.At(from)
		if !known {
			pages, items = append(pages, -1), append(items, -1)
			continue
		}
		pagesAfter, itemsAfter, _ := t.At(from.Add(stretch))
		pages = append(pages, max(0, pagesAfter-pagesBefore))
		items = append(items, max(0, itemsAfter-itemsBefore))
	}
	return pages, items
}

// growthStretch is the shortest round length of time of which at most so many fit into a span.
func growthStretch(span time.Duration, most int) time.Duration {
	for _, stretch := range []time.Duration{
		time.Second, 2 * time.Second, 5 * time.Second, 10 * time.Second, 15 * time.Second, 30 * time.Second,
		time.Minute, 2 * time.Minute, 5 * time.Minute,
	} {
		if span/stretch <= time.Duration(most) {
			return stretch
		}
	}
	return span/time.Duration(most) + 1
}

// Rate is how fast a run has counted since it began.
type Rate struct {
	PagesPerMinute float64
	ItemsPerMinute float64
}

// Rate is the pace over the whole run until the newest sample. It is not known before the first page or item.
func (t *Timeline) Rate() optional.Value[Rate] {
	last, sampled := t.Last()
	minutes := last.At.Sub(t.Began()).Minutes()
	if !sampled || minutes <= 0 || (last.Pages == 0 && last.Items == 0) {
		return optional.Value[Rate]{}
	}
	return optional.Some(Rate{PagesPerMinute: float64(last.Pages) / minutes, ItemsPerMinute: float64(last.Items) / minutes})
}

// PagePace is how long a page took while pages came: until the count last grew, so that a stall does not count. It is
// not known before the second page.
func (t *Timeline) PagePace() optional.Value[time.Duration] {
	last, _ := t.Last()
	span := t.grewAt.Sub(t.Began())
	if last.Pages < 2 || span <= 0 {
		return optional.Value[time.Duration]{}
	}
	return optional.Some(span / time.Duration(last.Pages))
}

// A run has stalled when nothing came for so many times its own pace, and for so many polls.
const (
	stallPaces = 4
	stallPolls = 3
)

// slowStart is how long the first page may take before its absence is worth a word.
const slowStart = 45 * time.Second

// Stall tells for how long nothing new had come at the newest sample, where that is long against the run's own pace. The
// interval is that of the polls, which a stall must outlast to be seen at all.
func (t *Timeline) Stall(interval time.Duration) optional.Value[time.Duration] {
	last, sampled := t.Last()
	if !sampled {
		return optional.Value[time.Duration]{}
	}
	quiet := last.At.Sub(t.grewAt)
	limit := slowStart
	if pace, known := t.PagePace().Get(); known {
		limit = max(stallPaces*pace, stallPolls*interval)
	} else if last.Pages == 0 && last.Items == 0 {
		quiet = last.At.Sub(t.Began())
	}
	if quiet < limit {
		return optional.Value[time.Duration]{}
	}
	return optional.Some(quiet)
}
