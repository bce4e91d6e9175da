package run

import (
	"math"
	"time"

	"sbwatch/model/optional"
	"sbwatch/model/text"
)

// Usage is what the account may do and has done.
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
	// EffectiveCap is how many pages the run may read: the plan's limit, or less where the credits were thin when it
	// was dispatched.
	EffectiveCap optional.Value[int64]
	// ClampedByCredits is true where the credits, not the plan, set EffectiveCap.
	ClampedByCredits optional.Value[bool]
}

// Cut tells what stopped a run at a number of pages before it ran out of pages by itself.
type Cut int

// What may cut a run short.
const (
	CutNone Cut = iota
	CutByCredits
	CutByPlan
)

// CutShort judges whether the run of an id was cut short. It can be known only of the account's newest run; of any other the
// answer is CutNone. A thin balance that did not come to matter cuts nothing short.
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

// Allowance is how many pages a run dispatched now may read, and how many credits they cost at the most. It is
// unknown where the service does not tell the plan's limit or the price of a page.
func (u Usage) Allowance() (pages, credits optional.Value[int64]) {
	price, priceKnown := u.CostPerPage.Get()
	most, mostKnown := u.PagesPerRun.Get()
	if !priceKnown || !mostKnown || price < 0 {
		return u.PagesPerRun, optional.Value[int64]{}
	}
	if balance, known := u.CreditsRemaining.Get(); known && price > 0 {
		most = min(most, balance/price)
	}
	most = max(0, most)
	if price > 0 && most > math.MaxInt64/price {
		return optional.Some(most), optional.Value[int64]{}
	}
	return optional.Some(most), optional.Some(most * price)
}
