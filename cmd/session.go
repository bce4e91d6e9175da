package cmd

import (
	"context"
	"errors"
	"math/rand/v2"

	"sbwatch/model"
	"sbwatch/ui"
)

// session is one run to be watched, and in which way.
type session struct {
	service ui.Service
	watch   model.Watch
	flags   watchFlags
	suggest suggestions
	// tellCost says what a run costs before it is dispatched, where nobody was asked.
	tellCost bool
}

// watchRun watches a run in the way that fits, and notes what became of it.
func (p *program) watchRun(ctx context.Context, s session) error {
	if p.usesDashboard(s.flags) {
		return p.showDashboard(ctx, s.suggest, ui.Config{
			Watch:    s.watch,
			Service:  s.service,
			Interval: s.flags.interval,
			Timeout:  s.flags.timeout,
		})
	}
	return p.follow(ctx, s)
}

// follow watches a run without the dashboard.
func (p *program) follow(ctx context.Context, s session) error {
	f := follower{
		service:  s.service,
		watch:    &s.watch,
		schedule: model.NewSchedule(s.flags.interval, rand.Float64),
		timeout:  s.flags.timeout,
		now:      p.Now,
		reporter: &reporter{
			data:     p.dataLines(s.flags),
			say:      p.say,
			suggest:  s.suggest,
			interval: s.flags.interval,
			tellCost: s.tellCost,
		},
	}
	err := f.follow(ctx)
	p.code = outcome(f.watch, err)
	if problem, ok := errors.AsType[*model.Problem](err); ok {
		return problem // with standard output
	}
	return nil // the outcome is noted, and leaving is no error
}

func (p *program) dataLines(f watchFlags) dataLines {
	if f.json {
		return jsonLines{out: p.Stdout}
	}
	return newPlainLines(p.Stdout)
}
