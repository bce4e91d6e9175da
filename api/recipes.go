package api

import (
	"bytes"
	"context"
	"net/http"
	"net/url"
	"strings"

	"sbwatch/model/run"
	"sbwatch/model/text"
)

// Dispatch starts a run of a recipe, which costs credits when it completes. The request is sent once, whatever happens:
// whether it may be sent again is told by NeverArrived of the [*model.Problem] that the error is. An answer that went wrong
// but tells the id of a run is no error: the run is there to be watched.
func (c *Client) Dispatch(ctx context.Context, recipeID string) (run.Dispatch, error) {
	l := call{method: http.MethodPost, path: "/smartbrowse/recipes/" + escapeID(recipeID) + "/run", about: aboutRecipe, id: recipeID}
	answer, problem := c.sendSmall(ctx, l)
	if problem != nil && !problem.Passing() {
		return run.Dispatch{}, problem
	}
	dispatch := dispatchOf(answer)
	switch {
	case !dispatch.RunID.IsEmpty():
		return dispatch, nil
	case problem != nil:
		return run.Dispatch{}, problem
	}
	return run.Dispatch{}, c.tell(l, &run.Problem{
		Kind:       run.ProblemMalformed,
		Summary:    text.NewText("the service accepted the dispatch but did not tell the run's id"),
		HTTPStatus: answer.status,
		RequestID:  dispatch.RequestID,
	})
}

// dispatchOf reads what an answer says of the run that was started, as far as the answer came.
func dispatchOf(answer smallAnswer) run.Dispatch {
	fields, _ := peek(bytes.TrimSpace(answer.content))
	peeked, _ := peek(fields["data"])
	data := object(peeked)
	dispatch := run.Dispatch{
		RunID:     runIDOf(data),
		RecipeID:  data.text("recipe_id"),
		CreatedAt: data.moment("created_at"),
		RequestID: object(fields).text("request_id"),
	}
	if dispatch.RequestID.IsEmpty() {
		dispatch.RequestID = headerRequestID(answer.header)
	}
	return dispatch
}

// runIDOf finds the id of the run that was started. Without it the run is out of reach, so that the address to poll will
// do where the id itself is missing.
func runIDOf(data object) text.Text {
	if id := data.text("run_id"); !id.IsEmpty() {
		return id
	}
	_, escaped, found := strings.Cut(data.text("poll_url").Raw(), "/smartbrowse/runs/")
	id, err := url.PathUnescape(escaped)
	if !found || err != nil || strings.ContainsAny(escaped, "/?#") {
		return text.Text{}
	}
	return text.NewText(id)
}
