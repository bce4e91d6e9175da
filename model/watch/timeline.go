package watch

import (
	"slices"
	"time"

	"sbwatch/model/optional"
	"sbwatch/model/run"
)

// Sample holds the counts of a run at one point in time.
type Sample struct {
	At    time.Time
	Pages int64
	Items int64
}

// Timeline records how the counts of a run grew while it was watched. Rates are averages over the whole run: the counts
// were 0 at the start of the run, even if the watch started later.
type Timeline struct {
	began   time.Time
	samples []Sample
	// grewAt is the last time at which a count grew. The first sample counts as growth.
	grewAt time.Time
}

// maxSamples is the maximum number of samples. When it is reached, every second sample is dropped.
const maxSamples = 4096

// Add records the counts of run, as received at time now. Unknown counts are ignored.
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
	// Of several samples with the same counts, only the first and the last are kept.
	if n := len(t.samples); n >= 2 && sameCounts(t.samples[n-2], last) && sameCounts(last, sample) {
		t.samples[n-1] = sample
		return
	}
	if len(t.samples) >= maxSamples {
		t.thin()
	}
	t.samples = append(t.samples, sample)
}

// forgetQueue drops the samples from before the start of the run, because nothing was counted then.
func (t *Timeline) forgetQueue() {
	t.samples = slices.DeleteFunc(t.samples, func(s Sample) bool {
		return s.At.Before(t.began) && s.Pages == 0 && s.Items == 0
	})
}

func sameCounts(a, b Sample) bool { return a.Pages == b.Pages && a.Items == b.Items }

// thin removes every second sample, but keeps the first and the last.
func (t *Timeline) thin() {
	kept := t.samples[:0]
	for i, s := range t.samples {
		if i%2 == 0 || i == len(t.samples)-1 {
			kept = append(kept, s)
		}
	}
	t.samples = kept
}

// Last returns the newest sample. It returns false if there is none.
func (t *Timeline) Last() (Sample, bool) {
	if len(t.samples) == 0 {
		return Sample{}, false
	}
	return t.samples[len(t.samples)-1], true
}

// Began returns the time at which the counts were 0: the start of the run or, if that is unknown, the time of the first
// sample.
func (t *Timeline) Began() time.Time {
	if len(t.samples) > 0 && (t.began.IsZero() || t.samples[0].At.Before(t.began)) {
		return t.samples[0].At
	}
	return t.began
}

// Most returns the highest number of pages and the highest number of items in all samples. Usually, these are the
// counts of the newest sample.
func (t *Timeline) Most() (pages, items int64) {
	for _, s := range t.samples {
		pages, items = max(pages, s.Pages), max(items, s.Items)
	}
	return pages, items
}

// If the first sample is taken more than knownFromStart after the start of the run, the counts before that sample are
// unknown.
const knownFromStart = 10 * time.Second

// At returns the counts at a time, linearly interpolated between samples. known is false for a time before the first
// sample, if that sample was taken more than knownFromStart after the start of the run.
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

// Growth returns how many pages and items arrived in each interval since the start of the run. The intervals are
// equally long, and their number is at most the value of limit. An interval that has not ended is left out. The value
// is negative for an interval that was not watched. The length of the intervals is a round number, so that the bars of
// a chart rarely change.
func (t *Timeline) Growth(limit int) (pages, items []float64) {
	newest, sampled := t.Last()
	began := t.Began()
	span := newest.At.Sub(began)
	if !sampled || span <= 0 || limit <= 0 {
		return nil, nil
	}
	interval := growthInterval(span, limit)
	for from := began; !from.Add(interval).After(newest.At); from = from.Add(interval) {
		pagesBefore, itemsBefore, known := t.At(from)
		if !known {
			pages, items = append(pages, -1), append(items, -1)
			continue
		}
		pagesAfter, itemsAfter, _ := t.At(from.Add(interval))
		pages = append(pages, max(0, pagesAfter-pagesBefore))
		items = append(items, max(0, itemsAfter-itemsBefore))
	}
	return pages, items
}

// maxPerPage is the maximum number of pages that PerPage returns.
const maxPerPage = 100_000

// PerPage returns the number of items of each page, starting with the first. Pages that arrived between the same two
// polls have the average number. The number is -1 for pages that arrived before the watch began, unless the watch began
// soon after the start of the run.
func (t *Timeline) PerPage() []float64 {
	var perPage []float64
	before := Sample{At: t.Began()}
	for i, s := range t.samples {
		pages := min(s.Pages, maxPerPage) - int64(len(perPage))
		if pages <= 0 {
			continue
		}
		each := max(0, float64(s.Items-before.Items)/float64(s.Pages-before.Pages))
		if i == 0 && s.At.Sub(t.Began()) > knownFromStart {
			each = -1
		}
		for range pages {
			perPage = append(perPage, each)
		}
		before = s
	}
	return perPage
}

// growthInterval returns the length of intervals that divide a time span into a number of parts, at most limit: 5 s for
// a span of 100 s and a limit of 20. It is the shortest such length that is a round number.
func growthInterval(span time.Duration, limit int) time.Duration {
	for _, interval := range []time.Duration{
		time.Second, 2 * time.Second, 5 * time.Second, 10 * time.Second, 15 * time.Second, 30 * time.Second,
		time.Minute, 2 * time.Minute, 5 * time.Minute,
	} {
		if span/interval <= time.Duration(limit) {
			return interval
		}
	}
	return span/time.Duration(limit) + 1
}

// Rate is the average speed of a run since its start.
type Rate struct {
	PagesPerMinute float64
	ItemsPerMinute float64
}

// Rate returns the average speed from the start to the newest sample. The speed is unknown before the first page or
// item.
func (t *Timeline) Rate() optional.Value[Rate] {
	last, sampled := t.Last()
	minutes := last.At.Sub(t.Began()).Minutes()
	if !sampled || minutes <= 0 || (last.Pages == 0 && last.Items == 0) {
		return optional.Value[Rate]{}
	}
	return optional.Some(Rate{PagesPerMinute: float64(last.Pages) / minutes, ItemsPerMinute: float64(last.Items) / minutes})
}

// PagePace returns the average time per page. The time since a count last grew is ignored, so that a stall does not
// change the result. The result is unknown before the second page.
func (t *Timeline) PagePace() optional.Value[time.Duration] {
	last, _ := t.Last()
	span := t.grewAt.Sub(t.Began())
	if last.Pages < 2 || span <= 0 {
		return optional.Value[time.Duration]{}
	}
	return optional.Some(span / time.Duration(last.Pages))
}

// A run has stalled if no count has grown for stallPages times the average time per page, and also for stallPolls times
// the interval between polls.
const (
	stallPages = 4
	stallPolls = 3
)

// slowStart is how long the first page may take before a notice appears.
const slowStart = 45 * time.Second

// Stall returns how long no count had grown when the newest sample was taken. The result is unknown if the run has not
// stalled. The parameter interval is the time between polls.
func (t *Timeline) Stall(interval time.Duration) optional.Value[time.Duration] {
	last, sampled := t.Last()
	if !sampled {
		return optional.Value[time.Duration]{}
	}
	quiet := last.At.Sub(t.grewAt)
	limit := slowStart
	if pace, known := t.PagePace().Get(); known {
		limit = max(stallPages*pace, stallPolls*interval)
	} else if last.Pages == 0 && last.Items == 0 {
		quiet = last.At.Sub(t.Began())
	}
	if quiet < limit {
		return optional.Value[time.Duration]{}
	}
	return optional.Some(quiet)
}
