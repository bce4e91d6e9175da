package cmd

import (
	"context"
	"errors"
	"math/rand/v2"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"sbwatch/cmd/build"
	"sbwatch/cmd/collectcmd"
	"sbwatch/cmd/notifying"
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
	deliveries, endDeliveries := context.WithCancel(ctx)
	defer endDeliveries()
	driver := follow.Driver{
		Service: s.service, Monitor: runs, Reporter: withHooks(reporter, runs, s.hooks), Now: p.Now, Timeout: s.flags.timeout, TimedOut: report.ErrTimeout,
		Calls: s.hook.Calls(deliveries, runs),
	}
	if len(s.more) > 0 {
		driver.Expected = s.expected
	}
	err := driver.Run(ctx)
	s.hook.SayCounts(p.say, runs.Deliveries())
	watch := runs.Watch(key)
	p.outcome = reporter.Outcome(err)
	if problem, ok := errors.AsType[*run.Problem](err); ok {
		return watch, problem // an error of standard output
	}
	return watch, nil // p.outcome already has the reason for leaving
}

// collectCommand returns the command that collects runs without a screen.
func (p *program) collectCommand() *cobra.Command {
	return collectcmd.Command(collectcmd.Program{
		Stderr: p.Stderr, Places: p.places, Redact: p.withoutKey, Version: build.Version(), Now: p.Now,
		Flags:   func(c *cobra.Command) func(c *cobra.Command) (collectcmd.Session, error) { return collectFlags(p, c) },
		Address: func(value *string) pflag.Value { return checkedValue{value, kindAddress, isListenAddress} },
		Name:    func(value *string) pflag.Value { return checkedValue{value, kindID, isNotBlank} },
		ReadList: func(ctx context.Context, name, nextStep string) ([]byte, error) {
			return readList(ctx, p, name, nextStep)
		},
		ListProblem: listProblem, Webhook: webhookProgram(p),
		Finish:     func(outcome report.Outcome) { p.outcome = outcome },
		WrongUsage: func(text, command string) error { return usageError{text: text, command: command} },
	})
}

// collectFlags adds the flags that collect shares with watch and run, and returns a function that reads them.
func collectFlags(p *program, c *cobra.Command) func(c *cobra.Command) (collectcmd.Session, error) {
	var service serviceFlags
	var rules ruleFlags
	var hooks notifying.Flags
	flags := watchFlags{plain: true}
	service.addTo(c)
	flags.addWaitTo(c)
	flags.addManyTo(c, `"run ID" and "recipe ID"`)
	c.Flags().BoolVarP(&flags.yes, "yes", "y", false, "dispatch the recipes of the list, which costs credits")
	rules.addCheckTo(c)
	hooks.AddTo(c)
	return func(c *cobra.Command) (collectcmd.Session, error) {
		if err := flags.check(c); err != nil {
			return collectcmd.Session{}, err
		}
		client, err := p.prepare(c.Context(), service, flags, &rules, true)
		if err != nil {
			return collectcmd.Session{}, err
		}
		s := collectcmd.Session{
			Service: tidyService{client}, Host: client.Host(), From: flags.from, Yes: flags.yes,
			Interval: flags.interval, Timeout: flags.timeout, Limits: flags.budget,
		}
		if rules.enabled() {
			s.Judge = rules.judge
		}
		s.StartHooks = func(say func(string)) *notifying.Hooks {
			return startHooks(p, hooks.Settings(p.config().Notify), s.Host, session{flags: flags, rules: &rules}, true, say)
		}
		return s, nil
	}
}

// checkOne checks the items of one of several runs and returns the outcome. Each line that it writes names the run.
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

// lines returns the writer of plain lines or of JSON lines, as the flags select.
func (p *program) lines(f watchFlags) report.Lines {
	if f.json {
		return report.NewJSONLines(p.Stdout)
	}
	return report.NewPlainLines(p.Stdout)
}
