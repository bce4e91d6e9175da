package api

import (
	"context"
	"net/http"

	"sbwatch/api/wire"
	"sbwatch/model/run"
)

// Usage requests the limits of the account and how much of them is used. The request is free. The error is a
// [*run.Problem].
func (c *Client) Usage(ctx context.Context) (run.Usage, error) {
	l := call{method: http.MethodGet, path: "/smartbrowse/usage", about: wire.AboutUsage}
	answer, problem := c.sendSmall(ctx, l)
	if problem != nil {
		return run.Usage{}, problem
	}
	return answer.Usage(), nil
}
