package monitor

import (
	"slices"
	"time"

	"sbwatch/model/text"
	"sbwatch/model/watch"
)

const (
	// easedFactor is the factor by which the interval between two polls of a run becomes longer if a webhook is
	// expected to report the end of the run. The longer interval is at most maxEased. An interval above maxEased stays
	// unchanged.
	easedFactor = 5
	maxEased    = 30 * time.Second
	// lateDelivery is how long a delivery for a run may still arrive after a poll has found that the run has ended. The
	// time is long, because services repeat failed deliveries for a while.
	lateDelivery = 30 * time.Second
	// maxEarly is the maximum number of run ids in deliveries.early.
	maxEarly = 64
)

// deliveries holds what the monitor knows about webhook deliveries. A delivery is only a hint: only a poll decides that
// a run has ended.
//
// The monitor polls a run less often if it expects a delivery for the end of the run. It expects a delivery if the last
// run of the same recipe had a delivery. Until a run of the recipe has ended, it expects a delivery if the field
// trusted is true.
//
// When a poll confirms a delivery, the monitor sets trusted to true. When an expected delivery does not arrive, it sets
// trusted to false. If the previous run of the same recipe had a delivery, the monitor also forgets, for all other
// recipes, whether their last run had a delivery.
type deliveries struct {
	counts  watch.Deliveries
	trusted bool            // whether recipes of unknown reliability are trusted
	recipes map[string]bool // whether a delivery for the last run of a recipe has arrived, by recipe id
	awaited []RunKey        // ended runs whose delivery may still arrive
	early   []text.Text     // ids of runs with a delivery that may belong to a dispatch without an answer
}

// delivery holds what the monitor knows about the webhook delivery for one run.
type delivery struct {
	delivered  bool
	confirming bool // true from the delivery until a later poll is answered
	inFlight   bool // whether a request was in flight when the delivery arrived
	unfinished bool // whether a poll has found the run unfinished; if not, its delivery may have come long ago
	endedAt    time.Time
}

// expectsDelivery reports whether the monitor expects a delivery for the end of a run.
func (p *deliveries) expectsDelivery(r *watched) bool {
	works, known := p.recipes[r.watch.RecipeID().Raw()]
	return works || !known && p.trusted
}

// learn records whether a delivery for the run has arrived. isLess reports whether the monitor now expects fewer
// deliveries, because an expected delivery has not arrived.
func (p *deliveries) learn(r *watched, isDelivered bool) (isLess bool) {
	recipe := r.watch.RecipeID().Raw()
	if isDelivered {
		p.trusted = true
		p.counts.Confirmed++
		p.set(recipe, true)
		return false
	}
	if !p.expectsDelivery(r) {
		p.set(recipe, false)
		return false
	}
	p.counts.Missed++
	p.trusted = false
	if p.recipes[recipe] {
		clear(p.recipes)
	}
	p.set(recipe, false)
	return true
}

func (p *deliveries) set(recipe string, works bool) {
	if p.recipes == nil {
		p.recipes = map[string]bool{}
	}
	p.recipes[recipe] = works
}

// Delivered makes the next poll of a run due now, within the limits on requests. Call it when a webhook says that the
// run has ended. Only the first delivery for a run has this effect. Deliveries for runs that are not watched are only
// counted.
func (m *Monitor) Delivered(now time.Time, runID text.Text) {
	p := &m.deliveries
	key := m.keyOf(runID)
	r, isWatched := m.runs[key]
	switch {
	case !isWatched || r.stopped && !r.watch.Over():
		p.counts.UnknownRun++
		m.keepUnknown(runID)
	case r.delivery.delivered:
		p.counts.Repeated++
	default:
		r.delivery.delivered, r.delivery.confirming = true, true
		r.delivery.inFlight = m.schedule.InFlight(int(key))
		m.schedule.Promote(int(key), now)
		m.settle(now, key, r)
	}
}

// Deliveries returns the numbers of deliveries so far, by result.
func (m *Monitor) Deliveries() watch.Deliveries { return m.deliveries.counts }

