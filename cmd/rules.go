package cmd

import (
	"context"
	"errors"
	"strconv"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"sbwatch/model/rules"
	"sbwatch/model/run"
	"sbwatch/model/text"
)

// ruleFlags are the flags that select the rules for checking items.
type ruleFlags struct {
	given rules.Set // rules given as flags
	path  string    // of the rules file
	check bool

	file rules.File // set by read
}

// addTo adds --rules and a flag for each kind of rule.
func (f *ruleFlags) addTo(c *cobra.Command) {
	c.Flags().Var(checkedValue{&f.path, kindFile, isNotBlank}, "rules", "judge by the rules of this file, in TOML; rules given as flags win over it")
	for _, kind := range rules.Kinds() {
		_, usage := ruleUsage(kind)
		flag := c.Flags().VarPF(&ruleValue{kind: kind, set: &f.given}, kind.String(), "", usage)
		if kind == rules.NoWarnings {
			flag.NoOptDefVal = "true"
		}
	}
}

// addCheckTo adds the rule flags and --check to a command that watches runs.
func (f *ruleFlags) addCheckTo(c *cobra.Command) {
	c.Flags().BoolVar(&f.check, "check", false, "judge the items when the run has completed, with exit code 3 where a rule is broken; any rule turns it on: see sbwatch check --help")
	f.addTo(c)
}

// ruleUsage returns the placeholder for the value of a rule's flag, and the help text of the flag.
func ruleUsage(kind rules.Kind) (value, usage string) {
	switch kind {
	case rules.MinItems:
		return "number", "at least so many items"
	case rules.MaxItems:
		return "number", "at most so many items"
	case rules.Coverage:
		return "column=share", "at least this share of the items has something in a column, as in price=0.9; can be repeated"
	case rules.Type:
		return "column=type", "all values of a column are text, number, date, url, bool, object or list, as in price=number; can be repeated"
	case rules.Unique:
		return "column", "no value of this column comes twice; can be repeated"
	case rules.MaxDuplicates:
		return "number", "at most so many items that repeat an earlier one, byte for byte"
	case rules.MaxEmptyPages:
		return "number", "at most so many pages without items"
	case rules.MaxRepeatedPages:
		return "number", "at most so many pages with the items of the page before"
	case rules.MaxDrift:
		return "number", "drift is at most this, as in 0.3"
	default:
		return "bool", "no warnings of the run"
	}
}

// ruleValue is the value of a flag that defines a rule.
type ruleValue struct {
	kind rules.Kind
	set  *rules.Set
}

// String returns "" because the flag has no default.
func (v *ruleValue) String() string { return "" }

// Type returns the placeholder for the value in the help.
func (v *ruleValue) Type() string {
	value, _ := ruleUsage(v.kind)
	return value
}

// Set parses a rule and adds it to the set.
func (v *ruleValue) Set(text string) error {
	rule, err := rules.ParseFlag(v.kind, text)
	if err != nil {
		return err
	}
	if v.kind == rules.NoWarnings {
		on, err := strconv.ParseBool(text)
		if err != nil {
			return errors.New("it is true or false")
		}
		rule.Off = !on
	}
	*v.set = v.set.WithGiven(rule)
	return nil
}

// ruleFlagError returns the message for an invalid value of a rule flag, or "" for other flags.
func ruleFlagError(invalid *pflag.InvalidValueError) string {
	flag := invalid.GetFlag()
	if _, isRule := flag.Value.(*ruleValue); !isRule {
		return ""
	}
	return "--" + flag.Name + ": " + invalid.Unwrap().Error()
}

// read reads the rules file. Call it before anything that costs credits.
func (f *ruleFlags) read(ctx context.Context) error {
	if f.path == "" {
		return nil
	}
	s, _, err := readSmallFile(ctx, f.path, maxRulesFile)
	switch {
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case err == nil && len(s) > maxRulesFile:
		err = errors.New("it is too large for a file of rules")
	}
	if err != nil {
		return &run.Problem{
			Kind: run.ProblemInput, What: text.NewText("rules " + f.path), Summary: text.NewText(fileTrouble(err)),
			NextStep: text.NewText("sbwatch check --suggest writes such a file"), Cause: err,
		}
	}
	f.file, err = rules.ParseFile(s)
	if err != nil {
		return usageError{text: text.Printable(f.path) + ": " + err.Error()}
	}
	return nil
}

// maxRulesFile is the maximum size of a rules file, in bytes.
const maxRulesFile = 4 << 20

// unusedMessage returns a message if the rules file has no rule for a recipe, or "".
func (f *ruleFlags) unusedMessage(recipeID text.Text) string {
	switch {
	case f.path == "" || len(f.file.For(recipeID)) > 0:
		return ""
	case f.file.IsEmpty():
		return text.Printable(f.path) + " has no rule in it"
	case recipeID.IsEmpty():
		return text.Printable(f.path) + " has no rule for these items, which name no recipe: give its id with --recipe"
	default:
		return text.Printable(f.path) + " has no rule for recipe " + recipeID.String()
	}
}

// enabled reports whether run and watch should check the items.
func (f *ruleFlags) enabled() bool { return f.check || f.path != "" || len(f.given) > 0 }

// forRecipe returns the rules for a run of a recipe. Rules given as flags override those of the file.
func (f *ruleFlags) forRecipe(recipeID text.Text) rules.Set {
	return f.file.For(recipeID).With(f.given)
}
