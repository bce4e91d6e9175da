package cmd

import (
	"context"
	"errors"
	"math/rand/v2"

	"sbwatch/follow"
	"sbwatch/model/run"
	"sbwatch/model/watch"
	"sbwatch/monitor"
	"sbwatch/report"
)

// watchPlainly watches runs in plain mode and sets p.outcome. It returns the final state of the first watch.
func (p *program) watchPlainly(ctx context.Context, s session) (*watch.Watch, error) {
	lines := p.lines(s.flags)
	if s.quiet {
		lines = report.NewQuietLines(p.say)
	}
	runs := monitor.New(s.flags.interval, rand.Float64)
	runs.Limit(s.flags.budget)
	if !s.askedAt.IsZero() {
		runs.Sent(s.askedAt)
	}
	key := runs.Add(p.Now(), s.watch)
	for _, watch := range s.more {
		runs.Add(p.Now(), watch)
	}
	reporter := &report.Reporter{
		Monitor:  runs,
		Lines:    lines,
		Say:      p.say,
		Commands: s.suggest,
		Interval: s.flags.interval,
		TellCost: s.tellCost,
	}
	if len(s.more) > 0 && s.checks() {
		reporter.Judge = func(w *watch.Watch) (report.Outcome, error) { return checkOne(ctx, p, s, w) }
	}
	driver := follow.Driver{
		Service: s.service, Monitor: runs, Reporter: withHooks(reporter, runs, s.hooks), Now: p.Now, Timeout: s.flags.timeout, TimedOut: report.ErrTimeout,
	}
	err := driver.Run(ctx)
	watch := runs.Watch(key)
	p.outcome = reporter.Outcome(err)
	if problem, ok := errors.AsType[*run.Problem](err); ok {
		return watch, problem // of standard output
	}
	return watch, nil // p.outcome already includes the reason for leaving
}

// checkOne checks the items of one of several runs. Each line that it writes names the run.
func checkOne(ctx context.Context, p *program, s session, w *watch.Watch) (report.Outcome, error) {
	one := &program{
		Process: p.Process, outcome: report.Completed, key: p.key, settings: p.settings, about: "run " + w.RunID().Raw() + ": ",
	}
	if incomplete := w.Incomplete(); incomplete != nil {
		one.say(incomplete.Error())
		return report.OutcomeOfError(incomplete), nil
	}
	one.Stdout = report.NewRunWriter(p.Stdout, w.RunID(), s.flags.json)
	err := one.checkItems(ctx, w, check{rules: s.rules, recipe: w.RecipeID(), asJSON: s.flags.json})
	return one.outcome, err
}

// lines returns the [report.Lines] for the output format that the flags select.
func (p *program) lines(f watchFlags) report.Lines {
	if f.json {
		return report.NewJSONLines(p.Stdout)
	}
	return report.NewPlainLines(p.Stdout)
}
