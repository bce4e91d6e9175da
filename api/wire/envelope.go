package wire

import (
	"sbwatch/model/optional"
	"sbwatch/model/run"
	"sbwatch/model/text"
)

// Envelope holds the data of an answer and the fields around it. Two of these fields are about the request, not the run:
// status, which is used only to recognize an error, and credits_used, which is always 0.
type Envelope struct {
	RequestID        text.Text
	CreditsRemaining optional.Value[int64]
	data             object
}

// ParseEnvelope parses an answer with a success status. The error is a [*Refusal] if the answer nevertheless contains an
// error of the service, and a [*run.Problem] if it is not an answer of the service.
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
