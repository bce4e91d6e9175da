package wire

import (
	"sbwatch/model/optional"
	"sbwatch/model/run"
)

// Usage returns the usage of the account from the answer to a usage request.
func (e Envelope) Usage() run.Usage {
	data := e.data
	usage := run.Usage{
		RunsUsed:         data.count("runs_used_30d"),
		RunsPerMonth:     data.count("runs_per_month_cap"),
		PagesPerRun:      data.count("pages_per_run_cap"),
		CostPerPage:      data.count("cost_per_page"),
		Schedules:        data.count("schedules_count"),
		SchedulesAllowed: data.truth("schedules_allowed"),
		CreditsRemaining: e.CreditsRemaining,
		RequestID:        e.RequestID,
	}
	if last, ok := data.object("last_run"); ok {
		usage.LastRun = optional.Some(run.LastRun{
			ID:               last.text("id"),
			Status:           last.text("status"),
			Pages:            last.count("pages_extracted"),
			CreatedAt:        last.moment("created_at"),
			CompletedAt:      last.moment("completed_at"),
			EffectiveCap:     last.count("effective_cap"),
			ClampedByCredits: last.truth("clamped_by_credits"),
		})
	}
	return usage
}
