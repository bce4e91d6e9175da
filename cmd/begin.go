package cmd

import (
	"context"
	"time"

	"sbwatch/model/item"
	"sbwatch/model/run"
	"sbwatch/ui"
)

// firstBite is how long the dashboard may wait for the first items of a file, so that they stand in its first frame. It is
// less than what the first frame takes anyway.
const firstBite = 8 * time.Millisecond

// begin begins to read a saved answer, and waits a moment for its first items. The rest is read by the load that it returns,
// which is to be called once; until then reading rests, so that the dashboard has the machine to itself for its start.
func begin(ctx context.Context, load ui.Load) (rest ui.Load, first item.Table) {
	type result struct {
		answer run.Answer
		err    error
	}
	arriving, ended := make(chan item.Table, 1), make(chan result, 1)
	goOn := make(chan struct{})
	go func() {
		answer, err := load(ctx, func(items item.Table) {
			select {
			case <-arriving: // nobody has looked at these, and there are newer ones
			default:
			}
			arriving <- items
			select {
			case <-goOn:
			case <-ctx.Done():
			}
		})
		ended <- result{answer, err}
	}()
	rest = func(ctx context.Context, onItems func(item.Table)) (run.Answer, error) {
		close(goOn)
		for {
			select {
			case <-ctx.Done():
				return run.Answer{}, ctx.Err()
			case items := <-arriving:
				onItems(items)
			case end := <-ended:
				return end.answer, end.err
			}
		}
	}
	select {
	case first = <-arriving:
	case end := <-ended:
		ended <- end
		first = end.answer.Items
	case <-time.After(firstBite):
	}
	return rest, first
}
