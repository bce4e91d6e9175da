package emulator

import (
	"math/rand/v2"
	"slices"
	"time"

	"sbwatch/model/run"
)

// run is one run of a recipe. How it goes is settled when it starts; the clock only tells how far it is.
type emulatedRun struct {
	runSettings
	id     string
	recipe *recipe

	createdAt, startedAt, endsAt time.Time
	pageAt                       []time.Duration // when each page was read, since startedAt
	ending                       run.Status
	err                          string // of a run that ends badly
	cut                          bool   // short by its cap
	over                         bool   // has been seen at its end, and does not change any more
	polls                        int    // of a flaky recipe's run
}

// runSettings are what decides on a run beside its recipe.
type runSettings struct {
	seed    uint64
	speed   float64
	ordinal int // this is the account's n-th run of the recipe; 0 for the published sample
	cap     int // pages
	clamped bool
}

// newRun plans a run that is dispatched now.
func newRun(recipe *recipe, id string, settings runSettings, now time.Time) *emulatedRun {
	dice := rand.New(rand.NewPCG(mix(settings.seed+recipe.hash()), uint64(settings.ordinal)))
	r := &emulatedRun{runSettings: settings, id: id, recipe: recipe, createdAt: now, ending: recipe.ending}

	pageAt := recipe.pace(dice)
	takes := recipe.takes
	r.cut = settings.cap < recipe.limit && settings.cap <= len(pageAt)
	if r.cut {
		pageAt = pageAt[:settings.cap]
		takes = pageAt[settings.cap-1] + min(time.Second, recipe.tail)
		r.ending = run.StatusCompleted
	}
	if r.ending != run.StatusCompleted {
		r.err = recipe.err
	}
	scale := func(d time.Duration) time.Duration { return time.Duration(float64(d) / settings.speed) }
	for _, at := range pageAt {
		r.pageAt = append(r.pageAt, scale(at))
	}
	waits := 300*time.Millisecond + time.Duration(dice.Int64N(int64(600*time.Millisecond)))
	r.startedAt = now.Add(scale(waits))
	lasts := scale(takes)
	if lasts > run.RunLimit {
		lasts = run.RunLimit
		r.ending = run.StatusCancelled
		r.err = "force-stopped: the run passed its time limit of 15 minutes"
	}
	r.endsAt = r.startedAt.Add(lasts)
	return r
}

// sampleRun is the run of the published sample, over since the day it was published.
func sampleRun(recipe *recipe, seed uint64) *emulatedRun {
	created := time.Date(2026, time.May, 21, 12, 0, 0, 0, time.UTC)
	run := newRun(recipe, SampleRunID, runSettings{seed: seed, speed: 1, cap: defaultPagesPerRun}, created)
	run.startedAt = created
	run.endsAt = created.Add(recipe.takes)
	run.over = true
	return run
}

// pace decides when each page will have been read, since the start: pages take about as long as each other, but some a
// good deal longer, and the first needs the browser to start.
func (r *recipe) pace(dice *rand.Rand) []time.Duration {
	weights := make([]float64, len(r.pages))
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
		at[i] = time.Duration(float64(r.takes-r.tail) * min(1, soFar/total))
	}
	return at
}

// progress is how far a run is.
type progress struct {
	status  run.Status
	pages   int
	items   int
	credits int
}

// progress tells how far the run is at time now.
func (r *emulatedRun) progress(now time.Time) progress {
	elapsed := now.Sub(r.startedAt)
	if r.over || !now.Before(r.endsAt) {
		elapsed = r.endsAt.Sub(r.startedAt)
		return r.counted(elapsed, r.ending)
	}
	if elapsed < 0 {
		return progress{status: run.StatusQueued}
	}
	return r.counted(elapsed, run.StatusRunning)
}

// counted is the progress after so much time, in a status. Runs that end badly cost nothing in the end.
func (r *emulatedRun) counted(elapsed time.Duration, status run.Status) progress {
	pages, _ := slices.BinarySearch(r.pageAt, elapsed+1) // pages read until then
	p := progress{status: status, pages: pages, credits: pages * costPerPage}
	for _, items := range r.recipe.pages[:pages] {
		p.items += items
	}
	if status.Unsuccessful() {
		p.credits = 0
	}
	return p
}

// warnings are those of a completed run; none are an empty list.
func (r *emulatedRun) warnings() []string {
	warnings := []string{}
	if r.recipe.warnings != nil {
		warnings = append(warnings, r.recipe.warnings(len(r.pageAt), r.cut)...)
	}
	return warnings
}

// itemSource makes the items of the pages that the run has read.
func (r *emulatedRun) itemSource(pages int) *itemSource {
	return &itemSource{
		seed:    mix(r.seed ^ r.recipe.hash()),
		ordinal: r.ordinal,
		pages:   r.recipe.pages[:pages],
		write:   r.recipe.item,
	}
}
