package api

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"sbwatch/model/run"
	"sbwatch/model/text"
)

// verdict is what an error means for the one who watches.
type verdict struct {
	kind     run.ProblemKind
	summary  string
	nextStep string
}

// judge makes a problem of a refusal. The code decides, unless the HTTP status contradicts it; where the code says nothing
// that we know, the status does. It is 0 where that was one of success.
func (r refusal) judge(status int, about subject) *run.Problem {
	details, _ := parseObject(r.details)
	found, known := judgeCode(r.code.Raw(), details, about)
	if byStatus := judgeStatus(status, r.code.IsEmpty(), about); !known || isContradicted(found.kind, byStatus.kind, r.code.Raw(), status, about) {
		found = byStatus
	}
	if found.summary == "" {
		found.summary = r.message.Raw()
	}
	if found.summary == "" {
		found.summary = "the service answered with an error and no message"
	}
	return &run.Problem{
		Kind:            found.kind,
		Summary:         text.NewText(found.summary),
		Code:            r.code,
		Message:         r.message,
		RequestID:       r.requestID,
		Details:         wording(r.details),
		LimitPerMinute:  details.count("limit_per_min"),
		LimitConcurrent: details.count("max_concurrent"),
		NextStep:        text.NewText(found.nextStep),
	}
}

// isContradicted tells whether the status of an answer stands against its code, so that the code is not to be acted on. The
// status is 0 where it was one of success.
//
// A dispatch costs credits, so it counts as refused only where the status says so too, and is sent again only after a 429:
// behind any other status a run may have started. A poll and usage cost nothing and go on in doubt, unless the key was
// refused; in an answer of success their code stands alone.
func isContradicted(byCode, byStatus run.ProblemKind, code string, status int, about subject) bool {
	if about == aboutRecipe {
		return byStatus == run.ProblemService ||
			(byCode == run.ProblemRateLimited && byStatus != run.ProblemRateLimited)
	}
	switch {
	case status == 0, isPassing(byCode), code == "unauthorized", code == "forbidden":
		return false
	case byCode == run.ProblemQuota:
		return byStatus != run.ProblemRateLimited // the code of the quota is that of the other limits
	default:
		return isPassing(byStatus)
	}
}

func isPassing(kind run.ProblemKind) bool { return (&run.Problem{Kind: kind}).Passing() }

// judgeCode knows every documented error code.
func judgeCode(code string, details object, about subject) (verdict, bool) {
	switch code {
	case "invalid_request":
		return verdict{run.ProblemRefused, "the service does not understand the request", checkID(about)}, true
	case "unauthorized":
		return verdict{run.ProblemKey, "the API key was refused", "check the key, or make a new one in the service's dashboard"}, true
	case "insufficient_credits":
		return verdict{run.ProblemCredits, creditsWords(details), "buy credits, or wait for the plan's next ones"}, true
	case "email_verification_required":
		return verdict{run.ProblemRefused, "the account's e-mail address is not verified", "open the link in the service's mail, then try again"}, true
	case "forbidden":
		return verdict{run.ProblemRefused, "the API key may not do this", "check whose key it is, and what its plan allows"}, true
	case "not_found":
		return notFound(about), true
	case "conflict":
		return verdict{run.ProblemRefused, "the request does not fit the state of the " + about.String(), "look at it in the service's dashboard"}, true
	case "account_deletion_pending":
		return verdict{run.ProblemRefused, deletionWords(details), "to keep the account, cancel its deletion in the service's dashboard"}, true
	case "validation_failed":
		return verdict{run.ProblemRefused, "the service finds the request not valid", checkID(about)}, true
	case "rate_limited":
		return judgeRateLimit(details), true
	case "internal_error":
		return verdict{run.ProblemService, "the service had an error of its own", ""}, true
	case "service_unavailable":
		return verdict{run.ProblemService, "the service is not available for the moment", ""}, true
	default:
		return verdict{}, false
	}
}

// endingStatuses are those that asking again will not change.
func endingStatuses() []int { return []int{400, 401, 402, 403, 404, 409, 410, 422} }

// judgeStatus judges an error without a code that we know. One with a code of a newer kind is shown as it is.
func judgeStatus(status int, noCode bool, about subject) verdict {
	switch {
	case status == http.StatusTooManyRequests:
		return verdict{run.ProblemRateLimited, "rate limited", ""}
	case status == http.StatusUnauthorized:
		unauthorized, _ := judgeCode("unauthorized", nil, about)
		return unauthorized
	case status == http.StatusPaymentRequired && noCode:
		return verdict{run.ProblemCredits, "the service asks for payment", "look at the credits and the plan in the service's dashboard"}
	case status == http.StatusNotFound && noCode:
		found := notFound(about)
		if about != aboutUsage {
			found.nextStep += ", and the base URL"
		}
		return found
	case status == http.StatusGone && noCode:
		return verdict{run.ProblemRefused, "the " + about.String() + " is gone", ""}
	case slices.Contains(endingStatuses(), status):
		return verdict{run.ProblemRefused, "", ""}
	default:
		return verdict{run.ProblemService, "", ""}
	}
}

