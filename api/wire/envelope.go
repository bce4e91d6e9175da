package wire

import (
	"sbwatch/model/optional"
	"sbwatch/model/run"
	"sbwatch/model/text"
)

// Envelope is an answer: its data and the fields around the data. The fields status and credits_used of an answer
// describe the request, not the run: status is used only to recognize an error, and credits_used is always 0.
type Envelope struct {
	RequestID        text.Text
	CreditsRemaining optional.Value[int64]
	data             object
}

// ParseEnvelope parses an answer with a success status. If the service sent an error, ParseEnvelope returns a
// [*Refusal]. If the text is not an answer of the service, it returns a [*run.Problem].
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
