package api

import (
	"context"
	"net/http"
	"time"

	"sbwatch/api/wire"
	"sbwatch/model/item"
	"sbwatch/model/run"
	"sbwatch/model/text"
)

// Poll asks once for the state of a run. It never bills.
//
// The items of a completed run are decoded while they arrive: onItems, unless nil, is told of them on the way, on the
// goroutine that called Poll. The error is a [*model.Problem]; of a call that ctx ended, errors.Is finds the reason of ctx
// in it.
func (c *Client) Poll(ctx context.Context, runID string, onItems func(item.Table)) (run.Answer, error) {
	l := call{method: http.MethodGet, path: "/smartbrowse/runs/" + escapeID(runID), about: wire.AboutRun, id: runID}
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
	d := wire.NewDecoder(arriving.body, c.limits, onItems)
	broken := d.Decode()
	incomplete := d.Incomplete(broken)
	if broken != nil && incomplete == nil {
		return run.Answer{}, c.tellReply(l, arriving, arriving.broken(broken))
	}
	answer, err := wire.ReadRun(d.Around())
	problem = decodeProblem(err, wire.AboutRun)
	if incomplete != nil {
		incomplete = c.tellReply(l, arriving, incomplete)
		if problem != nil || broken != nil && !settle(&answer.Run) {
			return run.Answer{}, incomplete
		}
	}
	if problem != nil {
		return run.Answer{}, c.tellReply(l, arriving, problem)
	}
	answer.Items, answer.Incomplete = d.Items(), incomplete
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

// headerDate returns the service's clock at the time of the answer, or the zero time if the header is missing.
func headerDate(header http.Header) time.Time {
	date, err := http.ParseTime(header.Get("Date"))
	if err != nil {
		return time.Time{}
	}
	return date
}
