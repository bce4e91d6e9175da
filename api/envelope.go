package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strconv"

	"sbwatch/model/optional"
	"sbwatch/model/run"
	"sbwatch/model/text"
)

// envelope is what stands around the data of an answer. Its status is that of the request, never that of a run, and
// nothing is read from it but whether it says "error". Its credits_used is the price of the request, always 0.
type envelope struct {
	requestID        text.Text
	creditsRemaining optional.Value[int64]
	data             object
}

// parseEnvelope takes the envelope off an answer whose HTTP status was one of success. An error inside it is an error all
// the same.
func parseEnvelope(content []byte, about subject) (envelope, *run.Problem) {
	fields, ok := parseObject(content)
	if !ok {
		return envelope{}, unusable(0, contentWords(content))
	}
	data, hasData := fields.object("data")
	if fields.text("status").Raw() == "error" || (!hasData && fields.says("error")) {
		return envelope{}, readRefusal(fields).judge(0, about)
	}
	if !hasData {
		return envelope{}, &run.Problem{
			Kind: run.ProblemMalformed, Summary: text.NewText("the answer holds no data"), RequestID: fields.text("request_id"),
		}
	}
	return envelope{
		requestID:        fields.text("request_id"),
		creditsRemaining: fields.integer("credits_remaining"),
		data:             data,
	}, nil
}

// says tells whether a field is there and not null.
func (o object) says(key string) bool {
	raw := o[key]
	return len(raw) > 0 && string(raw) != "null"
}

// contentWords says what content is that is no JSON object.
func contentWords(content []byte) string {
	content = bytes.TrimSpace(content)
	switch {
	case len(content) == 0:
		return emptyAnswer
	case isMarkup(content):
		return markupAnswer
	case json.Valid(content):
		return "JSON that is not the service's"
	case isCut(content):
		return "an answer cut short"
	default:
		return "an answer that is not JSON"
	}
}

// Two kinds of content, in words.
const (
	emptyAnswer  = "an empty answer"
	markupAnswer = "an HTML page: a proxy's answer, not the service's"
)

// unusable is an answer that has no meaning. The status is 0 where the content did not come over HTTP.
func unusable(status int, words string) *run.Problem {
	if status != 0 {
		words = "HTTP " + strconv.Itoa(status) + " with " + words
	}
	return &run.Problem{Kind: run.ProblemMalformed, Summary: text.NewText(words)}
}

func isMarkup(content []byte) bool { return len(content) > 0 && content[0] == '<' }

// isCut tells whether content ends within a JSON value that is good so far.
func isCut(content []byte) bool {
	var value json.RawMessage
	return errors.Is(json.NewDecoder(bytes.NewReader(content)).Decode(&value), io.ErrUnexpectedEOF)
}

// refusal is an error as the service tells it, in whichever shape.
type refusal struct {
	code      text.Text
	message   text.Text
	details   json.RawMessage
	requestID text.Text
}

// readRefusal reads the error out of the two shapes that are documented, {"error": {"code", "message", "details"}} and
// {"error": "message"}, and of {"message": "..."}, which gateways in front of services send.
func readRefusal(fields object) refusal {
	r := refusal{requestID: fields.text("request_id"), message: fields.text("message")}
	inner, ok := fields.object("error")
	if !ok {
		if message := fields.text("error"); !message.IsEmpty() {
			r.message = message
		}
		return r
	}
	r.code = inner.text("code")
	r.message = inner.text("message")
	if inner.says("details") {
		r.details = inner["details"]
	}
	return r
}

// parseRefusal reads an answer whose HTTP status was not one of success. There may be anything in it.
func parseRefusal(content []byte, status int, about subject) *run.Problem {
	fields, ok := parseObject(content)
	if ok {
		return readRefusal(fields).judge(status, about)
	}
	problem := refusal{}.judge(status, about)
	problem.Summary = unusable(status, contentWords(content)).Summary
	content = bytes.TrimSpace(content)
	switch {
	case len(content) == 0:
		problem.Message = text.NewText(http.StatusText(status))
	case isMarkup(content):
		if problem.Kind == run.ProblemKey {
			problem.Kind = run.ProblemRefused // a proxy's word, not the service's
		}
		if !problem.Passing() {
			problem.NextStep = text.NewText("check the base URL, and any proxy in between")
		}
	default:
		problem.Message = text.NewText(string(content))
	}
	return problem
}

// skipToJSON looks at how the body begins, so that a page in place of JSON is called by its name.
func (r *reply) skipToJSON() *run.Problem {
	for blank := 0; ; blank++ {
		first, err := r.body.ReadByte()
		switch {
		case blank > maxBlank:
			return r.broken(errBlank)
		case errors.Is(err, io.EOF):
			return unusable(r.status, emptyAnswer)
		case err != nil:
			return r.broken(err)
		case first == ' ' || first == '\t' || first == '\r' || first == '\n':
		case first == '<':
			return unusable(r.status, markupAnswer)
		default:
			if err := r.body.UnreadByte(); err != nil {
				return r.broken(err)
			}
			return nil
		}
	}
}
