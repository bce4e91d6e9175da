package api

import (
	"context"
	"net/http"

	"sbwatch/model"
)

// Usage reads what the account may do and has done. It never bills. The error is a [*model.Problem].
func (c *Client) Usage(ctx context.Context) (model.Usage, error) {
	l := call{method: http.MethodGet, path: "/smartbrowse/usage", about: aboutUsage}
	answer, problem := c.sendSmall(ctx, l)
	if problem != nil {
		return model.Usage{}, problem
	}
	return usageOf(answer.envelope), nil
}

func usageOf(opened envelope) model.Usage {
	data := opened.data
	usage := model.Usage{
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
		usage.LastRun = model.Some(model.LastRun{
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
