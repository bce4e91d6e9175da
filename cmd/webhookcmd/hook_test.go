package webhookcmd

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"sbwatch/model/text"
	"sbwatch/monitor"
	"sbwatch/notify/webhook"
)

// If the server of a webhook fails, the user is told once. The runs are still polled.
func TestFailureIsTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		receiver, err := webhook.New(webhook.Options{Secret: "0123456789abcdef"})
		if err != nil {
			t.Fatal(err)
		}
		served, stop := context.WithCancelCause(t.Context())
		h := &Hook{receiver: receiver, served: served}
		m := monitor.New(time.Second, func() float64 { return 0 })
		var said []string
		calls := h.Calls(t.Context(), m, func(message string) { said = append(said, message) })
		synctest.Wait()
		stop(errors.New("the webhook stopped"))
		(<-calls)(time.Now())
		synctest.Wait()
		if len(said) != 1 || said[0] != "the webhook stopped" {
			t.Errorf("said %q", said)
		}
	})
}

func TestNextEndsWithItsContext(t *testing.T) {
	receiver, err := webhook.New(webhook.Options{Secret: "0123456789abcdef"})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	h := &Hook{receiver: receiver, served: t.Context()}
	if id, err := h.Next(ctx); !errors.Is(err, context.Canceled) || id != (text.Text{}) {
		t.Errorf("got %v, %v", id, err)
	}
}
