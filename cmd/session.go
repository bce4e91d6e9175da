package cmd

import (
	"context"
	"errors"
	"math/rand/v2"

	"sbwatch/model/run"
	"sbwatch/model/watch"
	"sbwatch/monitor"
	"sbwatch/report"
	"sbwatch/ui"
)

// session is one run to be watched, and in which way.
type session struct {
	service ui.Service
	watch   watch.Watch
	flags   watchFlags
	suggest report.Commands
	// tellCost says what a run costs before it is dispatched, where nobody was asked.
	tellCost bool
	// rules judge the items of a run that has completed; nil where they are left alone.
	rules *ruleFlags
	// quiet leaves standard output to the verdict.
	quiet bool
}

// watchRun watches a run in the way that fits, notes what became of it, and judges its items where that was asked for.
func (p *program) watchRun(ctx context.Context, s session) error {
	var watch *watch.Watch
	var err error
	if p.usesDashboard(s.flags) {
		watch, err = p.showDashboard(ctx, s.suggest, ui.Config{
			Watch:    s.watch,
			Service:  s.service,
			Interval: s.flags.interval,
			Timeout:  s.flags.timeout,
		})
	} else {
		watch, err = p.watchPlainly(ctx, s)
	}
	if err != nil || p.outcome != report.Completed || s.rules == nil || !s.rules.wanted() {
		return err
	}
	if incomplete := watch.Incomplete(); incomplete != nil {
		return incomplete // nothing can be judged by a part of the items
	}
	return p.judge(ctx, watch, s.rules, watch.RecipeID(), s.flags.json)
}

// needsNoItems reports whether a watched run is only told of, so that its items need not be kept. judged is nil where nothing is
// judged.
func (p *program) needsNoItems(f watchFlags, judged *ruleFlags) bool {
	return !p.usesDashboard(f) && (judged == nil || !judged.wanted())
}

// watchPlainly watches a run without the dashboard.
func (p *program) watchPlainly(ctx context.Context, s session) (*watch.Watch, error) {
	lines := p.lines(s.flags)
	if s.quiet {
		lines = report.NewQuietLines(p.say)
	}
	runs := monitor.New(s.flags.interval, rand.Float64)
	key := runs.Add(p.Now(), s.watch)
	f := follower{
		service: s.service,
		monitor: runs,
		timeout: s.flags.timeout,
		now:     p.Now,
		reporter: &report.Reporter{
			Monitor:  runs,
			Lines:    lines,
			Say:      p.say,
			Commands: s.suggest,
			Interval: s.flags.interval,
			TellCost: s.tellCost,
		},
	}
	err := f.follow(ctx)
	watch := runs.Watch(key)
	p.outcome = report.OutcomeOf(watch, err)
	if problem, ok := errors.AsType[*run.Problem](err); ok {
		return watch, problem // with standard output
	}
	return watch, nil // the outcome is noted, and leaving is no error
}

// lines returns what writes the data of runs.
func (p *program) lines(f watchFlags) report.Lines {
	if f.json {
		return report.NewJSONLines(p.Stdout)
	}
	return report.NewPlainLines(p.Stdout)
}
