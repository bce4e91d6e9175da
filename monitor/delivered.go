package monitor

import (
	"slices"
	"time"

	"sbwatch/model/text"
	"sbwatch/model/watch"
)

const (
	// easedFactor is the factor by which the interval between two polls of a run becomes longer if a webhook is expected
	// to report the end of the run. The longer interval is at most maxEased. An interval above maxEased stays unchanged.
	easedFactor = 5
	maxEased    = 30 * time.Second
	// lateDelivery is how long a delivery for a run may still arrive after a poll has found that the run has ended. The
	// time is long, because services repeat failed deliveries for a while.
	lateDelivery = 30 * time.Second
	// maxEarly is the maximum number of run ids in pushes.early.
	maxEarly = 64
)

// pushes holds what the monitor knows about webhook deliveries. A delivery is only a hint: only a poll decides that a
// run has ended.
//
// The monitor polls a run less often if it expects a delivery for the end of the run. It expects a delivery if the last
// run of the same recipe had a delivery. If the monitor has not seen a run of the recipe end, it expects a delivery if
// trusted is true.
//
// If a poll confirms a delivery, trusted becomes true. If an expected delivery does not arrive, trusted becomes false.
// If, in addition, the last run of the same recipe had a delivery, the monitor forgets all other recipes.
type pushes struct {
	counts  watch.Deliveries
	trusted bool            // whether recipes of unknown reliability are trusted
	recipes map[string]bool // whether a delivery for the last run of a recipe has arrived, by recipe id
	awaited []RunKey        // ended runs whose delivery may still arrive
	early   []text.Text     // ids of runs with a delivery that may belong to a dispatch without an answer
}

// pushed holds what the monitor knows about deliveries for one run.
type pushed struct {
	delivered  bool
	confirming bool // true from the delivery until a later poll is answered
	inFlight   bool // whether a request was in flight when the delivery arrived
	unfinished bool // whether a poll has found the run unfinished; if not, its delivery may have come long ago
	endedAt    time.Time
}

// trusts reports whether the monitor expects a delivery for the end of a run.
func (p *pushes) trusts(r *watched) bool {
	works, known := p.recipes[r.watch.RecipeID().Raw()]
	return works || !known && p.trusted
}

