package report

import (
	"fmt"
	"io"
	"math"
	"strings"
	"time"

	"sbwatch/model/baseline"
	"sbwatch/model/optional"
	"sbwatch/model/run"
	"sbwatch/model/text"
)

// UsageTable returns the usage of an account as a table for people, one value per line. The parameter pace is how fast
// credits are spent; an unknown pace means that there is no history.
func UsageTable(usage run.Usage, pace optional.Value[baseline.Pace]) string {
	var b strings.Builder
	row := func(label, value string) { b.WriteString(padRight(label, 22) + value + "\n") }
	row("credits left", text.CountOr(usage.CreditsRemaining))
	if spent, known := pace.Get(); known && usage.CreditsRemaining.Known() {
		forecast := spent.Words(usage.CreditsRemaining.Or(0))
		if basis := spent.Basis(); spent.IsKnown() {
			forecast += " (" + basis + ")"
		}
		row("  forecast", forecast)
	}
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
	if by, isCut := cutWords(usage); isCut {
		row("  cut short", "by the "+by+": the site may have more pages")
	}
	return b.String()
}

// cutWords returns the limit that cut the last run short: "credits" or "plan". isCut is false if the run was not cut
// short.
func cutWords(usage run.Usage) (limit string, isCut bool) {
	last, _ := usage.LastRun.Get()
	switch usage.CutShort(last.ID, run.Run{ID: last.ID, StatusSent: last.Status, Pages: last.Pages}) {
	case run.CutByCredits:
		return "credits", true
	case run.CutByPlan:
		return "plan", true
	case run.CutNone:
	}
	return "", false
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

// jsonUsage is the JSON form of the usage of an account. The fields have the same names as in the API. Unknown values
// are null.
type jsonUsage struct {
	RunsUsed         *int64       `json:"runs_used_30d"`
	RunsPerMonth     *int64       `json:"runs_per_month_cap"`
	PagesPerRun      *int64       `json:"pages_per_run_cap"`
	CostPerPage      *int64       `json:"cost_per_page"`
	Schedules        *int64       `json:"schedules_count"`
	SchedulesAllowed *bool        `json:"schedules_allowed"`
	LastRun          *jsonLastRun `json:"last_run"`
	CreditsRemaining *int64       `json:"credits_remaining"`
	// Forecast and CutShort are added by this program; the API does not have them. CutShort is the limit that cut the
	// last run short: "credits" or "plan".
	Forecast *jsonForecast `json:"forecast"`
	CutShort *string       `json:"last_run_cut_short_by"`
}

// jsonForecast is the JSON form of the estimate of how long the credits last. The estimate is based on the recorded
// runs. DaysLeft is null if it is unknown.
type jsonForecast struct {
	DaysLeft      *float64 `json:"days_left"`
	CreditsPerDay float64  `json:"credits_per_day"`
	RecordedRuns  int      `json:"recorded_runs"`
	RecordedDays  int      `json:"recorded_days"`
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

// WriteUsageJSON writes the usage of an account as a JSON object on one line. The parameter pace is how fast credits
// are spent; an unknown pace means that there is no history.
func WriteUsageJSON(out io.Writer, usage run.Usage, pace optional.Value[baseline.Pace]) error {
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
	if by, isCut := cutWords(usage); isCut {
		object.CutShort = &by
	}
	if spent, known := pace.Get(); known {
		object.Forecast = &jsonForecast{CreditsPerDay: spent.PerDay(), RecordedRuns: spent.Runs, RecordedDays: spent.Days}
		balance, balanceKnown := usage.CreditsRemaining.Get()
		if days, ok := spent.Lasts(balance); ok && balanceKnown {
			object.Forecast.DaysLeft = &days
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

// CostLine returns a sentence about the cost of running recipes. The parameter usage is the usage of the account.
func CostLine(recipes []text.Text, usage run.Usage) string {
	pages, credits := usage.Allowance()
	maxPages, pagesKnown := pages.Get()
	cost, costKnown := credits.Get()
	runs, isOne := runsText(recipes), len(recipes) == 1
	switch {
	case !pagesKnown:
		return UnknownCostLine(recipes, "the limits of the account are unknown")
	case !costKnown && isOne:
		return fmt.Sprintf("%s reads up to %s; the cost per page is unknown", runs, text.Counted(maxPages, "page"))
	case !costKnown:
		return fmt.Sprintf("%s read up to %s each; the cost per page is unknown", runs, text.Counted(maxPages, "page"))
	case maxPages == 0:
		return fmt.Sprintf("the remaining credits (%s) do not cover one page (%s): the service will refuse %s",
			text.CountOr(usage.CreditsRemaining), text.CountOr(usage.CostPerPage), runs)
	case !isOne:
		return totalCostLine(recipes, cost, maxPages, usage)
	}
	line := fmt.Sprintf("%s costs up to %s: %s at %s per page", runs, creditsText(cost, usage),
		text.Counted(maxPages, "page"), text.Counted(usage.CostPerPage.Or(0), "credit"))
	if plan, known := usage.PagesPerRun.Get(); known && plan > maxPages {
		line += "; the plan allows " + text.Count(plan) + " pages, but the credits do not cover more"
	}
	return line
}

// totalCostLine returns a sentence about the maximum cost of several runs together. The parameter cost is the maximum
// cost of one run in credits, and pages is the maximum number of its pages.
func totalCostLine(recipes []text.Text, cost, pages int64, usage run.Usage) string {
	n := int64(len(recipes))
	total := int64(math.MaxInt64)
	if cost <= math.MaxInt64/n {
		total = n * cost
	}
	balance, known := usage.CreditsRemaining.Get()
	isShort := known && total > balance
	if isShort {
		total = balance
	}
	line := fmt.Sprintf("%s cost up to %s: %s per run at %s per page", runsText(recipes), creditsText(total, usage),
		text.Counted(pages, "page"), text.Counted(usage.CostPerPage.Or(0), "credit"))
	if isShort {
		line += "; the credits do not cover all pages that the plan allows, so the last runs may be cut short or refused"
	}
	used, usedKnown := usage.RunsUsed.Get()
	quota, quotaKnown := usage.RunsPerMonth.Get()
	if left := max(0, quota-used); usedKnown && quotaKnown && left < n {
		line += "; the plan allows only " + text.Counted(left, "more run") + " in 30 days"
	}
	return line
}

// creditsText returns a number of credits and the balance of the account, such as "6 of your 500 credits". If the
// balance is unknown, it is left out.
func creditsText(credits int64, usage run.Usage) string {
	if balance, known := usage.CreditsRemaining.Get(); known {
		return text.Count(credits) + " of your " + text.Counted(balance, "credit")
	}
	return text.Counted(credits, "credit")
}

// UnknownCostLine returns a sentence which says that the cost of running recipes is unknown. The sentence gives the
// reason.
func UnknownCostLine(recipes []text.Text, reason string) string {
	return "the cost of " + runsText(recipes) + " is unknown: " + reason
}

// maxRecipesNamed is the maximum number of recipe ids in the result of runsText.
const maxRecipesNamed = 5

// runsText returns a phrase for one run of each recipe: "a run of a", "2 runs (a, b)" or, for many recipes, "200 runs".
func runsText(recipes []text.Text) string {
	switch n := len(recipes); {
	case n == 1:
		return "a run of " + recipes[0].String()
	case n > maxRecipesNamed:
		return text.Counted(int64(n), "run")
	default:
		names := make([]string, n)
		for i, recipe := range recipes {
			names[i] = recipe.String()
		}
		return fmt.Sprintf("%d runs (%s)", n, strings.Join(names, ", "))
	}
}
