package api

import (
	"bytes"
	"errors"
	"net/http"
	"strconv"

	"sbwatch/api/wire"
	"sbwatch/model/run"
	"sbwatch/model/text"
)

// refusedProblem returns the problem for an answer with an error status. content may be any text, such as an HTML page.
func refusedProblem(content []byte, status int, about wire.Subject) *run.Problem {
	r, ok := wire.ParseRefusal(content)
	if ok {
		return judge(r, status, about)
	}
	problem := judge(&wire.Refusal{}, status, about)
	problem.Summary = unusable(status, wire.Describe(content)).Summary
	content = bytes.TrimSpace(content)
	switch {
	case len(content) == 0:
		problem.Message = text.NewText(http.StatusText(status))
	case content[0] == '<':
		if problem.Kind == run.ProblemKey {
			problem.Kind = run.ProblemRefused // from a proxy, not the service
		}
		if !problem.Passing() {
			problem.NextStep = text.NewText("check the base URL, and any proxy in between")
		}
	default:
		problem.Message = text.NewText(string(content))
	}
	return problem
}

// unusable returns the problem for an answer that could not be used. content describes the answer, such as "an empty
// answer".
func unusable(status int, content string) *run.Problem {
	return &run.Problem{Kind: run.ProblemMalformed, Summary: text.NewText("HTTP " + strconv.Itoa(status) + " with " + content)}
}

// skipToJSON skips white space before the answer's JSON. It returns a problem if the answer is a web page.
func (r *reply) skipToJSON() *run.Problem {
	switch err := wire.CheckStart(r.body); {
	case err == nil:
		return nil
	case errors.Is(err, wire.ErrEmpty), errors.Is(err, wire.ErrMarkup):
		return unusable(r.status, err.Error())
	default:
		return r.broken(err)
	}
}
