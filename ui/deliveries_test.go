package ui

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"sbwatch/internal/golden"
	"sbwatch/model/run"
	"sbwatch/model/text"
	"sbwatch/model/watch"
)

// fakeWebhook delivers the ids of runs at times after the start.
type fakeWebhook struct {
	deliveries []struct {
		after time.Duration
		id    string
	}
	began    time.Time
	received atomic.Int64
	refused  int64
	failure  error // after the last delivery
}

func (h *fakeWebhook) Next(ctx context.Context) (text.Text, error) {
	if len(h.deliveries) == 0 {
		if h.failure != nil {
			return text.Text{}, h.failure
		}
		<-ctx.Done()
		return text.Text{}, ctx.Err()
	}
	next := h.deliveries[0]
	select {
	case <-ctx.Done():
		return text.Text{}, ctx.Err()
	case <-time.After(time.Until(h.began.Add(next.after))):
	}
	h.deliveries = h.deliveries[1:]
	h.received.Add(1)
	return text.NewText(next.id), nil
}

func (h *fakeWebhook) Counts() watch.Deliveries {
	return watch.Deliveries{Received: h.received.Load(), Forged: h.refused}
}

func (h *fakeWebhook) at(after time.Duration, id string) *fakeWebhook {
	h.deliveries = append(h.deliveries, struct {
		after time.Duration
		id    string
	}{after, id})
	return h
}

func TestDeliveryIsConfirmedByAPollAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		ends := began.Add(90 * time.Second)
		service := &fakeService{poll: func(int) (run.Answer, error) {
			if time.Now().Before(ends) {
				return running(began, 1, 1), nil
			}
			return completed(began), nil
		}}
		config := watching("r")
		config.Interval = time.Hour
		config.Webhook = (&fakeWebhook{began: began}).at(30*time.Second, "r").at(91*time.Second, "other").at(92*time.Second, "r")
		app, _ := play(t, config, service, 3*time.Minute)
		// The first delivery is wrong: the run has not ended. The delivery at the real end repeats it, so it must not
		// cause a poll.
		if got := gaps(service.polls); len(got) != 1 || got[0] != 30*time.Second {
			t.Errorf("polls after %v", got)
		}
		if app.runs[app.first].Watch().Over() {
			t.Error("a delivery ended the watch")
		}
		want := watch.Deliveries{Received: 3, Unconfirmed: 1, UnknownRun: 1, Repeated: 1}
		if got, known := Deliveries(app); !known || got != want {
			t.Errorf("counts: %v", got)
		}
	})
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		service := &fakeService{poll: func(n int) (run.Answer, error) {
			if n == 1 {
				return running(began, 1, 1), nil
			}
			return completed(began), nil
		}}
		config := watching("r")
		config.Interval = time.Hour
		config.Webhook = (&fakeWebhook{began: began}).at(90*time.Second, "r")
		app, _ := play(t, config, service, 2*time.Minute)
		if w := app.runs[app.first].Watch(); w.Phase() != watch.PhaseEnded || !w.AnsweredAt().Equal(began.Add(90*time.Second)) {
			t.Errorf("phase %v, answered after %v", w.Phase(), w.AnsweredAt().Sub(began))
		}
	})
}

// If the webhook fails, the user is told, and runs are polled as often as without it.
func TestWebhookFails(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		service := &fakeService{poll: func(int) (run.Answer, error) { return running(began, 1, 1), nil }}
		config := watching("r")
		config.Interval = 2 * time.Second
		config.Webhook = &fakeWebhook{began: began, failure: errors.New("the webhook stopped (closed)")}
		app, _ := play(t, config, service, 10*time.Second)
		frame := app.View().Content
		if !strings.Contains(frame, "the webhook stopped (closed)") || app.several == nil {
			t.Errorf("the failure is not shown:\n%s", frame)
		}
		app.env.Toast.Hide(time.Now().Add(newsTime))
		if frame := app.View().Content; !strings.Contains(frame, "webhook stopped") {
			t.Errorf("the footer does not show the failure:\n%s", frame)
		}
	})
}

func TestGoldenDeliveries(t *testing.T) {
	for _, size := range [][2]int{{120, 40}, {80, 24}, {60, 20}} {
		name := fmt.Sprintf("overview-webhook-%dx%d", size[0], size[1])
		t.Run(name, func(t *testing.T) {
			m := newManyRuns(t, 12, size[0], size[1])
			hook := &fakeWebhook{refused: 12}
			hook.received.Store(1204)
			m.config.Webhook = hook
			golden.Check(t, name, m.lines())
		})
	}
	stage := watchingRun(80, 24).running(40 * time.Second)
	hook := &fakeWebhook{}
	hook.received.Store(3)
	stage.config.Webhook = hook
	frame := stage.View().Content
	if last := frame[strings.LastIndex(frame, "\n"):]; !strings.Contains(last, "webhook 3") {
		t.Errorf("the screen of a run does not show the deliveries: %q", last)
	}
}
