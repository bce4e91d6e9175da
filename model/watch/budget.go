package watch

import (
	"time"

	"sbwatch/model/optional"
	"sbwatch/model/run"
)

// Limits holds the request limits of an account. A field of 0 means no limit.
type Limits struct {
	PerMinute  int
	Concurrent int // maximum number of requests in flight
}

// budget decides when the account may send its next request. All runs share it.
//
// It spreads the requests evenly over time, because the service counts all requests of the last minute and refuses a
// burst. Only the first few requests are sent without a pause, so that the first runs appear at once. To compensate,
// the next requests are sent a little more slowly.
type budget struct {
	limits   Limits // set by the user
	reported Limits // reported by the service

	// share is the part of the limit per minute that is used. window is the number of concurrent requests allowed now.
	// When the service refuses a request, one of the two is lowered. Then both rise again, step by step.
	share       float64
	window      int
	succeeding  int // answers without a problem since window last changed
	refusedAt   time.Time
	recoveredAt time.Time // time of the last step of the recovery

	sentTimes []time.Time // times of the requests within the last countedFor, oldest first
	total     int         // requests so far

	pausedUntil time.Time // after the service has refused a request, none is sent before this time
	// outage is the number of consecutive requests that did not reach the service. While it is not 0, only one request
	// at a time is sent, to find out whether the service can be reached again. probeAt is the time of the next such
	// request.
	outage  int
	probeAt time.Time
}

const (
	// countedFor is how long a request counts toward the limit per minute. It is a second longer than a minute, because
	// some requests take longer than others to reach the service.
	countedFor = 61 * time.Second
	// maxCounted is the highest limit per minute for which requests are counted. With a higher limit, requests are only
	// spaced evenly.
	maxCounted = 1200
	// firstRequests is the maximum number of requests that are sent without a pause at the start. There are fewer if
	// the limit per minute is low: at most 1/firstRequestsShare of that limit.
	firstRequests      = 10
	firstRequestsShare = 6
	// firstWindow is the maximum number of requests in flight before the first answer.
	firstWindow = 2
	// minShare is the lowest value of budget.share.
	minShare = 1.0 / 4
	// After the service has refused a request, budget.share rises again: by recoveryStep after each recoveryTime.
	recoveryTime = time.Minute
	recoveryStep = 1.0 / 8
	// The highest limits that are accepted. The limits of the service are lower, but a proxy may send any number.
	maxPerMinute, maxConcurrent = 1 << 20, 1 << 20
)

func newBudget() budget { return budget{share: 1, window: firstWindow} }

// perMinute returns the limit per minute, or 0 if there is no such limit.
func (b *budget) perMinute() int {
	limit := lowerLimit(b.limits.PerMinute, b.reported.PerMinute)
	if limit == 0 {
		return 0
	}
	return max(1, int(float64(limit)*b.share))
}

// concurrent returns the maximum number of requests in flight, or 0 if there is no maximum.
func (b *budget) concurrent() int {
	limit := lowerLimit(b.limits.Concurrent, b.reported.Concurrent)
	switch {
	case b.outage > 0:
		return 1
	case limit == 0:
		return 0
	default:
		return min(limit, b.window)
	}
}

// lowerLimit returns the lower of two limits. 0 means no limit.
func lowerLimit(a, b int) int {
	if a == 0 || b == 0 {
		return max(a, b)
	}
	return min(a, b)
}

// spacing returns the time between two requests if as many are sent as the limit per minute allows, evenly spaced. It
// returns 0 if there is no limit.
func (b *budget) spacing() time.Duration {
	limit := b.perMinute()
	switch {
	case limit == 0:
		return 0
	case limit > maxCounted:
		return time.Minute / time.Duration(limit)
	default:
		return countedFor / time.Duration(limit)
	}
}

// unpaced returns how many requests may now be sent without a pause.
func (b *budget) unpaced() int {
	if b.total == 0 {
		return max(1, min(firstRequests, b.perMinute()/firstRequestsShare))
	}
	return max(0, min(firstRequests, b.perMinute()/firstRequestsShare)-b.total)
}

// nextTime returns the earliest time of the next request. The time is unknown while the maximum number of requests is
// in flight.
func (b *budget) nextTime(inFlight int) optional.Value[time.Time] {
	if limit := b.concurrent(); limit > 0 && inFlight >= limit {
		return optional.Value[time.Time]{}
	}
	at := later(b.pausedUntil, b.probeAt)
	if len(b.sentTimes) == 0 || b.perMinute() == 0 || b.unpaced() > 0 {
		return optional.Some(at)
	}
	return optional.Some(later(at, b.afterLast()))
}

