package cmd

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"sbwatch/cmd/build"
	"sbwatch/cmd/collectcmd"
	"sbwatch/cmd/notifying"
	"sbwatch/follow"
	"sbwatch/model/baseline"
	"sbwatch/model/run"
	"sbwatch/model/text"
	"sbwatch/model/watch"
	"sbwatch/monitor"
	"sbwatch/report"
	"sbwatch/ui"
)

// watchPlainly watches runs in plain mode and sets the outcome that determines the exit code. It returns the final
// state of the first watch.
func (p *program) watchPlainly(ctx context.Context, s session) (*watch.Watch, error) {
	lines := p.lines(s.flags, text.Text{})
	if sentences, ok := lines.(*report.Sentences); ok && s.history != nil {
		sentences.Course = courseReader(ctx, s.history)
	}
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
	if len(s.more) > 0 && (s.checks() || s.flags.compute.isGiven) {
		reporter.Judge = func(w *watch.Watch) (report.Outcome, error) { return checkOne(ctx, p, s, w) }
	}
	deliveries, endDeliveries := context.WithCancel(ctx)
	defer endDeliveries()
	driver := follow.Driver{
		Service: s.service, Monitor: runs, Reporter: withHooks(reporter, runs, s.hooks), Now: p.Now, Timeout: s.flags.timeout, TimedOut: report.ErrTimeout,
		Calls: s.hook.Calls(deliveries, runs, p.say),
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

// collectFlags adds the flags that the command collect has in common with the commands watch and run. It returns a
// function that reads these flags.
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
	rules.compute.addTo(c, "for use in rules")
	hooks.AddTo(c)
	return func(c *cobra.Command) (collectcmd.Session, error) {
		flags.noteLimits(c)
		rules.compute.begin(p, c)
		if err := readRules(c.Context(), p, flags, &rules); err != nil {
			return collectcmd.Session{}, err
		}
		s := collectcmd.Session{
			From: flags.from, Yes: flags.yes, Interval: flags.interval, Timeout: flags.timeout, Limits: flags.budget, Limit: flags.limit,
		}
		s.Connect = func(ctx context.Context) (ui.Service, string, error) {
			client, err := connect(ctx, p, service, flags, false)
			if err != nil {
				return nil, "", err
			}
			return tidyService{client}, client.Host(), nil
		}
		if rules.enabled() || rules.compute.isGiven {
			s.NewJudge = func(ignored func(r run.Run, reason string)) collectcmd.Judge {
				return rules.judging(func(r run.Run, err error) { ignored(r, ignoredDefault(c, "compute", err)) })
			}
		}
		s.StartHooks = func(host string, say, output func(string)) *notifying.Hooks {
			return startHooks(p, hooks.Settings(p.config().Notify), host, session{flags: flags, rules: &rules}, true, say, output)
		}
		return s, nil
	}
}

// checkOne checks the items of one of several runs and returns the outcome. Each line of the output contains the id of
// the run.
func checkOne(ctx context.Context, p *program, s session, w *watch.Watch) (report.Outcome, error) {
	one := &program{
		Process: p.Process, outcome: report.Completed, key: p.key, settings: p.settings, about: "run " + w.RunID().Raw() + ": ",
	}
	if !s.checksRecipe(w.RecipeID()) {
		err := s.flags.compute.check(w)
		if err != nil {
			one.say(err.Error())
		}
		return report.OutcomeOfError(err), nil
	}
	if incomplete := w.Incomplete(); incomplete != nil {
		one.say(incomplete.Error())
		return report.OutcomeOfError(incomplete), nil
	}
	check := s.check(w.RecipeID())
	if check.asSentences {
		check.runID = w.RunID()
	} else {
		one.Stdout = report.NewRunWriter(p.Stdout, w.RunID(), s.flags.json)
	}
	err := one.checkItems(ctx, w, check)
	if wrong, ok := errors.AsType[usageError](err); ok { // a formula does not fit the items
		one.say(wrong.Error())
		return report.OutcomeOfError(wrong), nil
	}
	return one.outcome, err
}

// courseTimeout is the maximum time for reading the usual values of a recipe from the history.
const courseTimeout = time.Second

// courseRuns is the number of recorded runs from which courseReader computes the usual values of a recipe.
const courseRuns = 30

// courseReader returns a function that looks up the usual values of the runs of a recipe, such as their duration. The
// returned function reads the history once for each recipe. If reading fails, it returns an empty result.
func courseReader(ctx context.Context, past ui.History) func(recipe text.Text) baseline.Course {
	known := map[text.Text]baseline.Course{}
	return func(recipe text.Text) baseline.Course {
		course, isKnown := known[recipe]
		if isKnown {
			return course
		}
		ctx, cancel := context.WithTimeout(ctx, courseTimeout)
		defer cancel()
		if runs, err := past.Runs(ctx, ui.RecipeKey{ID: recipe.Raw()}, courseRuns); err == nil {
			var earlier []baseline.Run
			for i := range runs {
				earlier = append(earlier, runs[i].Run)
			}
			_, course = baseline.JudgeCourse(earlier)
		}
		known[recipe] = course
		return course
	}
}

// lines returns a writer of plain lines, sentences or JSON lines, depending on the flags. For a run without an id, the
// writer shows source instead of the id.
func (p *program) lines(f watchFlags, source text.Text) report.Lines {
	switch {
	case f.json:
		return report.NewJSONLines(p.Stdout)
	case f.readsAloud():
		sentences := report.NewSentences(p.Stdout)
		sentences.Source = source
		return sentences
	default:
		plain := report.NewPlainLines(p.Stdout)
		plain.Source = source
		return plain
	}
}
