package run

import (
	"math"
	"time"

	"sbwatch/model/optional"
	"sbwatch/model/text"
)

// Usage holds the limits of the account and how much of them is used.
type Usage struct {
	RunsUsed         optional.Value[int64] // in the last 30 days
	RunsPerMonth     optional.Value[int64]
	PagesPerRun      optional.Value[int64]
	CostPerPage      optional.Value[int64] // in credits
	Schedules        optional.Value[int64]
	SchedulesAllowed optional.Value[bool]
	LastRun          optional.Value[LastRun]
	CreditsRemaining optional.Value[int64]
	RequestID        text.Text
}

// LastRun is the account's newest run. The service lists no other runs.
type LastRun struct {
	ID          text.Text
	Status      text.Text
	Pages       optional.Value[int64]
	CreatedAt   time.Time
	CompletedAt time.Time
	// EffectiveCap is the maximum number of pages of the run. It is the plan's limit, or less if the credits were low
	// when the run was dispatched.
	EffectiveCap optional.Value[int64]
	// ClampedByCredits is true if EffectiveCap was lowered because of the credits.
	ClampedByCredits optional.Value[bool]
}

// Cut says which limit stopped a run before it reached the last page.
type Cut int

// The values of Cut.
const (
	CutNone Cut = iota
	CutByCredits
	CutByPlan
)

// CutShort returns the limit that stopped the run. Usage describes only the account's newest run, so CutShort returns
// CutNone for any other run. A run that has as many pages as its page limit counts as stopped by that limit. If the
// page limit is unknown, CutShort returns CutByCredits for a run whose limit was lowered because of the credits.
func (u Usage) CutShort(id text.Text, run Run) Cut {
	last, known := u.LastRun.Get()
	if !known || last.ID != id || id.IsEmpty() || run.Status() != StatusCompleted {
		return CutNone
	}
	limit, limitKnown := last.EffectiveCap.Get()
	reached := limitKnown && run.Pages.Or(last.Pages.Or(0)) >= limit
	switch {
	case last.ClampedByCredits.Or(false) && (reached || !limitKnown):
		return CutByCredits
	case reached:
		return CutByPlan
	default:
		return CutNone
	}
}

// Allowance returns the maximum number of pages of a run that is dispatched now, and the maximum cost of that run in
// credits. pages is unknown if the service does not report the plan's limit. credits is unknown if the service does not
// report that limit or the price per page.
func (u Usage) Allowance() (pages, credits optional.Value[int64]) {
	price, priceKnown := u.CostPerPage.Get()
	limit, limitKnown := u.PagesPerRun.Get()
	if !priceKnown || !limitKnown || price < 0 {
		return u.PagesPerRun, optional.Value[int64]{}
	}
	if balance, known := u.CreditsRemaining.Get(); known && price > 0 {
		limit = min(limit, balance/price)
	}
	limit = max(0, limit)
	if price > 0 && limit > math.MaxInt64/price {
		return optional.Some(limit), optional.Value[int64]{}
	}
	return optional.Some(limit), optional.Some(limit * price)
}
