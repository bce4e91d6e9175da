package monitor_test

import (
	"fmt"
	"time"

	"sbwatch/model/optional"
	"sbwatch/model/run"
	"sbwatch/model/text"
	"sbwatch/model/watch"
	"sbwatch/monitor"
)

// A driver sends the due requests, applies their answers and reads the events. The service of this driver answers at
// once, and its clock jumps to the next request.
func Example() {
	polls := 0
	send := func(request monitor.Request) monitor.Answer {
		answer := monitor.Answer{Request: request}
		switch request.Kind {
		case watch.RequestUsage:
		case watch.RequestDispatch:
			answer.Dispatch = run.Dispatch{RunID: text.NewText("k7Xb9dRmQ2p"), RecipeID: request.ID}
		case watch.RequestPoll:
			polls++
			status := run.StatusRunning
			if polls == 3 {
				status = run.StatusCompleted
			}
			answer.Poll.Run = run.Run{
				ID: request.ID, StatusSent: text.NewText(status.String()), Pages: optional.Some(int64(polls)),
			}
		case watch.RequestNone:
		}
		return answer
	}

	start := time.Date(2026, 5, 21, 12, 0, 0, 0, time.UTC)
	now := start
	m := monitor.New(2*time.Second, func() float64 { return 0.5 })
	m.Add(now, watch.NewDispatchWatch(text.NewText("m3Yc2tFvN8q")))
	for !m.AllDone() {
		if next, waiting := m.Next(); waiting && next.After(now) {
			now = next
		}
		for _, request := range m.Due(now) {
			for _, event := range m.Apply(now, send(request)) {
				watch := m.Watch(event.Key)
				fmt.Println(now.Sub(start), "run", event.Key, event.Kind, watch.RunID(), watch.Run().StatusText())
			}
		}
	}
	// Output:
	// 0s run 1 dispatched k7Xb9dRmQ2p queued
	// 0s run 1 changed k7Xb9dRmQ2p running
	// 2s run 1 changed k7Xb9dRmQ2p running
	// 4s run 1 ended k7Xb9dRmQ2p completed
}
