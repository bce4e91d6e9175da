package cmd

import (
	"context"
	"errors"
	"io"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"sbwatch/cmd/flagvalue"
	"sbwatch/cmd/progress"
	"sbwatch/cmd/recording"
	"sbwatch/model/baseline"
	"sbwatch/model/item"
	"sbwatch/model/profile"
	"sbwatch/model/rules"
	"sbwatch/model/text"
	"sbwatch/model/watch"
	"sbwatch/query"
	"sbwatch/report"
	"sbwatch/work"
)

type checkFlags struct {
	service serviceFlags
	watch   watchFlags
	reading readingFlags
	history historyFlags
	rules   ruleFlags
	compute computeFlags
	recipe  string
	suggest bool
	// baseline is the flag --baseline: compare the run with earlier runs of its recipe.
	baseline bool
}

func (p *program) checkCommand() *cobra.Command {
	var flags checkFlags
	c := &cobra.Command{
		Use:   "check [flags] RUN_ID|FILE|-",
		Short: "Check the items of a run or a file against rules, for CI",
		Long: `Check items against rules, such as the number of items, required columns and unique values. check waits for an unfinished
run. The argument is a file if it contains a dot or a slash, or if a file with this name exists; - is standard input. A
recorded run is read from the history, which needs no key and no network.

check writes one line per rule: ok, warn or fail, the rule, and the result. Other problems found in the items follow. A rule
that cannot be checked, such as --max-drift for a file of items, counts as broken.

A limit can have two levels: --min-items 90/80 warns below 90 and fails below 80. A warning does not change the exit code.

Give rules as flags, or in a TOML file with the same names. Rules at the top of the file are for all recipes, and rules in
the section [recipe.ID] are for one recipe:

  min-items = { warn = 80, fail = 50 }
  unique = ["sku"]
  coverage.price = 0.9

The config file can have the same rules in the sections [rules] and [rules.recipe.ID]. Flags override the file of --rules,
and that file overrides the config file.

--compute adds columns for all rules and for --suggest: --compute 'unit = price / size' --coverage unit=0.9
` + formulaHelp() + `

With --baseline, check also compares the run with the recorded runs of its recipe (see sbwatch history). The check fails if
the run is much worse than usual, or if the recipe should be re-authored.

Exit code 3 means that the run completed but a rule is broken. To get started: sbwatch check --suggest RUN_ID > rules.toml`,
		Example: "  sbwatch check --min-items 50 --coverage price=0.9 --unique sku k7Xb9dRmQ2p\n" +
			"  sbwatch check --rules rules.toml answer.json\n  sbwatch check --suggest answer.json > rules.toml",
		Args: oneArg("run id or file name"),
		RunE: func(c *cobra.Command, args []string) error {
			if err := flags.checkSuggest(c); err != nil {
				return err
			}
			flags.compute.begin(p, c)
			ctx, cancel := flags.watch.limit(c.Context())
			defer cancel()
			if err := flags.rules.read(ctx, p.config().Rules); err != nil {
				return sayIfLate(p, err, flags.rules.path)
			}
			return p.runCheck(ctx, flags, args[0])
		},
	}
	flags.addTo(c)
	return c
}

func (f *checkFlags) addTo(c *cobra.Command) {
	f.service.addTo(c)
	f.rules.addTo(c)
	f.compute.addTo(c, "for use in rules")
	c.Flags().Var(checkedValue{&f.recipe, kindID, isNotBlank}, "recipe", "use the rules for this recipe (default: the recipe of the run)")
	c.Flags().BoolVar(&f.suggest, "suggest", false, "instead of checking, write a rules file based on these items, with limits that allow later runs to be somewhat worse")
	c.Flags().BoolVar(&f.baseline, "baseline", false, "compare the run with the earlier runs of its recipe in the history; exit code 3 if it is much worse")
	c.Flags().BoolVar(&f.watch.json, "json", false, "write a line with a JSON object for each rule and each finding")
	f.watch.screen.addReaderTo(c)
	f.watch.addWaitTo(c)
	f.reading.addTo(c)
	f.history.addTo(c, readsHistory)
	flagvalue.Exclude(c, "suggest", "json", "rules", "baseline")
	for _, kind := range rules.Kinds() {
		flagvalue.Exclude(c, "suggest", kind.String())
	}
}

