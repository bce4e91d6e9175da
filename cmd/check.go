package cmd

import (
	"context"
	"errors"
	"io"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"sbwatch/model/item"
	"sbwatch/model/profile"
	"sbwatch/model/rules"
	"sbwatch/model/text"
	"sbwatch/model/watch"
	"sbwatch/query"
	"sbwatch/report"
)

// checkFlags are the flags of check.
type checkFlags struct {
	service serviceFlags
	watch   watchFlags
	rules   ruleFlags
	recipe  string
	suggest bool
}

func (p *program) checkCommand() *cobra.Command {
	var flags checkFlags
	c := &cobra.Command{
		Use:   "check [flags] RUN_ID|FILE|-",
		Short: "Judge the items of a run or a file by rules, for CI",
		Long: `Judge items by rules: how many there are, which columns must be there, what must not come twice. A run that is still
under way is waited for. A name with a dot or a slash, or of a file that is there, is a file; a dash is standard input.

Each rule is a line of standard output: ok, warn or fail, what was asked, what was found. A rule that cannot be judged,
such as the drift of a bare array, counts as broken. What looks wrong beside the rules stands below.

A limit may have two levels: --min-items 90/80 warns below 90 and fails below 80. A warning is only told.

Rules are flags, or stand in a TOML file under the same names, at the top for every recipe and in [recipe.ID] for one:

  min-items = { warn = 80, fail = 50 }
  unique = ["sku"]
  coverage.price = 0.9

Exit code 3 tells that the run completed but a rule was broken. To begin with: sbwatch check --suggest RUN_ID > rules.toml`,
		Example: "  sbwatch check --min-items 50 --coverage price=0.9 --unique sku k7Xb9dRmQ2p\n" +
			"  sbwatch check --rules rules.toml answer.json\n  sbwatch check --suggest answer.json > rules.toml",
		Args: oneArg("run id or file, or - for standard input"),
		RunE: func(c *cobra.Command, args []string) error {
			if err := flags.watch.check(c); err != nil {
				return err
			}
			if err := flags.checkSuggest(c); err != nil {
				return err
			}
			ctx, cancel := flags.watch.limit(c.Context())
			defer cancel()
			if err := flags.rules.read(ctx); err != nil {
				return err
			}
			return p.runCheck(ctx, flags, args[0])
		},
	}
	flags.service.addTo(c)
	flags.rules.addTo(c)
	c.Flags().Var(checkedValue{&flags.recipe, kindID, isNotBlank}, "recipe", "take the rules of this recipe (default: the run's)")
	c.Flags().BoolVar(&flags.suggest, "suggest", false, "judge nothing: write a file of rules that fits these items with a margin")
	c.Flags().BoolVar(&flags.watch.json, "json", false, "write a JSON object a line for each rule and each finding")
	flags.watch.addWaitTo(c)
	return c
}

// checkSuggest refuses flags that have no effect with --suggest.
func (f *checkFlags) checkSuggest(c *cobra.Command) error {
	if !f.suggest {
		return nil
	}
	wrong := ""
	c.Flags().Visit(func(flag *pflag.Flag) {
		_, isRule := flag.Value.(*ruleValue)
		switch {
		case wrong != "":
		case isRule || flag.Name == "rules":
			wrong = "--suggest judges nothing: leave --" + flag.Name + " out"
		case flag.Name == "json":
			wrong = "--suggest writes TOML: leave --json out"
		}
	})
	if wrong != "" {
		return usageError{text: wrong, command: c.CommandPath()}
	}
	return nil
}

func (p *program) runCheck(ctx context.Context, flags checkFlags, name string) error {
	watch, err := p.readItems(ctx, itemSource{name, flags.service, flags.watch, "there is nothing to judge yet"})
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
		subject, err := newSubject(ctx, watch)
		if err != nil {
			return err
		}
		if flags.recipe != "" {
			subject.Run.RecipeID = recipe
		}
		_, err = io.WriteString(p.Stdout, rules.Suggest(subject))
		return report.WriteError(err)
	}
	return p.checkItems(ctx, watch, &flags.rules, recipe, flags.watch.json)
}

// newSubject profiles the items of a watch for the rules.
func newSubject(ctx context.Context, watch *watch.Watch) (rules.Subject, error) {
	items := watch.Items()
	found, err := query.Profile(ctx, items, nil)
	if err != nil {
		return rules.Subject{}, context.Cause(ctx)
	}
	return rules.Subject{
		Run: watch.Run(), Profile: found,
		Duplicates: func(path item.Path) (profile.Duplicates, error) { return query.Duplicates(ctx, items, path, nil) },
	}, nil
}

// checkItems checks the items of a completed run against the rules for a recipe and writes the verdicts to standard
// output. It sets p.outcome if a rule is broken.
func (p *program) checkItems(ctx context.Context, watch *watch.Watch, flags *ruleFlags, recipe text.Text, asJSON bool) error {
	subject, err := newSubject(ctx, watch)
	if err != nil {
		return err
	}
	verdicts, err := rules.Judge(flags.forRecipe(recipe), subject)
	if err != nil {
		return errors.Join(err, context.Cause(ctx))
	}
	broken := report.BrokenRules(verdicts)
	if broken != "" {
		p.outcome = report.RuleBroken
	}
	if asJSON {
		column := func(column int) text.Text { return subject.Profile.Columns[column].Place.Name() }
		err = report.WriteVerdictsJSON(p.Stdout, verdicts, subject.Profile.Findings, column)
	} else {
		err = report.WriteVerdicts(p.Stdout, verdicts, subject.Profile.Findings)
	}
	if err != nil {
		return err
	}
	unused := flags.unusedMessage(recipe)
	if unused != "" {
		p.say(unused)
	}
	switch {
	case len(verdicts) == 0 && unused == "":
		p.say("no rules were given, so none is broken: sbwatch check --suggest writes some to begin with")
	case broken != "":
		p.say(broken)
	}
	return nil
}
