// Command panics shows a dashboard that panics, either in a command or in Update. A test uses it to check that the
// terminal survives.
package main

import (
	"context"
	"os"
	"time"

	tea "charm.land/bubbletea/v2"

	"sbwatch/model/item"
	"sbwatch/model/run"
	"sbwatch/model/text"
	"sbwatch/model/watch"
	"sbwatch/ui"
)

type broken struct{}

func (broken) Dispatch(context.Context, string) (run.Dispatch, error) { panic("broken dispatch") }

func (broken) Poll(context.Context, string, func(item.Table)) (run.Answer, error) {
	time.Sleep(100 * time.Millisecond)
	panic("broken poll")
}

func (broken) Usage(context.Context) (run.Usage, error) { panic("broken usage") }

type quiet struct{ broken }

func (quiet) Poll(ctx context.Context, _ string, _ func(item.Table)) (run.Answer, error) {
	<-ctx.Done()
	return run.Answer{}, ctx.Err()
}

func main() {
	config := ui.Config{
		Watch: watch.NewWatch(text.NewText("run")), Service: broken{}, Interval: time.Second,
		Width: 80, Height: 24, Now: time.Now, Jitter: func() float64 { return 0 },
	}
	if os.Args[1] == "update" {
		config.Service = quiet{}
		begun := time.Now()
		config.Now = func() time.Time {
			if time.Since(begun) > 300*time.Millisecond {
				panic("broken update")
			}
			return time.Now()
		}
	}
	if _, err := tea.NewProgram(ui.New(context.Background(), config), tea.WithoutSignalHandler()).Run(); err != nil {
		time.Sleep(300 * time.Millisecond) // the report of a panic in a command is printed at the same time
		os.Exit(1)
	}
}
