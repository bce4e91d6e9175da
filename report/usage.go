package report

import (
	"fmt"
	"io"
	"strings"
	"time"

	"sbwatch/model/optional"
	"sbwatch/model/run"
	"sbwatch/model/text"
)

// UsageTable returns the usage of an account as a table for people, one value per line.
func UsageTable(usage run.Usage) string {
	var b strings.Builder
	row := func(label, value string) { b.WriteString(padRight(label, 22) + value + "\n") }
	row("credits left", text.CountOr(usage.CreditsRemaining))
	row("cost per page", orUnknown(usage.CostPerPage, "credit"))
	runs := text.CountOr(usage.RunsUsed)
	if limit, known := usage.RunsPerMonth.Get(); known {
		runs += " of " + text.Count(limit)
	}
	row("runs in 30 days", runs)
	row("limit per run", orUnknown(usage.PagesPerRun, "page"))
	schedules := text.CountOr(usage.Schedules)
	if allowed, known := usage.SchedulesAllowed.Get(); known && !allowed {
		schedules += " (not included in the plan)"
	}
	row("schedules", schedules)
	last, known := usage.LastRun.Get()
	if !known {
		row("last run", "none")
		return b.String()
	}
	row("last run", lastRunLine(last))
	if limit, known := last.EffectiveCap.Get(); known {
		text := text.Counted(limit, "page")
		if last.ClampedByCredits.Or(false) {
			text += " (limited by credits)"
		}
		row("  page limit", text)
	}
	return b.String()
}

func orUnknown(n optional.Value[int64], noun string) string {
	if value, known := n.Get(); known {
		return text.Counted(value, noun)
	}
	return text.CountOr(n)
}

func lastRunLine(last run.LastRun) string {
	words := []string{last.ID.String()}
	if !last.Status.IsEmpty() {
		words = append(words, last.Status.String())
	}
	words = append(words, orUnknown(last.Pages, "page"))
	if !last.CreatedAt.IsZero() {
		words = append(words, "created "+last.CreatedAt.UTC().Format(time.DateTime)+" UTC")
	}
	if !last.CompletedAt.IsZero() && !last.CreatedAt.IsZero() {
		words = append(words, "took "+text.Clock(last.CompletedAt.Sub(last.CreatedAt)))
	}
	return strings.Join(words, "  ")
}

// jsonUsage is the usage of an account. The fields have the names of the API. Unknown values are null.
type jsonUsage struct {
	RunsUsed         *int64       `json:"runs_used_30d"`
	RunsPerMonth     *int64       `json:"runs_per_month_cap"`
	PagesPerRun      *int64       `json:"pages_per_run_cap"`
	CostPerPage      *int64       `json:"cost_per_page"`
	Schedules        *int64       `json:"schedules_count"`
	SchedulesAllowed *bool        `json:"schedules_allowed"`
	LastRun          *jsonLastRun `json:"last_run"`
	CreditsRemaining *int64       `json:"credits_remaining"`
}

type jsonLastRun struct {
	ID               *text.Text `json:"id"`
	Status           *text.Text `json:"status"`
	Pages            *int64     `json:"pages_extracted"`
	EffectiveCap     *int64     `json:"effective_cap"`
	ClampedByCredits *bool      `json:"clamped_by_credits"`
	CreatedAt        *time.Time `json:"created_at"`
	CompletedAt      *time.Time `json:"completed_at"`
}

// WriteUsageJSON writes the usage of an account as a line with a JSON object.
func WriteUsageJSON(out io.Writer, usage run.Usage) error {
	object := jsonUsage{
		RunsUsed:         orNull(usage.RunsUsed),
		RunsPerMonth:     orNull(usage.RunsPerMonth),
		PagesPerRun:      orNull(usage.PagesPerRun),
		CostPerPage:      orNull(usage.CostPerPage),
		Schedules:        orNull(usage.Schedules),
		SchedulesAllowed: orNull(usage.SchedulesAllowed),
		CreditsRemaining: orNull(usage.CreditsRemaining),
	}
	if last, known := usage.LastRun.Get(); known {
		object.LastRun = &jsonLastRun{
			ID:               textOrNull(last.ID),
			Status:           textOrNull(last.Status),
			Pages:            orNull(last.Pages),
			EffectiveCap:     orNull(last.EffectiveCap),
			ClampedByCredits: orNull(last.ClampedByCredits),
			CreatedAt:        timeOrNull(last.CreatedAt),
			CompletedAt:      timeOrNull(last.CompletedAt),
		}
	}
	return encodeLine(out, object)
}

func timeOrNull(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

// CostLine returns what a run of a recipe may cost, given the usage of the account.
func CostLine(recipeID text.Text, usage run.Usage) string {
	pages, credits := usage.Allowance()
	maxPages, pagesKnown := pages.Get()
	cost, costKnown := credits.Get()
	switch {
	case !pagesKnown:
		return UnknownCostLine(recipeID, "the limits of the account are unknown")
	case !costKnown:
		return fmt.Sprintf("a run of %s reads up to %s; the cost per page is unknown", recipeID, text.Counted(maxPages, "page"))
	case maxPages == 0:
		return fmt.Sprintf("the remaining credits (%s) do not cover one page (%s): the service will refuse a run of %s",
			text.CountOr(usage.CreditsRemaining), text.CountOr(usage.CostPerPage), recipeID)
	}
	line := fmt.Sprintf("a run of %s costs up to %s", recipeID, text.Counted(cost, "credit"))
	if balance, known := usage.CreditsRemaining.Get(); known {
		line += " of " + text.Count(balance)
	}
	line += ": " + text.Counted(maxPages, "page") + " at " + text.Counted(usage.CostPerPage.Or(0), "credit") + " each"
	if plan, known := usage.PagesPerRun.Get(); known && plan > maxPages {
		line += "; the plan allows " + text.Count(plan) + " pages, but the credits do not cover more"
	}
	return line
}

// UnknownCostLine returns that the cost of a run of a recipe is unknown, and why.
func UnknownCostLine(recipeID text.Text, reason string) string {
	return fmt.Sprintf("the cost of a run of %s is unknown: %s", recipeID, reason)
}
