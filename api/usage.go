package api

import (
	"context"
	"net/http"

	"sbwatch/model/optional"
	"sbwatch/model/run"
)

// Usage reads what the account may do and has done. It never bills. The error is a [*model.Problem].
func (c *Client) Usage(ctx context.Context) (run.Usage, error) {
	l := call{method: http.MethodGet, path: "/smartbrowse/usage", about: aboutUsage}
	answer, problem := c.sendSmall(ctx, l)
	if problem != nil {
		return run.Usage{}, problem
	}
	return usageOf(answer.envelope), nil
}

func usageOf(opened envelope) run.Usage {
	data := opened.data
	usage := run.Usage{
		RunsUsed:         data.count("runs_used_30d"),
		RunsPerMonth:     data.count("runs_per_month_cap"),
		PagesPerRun:      data.count("pages_per_run_cap"),
		CostPerPage:      data.count("cost_per_page"),
		Schedules:        data.count("schedules_count"),
		SchedulesAllowed: data.truth("schedules_allowed"),
		CreditsRemaining: opened.creditsRemaining,
		RequestID:        opened.requestID,
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
