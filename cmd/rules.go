package cmd

import (
	"context"
	"errors"
	"slices"
	"strconv"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"sbwatch/cmd/flagvalue"
	"sbwatch/model/rules"
	"sbwatch/model/run"
	"sbwatch/model/text"
)

// ruleFlags are the flags that select the rules for checking items.
type ruleFlags struct {
	given rules.Set // rules from the flags
	path  string    // name of the rules file
	check bool
	// defaults are the rules from the config file. The method read sets this field.
	defaults rules.File
	// compute are the computed columns, which rules can use.
	compute computeFlags

	file rules.File // contents of the rules file after read
}

// addTo adds --rules and a flag for each kind of rule.
func (f *ruleFlags) addTo(c *cobra.Command) {
	c.Flags().Var(checkedValue{&f.path, kindFile, isNotBlank}, "rules", "read rules from this TOML file; rules given as flags override it")
	for _, kind := range rules.Kinds() {
		_, usage := ruleUsage(kind)
		var value pflag.Value = &ruleValue{kind: kind, set: &f.given}
		if kind.OfColumn() {
			value = &columnRuleValue{ruleValue: ruleValue{kind: kind, set: &f.given}}
		}
		flag := c.Flags().VarPF(value, kind.String(), "", usage)
		if kind == rules.NoWarnings {
			flag.NoOptDefVal = "true"
		}
	}
}

// addCheckTo adds the rule flags and --check to a command that watches runs.
func (f *ruleFlags) addCheckTo(c *cobra.Command) {
	c.Flags().BoolVar(&f.check, "check", false, "check the items of the completed run, with exit code 3 if a rule is broken (implied by every rule flag; see sbwatch check --help)")
	f.addTo(c)
}

// ruleUsage returns the texts for the help of the flag for a kind of rule: the placeholder for its value and the
// description.
func ruleUsage(kind rules.Kind) (value, usage string) {
	switch kind {
	case rules.MinItems:
		return "number", "minimum number of items"
	case rules.MaxItems:
		return "number", "maximum number of items"
	case rules.Coverage:
		return "column=share", "minimum share of items with a value in a column, such as price=0.9 (repeatable)"
	case rules.Type:
		return "column=type", "type of all values of a column, such as price=number: text, number, date, url, bool, object or list (repeatable)"
	case rules.Unique:
		return "column", "column without duplicate values (repeatable)"
	case rules.MaxDuplicates:
		return "number", "maximum number of items that are byte-for-byte duplicates of an earlier item"
	case rules.MaxEmptyPages:
		return "number", "maximum number of pages without items"
	case rules.MaxRepeatedPages:
		return "number", "maximum number of pages with the same items as the previous page"
	case rules.MaxDrift:
		return "number", "maximum drift, such as 0.3"
	default:
		return "bool", "require a run without warnings"
	}
}

// ruleValue is the value of a flag that defines a rule.
type ruleValue struct {
	kind rules.Kind
	set  *rules.Set
}

// String returns "" because the flag has no default.
func (v *ruleValue) String() string { return "" }

// Type returns the placeholder for the value, which the help shows.
func (v *ruleValue) Type() string {
	value, _ := ruleUsage(v.kind)
	return value
}

// Set parses a rule and adds it to the rules from flags.
func (v *ruleValue) Set(text string) error {
	rule, err := rules.ParseFlag(v.kind, text)
	if err != nil {
		return err
	}
	if v.kind == rules.NoWarnings {
		on, err := strconv.ParseBool(text)
		if err != nil {
			return errors.New("use true or false")
		}
		rule.Off = !on
	}
	*v.set = v.set.WithGiven(rule)
	return nil
}

// columnRuleValue is the value of a flag that defines rules of columns. Each use of the flag adds a rule.
type columnRuleValue struct {
	ruleValue

	given []string // arguments of Set
}

// Set parses a rule and adds it to the rules from flags.
func (v *columnRuleValue) Set(text string) error {
	if err := v.ruleValue.Set(text); err != nil {
		return err
	}
	v.given = append(v.given, text)
	return nil
}

// Append adds a rule, as Set does.
func (v *columnRuleValue) Append(text string) error { return v.Set(text) }

// Replace replaces all rules of this flag.
func (v *columnRuleValue) Replace(texts []string) error {
	v.given = nil
	*v.set = slices.DeleteFunc(*v.set, func(r rules.Rule) bool { return r.Kind == v.kind })
	return flagvalue.SetAll(v, texts)
}

// GetSlice returns the rules as the user wrote them.
func (v *columnRuleValue) GetSlice() []string { return v.given }

func isRule(flag *pflag.Flag) bool {
	switch flag.Value.(type) {
	case *ruleValue, *columnRuleValue:
		return true
	default:
		return false
	}
}

// ruleFlagError returns the message for an invalid value of a rule flag. It returns "" for all other flags.
func ruleFlagError(invalid *pflag.InvalidValueError) string {
	flag := invalid.GetFlag()
	if !isRule(flag) {
		return ""
	}
	return "--" + flag.Name + ": " + invalid.Unwrap().Error()
}

// read reads the rules file of --rules. The parameter defaults holds the rules from the config file. Call read before
// any request that costs credits, so that an invalid file costs nothing.
func (f *ruleFlags) read(ctx context.Context, defaults rules.File) error {
	f.defaults = defaults
	if f.path == "" {
		return nil
	}
	s, _, err := readSmallFile(ctx, f.path, maxRulesFile)
	switch {
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case err == nil && len(s) > maxRulesFile:
		err = errors.New("it is too large for a rules file")
	}
	if err != nil {
		return &run.Problem{
			Kind: run.ProblemInput, What: text.NewText("rules " + f.path), Summary: text.NewText(fileTrouble(err)),
			NextStep: text.NewText("create one with sbwatch check --suggest"), Cause: err,
		}
	}
	file, problems := rules.ParseFile(s)
	if len(problems) > 0 {
		problems[0].File = f.path
		return usageError{text: problems[0].String()}
	}
	f.file = file
	return nil
}

// maxRulesFile is the maximum size of a rules file, in bytes.
const maxRulesFile = 4 << 20

// unusedMessage returns a message if the rules file has no rules for a recipe. Otherwise it returns "".
func (f *ruleFlags) unusedMessage(recipeID text.Text) string {
	switch {
	case f.path == "" || len(f.file.For(recipeID)) > 0:
		return ""
	case f.file.IsEmpty():
		return text.Printable(f.path) + " contains no rules"
	case recipeID.IsEmpty():
		return text.Printable(f.path) + " has no rules for these items because their recipe is unknown: give its id with --recipe"
	default:
		return text.Printable(f.path) + " has no rules for recipe " + recipeID.String()
	}
}

// areGiven reports whether --check, --rules or a flag for a rule is on the command line.
func (f *ruleFlags) areGiven() bool { return f.check || f.path != "" || len(f.given) > 0 }

// enabled reports whether to check the items of any run, either because --check is set or because there are rules.
func (f *ruleFlags) enabled() bool { return f.areGiven() || !f.defaults.IsEmpty() }

// enabledFor reports whether to check the items of the runs of a recipe. It may return false even if the method enabled
// returns true, because the config file can have rules only for other recipes.
func (f *ruleFlags) enabledFor(recipeID text.Text) bool {
	return f.areGiven() || len(f.defaults.For(recipeID)) > 0
}

// forRecipe returns the rules for a recipe's runs. Flags override the rules file, and the rules file overrides the
// config file.
func (f *ruleFlags) forRecipe(recipeID text.Text) rules.Set {
	return f.file.Override(f.defaults.For(recipeID), recipeID).With(f.given)
}
