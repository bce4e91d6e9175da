package wire

import (
	"encoding/json"
	"strings"

	"sbwatch/model/run"
	"sbwatch/model/text"
)

// Refusal is an error that the service sent instead of data.
type Refusal struct {
	Code      text.Text
	Message   text.Text
	Details   json.RawMessage
	RequestID text.Text
}

// ParseRefusal parses the error in content. ok is false if content is not a JSON object.
func ParseRefusal(content []byte) (refusal *Refusal, ok bool) {
	fields, ok := parseObject(content)
	if !ok {
		return nil, false
	}
	return newRefusal(fields), true
}

// newRefusal parses an error. It accepts both documented forms, {"error": {"code", "message", "details"}} and {"error":
// "message"}. It also accepts {"message": "..."}, the form of gateways.
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

// Error returns the code and the message that the service sent.
func (r *Refusal) Error() string {
	return strings.Trim(r.Code.String()+": "+r.Message.String(), ": ")
}

// Problem returns the problem for a refusal whose HTTP status is unknown. The kind of the problem follows from the
// code.
func (r *Refusal) Problem(about Subject) *run.Problem {
	found, known := r.Verdict(about)
	if !known {
		found = Verdict{Kind: run.ProblemService}
	}
	return r.ProblemFor(found)
}

// ProblemFor returns the problem for a refusal, with the kind, summary and next step of v. If the summary of v is
// empty, it uses the service's message.
func (r *Refusal) ProblemFor(v Verdict) *run.Problem {
	if v.Summary == "" {
		v.Summary = r.Message.Raw()
	}
	if v.Summary == "" {
		v.Summary = "the service returned an error without a message"
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

// BareError returns the text "message" for the content {"error": "message"}, which is an error without an envelope. It
// returns an empty text for any other content.
func BareError(content []byte) text.Text {
	fields, _ := parseObject(content)
	if len(fields) != 1 {
		return text.Text{}
	}
	return fields.text("error")
}
