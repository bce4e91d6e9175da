package follow

import (
	"context"
	"time"

	"sbwatch/model/text"
	"sbwatch/monitor"
)

// expectations holds the recipes for which [Driver.Expected] has been called or will be called. Expected is called in
// the background, for one recipe at a time.
type expectations struct {
	seen     map[string]bool
	waiting  []text.Text
	isAsking bool
	answers  chan expectation
}

// expectation is a result of [Driver.Expected].
type expectation struct {
	recipe text.Text
	took   time.Duration
	known  bool
}

// learn adds the recipes of the changed runs to the queue of recipes for which Expected will be called, once for each
// recipe.
func (d *Driver) learn(events []monitor.Event) {
	if d.Expected == nil {
		return
	}
	for _, event := range events {
		if event.Kind != monitor.Dispatched && event.Kind != monitor.Changed {
			continue
		}
		w := d.Monitor.Watch(event.Key)
		if w == nil {
			continue // a call has removed the run
		}
		if recipe := w.RecipeID(); !recipe.IsEmpty() && !d.expectations.seen[recipe.Raw()] {
			d.expectations.seen[recipe.Raw()] = true
			d.expectations.waiting = append(d.expectations.waiting, recipe)
		}
	}
}

// ask calls [Driver.Expected] for the next recipe, unless a call is in progress.
func (d *Driver) ask(ctx context.Context) {
	if d.expectations.isAsking || len(d.expectations.waiting) == 0 {
		return
	}
	recipe := d.expectations.waiting[0]
	d.expectations.waiting, d.expectations.isAsking = d.expectations.waiting[1:], true
	d.asking.Go(func() {
		took, known := d.Expected(ctx, recipe)
		select {
		case d.expectations.answers <- expectation{recipe, took, known}:
		case <-ctx.Done():
		}
	})
}

// expect tells the monitor how long the runs of a recipe usually take.
func (d *Driver) expect(answer expectation) {
	d.expectations.isAsking = false
	if answer.known {
		d.Monitor.Expect(answer.recipe, answer.took)
	}
}
