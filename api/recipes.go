package api

import (
	"bytes"
	"context"
	"net/http"
	"net/url"
	"strings"

	"sbwatch/model"
)

// Dispatch starts a run of a recipe, which costs credits when it completes. The request is sent once, whatever happens:
// whether it may be sent again is told by NeverArrived of the [*model.Problem] that the error is. An answer that went wrong
// but tells the id of a run is no error: the run is there to be watched.
func (c *Client) Dispatch(ctx context.Context, recipeID string) (model.Dispatch, error) {
	l := call{method: http.MethodPost, path: "/smartbrowse/recipes/" + escapeID(recipeID) + "/run", about: aboutRecipe, id: recipeID}
	answer, problem := c.sendSmall(ctx, l)
	if problem != nil && !problem.Passing() {
		return model.Dispatch{}, problem
	}
	dispatch := dispatchOf(answer)
	switch {
	case !dispatch.RunID.IsEmpty():
		return dispatch, nil
	case problem != nil:
		return model.Dispatch{}, problem
	}
	return model.Dispatch{}, c.tell(l, &model.Problem{
		Kind:       model.ProblemMalformed,
		Summary:    model.NewText("the service accepted the dispatch but did not tell the run's id"),
		HTTPStatus: answer.status,
		RequestID:  dispatch.RequestID,
	})
}

// dispatchOf reads what an answer says of the run that was started, as far as the answer came.
func dispatchOf(answer smallAnswer) model.Dispatch {
	fields, _ := peek(bytes.TrimSpace(answer.content))
	peeked, _ := peek(fields["data"])
	data := object(peeked)
	dispatch := model.Dispatch{
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
func runIDOf(data object) model.Text {
	if id := data.text("run_id"); !id.IsEmpty() {
		return id
	}
	_, escaped, found := strings.Cut(data.text("poll_url").Raw(), "/smartbrowse/runs/")
	id, err := url.PathUnescape(escaped)
	if !found || err != nil || strings.ContainsAny(escaped, "/?#") {
		return model.Text{}
	}
	return model.NewText(id)
}
