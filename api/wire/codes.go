package wire

import (
	"fmt"
	"strconv"
	"strings"

	"sbwatch/model/run"
	"sbwatch/model/text"
)

// Subject says what a request is about, such as a run. A "not found" error means something different for each subject.
type Subject int

// The subjects of requests.
const (
	AboutRun Subject = iota
	AboutRecipe
	AboutUsage
)

// String returns the subject in words.
func (s Subject) String() string {
	switch s {
	case AboutRecipe:
		return "recipe"
	case AboutUsage:
		return "usage"
	case AboutRun:
	}
	return "run"
}

// Verdict is the meaning of an error of the service, in words for the user.
type Verdict struct {
	Kind     run.ProblemKind
	Summary  string
	NextStep string
}

// Verdict returns the meaning of the error. It returns false if the error's code is not documented.
func (r *Refusal) Verdict(about Subject) (Verdict, bool) {
	details, _ := parseObject(r.Details)
	switch r.Code.Raw() {
	case "invalid_request":
		return Verdict{run.ProblemRefused, "the request is invalid", checkID(about)}, true
	case "unauthorized":
		return Verdict{run.ProblemKey, "the API key was refused", "check the key, or make a new one in the service's dashboard"}, true
	case "insufficient_credits":
		return Verdict{run.ProblemCredits, creditsWords(details), "buy credits, or wait until the plan renews them"}, true
	case "email_verification_required":
		return Verdict{run.ProblemRefused, "the account's email address is not verified", "open the link in the service's email, then try again"}, true
	case "forbidden":
		return Verdict{run.ProblemRefused, "the API key does not allow this", "check which account the key belongs to, and what its plan allows"}, true
	case "not_found":
		return notFound(about), true
	case "conflict":
		return Verdict{run.ProblemRefused, "the request conflicts with the state of the " + about.String(), "look at the " + about.String() + " in the service's dashboard"}, true
	case "account_deletion_pending":
		return Verdict{run.ProblemRefused, deletionWords(details), "to keep the account, cancel its deletion in the service's dashboard"}, true
	case "validation_failed":
		return Verdict{run.ProblemRefused, "the request failed validation", checkID(about)}, true
	case "rate_limited":
		return rateLimit(details), true
	case "internal_error":
		return Verdict{run.ProblemService, "server error", ""}, true
	case "service_unavailable":
		return Verdict{run.ProblemService, "the service is temporarily unavailable", ""}, true
	default:
		return Verdict{}, false
	}
}

// checkID returns the advice after an invalid request: to check the id. The id is the only part of a request that users
// enter.
func checkID(about Subject) string {
	if about == AboutUsage {
		return ""
	}
	return "check the id"
}

func notFound(about Subject) Verdict {
	if about == AboutUsage {
		return Verdict{run.ProblemRefused, "the service has nothing at this address", "check the base URL"}
	}
	return Verdict{run.ProblemRefused, "no such " + about.String(), "check the id, and which account the key belongs to"}
}

func creditsWords(details object) string {
	balance, hasBalance := details.integer("balance").Get()
	required, hasRequired := details.count("required").Get()
	switch {
	case hasBalance && hasRequired:
		return fmt.Sprintf("out of credits: %s left, %s needed", text.Count(balance), text.Count(required))
	case hasBalance:
		return fmt.Sprintf("out of credits: %s left", text.Count(balance))
	case hasRequired:
		return fmt.Sprintf("out of credits: %s needed", text.Count(required))
	default:
		return "out of credits"
	}
}

func deletionWords(details object) string {
	if at := details.moment("deletion_scheduled_for"); !at.IsZero() {
		return "the account will be deleted on " + at.Format("2 January 2006, 15:04 UTC")
	}
	if day := details.text("deletion_scheduled_for"); !day.IsEmpty() {
		return "the account will be deleted on " + day.Raw()
	}
	return "the account will be deleted"
}

// rateLimit returns the meaning of a rate limit error. Some limits end after a wait; the monthly quota of runs does
// not.
func rateLimit(details object) Verdict {
	switch reason := details.text("reason").Raw(); reason {
	case "":
		return Verdict{run.ProblemRateLimited, "rate limited", ""}
	case "rate_limit_per_min":
		if limit, known := details.count("limit_per_min").Get(); known {
			return Verdict{run.ProblemRateLimited, fmt.Sprintf("rate limited (%s a minute)", text.Count(limit)), ""}
		}
		return Verdict{run.ProblemRateLimited, "rate limited", ""}
	case "max_concurrent_requests":
		if limit, known := details.count("max_concurrent").Get(); known {
			return Verdict{run.ProblemRateLimited, fmt.Sprintf("too many requests at once (%s allowed)", text.Count(limit)), ""}
		}
		return Verdict{run.ProblemRateLimited, "too many requests at once", ""}
	case "sb_runs_per_month":
		return Verdict{run.ProblemQuota, quotaWords(details), "wait until older runs no longer count toward the quota, or choose a larger plan"}
	default:
		return Verdict{run.ProblemRateLimited, "rate limited (" + reason + ")", ""}
	}
}

func quotaWords(details object) string {
	const summary = "monthly quota of runs used up"
	used, hasUsed := details.count("used").Get()
	limit, hasLimit := details.count("limit").Get()
	window := details.text("window").Raw()
	if days, ok := strings.CutSuffix(window, "d"); ok {
		if n, err := strconv.ParseInt(days, 10, 64); err == nil {
			window = text.Counted(n, "day")
		}
	}
	var counts string
	switch {
	case hasUsed && hasLimit:
		counts = fmt.Sprintf("%s of %s", text.Count(used), text.Count(limit))
	case hasLimit:
		counts = text.Counted(limit, "run")
	default:
		return summary
	}
	if window != "" {
		counts += " in " + window
	}
	return summary + " (" + counts + ")"
}