// afterLast returns the earliest time at which the limit per minute allows the next request. The slice b.sentTimes must
// not be empty.
func (b *budget) afterLast() time.Time {
	limit, used := b.perMinute(), len(b.sentTimes)
	last := b.sentTimes[used-1]
	switch {
	case limit > maxCounted:
		return last.Add(b.spacing())
	case used > limit:
		return b.sentTimes[used-limit].Add(countedFor)
	}
	// The remaining requests are spread over the remaining time of the minute.
	left := b.sentTimes[0].Add(countedFor).Sub(last)
	return last.Add(max(b.spacing(), left/time.Duration(limit-used+1)))
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func (b *budget) countedRequests(now time.Time) int {
	n := 0
	for _, sent := range b.sentTimes {
		if now.Sub(sent) < countedFor {
			n++
		}
	}
	return n
}

// allowedRequests returns how many requests may be sent now, but at most the parameter maximum.
func (b *budget) allowedRequests(now time.Time, inFlight, maximum int) int {
	at, known := b.nextTime(inFlight).Get()
	if !known || at.After(now) {
		return 0
	}
	if limit := b.concurrent(); limit > 0 {
		maximum = min(maximum, limit-inFlight)
	}
	if b.perMinute() > 0 {
		maximum = min(maximum, max(1, b.unpaced()))
	}
	return maximum
}

// record records that a request is sent.
func (b *budget) record(now time.Time) {
	keep := 0
	for keep < len(b.sentTimes) && (now.Sub(b.sentTimes[keep]) >= countedFor || len(b.sentTimes)-keep >= maxCounted) {
		keep++
	}
	b.sentTimes = append(b.sentTimes[keep:], now)
	b.total++
}

// succeeded records an answer without a problem. sentAt is the time at which its request was sent.
func (b *budget) succeeded(now, sentAt time.Time) {
	b.outage, b.probeAt = 0, time.Time{}
	if !sentAt.Before(b.refusedAt) {
		b.pausedUntil = time.Time{}
	}
	b.succeeding++
	switch {
	case b.refusedAt.IsZero() && b.succeeding >= b.window:
		b.widen()
	case b.refusedAt.IsZero():
	case now.Sub(later(b.refusedAt, b.recoveredAt)) >= recoveryTime:
		b.recoveredAt = now
		b.share = min(1, b.share+recoveryStep)
		b.widen()
	}
}

// widen allows one more concurrent request.
func (b *budget) widen() {
	b.window = min(b.window+1, maxConcurrent)
	b.succeeding = 0
}

// refused records that the service refused a request with status 429. The parameter wait is the time for which no run
// sends a request.
func (b *budget) refused(now time.Time, problem *run.Problem, wait time.Duration) {
	perMinute, concurrent := b.perMinute(), b.concurrent()
	b.learn(problem)
	// Several requests that were in flight at the same time may be refused together. Together, they lower the budget
	// only once.
	isNew := !now.Before(b.pausedUntil)
	hasNews := b.perMinute() != perMinute || b.concurrent() != concurrent
	switch {
	case !isNew || hasNews:
	case problem.LimitConcurrent.Known():
		b.window = max(1, min(b.window, concurrent)/2)
	default:
		b.share = max(minShare, b.share/2)
	}
	b.pausedUntil = later(b.pausedUntil, now.Add(wait))
	b.refusedAt, b.succeeding = now, 0
	b.total = max(b.total, firstRequests) // the start is over: all further requests are spaced
}

// learn records the limits that the service sent with a refusal.
func (b *budget) learn(problem *run.Problem) {
	if limit := problem.LimitPerMinute.Or(0); limit > 0 {
		b.reported.PerMinute = int(min(limit, maxPerMinute))
	}
	if limit := problem.LimitConcurrent.Or(0); limit > 0 {
		b.reported.Concurrent = int(min(limit, maxConcurrent))
		b.window = min(b.window, b.reported.Concurrent)
	}
}

// unreachable records that a request did not reach the service. The parameter wait is the time until the next request
// is due.
func (b *budget) unreachable(now time.Time, wait time.Duration) {
	b.outage++
	b.probeAt = now.Add(wait)
}

// keepCounting adds jump to the times of the latest requests. Call it if the clock has jumped ahead by this time. The
// requests then still count toward the limit, because the service may still count them.
func (b *budget) keepCounting(jump time.Duration) {
	for i := range b.sentTimes {
		b.sentTimes[i] = b.sentTimes[i].Add(jump)
	}
}

// shift moves all times of the budget by d, which is negative after the clock was set back.
func (b *budget) shift(d time.Duration) {
	b.keepCounting(d)
	for _, t := range []*time.Time{&b.refusedAt, &b.recoveredAt, &b.pausedUntil, &b.probeAt} {
		if !t.IsZero() {
			*t = t.Add(d)
		}
	}
}
