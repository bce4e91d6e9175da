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

// ruleFlags say what the items of a run are judged by.
type ruleFlags struct {
	given rules.Set
	path  string // of a file of rules
	check bool

	file rules.File // once read
}

// addTo adds a flag for each kind of rule.
func (f *ruleFlags) addTo(c *cobra.Command) {
	c.Flags().Var(checkedValue{&f.path, kindFile, isFilled}, "rules", "judge by the rules of this file, in TOML; rules given as flags win over it")
	for _, kind := range rules.Kinds() {
		_, usage := ruleUsage(kind)
		flag := c.Flags().VarPF(&ruleValue{kind: kind, set: &f.given}, kind.String(), "", usage)
		if kind == rules.NoWarnings {
			flag.NoOptDefVal = "true"
		}
	}
}

// addCheckTo adds what makes a command that watches judge as well.
func (f *ruleFlags) addCheckTo(c *cobra.Command) {
	c.Flags().BoolVar(&f.check, "check", false, "judge the items when the run has completed, with exit code 3 where a rule is broken; any rule turns it on: see sbwatch check --help")
	f.addTo(c)
}

// ruleUsage is the word for the value of a rule's flag, and what it demands.
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

// ruleValue is the value of a flag that gives a rule.
type ruleValue struct {
	kind rules.Kind
	set  *rules.Set
}

// String is what the flag is by itself: nothing.
func (v *ruleValue) String() string { return "" }

// Type is the word for the flag's value.
func (v *ruleValue) Type() string {
	value, _ := ruleUsage(v.kind)
	return value
}

// Set reads a rule.
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

// ruleFlagError says what is wrong with the value of such a flag; "" for other flags.
func ruleFlagError(invalid *pflag.InvalidValueError) string {
	flag := invalid.GetFlag()
	if _, isRule := flag.Value.(*ruleValue); !isRule {
		return ""
	}
	return "--" + flag.Name + ": " + invalid.Unwrap().Error()
}

// read reads the file of rules, before anything is done that costs.
func (f *ruleFlags) read(ctx context.Context) error {
	if f.path == "" {
		return nil
	}
	s, _, err := readSmallFile(ctx, f.path, mostRules)
	switch {
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case err == nil && len(s) > mostRules:
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

// mostRules is how large a file of rules may be, in bytes.
const mostRules = 4 << 20

// unused says that a file of rules has none for a recipe; "" where it has, or where there is no file.
func (f *ruleFlags) unused(recipeID text.Text) string {
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

// wanted tells whether a command that watches should judge.
func (f *ruleFlags) wanted() bool { return f.check || f.path != "" || len(f.given) > 0 }

// of are the rules for a run of a recipe.
func (f *ruleFlags) of(recipeID text.Text) rules.Set { return f.file.For(recipeID).With(f.given) }