// checkSuggest returns an error if --suggest is combined with a flag that would have no effect.
func (f *checkFlags) checkSuggest(c *cobra.Command) error {
	if !f.suggest {
		return nil
	}
	wrong := ""
	c.Flags().Visit(func(flag *pflag.Flag) {
		switch {
		case wrong != "":
		case isRule(flag) || flag.Name == "rules" || flag.Name == "baseline":
			wrong = "--suggest checks no rules: omit --" + flag.Name
		case flag.Name == "json":
			wrong = "--suggest writes TOML: omit --json"
		}
	})
	if wrong != "" {
		return usageError{text: wrong, command: c.CommandPath()}
	}
	return nil
}

func (p *program) runCheck(ctx context.Context, flags checkFlags, name string) error {
	source := itemSource{name: name, service: flags.service, watch: flags.watch, reading: flags.reading, history: flags.history, unfinished: "nothing was checked"}
	watch, err := p.readItems(ctx, &source)
	if err != nil || p.outcome != report.Completed {
		return err
	}
	if incomplete := watch.Incomplete(); incomplete != nil {
		return incomplete // rules need all items
	}
	recipe := watch.RecipeID()
	if flags.recipe != "" {
		recipe = text.NewText(flags.recipe)
	}
	if flags.suggest {
		computed := flags.compute.columns(watch.Items(), flags.compute.unfit)
		if computed.err != nil {
			return computed.err
		}
		return p.suggestRules(ctx, watch, computed.items, flags, source.host, recipe)
	}
	check := check{rules: &flags.rules, compute: flags.compute, recipe: recipe, asJSON: flags.watch.json, asSentences: flags.watch.readsAloud()}
	if flags.baseline {
		check.compare = func(r baseline.Run) (baseline.Judgment, error) { return compareRun(ctx, p, source.host, r) }
	}
	return p.checkItems(ctx, watch, check)
}

// suggestRules writes suggested rules to standard output. The watched run and the recorded earlier runs of its recipe
// meet all of these rules.
func (p *program) suggestRules(ctx context.Context, watch *watch.Watch, items item.Table, flags checkFlags, host string, recipe text.Text) error {
	subject, err := newSubject(ctx, p, watch, items)
	if err != nil {
		return err
	}
	subject.Run.RecipeID = recipe
	if !flags.history.off && p.places().Known() && !recipe.IsEmpty() {
		received, err := receivedProfile(ctx, p, watch, subject.Profile)
		if err != nil {
			return err
		}
		run := recording.RunOf(watch, received)
		run.RecipeID = recipe
		judgment, err := compareRun(ctx, p, host, run)
		if err != nil {
			p.say("the history cannot be read, so the rules are based on this run only: " + err.Error())
		} else {
			subject.Usual = recording.UsualOf(&judgment)
		}
	}
	stop := showWork(p, progress.Elapsed("checking"))
	suggested, err := work.Do(ctx, func() (string, error) { return rules.Suggest(subject), nil })
	stop()
	if err != nil {
		return context.Cause(ctx)
	}
	_, err = io.WriteString(p.Stdout, suggested)
	return report.WriteError(err)
}

// newSubject returns what rules are compared with: the run, the profile of its items, and a function that finds
// duplicates. items are the items of the run, perhaps with computed columns.
func newSubject(ctx context.Context, p *program, watch *watch.Watch, items item.Table) (rules.Subject, error) {
	var done work.Progress
	defer showWork(p, progress.Percent("checking", &done))()
	found, err := query.Profile(ctx, items, &done)
	if err != nil {
		return rules.Subject{}, context.Cause(ctx)
	}
	return rules.Subject{
		Run: watch.Run(), Profile: found,
		Duplicates: func(path item.Path) (profile.Duplicates, error) { return query.Duplicates(ctx, items, path, nil) },
	}, nil
}

// compareRun compares a run with the recorded earlier runs of its recipe.
func compareRun(ctx context.Context, p *program, host string, r baseline.Run) (baseline.Judgment, error) {
	defer showWork(p, progress.Elapsed("comparing with earlier runs"))()
	judgment, err := work.Do(ctx, func() (baseline.Judgment, error) { return p.places().Compare(ctx, host, r) })
	if ctx.Err() != nil {
		err = context.Cause(ctx)
	}
	return judgment, err
}

