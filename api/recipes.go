package api

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"sbwatch/model"
)

// Dispatch starts a run of a recipe, which costs credits when it completes. The request is sent once, whatever happens:
// whether it may be sent again is told by NeverArrived of the [*model.Problem] that the error is.
func (c *Client) Dispatch(ctx context.Context, recipeID string) (model.Dispatch, error) {
	l := call{method: http.MethodPost, path: "/smartbrowse/recipes/" + escapeID(recipeID) + "/run", about: aboutRecipe, id: recipeID}
	opened, problem := c.sendSmall(ctx, l)
	if problem != nil {
		return model.Dispatch{}, problem
	}
	dispatch := model.Dispatch{
		RunID:     runIDOf(opened.data),
		RecipeID:  opened.data.text("recipe_id"),
		CreatedAt: opened.data.moment("created_at"),
		RequestID: opened.requestID,
	}
	if dispatch.RunID.IsEmpty() {
		return model.Dispatch{}, c.tell(l, &model.Problem{
			Kind:       model.ProblemMalformed,
			Summary:    model.NewText("the service accepted the dispatch but did not tell the run's id"),
			HTTPStatus: opened.httpStatus,
			RequestID:  opened.requestID,
		})
	}
	return dispatch, nil
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
