package api

import (
	"context"
	"net/http"
	"time"

	"sbwatch/model/item"
	"sbwatch/model/jsonscan"
	"sbwatch/model/optional"
	"sbwatch/model/run"
	"sbwatch/model/text"
)

// Poll asks once for the state of a run. It never bills.
//
// The items of a completed run are decoded while they arrive: onItems, unless nil, is told of them on the way, on the
// goroutine that called Poll. The error is a [*model.Problem]; of a call that ctx ended, errors.Is finds the reason of ctx
// in it.
func (c *Client) Poll(ctx context.Context, runID string, onItems func(item.Table)) (run.Answer, error) {
	l := call{method: http.MethodGet, path: "/smartbrowse/runs/" + escapeID(runID), about: aboutRun, id: runID}
	arriving, problem := c.send(ctx, l)
	if problem != nil {
		return run.Answer{}, problem
	}
	defer arriving.close()
	if !arriving.isSuccess() {
		_, problem := c.refused(l, arriving)
		return run.Answer{}, problem
	}
	if problem := arriving.skipToJSON(); problem != nil {
		return run.Answer{}, c.tellReply(l, arriving, problem)
	}
	d := newDecoder(arriving.body, c.limits, onItems)
	err := d.polled()
	incomplete := d.incomplete(err)
	if err != nil && incomplete == nil {
		return run.Answer{}, c.tellReply(l, arriving, arriving.broken(err))
	}
	answer, problem := readRun(d.skeleton.end())
	if incomplete != nil {
		incomplete = c.tellReply(l, arriving, incomplete)
		if problem != nil || err != nil && !settle(&answer.Run) {
			return run.Answer{}, incomplete
		}
	}
	if problem != nil {
		return run.Answer{}, c.tellReply(l, arriving, problem)
	}
	answer.Items, answer.Incomplete = d.builder.Items(), incomplete
	answer.ServedAt = headerDate(arriving.header)
	if answer.RequestID.IsEmpty() {
		answer.RequestID = headerRequestID(arriving.header)
	}
	return answer, nil
}

// settle makes sure of the status of a run whose answer was not read whole, and reports whether it is known: a run has a result
// only once it has completed. That a run goes on is not believed of an answer that is too large.
func settle(r *run.Run) bool {
	if r.StatusSent.IsEmpty() && r.Result.Known() {
		r.StatusSent = text.NewText(run.StatusCompleted.String())
	}
	return r.Status().Terminal()
}

// headerDate is the service's clock when it answered; zero where it did not say.
func headerDate(header http.Header) time.Time {
	date, err := http.ParseTime(header.Get("Date"))
	if err != nil {
		return time.Time{}
	}
	return date
}

// readRun reads an answer to a poll whose items were taken out. Every field may be missing. A problem is that the answer is
// an error of the service, or none of its answers.
func readRun(skeleton []byte) (run.Answer, *run.Problem) {
	opened, problem := parseEnvelope(skeleton, aboutRun)
	if problem != nil {
		return run.Answer{}, problem
	}
	return run.Answer{
		Run:              runOf(opened.data),
		Envelope:         indented(skeleton),
		RequestID:        cut(opened.requestID, maxID),
		CreditsRemaining: opened.creditsRemaining,
	}, nil
}

func runOf(data object) run.Run {
	r := run.Run{
		ID:          cut(data.text("id"), maxID),
		RecipeID:    cut(data.text("recipe_id"), maxID),
		StatusSent:  cut(data.text("run_status"), maxID),
		Pages:       data.count("pages_extracted"),
		Items:       data.count("items_extracted"),
		Credits:     data.count("credits_used"),
		CreatedAt:   data.moment("created_at"),
		StartedAt:   data.moment("started_at"),
		CompletedAt: data.moment("completed_at"),
		Error:       cut(data.reason("error"), maxText),
	}
	if result, ok := data.object("result"); ok {
		r.Result = optional.Some(run.Result{
			Mode:     cut(result.text("mode"), maxID),
			Drift:    result.number("drift"),
			Warnings: result.texts("warnings"),
		})
	}
	return r
}

// indentLevels is how many levels of nesting get lines of their own when JSON is laid out.
const indentLevels = 20

// maxIndented bounds, in bytes, what laying out JSON may make of it: each of many values in many arrays is indented.
const maxIndented = 4 * maxSkeleton

// indentedSize is about how many bytes JSON has once it is laid out.
func indentedSize(content []byte) int {
	size, depth := len(content), 0
	inString, escaped := false, false
	for _, c := range content {
		switch {
		case escaped:
			escaped = false
		case inString:
			escaped, inString = c == '\\', c != '"'
		case c == '"':
			inString = true
		case c == '{' || c == '[':
			depth++
			size += 2*min(depth, indentLevels) + 1
		case c == '}' || c == ']':
			depth--
			size += 2*min(depth, indentLevels) + 1
		case c == ',':
			size += 2*min(depth, indentLevels) + 1
		}
	}
	return size
}

// indented is JSON laid out to be read, its numbers and the order of its keys as they were sent. Levels that are nested too
// deep for a screen share a line.
func indented(content []byte) text.Text {
	if indentedSize(content) > maxIndented {
		return text.NewText(string(content))
	}
	if n, err := jsonscan.Value(content); err != nil || n != len(content) {
		return text.NewText(string(content))
	}
	return text.NewText(string(jsonscan.AppendIndented(nil, content, indentLevels)))
}
