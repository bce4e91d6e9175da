package run

import (
	"time"

	"sbwatch/model/optional"
	"sbwatch/model/text"
)

// Delivery is a message from a webhook that says that a run has ended. It is only a hint, because deliveries are not
// signed and anyone who knows the secret can send one. Only a poll decides whether the run has ended. Every field
// except RunID may be empty or unknown.
type Delivery struct {
	Event     text.Text // such as completed, failed or cancelled
	Timestamp time.Time
	RunID     text.Text
	RecipeID  text.Text
	Status    text.Text
	Pages     optional.Value[int64]
	Items     optional.Value[int64]
	Credits   optional.Value[int64]
	Mode      text.Text
	Drift     optional.Value[float64]
	Warnings  optional.Value[[]text.Text]
	Error     text.Text
}

// StatusText returns the status of the run as the service sent it. If the delivery has no status, StatusText returns
// the event.
func (d Delivery) StatusText() text.Text {
	if d.Status.IsEmpty() {
		return d.Event
	}
	return d.Status
}
