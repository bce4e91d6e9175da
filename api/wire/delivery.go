package wire

import (
	"errors"

	"sbwatch/model/run"
)

// Errors of [ReadDelivery].
var (
	errNotADelivery = errors.New("the body is not a JSON object")
	errNoRun        = errors.New("the body has no usable run_id")
)

// ReadDelivery parses the body of a webhook. Every field but run_id may be missing, null or of an unexpected type.
// Texts are untrusted, and long texts are shortened. The caller must limit the size of content.
func ReadDelivery(content []byte) (run.Delivery, error) {
	body, ok := parseObject(content)
	if !ok {
		return run.Delivery{}, errNotADelivery
	}
	id := body.text("run_id")
	if id.IsEmpty() || len(id.Raw()) > maxID {
		return run.Delivery{}, errNoRun
	}
	return run.Delivery{
		Event:     cut(body.text("event"), maxID),
		Timestamp: body.moment("timestamp"),
		RunID:     id,
		RecipeID:  cut(body.text("recipe_id"), maxID),
		Status:    cut(body.text("status"), maxID),
		Pages:     body.count("pages_extracted"),
		Items:     body.count("items_extracted"),
		Credits:   body.count("credits_used"),
		Mode:      cut(body.text("mode"), maxID),
		Drift:     body.number("drift"),
		Warnings:  body.texts("warnings"),
		Error:     cut(body.reason("error"), maxText),
	}, nil
}
