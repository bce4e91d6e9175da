package emulator

import (
	"math/rand/v2"
	"slices"
	"time"

	"sbwatch/model/run"
)

// emulatedRun is one run of a recipe. All its events and their times are fixed when it starts; the clock only
// determines which of them have happened.
type emulatedRun struct {
	runSettings
	id     string
	recipe *recipe
	script script
	shift  time.Duration // duration added to the times below before they are shown in answers

	createdAt, startedAt, endsAt time.Time
	pageAt                       []time.Duration // time from startedAt until each page is read; nil after the run is over
	ending                       run.Status
	err                          string // error text if the run fails or is cancelled
	truncated                    bool   // whether the maximum number of pages cuts the run short
	over                         bool   // whether the run has been billed; it no longer changes
	pages                        int    // number of pages of a run that is over
	polls                        int    // number of GET polls so far, counted only for a flaky recipe
}

// runSettings are the values, besides the recipe, that determine what happens in a run.
type runSettings struct {
	seed    uint64
	speed   float64
	ordinal int // number of the run, counted per account and recipe from 1; 0 for the sample run
	cap     int // maximum number of pages
	clamped bool

	firstNight time.Time // date of the run with ordinal 1; zero if runs are not dated
}

// newRun plans a run. now is the time of its dispatch.
func newRun(recipe *recipe, id string, settings runSettings, now time.Time) *emulatedRun {
	dice := rand.New(rand.NewPCG(mix(settings.seed+recipe.hash()), uint64(settings.ordinal)))
	r := &emulatedRun{
		runSettings: settings, id: id, recipe: recipe, script: recipe.scriptOf(settings), shift: settings.dateShift(now),
		createdAt: now, ending: recipe.ending,
	}

	pageAt := recipe.pageTimes(len(r.script.pages), dice)
	duration := recipe.duration
	r.truncated = settings.cap < recipe.limit && settings.cap <= len(pageAt)
	if r.truncated {
		pageAt = pageAt[:settings.cap]
		duration = pageAt[settings.cap-1] + min(time.Second, recipe.tail)
		r.ending = run.StatusCompleted
	}
	if r.ending != run.StatusCompleted {
		r.err = recipe.err
	}
	scale := func(d time.Duration) time.Duration { return time.Duration(float64(d) / settings.speed) }
	for _, at := range pageAt {
		r.pageAt = append(r.pageAt, scale(at))
	}
	// The answer to a dispatch says that the run is running. So the run starts immediately, and is never shown as
	// queued.
	r.startedAt = now
	duration = scale(duration)
	if duration > run.RunLimit {
		duration = run.RunLimit
		r.ending = run.StatusCancelled
		r.err = "force-stopped: the run passed its time limit of 15 minutes"
	}
	r.endsAt = r.startedAt.Add(duration)
	return r
}

// sampleRun returns the run [SampleRunID], which completed on 21 May 2026. As in other runs, the plan limits the number
// of pages.
func sampleRun(recipe *recipe, options Options) *emulatedRun {
	created := time.Date(2026, time.May, 21, 12, 0, 0, 0, time.UTC)
	settings := runSettings{seed: options.Seed, speed: 1, cap: options.PagesPerRun.Or(defaultPagesPerRun)}
	run := newRun(recipe, SampleRunID, settings, created)
	run.close()
	return run
}

// close marks the run as ended and frees the data that are needed only while it is in progress.
func (r *emulatedRun) close() {
	r.pages = r.pagesAfter(r.endsAt.Sub(r.startedAt))
	r.pageAt = nil
	r.over = true
}

// pagesAfter returns the number of pages that the run has read in the given time since its start.
func (r *emulatedRun) pagesAfter(elapsed time.Duration) int {
	if r.over {
		return r.pages
	}
	pages, _ := slices.BinarySearch(r.pageAt, elapsed+1)
	return pages
}

// pageTimes returns the time at which each page has been read, relative to the start of the run. Most pages take
// similar times. The first page takes much longer, because the browser starts. A few random pages also take much
// longer.
func (r *recipe) pageTimes(pages int, dice *rand.Rand) []time.Duration {
	weights := make([]float64, pages)
	total := 0.0
	for i := range weights {
		weights[i] = 0.6 + 0.8*dice.Float64()
		if dice.IntN(12) == 0 {
			weights[i] *= 2.5
		}
		if i == 0 {
			weights[i]++
		}
		total += weights[i]
	}
	at := make([]time.Duration, len(weights))
	soFar := 0.0
	for i, weight := range weights {
		soFar += weight
		at[i] = time.Duration(float64(r.duration-r.tail) * min(1, soFar/total))
	}
	return at
}

// timestamp formats a time of the run for an answer.
func (r *emulatedRun) timestamp(t time.Time) string { return timestamp(t.Add(r.shift)) }

// progress is the state of a run at some time.
type progress struct {
	status  run.Status
	pages   int
	items   int
	credits int
}

func (r *emulatedRun) progress(now time.Time) progress {
	elapsed := now.Sub(r.startedAt)
	if r.over || !now.Before(r.endsAt) {
		elapsed = r.endsAt.Sub(r.startedAt)
		return r.progressAfter(elapsed, r.ending)
	}
	return r.progressAfter(elapsed, run.StatusRunning)
}

// progressAfter returns the progress of the run. elapsed is the time since its start, and status is its status at that
// time. A failed or cancelled run costs nothing.
func (r *emulatedRun) progressAfter(elapsed time.Duration, status run.Status) progress {
	pages := r.pagesAfter(elapsed)
	p := progress{status: status, pages: pages, credits: pages * costPerPage}
	for _, items := range r.script.pages[:pages] {
		p.items += items
	}
	if status.Unsuccessful() {
		p.credits = 0
	}
	return p
}

// warnings returns the warnings of a completed run. It never returns nil, which JSON would encode as null.
func (r *emulatedRun) warnings() []string {
	warnings := []string{}
	if r.recipe.warnings != nil {
		warnings = append(warnings, r.recipe.warnings(r.pagesAfter(r.endsAt.Sub(r.startedAt)), r.truncated)...)
	}
	return warnings
}

// itemSource returns a source of the items on the first pages of the run. The parameter pages is the number of these
// pages.
func (r *emulatedRun) itemSource(pages int) *itemSource {
	return &itemSource{
		seed:    mix(r.seed ^ r.recipe.hash()),
		ordinal: r.ordinal,
		pages:   r.script.pages[:pages],
		write:   r.script.item,
	}
}
