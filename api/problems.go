package api

import (
	"errors"
	"net/http"
	"slices"

	"sbwatch/api/wire"
	"sbwatch/model/run"
	"sbwatch/model/text"
)

// judge returns the problem for an error that the service sent. The code of the error determines the problem. If the
// code is undocumented or contradicts the HTTP status, the status determines the problem instead. status is 0 if the
// HTTP status reports success.
func judge(r *wire.Refusal, status int, about wire.Subject) *run.Problem {
	found, known := r.Verdict(about)
	byStatus := judgeStatus(status, r.Code.IsEmpty(), about)
	if !known || isContradicted(found.Kind, byStatus.Kind, r.Code.Raw(), status, about) {
		found = byStatus
	}
	return r.ProblemFor(found)
}

// decodeProblem returns the problem for a failure to decode an answer with a success status. It returns nil if err is
// nil.
func decodeProblem(err error, about wire.Subject) *run.Problem {
	if r, ok := errors.AsType[*wire.Refusal](err); ok {
		return judge(r, 0, about)
	}
	problem, _ := errors.AsType[*run.Problem](err)
	return problem
}

// isContradicted reports whether to ignore the code of an error, because it contradicts the HTTP status. status is 0
// for a success status.
//
// For a dispatch, the code is ignored after a status such as 500, because a run may have started. A rate limit code is
// ignored after any status but 429, because callers repeat a dispatch after a rate limit.
//
// For other requests, the code is ignored if the status means a temporary error, such as 503, and the code means a
// permanent error. The quota code is ignored after any error status but 429. The codes "unauthorized" and "forbidden"
// are never ignored, and no code is ignored after a success status.
func isContradicted(byCode, byStatus run.ProblemKind, code string, status int, about wire.Subject) bool {
	if about == wire.AboutRecipe {
		return byStatus == run.ProblemService ||
			(byCode == run.ProblemRateLimited && byStatus != run.ProblemRateLimited)
	}
	switch {
	case status == 0, isPassing(byCode), code == "unauthorized", code == "forbidden":
		return false
	case byCode == run.ProblemQuota:
		return byStatus != run.ProblemRateLimited // the service also uses the quota code for its other limits
	default:
		return isPassing(byStatus)
	}
}

func isPassing(kind run.ProblemKind) bool { return (&run.Problem{Kind: kind}).Passing() }

// permanentStatuses returns the HTTP statuses of errors that a retry cannot fix.
func permanentStatuses() []int { return []int{400, 401, 402, 403, 404, 409, 410, 422} }

// verdictOf returns the meaning of an error code that the API documents.
func verdictOf(code string, about wire.Subject) wire.Verdict {
	v, _ := (&wire.Refusal{Code: text.NewText(code)}).Verdict(about)
	return v
}

// judgeStatus returns the meaning of an error whose code is missing or unknown, according to the HTTP status. An
// unknown code is shown to the user unchanged.
func judgeStatus(status int, noCode bool, about wire.Subject) wire.Verdict {
	switch {
	case status == http.StatusTooManyRequests:
		return wire.Verdict{Kind: run.ProblemRateLimited, Summary: "rate limited"}
	case status == http.StatusUnauthorized:
		return verdictOf("unauthorized", about)
	case status == http.StatusPaymentRequired && noCode:
		return wire.Verdict{Kind: run.ProblemCredits, Summary: "the service asks for payment", NextStep: "look at the credits and the plan in the service's dashboard"}
	case status == http.StatusNotFound && noCode:
		found := verdictOf("not_found", about)
		if about != wire.AboutUsage {
			found.NextStep += ", and the base URL"
		}
		return found
	case status == http.StatusGone && noCode:
		return wire.Verdict{Kind: run.ProblemRefused, Summary: "the " + about.String() + " is gone"}
	case slices.Contains(permanentStatuses(), status):
		return wire.Verdict{Kind: run.ProblemRefused}
	default:
		return wire.Verdict{Kind: run.ProblemService}
	}
}

// Maximum lengths, in characters, of the parts of an error.
const (
	maxMessage   = 2000
	maxDetails   = 4000
	maxReference = 200
)

// mayHaveStarted is the advice after a dispatch whose result is unknown.
const mayHaveStarted = "a run may have started: check the last run in usage before you dispatch again"

// complete adds to a problem the name of the failed call and what the user can do next. It masks the API key in all
// texts of the problem.
func (c *Client) complete(l call, problem *run.Problem) *run.Problem {
	problem.What = c.safe(l.name(), maxReference)
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

// safe masks the key in s, and shortens s to at most limit characters. s may contain the key, because it comes from an
// answer or an error.
func (c *Client) safe(s string, limit int) text.Text {
	s = c.secret.maskText(s)
	kept := 0
	for i := range s {
		if kept == limit {
			return text.NewText(s[:i] + "…")
		}
		kept++
	}
	return text.NewText(s)
}
