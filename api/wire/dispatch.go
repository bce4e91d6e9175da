package wire

import (
	"bytes"
	"net/url"
	"strings"

	"sbwatch/model/run"
	"sbwatch/model/text"
)

// ReadDispatch parses the answer to a dispatch. Missing fields are empty. If the answer is cut short or is not the
// answer to a dispatch, all fields may be empty.
func ReadDispatch(content []byte) run.Dispatch {
	fields, _ := peek(bytes.TrimSpace(content))
	peeked, _ := peek(fields["data"])
	data := object(peeked)
	return run.Dispatch{
		RunID:     runIDOf(data),
		RecipeID:  data.text("recipe_id"),
		CreatedAt: data.moment("created_at"),
		RequestID: object(fields).text("request_id"),
	}
}

// runIDOf returns the id of the started run. If the answer has no field for the id, runIDOf takes the id from the poll
// URL. A run cannot be watched without its id.
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