// checkID is the next step where the request itself was wrong, and an id is all that there is to it.
func checkID(about subject) string {
	if about == aboutUsage {
		return ""
	}
	return "check the id"
}

func notFound(about subject) verdict {
	if about == aboutUsage {
		return verdict{run.ProblemRefused, "nothing answers at this address", "check the base URL"}
	}
	return verdict{run.ProblemRefused, "no such " + about.String(), "check the id and whose key it is"}
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
		return "the account is to be deleted on " + at.Format("2 January 2006, 15:04 UTC")
	}
	if day := details.text("deletion_scheduled_for"); !day.IsEmpty() {
		return "the account is to be deleted on " + day.Raw()
	}
	return "the account is to be deleted"
}

// judgeRateLimit tells the limits that waiting cures from the quota that it does not.
func judgeRateLimit(details object) verdict {
	switch reason := details.text("reason").Raw(); reason {
	case "":
		return verdict{run.ProblemRateLimited, "rate limited", ""}
	case "rate_limit_per_min":
		if most, known := details.count("limit_per_min").Get(); known {
			return verdict{run.ProblemRateLimited, fmt.Sprintf("rate limited (%s a minute)", text.Count(most)), ""}
		}
		return verdict{run.ProblemRateLimited, "rate limited", ""}
	case "max_concurrent_requests":
		if most, known := details.count("max_concurrent").Get(); known {
			return verdict{run.ProblemRateLimited, fmt.Sprintf("too many requests at once (%s allowed)", text.Count(most)), ""}
		}
		return verdict{run.ProblemRateLimited, "too many requests at once", ""}
	case "sb_runs_per_month":
		return verdict{run.ProblemQuota, quotaWords(details), "wait until older runs leave the window, or take a larger plan"}
	default:
		return verdict{run.ProblemRateLimited, "rate limited (" + reason + ")", ""}
	}
}

func quotaWords(details object) string {
	const summary = "monthly quota of runs used up"
	used, hasUsed := details.count("used").Get()
	most, hasMost := details.count("limit").Get()
	window := details.text("window").Raw()
	if days, ok := strings.CutSuffix(window, "d"); ok {
		if n, err := strconv.ParseInt(days, 10, 64); err == nil {
			window = text.Counted(n, "day")
		}
	}
	var counts string
	switch {
	case hasUsed && hasMost:
		counts = fmt.Sprintf("%s of %s", text.Count(used), text.Count(most))
	case hasMost:
		counts = text.Counted(most, "run")
	default:
		return summary
	}
	if window != "" {
		counts += " in " + window
	}
	return summary + " (" + counts + ")"
}

// How much is kept, in characters, of what an error says.
const (
	maxMessage   = 2000
	maxDetails   = 4000
	maxReference = 200
)

// mayHaveStarted is the next step after a dispatch whose fate is not known.
const mayHaveStarted = "a run may have started: look at the last run in usage before you dispatch again"

// tell completes a problem with what was being done and what to do next, and takes out of it what must not be shown.
func (c *Client) tell(l call, problem *run.Problem) *run.Problem {
	problem.What = c.safe(l.what(), maxReference)
	problem.Summary = c.safe(problem.Summary.Raw(), maxMessage)
	problem.Message = c.safe(problem.Message.Raw(), maxMessage)
	problem.Details = c.safe(problem.Details.Raw(), maxDetails)
	problem.Code = c.safe(problem.Code.Raw(), maxReference)
	problem.RequestID = c.safe(problem.RequestID.Raw(), maxReference)
	switch wait, known := problem.RetryAfter.Get(); {
	case l.method == http.MethodPost && problem.MayHaveStarted():
		problem.NextStep = text.NewText(mayHaveStarted)
	case !problem.NextStep.IsEmpty() || !problem.Passing():
	case known && wait > 0:
		problem.NextStep = text.NewText("try again in " + text.Wait(wait))
	default:
		problem.NextStep = text.NewText("try again later")
	}
	return problem
}

// safe blanks the key in a text, as an answer or an error may quote it, and cuts the text to a number of characters.
func (c *Client) safe(s string, most int) text.Text {
	s = c.secret.blankText(s)
	kept := 0
	for i := range s {
		if kept == most {
			return text.NewText(s[:i] + "…")
		}
		kept++
	}
	return text.NewText(s)
}
