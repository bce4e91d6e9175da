package api

import (
	"encoding/json"
	"strings"

	"sbwatch/model/run"
	"sbwatch/model/text"
)

// refusal is an error that the service sent in place of data.
type refusal struct {
	code      text.Text
	message   text.Text
	details   json.RawMessage
	requestID text.Text
}

// parseRefusal parses the error in content, and reports whether content is a JSON object.
func parseRefusal(content []byte) (*refusal, bool) {
	fields, ok := parseObject(content)
	if !ok {
		return nil, false
	}
	return newRefusal(fields), true
}

// newRefusal reads both documented shapes, {"error": {"code", "message", "details"}} and {"error": "message"}, and
// {"message": "..."}, which gateways in front of services send.
func newRefusal(fields object) *refusal {
	r := &refusal{requestID: fields.text("request_id"), message: fields.text("message")}
	inner, ok := fields.object("error")
	if !ok {
		if message := fields.text("error"); !message.IsEmpty() {
			r.message = message
		}
		return r
	}
	r.code = inner.text("code")
	r.message = inner.text("message")
	if inner.has("details") {
		r.details = inner["details"]
	}
	return r
}

// Error returns the service's own code and message.
func (r *refusal) Error() string {
	return strings.Trim(r.code.String()+": "+r.message.String(), ": ")
}

// problem returns the problem that the code alone makes of a refusal, without an HTTP status.
func (r *refusal) problem(about subject) *run.Problem {
	found, known := r.verdict(about)
	if !known {
		found = verdict{kind: run.ProblemService}
	}
	return r.problemFor(found)
}

// problemFor returns the problem that a refusal is according to a verdict.
func (r *refusal) problemFor(v verdict) *run.Problem {
	if v.summary == "" {
		v.summary = r.message.Raw()
	}
	if v.summary == "" {
		v.summary = "the service answered with an error and no message"
	}
	details, _ := parseObject(r.details)
	return &run.Problem{
		Kind:            v.kind,
		Summary:         text.NewText(v.summary),
		Code:            r.code,
		Message:         r.message,
		RequestID:       r.requestID,
		Details:         wording(r.details),
		LimitPerMinute:  details.count("limit_per_min"),
		LimitConcurrent: details.count("max_concurrent"),
		NextStep:        text.NewText(v.nextStep),
	}
}

// bareError returns the message of an error that the service sent without an envelope: an object with only an error in words.
// It is empty for anything else.
func bareError(content []byte) text.Text {
	fields, _ := parseObject(content)
	if len(fields) != 1 {
		return text.Text{}
	}
	return fields.text("error")
}
