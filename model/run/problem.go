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

// ProblemKind is a kind of problem. Each kind needs a different reaction.
type ProblemKind int

// The kinds of problems.
const (
	// ProblemRefused is an error from the service that would also occur in a retry.
	ProblemRefused ProblemKind = iota
	// ProblemKey is a missing, malformed or rejected API key.
	ProblemKey
	// ProblemCredits means that the credits do not cover the request.
	ProblemCredits
	// ProblemRateLimited means that the service answered with status 429. A later retry may succeed.
	ProblemRateLimited
	// ProblemQuota means that the monthly quota of runs is used up. A retry does not help.
	ProblemQuota
	// ProblemService means a status of 5xx or another status that may be temporary.
	ProblemService
	// ProblemNoConnection means that the request did not arrive: the host was not found or did not answer.
	ProblemNoConnection
	// ProblemLost means that the request may have arrived, but its answer did not: the connection broke or timed out.
	ProblemLost
	// ProblemMalformed is an answer that the API never sends: HTML, a truncated body or no body.
	ProblemMalformed
	// ProblemUnsafe is a connection that would expose the key: a redirect to another host, plain HTTP or an invalid
	// certificate.
	ProblemUnsafe
	// ProblemInput is a file or stream from the user that cannot be read.
	ProblemInput
	// ProblemTooLarge is an answer or file that exceeds a limit and was not read or kept completely.
	ProblemTooLarge
)

// Problem says why a request to the service failed, or why a file could not be read. The client returns it, the
// schedule decides whether to retry, and the user interface shows it.
type Problem struct {
	Kind ProblemKind
	// What is the failed action in words, with ids: "run zzzzzzzzzzz".
	What text.Text
	// Summary is a short description: "no such run", "rate limited (60 a minute)".
	Summary text.Text
	// Code and Message are the error code and message of the service, unchanged. They are empty if the service sent
	// none.
	Code    text.Text
	Message text.Text
	// HTTPStatus is the status of the answer, or 0 if there was none.
	HTTPStatus int
	RequestID  text.Text
	// Details is the JSON of the service's error.details. It is empty if the service sent none.
	Details text.Text
	// RetryAfter is how long the service asks to wait. It is unknown if the service does not ask.
	RetryAfter optional.Value[time.Duration]
	// LimitPerMinute and LimitConcurrent are the account's request limits. They are unknown if the service did not send
	// them.
	LimitPerMinute  optional.Value[int64]
	LimitConcurrent optional.Value[int64]
	// NextStep is what the user can do: "check the id, and which account the key belongs to".
	NextStep text.Text
	// Cause is the underlying error, if any. It is never shown because its text is untrusted.
	Cause error
}

// ProblemOf returns err as a problem, or nil if err is nil. If err is not a problem, the result has the kind
// ProblemLost: the request may have reached the service.
func ProblemOf(err error) *Problem {
	problem, known := errors.AsType[*Problem](err)
	switch {
	case err == nil || known:
		return problem
	case errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled):
		return &Problem{Kind: ProblemLost, Summary: text.NewText("stopped waiting for the answer"), Cause: err}
	default:
		return &Problem{Kind: ProblemLost, Summary: text.NewText(err.Error()), Cause: err}
	}
}

// Error returns the problem on one printable line: what failed, why, and the next step.
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

// Unwrap returns the cause.
func (p *Problem) Unwrap() error { return p.Cause }

// Reason returns the printable reason: the summary and the service's message. It leaves out the message if it is the
// same as the summary.
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

// Short returns a short printable reason: the summary or, if there is none, the service's message.
func (p *Problem) Short() string {
	if p.Summary.IsEmpty() {
		return p.Message.String()
	}
	return p.Summary.String()
}

// References returns what to quote to the service's support, in printable form: code, HTTP status and request id.
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

// Passing reports whether the problem may be temporary, so that a retry may help.
func (p *Problem) Passing() bool {
	switch p.Kind {
	case ProblemRateLimited, ProblemService, ProblemNoConnection, ProblemLost, ProblemMalformed:
		return true
	case ProblemRefused, ProblemKey, ProblemCredits, ProblemQuota, ProblemUnsafe, ProblemInput, ProblemTooLarge:
	}
	return false
}

// NeverArrived reports whether the request certainly had no effect. If so, even a dispatch, which costs credits, may be
// repeated.
func (p *Problem) NeverArrived() bool {
	return p.Kind == ProblemNoConnection || p.Kind == ProblemRateLimited
}

// MayHaveStarted reports whether a failed dispatch may have started a run.
func (p *Problem) MayHaveStarted() bool {
	return p.Kind == ProblemService || p.Kind == ProblemLost || p.Kind == ProblemMalformed
}
