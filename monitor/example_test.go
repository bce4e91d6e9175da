package monitor_test

import (
	"fmt"
	"time"

	"sbwatch/model"
	"sbwatch/monitor"
)

// A driver sends what is due, hands the answers back and reads the events. This one has a service that answers at once and
// a clock that jumps to the next request.
func Example() {
	polls := 0
	ask := func(request monitor.Request) monitor.Answer {
		answer := monitor.Answer{Request: request}
		switch request.Kind {
		case model.RequestUsage:
		case model.RequestDispatch:
			answer.Dispatch = model.Dispatch{RunID: model.NewText("k7Xb9dRmQ2p"), RecipeID: request.ID}
		case model.RequestPoll:
			polls++
			status := model.StatusRunning
			if polls == 3 {
				status = model.StatusCompleted
			}
			answer.Poll.Run = model.Run{
				ID: request.ID, StatusSent: model.NewText(status.String()), Pages: model.Some(int64(polls)),
			}
		case model.RequestNone:
		}
		return answer
	}

	began := time.Date(2026, 5, 21, 12, 0, 0, 0, time.UTC)
	now := began
	m := monitor.New(2*time.Second, func() float64 { return 0.5 })
	m.Add(now, model.NewDispatchWatch(model.NewText("m3Yc2tFvN8q")))
	for !m.AllDone() {
		if next, waiting := m.Next(); waiting && next.After(now) {
			now = next
		}
		for _, request := range m.Due(now) {
			for _, event := range m.Apply(now, ask(request)) {
				watch := m.Watch(event.Key)
				fmt.Println(now.Sub(began), "run", event.Key, event.Kind, watch.RunID(), watch.Run().StatusText())
			}
		}
	}
	// Output:
	// 0s run 1 dispatched k7Xb9dRmQ2p queued
	// 0s run 1 changed k7Xb9dRmQ2p running
	// 2s run 1 changed k7Xb9dRmQ2p running
	// 4s run 1 ended k7Xb9dRmQ2p completed
}
