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

// Poll requests the state of a run once. Polling is free of charge.
//
// Items are decoded while the answer arrives. If onItems is not nil, Poll calls it regularly with the items decoded so
// far. The error is a [*run.Problem]. If ctx ended the call, the problem wraps the error of ctx.
func (c *Client) Poll(ctx context.Context, runID string, onItems func(item.Table)) (run.Answer, error) {
	l := call{method: http.MethodGet, path: "/smartbrowse/runs/" + escapeID(runID), about: wire.AboutRun, id: runID}
	arriving, problem := c.send(ctx, l)
	if problem != nil {
		return run.Answer{}, problem
	}
	defer arriving.close()
	if !arriving.isSuccess() {
		_, problem := c.readRefusal(l, arriving)
		return run.Answer{}, problem
	}
	if problem := arriving.skipToJSON(); problem != nil {
		return run.Answer{}, c.completeWithReply(l, arriving, problem)
	}
	d := wire.NewDecoder(arriving.body, c.limits, onItems)
	broken := d.Decode()
	incomplete := d.Incomplete(broken)
	if broken != nil && incomplete == nil {
		return run.Answer{}, c.completeWithReply(l, arriving, arriving.broken(broken))
	}
	answer, err := wire.ReadRun(d.Around())
	problem = decodeProblem(err, wire.AboutRun)
	if incomplete != nil {
		incomplete = c.completeWithReply(l, arriving, incomplete)
		if problem != nil || broken != nil && !settle(&answer.Run) {
			return run.Answer{}, incomplete
		}
	}
	if problem != nil {
		return run.Answer{}, c.completeWithReply(l, arriving, problem)
	}
	answer.Items, answer.Incomplete = d.Items(), incomplete
	answer.ServedAt = headerDate(arriving.header)
	if answer.RequestID.IsEmpty() {
		answer.RequestID = headerRequestID(arriving.header)
	}
	return answer, nil
}

// settle reports whether a run has ended. The parameter r comes from an answer that was read only in part. If r has a
// result but no status, settle first sets the status to "completed".
func settle(r *run.Run) bool {
	if r.StatusSent.IsEmpty() && r.Result.Known() {
		r.StatusSent = text.NewText(run.StatusCompleted.String())
	}
	return r.Status().Terminal()
}

// headerDate returns the time of the service's clock from the header of an answer, or the zero time if the header has
// no date.
func headerDate(header http.Header) time.Time {
	date, err := http.ParseTime(header.Get("Date"))
	if err != nil {
		return time.Time{}
	}
	return date
}
