package api

import (
	"context"
	"net/http"

	"sbwatch/api/wire"
	"sbwatch/model/run"
	"sbwatch/model/text"
)

// Dispatch starts a run of a recipe. The run costs credits when it completes. The request is sent exactly once. If the
// dispatch fails, the method NeverArrived of the returned [*run.Problem] reports whether the dispatch may be sent
// again. An invalid answer that contains a run id is not an error, because the run can be watched.
func (c *Client) Dispatch(ctx context.Context, recipeID string) (run.Dispatch, error) {
	l := call{method: http.MethodPost, path: "/smartbrowse/recipes/" + escapeID(recipeID) + "/run", about: wire.AboutRecipe, id: recipeID}
	answer, problem := c.sendSmall(ctx, l)
	if problem != nil && !problem.Passing() {
		return run.Dispatch{}, problem
	}
	dispatch := wire.ReadDispatch(answer.content)
	if dispatch.RequestID.IsEmpty() {
		dispatch.RequestID = headerRequestID(answer.header)
	}
	switch {
	case !dispatch.RunID.IsEmpty():
		return dispatch, nil
	case problem != nil:
		return run.Dispatch{}, problem
	}
	return run.Dispatch{}, c.complete(l, &run.Problem{
		Kind:       run.ProblemMalformed,
		Summary:    text.NewText("the service accepted the dispatch but did not return the run's id"),
		HTTPStatus: answer.status,
		RequestID:  dispatch.RequestID,
	})
}