// learn records whether a delivery for the run has arrived. isLess reports whether the monitor now expects fewer
// deliveries, because an expected delivery has not arrived.
func (p *pushes) learn(r *watched, isDelivered bool) (isLess bool) {
	recipe := r.watch.RecipeID().Raw()
	if isDelivered {
		p.trusted = true
		p.counts.Confirmed++
		p.set(recipe, true)
		return false
	}
	if !p.trusts(r) {
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

func (p *pushes) set(recipe string, works bool) {
	if p.recipes == nil {
		p.recipes = map[string]bool{}
	}
	p.recipes[recipe] = works
}

// Delivered makes the next poll of a run due now, within the limits on requests. It is called when a webhook says that
// the run has ended. Only the first delivery for a run has this effect. Deliveries for runs that are not watched only
// change the counts.
func (m *Monitor) Delivered(now time.Time, runID text.Text) {
	p := &m.pushes
	key := m.keyOf(runID)
	r, isWatched := m.runs[key]
	switch {
	case !isWatched || r.stopped && !r.watch.Over():
		p.counts.UnknownRun++
		m.keepEarly(runID)
	case r.pushed.delivered:
		p.counts.Repeated++
	default:
		r.pushed.delivered, r.pushed.confirming = true, true
		r.pushed.inFlight = m.schedule.InFlight(int(key))
		m.schedule.Promote(int(key), now)
		m.settle(now, key, r)
	}
}

// Deliveries returns the numbers of deliveries so far, by result.
func (m *Monitor) Deliveries() watch.Deliveries { return m.pushes.counts }

// keyOf returns the key of the run with this id, or 0 if the run is not watched.
func (m *Monitor) keyOf(runID text.Text) RunKey {
	for _, key := range m.keys {
		if m.runs[key].watch.RunID() == runID && !runID.IsEmpty() {
			return key
		}
	}
	return 0
}

// keepEarly keeps the id of an unknown run until all dispatches are answered, because the run may belong to a dispatch
// that has no answer yet.
func (m *Monitor) keepEarly(runID text.Text) {
	isUnanswered := func(key RunKey) bool { return m.runs[key].watch.DispatchUnanswered() }
	if !slices.ContainsFunc(m.keys, isUnanswered) {
		m.pushes.early = nil
	} else if len(m.pushes.early) < maxEarly && !slices.Contains(m.pushes.early, runID) {
		m.pushes.early = append(m.pushes.early, runID)
	}
}

// recordPushed records the answer to a request for a run. It reports whether the next poll is due at once: a delivery
// has arrived for the run, and no poll has been sent since that delivery.
func (m *Monitor) recordPushed(now time.Time, key RunKey, r *watched, answer Answer) (isDueNow bool) {
	if i := slices.Index(m.pushes.early, r.watch.RunID()); answer.Kind == watch.RequestDispatch && i >= 0 {
		m.pushes.early = slices.Delete(m.pushes.early, i, i+1)
		m.pushes.counts.UnknownRun--
		r.pushed.delivered, r.pushed.confirming, r.pushed.inFlight = true, true, true
	}
	r.pushed.unfinished = r.pushed.unfinished || answer.Kind == watch.RequestPoll && answer.Problem == nil && !r.watch.Over()
	wasSentBefore := r.pushed.inFlight // whether the answered request was sent before the delivery arrived
	r.pushed.inFlight = false
	switch {
	case m.settle(now, key, r), answer.Problem != nil, !r.pushed.confirming:
		return false
	case wasSentBefore, answer.Kind != watch.RequestPoll:
		return true
	}
	r.pushed.confirming = false
	m.pushes.counts.Unconfirmed++
	return false
}

// settle records, when a run has ended, whether its delivery has arrived. It reports whether the run has ended.
func (m *Monitor) settle(now time.Time, key RunKey, r *watched) bool {
	hasEnded, wasConfirming := r.watch.Phase() == watch.PhaseEnded, r.pushed.confirming
	if !r.watch.Over() {
		return false
	}
	r.pushed.confirming = false
	switch {
	case hasEnded && wasConfirming:
		m.pushes.learn(r, true)
	case wasConfirming:
		m.pushes.counts.Unconfirmed++
	case hasEnded && !r.pushed.delivered && r.pushed.unfinished && r.pushed.endedAt.IsZero():
		r.pushed.endedAt = now
		m.pushes.awaited = append(m.pushes.awaited, key)
	}
	return true
}

// missDeliveries records, for runs that have ended, that an expected delivery did not arrive in time.
func (m *Monitor) missDeliveries(now time.Time) {
	m.pushes.awaited = slices.DeleteFunc(m.pushes.awaited, func(key RunKey) bool {
		r, isWatched := m.runs[key]
		if isWatched && !r.pushed.delivered && now.Sub(r.pushed.endedAt) < lateDelivery {
			return false
		}
		if isWatched && !r.pushed.delivered && m.pushes.learn(r, false) {
			m.schedule.EndEasing(now)
		}
		return true
	})
}

// DeliveriesStopped records that no more deliveries can arrive. From then on, each run is polled as often as without a
// webhook.
func (m *Monitor) DeliveriesStopped(now time.Time) {
	m.pushes.trusted, m.pushes.awaited = false, nil
	clear(m.pushes.recipes)
	m.schedule.EndEasing(now)
}

// ease makes the next poll of a run due later if a webhook is expected to report the end of the run.
func (m *Monitor) ease(now time.Time, key RunKey, r *watched) {
	if r.watch.NextRequest() != watch.RequestPoll || r.pushed.delivered || !m.pushes.trusts(r) {
		return
	}
	interval := m.schedule.Interval()
	m.schedule.Ease(int(key), now.Add(max(interval, min(easedFactor*interval, maxEased))))
}