// receivedProfile returns the profile of the items without computed columns, because the recorded profiles of earlier
// runs have no computed columns. known is the profile of the items, perhaps with computed columns.
func receivedProfile(ctx context.Context, p *program, watch *watch.Watch, known *profile.Profile) (*profile.Profile, error) {
	if len(known.Items().Added()) == 0 {
		return known, nil
	}
	var done work.Progress
	defer showWork(p, progress.Percent("checking", &done))()
	received, err := query.Profile(ctx, watch.Items(), &done)
	if err != nil {
		return nil, context.Cause(ctx)
	}
	return received, nil
}

// check describes how to check the items of a run.
type check struct {
	rules *ruleFlags
	// compute are the computed columns, which the rules can use.
	compute computeFlags
	// recipe is the id of the recipe whose rules apply.
	recipe text.Text
	asJSON bool
	// asSentences selects sentences for a screen reader instead of lines.
	asSentences bool
	// runID is the id of the run, which is written in the sentences. It is empty if there is only one run.
	runID text.Text
	// compare compares the run with earlier runs. It is nil if no comparison was requested.
	compare func(r baseline.Run) (baseline.Judgment, error)
}

// checkItems checks the items of a completed run and writes one line per rule to standard output. It sets p.outcome to
// [report.RuleBroken] if a rule is broken, or if the run is much worse than earlier runs. If a formula on the command
// line does not fit the items, checkItems checks all rules and then returns an error.
func (p *program) checkItems(ctx context.Context, watch *watch.Watch, c check) error {
	computed := c.compute.columns(watch.Items(), c.compute.unfit)
	subject, err := newSubject(ctx, p, watch, computed.items)
	if err != nil {
		return err
	}
	subject.Uncomputed = computed.missing
	stop := showWork(p, progress.Elapsed("checking"))
	verdicts, err := rules.Judge(c.rules.forRecipe(c.recipe), subject)
	stop()
	if err != nil {
		return errors.Join(err, context.Cause(ctx))
	}
	broken := report.BrokenRules(verdicts)
	if broken != "" {
		p.outcome = report.RuleBroken
	}
	switch {
	case c.asJSON:
		column := func(column int) text.Text { return subject.Profile.Columns[column].Place.Name() }
		err = report.WriteVerdictsJSON(p.Stdout, verdicts, subject.Profile.Findings, column)
	case c.asSentences:
		err = report.WriteVerdictSentences(p.Stdout, c.runID, verdicts, subject.Profile.Findings)
	default:
		err = report.WriteVerdicts(p.Stdout, verdicts, subject.Profile.Findings)
	}
	if err != nil {
		return err
	}
	if c.compare != nil {
		received, err := receivedProfile(ctx, p, watch, subject.Profile)
		if err != nil {
			return err
		}
		if err := c.checkBaseline(p, watch, received); err != nil {
			return err
		}
	}
	unused := c.rules.unusedMessage(c.recipe)
	if unused != "" {
		p.say(unused)
	}
	switch {
	case len(verdicts) == 0 && computed.err == nil && unused == "" && c.compare == nil && !c.asSentences:
		p.say("no rules were given: create some with sbwatch check --suggest")
	case broken != "":
		p.say(broken)
	}
	return computed.err
}

// checkBaseline compares a run with earlier runs of its recipe and writes the differences. received is the profile of
// the items without computed columns. If the run is much worse than usual, checkBaseline sets p.outcome to
// [report.RuleBroken].
func (c check) checkBaseline(p *program, watch *watch.Watch, received *profile.Profile) error {
	run := recording.RunOf(watch, received)
	run.RecipeID = c.recipe
	if reason := report.NotCompared(&run); reason != "" {
		p.say(reason)
		return nil
	}
	judgment, err := c.compare(run)
	if err != nil {
		return recording.Problem(err)
	}
	switch {
	case c.asJSON:
		err = report.WriteBaselineJSON(p.Stdout, &judgment)
	case c.asSentences:
		err = report.WriteBaselineSentences(p.Stdout, &judgment)
	default:
		err = report.WriteBaseline(p.Stdout, &judgment)
	}
	if err != nil {
		return err
	}
	message, isWorse := report.BaselineVerdict(&judgment)
	if message != "" {
		p.say(message)
	}
	if isWorse {
		p.outcome = report.RuleBroken
	}
	return nil
}
