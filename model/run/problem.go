package run

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"time"

	"sbwatch/model/optional"
	"sbwatch/model/text"
)

// ProblemKind sorts what can go wrong by what it means for a watch.
type ProblemKind int

// The kinds of problem.
const (
	// ProblemRefused is an answer of the service with an error that asking again will not change.
	ProblemRefused ProblemKind = iota
	// ProblemKey is a missing, malformed or refused API key.
	ProblemKey
	// ProblemCredits is a balance that does not pay for the request.
	ProblemCredits
	// ProblemRateLimited is an answer 429 that waiting cures.
	ProblemRateLimited
	// ProblemQuota is the monthly quota of runs; waiting does not help within any useful time.
	ProblemQuota
	// ProblemService is the service in trouble: 5xx, or any other status that may pass.
	ProblemService
	// ProblemNoConnection is a request that surely did not arrive: the name was not found, or nothing answered there.
	ProblemNoConnection
	// ProblemLost is a request that may have arrived and whose answer did not: the connection broke, or time ran out.
	ProblemLost
	// ProblemMalformed is an answer that is not what the API sends: HTML, a cut body, no body.
	ProblemMalformed
	// ProblemUnsafe is a connection that was not used, to keep the key safe: a redirect to another host, plain HTTP,
	// a certificate that is not valid.
	ProblemUnsafe
	// ProblemInput is a file or a stream, given by the user, that could not be read.
	ProblemInput
	// ProblemTooLarge is an answer, or a file, that was not read or not kept whole, as a limit was reached.
	ProblemTooLarge
)

// Problem is the one value for whatever went wrong between this program and its source of data. It is an error; the
// client makes it, the [Schedule] reads it, screens and plain lines show it.
type Problem struct {
	Kind ProblemKind
	// What was being done, in words of ours and ids: "run zzzzzzzzzzz".
	What text.Text
	// Summary is what happened, as short as can be: "no such run", "rate limited (60 a minute)".
	Summary text.Text
	// Code and Message are the service's own, as sent; empty where there were none.
	Code    text.Text
	Message text.Text
	// HTTPStatus is 0 where there was no answer.
	HTTPStatus int
	RequestID  text.Text
	// Details are the service's error.details, JSON as sent; empty where there were none.
	Details text.Text
	// RetryAfter is how long the service asked to wait. Known only where it asked.
	RetryAfter optional.Value[time.Duration]
	// LimitPerMinute and LimitConcurrent are the limits of requests that a refusal named, of the whole account.
	LimitPerMinute  optional.Value[int64]
	LimitConcurrent optional.Value[int64]
	// NextStep is what the user can do: "check the id and whose key it is".
	NextStep text.Text
	// Cause is the error below, where there is one; never shown, as it may hold anything.
	Cause error
}

// ProblemOf is the problem that an error of a client is; nil for no error. An error that is no problem counts as a lost
// answer, which is the careful reading of it.
func ProblemOf(err error) *Problem {
	problem, known := errors.AsType[*Problem](err)
	switch {
	case err == nil || known:
		return problem
	case errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled):
		return &Problem{Kind: ProblemLost, Summary: text.NewText("gave up waiting for the answer"), Cause: err}
	default:
		return &Problem{Kind: ProblemLost, Summary: text.NewText(err.Error()), Cause: err}
	}
}

// Error is the problem on one line, printable: what, why, next step.
func (p *Problem) Error() string {
	var b strings.Builder
	if !p.What.IsEmpty() {
		b.WriteString(p.What.String() + ": ")
	}
	b.WriteString(p.Reason())
	if refs := p.References(); refs != "" {
		b.WriteString(" (" + refs + ")")
	}
	if !p.NextStep.IsEmpty() {
		b.WriteString(": " + p.NextStep.String())
	}
	return b.String()
}

// Unwrap gives the cause.
func (p *Problem) Unwrap() error { return p.Cause }

// Reason is what happened, printable: the summary, and the service's own message where it says something else.
func (p *Problem) Reason() string {
	summary, message := p.Summary.String(), p.Message.String()
	switch {
	case summary == "":
		return message
	case message == "" || strings.EqualFold(summary, message):
		return summary
	default:
		return summary + ": " + message
	}
}

// Short is what happened in as few words as there are, printable: the summary, else the service's message.
func (p *Problem) Short() string {
	if p.Summary.IsEmpty() {
		return p.Message.String()
	}
	return p.Summary.String()
}

// References are what to quote when asking the service about the problem, printable: code, HTTP status, request id.
func (p *Problem) References() string {
	var refs []string
	if !p.Code.IsEmpty() {
		refs = append(refs, p.Code.String())
	}
	if p.HTTPStatus != 0 {
		refs = append(refs, "HTTP "+strconv.Itoa(p.HTTPStatus))
	}
	if !p.RequestID.IsEmpty() {
		refs = append(refs, p.RequestID.String())
	}
	return strings.Join(refs, ", ")
}

// Passing tells whether asking again may help. A poll is repeated after a passing problem, for ever; any other ends
// the watch.
func (p *Problem) Passing() bool {
	switch p.Kind {
	case ProblemRateLimited, ProblemService, ProblemNoConnection, ProblemLost, ProblemMalformed:
		return true
	case ProblemRefused, ProblemKey, ProblemCredits, ProblemQuota, ProblemUnsafe, ProblemInput, ProblemTooLarge:
	}
	return false
}

// NeverArrived tells whether the request surely had no effect, so that even a dispatch, which costs credits, may be
// sent again.
func (p *Problem) NeverArrived() bool {
	return p.Kind == ProblemNoConnection || p.Kind == ProblemRateLimited
}

// MayHaveStarted tells, of a problem with a dispatch, whether a run may have been started all the same.
func (p *Problem) MayHaveStarted() bool {
	return p.Kind == ProblemService || p.Kind == ProblemLost || p.Kind == ProblemMalformed
}
