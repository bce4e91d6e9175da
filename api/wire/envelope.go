package wire

import (
	"sbwatch/model/optional"
	"sbwatch/model/run"
	"sbwatch/model/text"
)

// Envelope holds the data of an answer and the fields around it. The status of an envelope is the request's, never a run's; it
// is used only to recognize an error. Its credits_used is the price of the request, which is always 0.
type Envelope struct {
	RequestID        text.Text
	CreditsRemaining optional.Value[int64]
	data             object
}

// ParseEnvelope parses an answer whose HTTP status was one of success. If it holds an error of the service all the same, the
// error is a [*Refusal]; if it is no answer of the service, a [*run.Problem].
func ParseEnvelope(content []byte) (Envelope, error) {
	fields, ok := parseObject(content)
	if !ok {
		return Envelope{}, &run.Problem{Kind: run.ProblemMalformed, Summary: text.NewText(Describe(content))}
	}
	data, hasData := fields.object("data")
	if fields.text("status").Raw() == "error" || (!hasData && fields.has("error")) {
		return Envelope{}, newRefusal(fields)
	}
	if !hasData {
		return Envelope{}, &run.Problem{
			Kind: run.ProblemMalformed, Summary: text.NewText("the answer contains no data"), RequestID: fields.text("request_id"),
		}
	}
	return Envelope{
		RequestID:        fields.text("request_id"),
		CreditsRemaining: fields.integer("credits_remaining"),
		data:             data,
	}, nil
}
