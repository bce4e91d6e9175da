package wire

import (
	"encoding/json"
	"strings"

	"sbwatch/model/run"
	"sbwatch/model/text"
)

// Refusal is an error that the service sent in place of data.
type Refusal struct {
	Code      text.Text
	Message   text.Text
	Details   json.RawMessage
	RequestID text.Text
}

// ParseRefusal parses the error in content, and reports whether content is a JSON object.
func ParseRefusal(content []byte) (*Refusal, bool) {
	fields, ok := parseObject(content)
	if !ok {
		return nil, false
	}
	return newRefusal(fields), true
}

// newRefusal reads both documented shapes, {"error": {"code", "message", "details"}} and {"error": "message"}, and
// {"message": "..."}, which gateways in front of services send.
func newRefusal(fields object) *Refusal {
	r := &Refusal{RequestID: fields.text("request_id"), Message: fields.text("message")}
	inner, ok := fields.object("error")
	if !ok {
		if message := fields.text("error"); !message.IsEmpty() {
			r.Message = message
		}
		return r
	}
	r.Code = inner.text("code")
	r.Message = inner.text("message")
	if inner.has("details") {
		r.Details = inner["details"]
	}
	return r
}

// Error returns the service's own code and message.
func (r *Refusal) Error() string {
	return strings.Trim(r.Code.String()+": "+r.Message.String(), ": ")
}

// Problem returns the problem that the code alone makes of a refusal, without an HTTP status.
func (r *Refusal) Problem(about Subject) *run.Problem {
	found, known := r.Verdict(about)
	if !known {
		found = Verdict{Kind: run.ProblemService}
	}
	return r.ProblemFor(found)
}

// ProblemFor returns the problem that a refusal is according to a verdict.
func (r *Refusal) ProblemFor(v Verdict) *run.Problem {
	if v.Summary == "" {
		v.Summary = r.Message.Raw()
	}
	if v.Summary == "" {
		v.Summary = "the service answered with an error and no message"
	}
	details, _ := parseObject(r.Details)
	return &run.Problem{
		Kind:            v.Kind,
		Summary:         text.NewText(v.Summary),
		Code:            r.Code,
		Message:         r.Message,
		RequestID:       r.RequestID,
		Details:         wording(r.Details),
		LimitPerMinute:  details.count("limit_per_min"),
		LimitConcurrent: details.count("max_concurrent"),
		NextStep:        text.NewText(v.NextStep),
	}
}

// BareError returns the message of an error that the service sent without an envelope: an object with only an error in words.
// It is empty for anything else.
func BareError(content []byte) text.Text {
	fields, _ := parseObject(content)
	if len(fields) != 1 {
		return text.Text{}
	}
	return fields.text("error")
}