// keyOf returns the key of the run with this id, or 0 if the run is not watched.
func (m *Monitor) keyOf(runID text.Text) RunKey {
	for _, key := range m.keys {
		if m.runs[key].watch.RunID() == runID && !runID.IsEmpty() {
			return key
		}
	}
	return 0
}

// keepUnknown remembers the id of an unknown run until all dispatches are answered, because the run may belong to a
// dispatch that has no answer yet.
func (m *Monitor) keepUnknown(runID text.Text) {
	isUnanswered := func(key RunKey) bool { return m.runs[key].watch.DispatchUnanswered() }
	if !slices.ContainsFunc(m.keys, isUnanswered) {
		m.deliveries.early = nil
	} else if len(m.deliveries.early) < maxEarly && !slices.Contains(m.deliveries.early, runID) {
		m.deliveries.early = append(m.deliveries.early, runID)
	}
}

// recordDelivery handles the answer to a dispatch or poll of a run for which a webhook delivery may have arrived. It
// returns true if one has arrived and no poll has been sent since then. The next poll is then due immediately.
func (m *Monitor) recordDelivery(now time.Time, key RunKey, r *watched, answer Answer) (isDueNow bool) {
	if i := slices.Index(m.deliveries.early, r.watch.RunID()); answer.Kind == watch.RequestDispatch && i >= 0 {
		m.deliveries.early = slices.Delete(m.deliveries.early, i, i+1)
		m.deliveries.counts.UnknownRun--
		r.delivery.delivered, r.delivery.confirming, r.delivery.inFlight = true, true, true
	}
	r.delivery.unfinished = r.delivery.unfinished || answer.Kind == watch.RequestPoll && answer.Problem == nil && !r.watch.Over()
	wasSentBefore := r.delivery.inFlight // whether the answered request was sent before the delivery arrived
	r.delivery.inFlight = false
	switch {
	case m.settle(now, key, r), answer.Problem != nil, !r.delivery.confirming:
		return false
	case wasSentBefore, answer.Kind != watch.RequestPoll:
		return true
	}
	r.delivery.confirming = false
	m.deliveries.counts.Unconfirmed++
	return false
}

// settle reports whether the run has ended. If so, it records whether the delivery for the run has arrived.
func (m *Monitor) settle(now time.Time, key RunKey, r *watched) bool {
	hasEnded, wasConfirming := r.watch.Phase() == watch.PhaseEnded, r.delivery.confirming
	if !r.watch.Over() {
		return false
	}
	r.delivery.confirming = false
	switch {
	case hasEnded && wasConfirming:
		m.deliveries.learn(r, true)
	case wasConfirming:
		m.deliveries.counts.Unconfirmed++
	case hasEnded && !r.delivery.delivered && r.delivery.unfinished && r.delivery.endedAt.IsZero():
		r.delivery.endedAt = now
		m.deliveries.awaited = append(m.deliveries.awaited, key)
	}
	return true
}

// recordMissed records, for runs that have ended, that an expected delivery did not arrive in time.
func (m *Monitor) recordMissed(now time.Time) {
	m.deliveries.awaited = slices.DeleteFunc(m.deliveries.awaited, func(key RunKey) bool {
		r, isWatched := m.runs[key]
		if isWatched && !r.delivery.delivered && now.Sub(r.delivery.endedAt) < lateDelivery {
			return false
		}
		if isWatched && !r.delivery.delivered && m.deliveries.learn(r, false) {
			m.schedule.EndEasing(now)
		}
		return true
	})
}

// DeliveriesStopped records that no more deliveries can arrive. From then on, each run is polled as often as without a
// webhook.
func (m *Monitor) DeliveriesStopped(now time.Time) {
	m.deliveries.trusted, m.deliveries.awaited = false, nil
	clear(m.deliveries.recipes)
	m.schedule.EndEasing(now)
}

// ease makes the next poll of a run due later if a webhook is expected to report the end of the run.
func (m *Monitor) ease(now time.Time, key RunKey, r *watched) {
	if r.watch.NextRequest() != watch.RequestPoll || r.delivery.delivered || !m.deliveries.expectsDelivery(r) {
		return
	}
	interval := m.schedule.Interval()
	m.schedule.Ease(int(key), now.Add(max(interval, min(easedFactor*interval, maxEased))))
}
