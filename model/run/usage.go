package run

import (
	"math"
	"time"

	"sbwatch/model/optional"
	"sbwatch/model/text"
)

// Usage is the account's limits and how much of them is used.
type Usage struct {
	RunsUsed         optional.Value[int64] // in the last 30 days
	RunsPerMonth     optional.Value[int64]
	PagesPerRun      optional.Value[int64]
	CostPerPage      optional.Value[int64] // credits
	Schedules        optional.Value[int64]
	SchedulesAllowed optional.Value[bool]
	LastRun          optional.Value[LastRun]
	CreditsRemaining optional.Value[int64]
	RequestID        text.Text
}

// LastRun is the account's newest run, the only one that the service lists.
type LastRun struct {
	ID          text.Text
	Status      text.Text
	Pages       optional.Value[int64]
	CreatedAt   time.Time
	CompletedAt time.Time
	// EffectiveCap is the maximum number of pages: the plan's limit, or less if the credits were too low at dispatch.
	EffectiveCap optional.Value[int64]
	// ClampedByCredits is true if EffectiveCap comes from the credits and not from the plan.
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

// CutShort returns which limit stopped the run. It is only known for the account's newest run and CutNone for all
// others. Low credits count only if the run reached the limit that they set.
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

// Allowance returns how many pages a run dispatched now may read, and the maximum number of credits that it costs. They
// are unknown if the service does not report the plan's limit or the price per page.
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
