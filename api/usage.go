package api

import (
	"context"
	"net/http"

	"sbwatch/api/wire"
	"sbwatch/model/run"
)

// Usage requests the account's limits, and how much of each limit is used. The request is free. The error is a
// [*run.Problem].
func (c *Client) Usage(ctx context.Context) (run.Usage, error) {
	l := call{method: http.MethodGet, path: "/smartbrowse/usage", about: wire.AboutUsage}
	answer, problem := c.sendSmall(ctx, l)
	if problem != nil {
		return run.Usage{}, problem
	}
	return answer.Usage(), nil
}
