package ui

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"sbwatch/model/text"
	"sbwatch/model/watch"
)

// Webhook receives deliveries: messages from the service that runs have ended.
type Webhook interface {
	// Next waits for the next delivery and returns the id of its run. It returns an error if ctx is canceled or the
	// webhook fails.
	Next(ctx context.Context) (text.Text, error)
	// Counts returns the numbers of received deliveries and refused requests.
	Counts() watch.Deliveries
}

// deliveredMsg reports a delivery, possibly for a run that the dashboard does not know. If err is set, the webhook has
// failed and receives no more deliveries.
type deliveredMsg struct {
	runID text.Text
	err   error
}

// awaitDelivery returns a command that waits for the next delivery. It returns nil if there is no webhook.
func awaitDelivery(a *App) tea.Cmd {
	hook, ctx := a.config.Webhook, a.env.Life
	if hook == nil {
		return nil
	}
	return func() tea.Msg {
		runID, err := hook.Next(ctx)
		if ctx.Err() != nil {
			return nil
		}
		return deliveredMsg{runID, err}
	}
}

// delivered handles a delivery: the run that the delivery is about becomes due for a poll. It returns a command that
// sends this poll and waits for the next delivery.
func delivered(a *App, msg deliveredMsg) tea.Cmd {
	if msg.err != nil {
		a.webhookFailed = true
		a.monitor.DeliveriesStopped(a.env.Now)
		a.env.Toast.Keep(text.Printable(msg.err.Error()), a.env.Now, newsTime, newsKept)
		return a.pump()
	}
	a.monitor.Delivered(a.env.Now, msg.runID)
	return tea.Batch(a.pump(), awaitDelivery(a))
}

// Deliveries returns how many deliveries the webhook has received, and how many of them were repeated, refused or for
// unknown runs. known is false if the dashboard has no webhook.
func Deliveries(a *App) (counts watch.Deliveries, known bool) {
	if a.config.Webhook == nil {
		return watch.Deliveries{}, false
	}
	return a.config.Webhook.Counts().Plus(a.monitor.Deliveries()), true
}

// withDeliveries appends the numbers of received, refused and missed deliveries to the position in the footer: "1 of 12
// · webhook 3, 1 refused".
func withDeliveries(a *App, position string) string {
	counts, known := Deliveries(a)
	if !known {
		return position
	}
	said := "webhook " + text.Count(counts.Received)
	if n := counts.Refused(); n > 0 {
		said += ", " + text.Count(n) + " refused"
	}
	if counts.Missed > 0 {
		said += ", " + text.Count(counts.Missed) + " missed"
	}
	if a.webhookFailed {
		said = "webhook stopped"
	}
	if position == "" {
		return said
	}
	return position + " · " + said
}
