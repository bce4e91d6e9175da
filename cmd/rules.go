package cmd

import (
	"errors"
	"io"
	"os"
	"strconv"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"sbwatch/model"
	"sbwatch/model/rules"
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
		flag := c.Flags().VarPF(&ruleValue{kind: kind, set: &f.given}, kind.String(), "", ruleUsage(kind))
		if kind == rules.NoWarnings {
			flag.NoOptDefVal = "true"
		}
	}
}

// addCheckTo adds what makes a command that watches judge as well.
func (f *ruleFlags) addCheckTo(c *cobra.Command) {
	c.Flags().BoolVar(&f.check, "check", false, "judge the items when the run has completed, with exit code 3 where a rule is broken; any rule turns it on")
	f.addTo(c)
}

func ruleUsage(kind rules.Kind) string {
	switch kind {
	case rules.MinItems:
		return "at least this `number` of items; N/M here and below warns at N and fails at M"
	case rules.MaxItems:
		return "at most this `number` of items"
	case rules.Coverage:
		return "`column=share` of the items in which a column is present, at least, as in price=0.9; once a column"
	case rules.Type:
		return "`column=type` of all values of a column: text, number, date, url, bool, object or list; once a column"
	case rules.Unique:
		return "no value of this `column` comes twice; once a column"
	case rules.MaxDuplicates:
		return "at most this `number` of items that repeat an earlier one, byte for byte"
	case rules.MaxEmptyPages:
		return "at most this `number` of pages without items"
	case rules.MaxRepeatedPages:
		return "at most this `number` of pages with the items of the page before"
	case rules.MaxDrift:
		return "at most this `drift`, as in 0.3"
	default:
		return "no warnings of the run"
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
func (v *ruleValue) Type() string { return ruleType }

const ruleType = "rule"

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
	if flag.Value.Type() != ruleType {
		return ""
	}
	return "--" + flag.Name + ": " + invalid.Unwrap().Error()
}

// read reads the file of rules, before anything is done that costs.
func (f *ruleFlags) read() error {
	if f.path == "" {
		return nil
	}
	text, err := readSmall(f.path)
	if err != nil {
		return &model.Problem{
			Kind: model.ProblemInput, What: model.NewText("rules " + f.path), Summary: model.NewText(fileTrouble(err)),
			NextStep: model.NewText("sbwatch check --suggest writes such a file"), Cause: err,
		}
	}
	f.file, err = rules.ParseFile(text)
	if err != nil {
		return usageError{text: model.Printable(f.path) + ": " + err.Error()}
	}
	return nil
}

// mostRules is how large a file of rules may be, in bytes.
const mostRules = 4 << 20

func readSmall(path string) ([]byte, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }()
	text, err := io.ReadAll(io.LimitReader(file, mostRules+1))
	if err == nil && len(text) > mostRules {
		err = errors.New("it is too large for a file of rules")
	}
	return text, err
}

// unused says that a file of rules has none for a recipe; "" where it has, or where there is no file.
func (f *ruleFlags) unused(recipeID model.Text) string {
	switch {
	case f.path == "" || len(f.file.For(recipeID)) > 0:
		return ""
	case f.file.IsEmpty():
		return model.Printable(f.path) + " has no rule in it"
	case recipeID.IsEmpty():
		return model.Printable(f.path) + " has no rule for these items, which name no recipe: give its id with --recipe"
	default:
		return model.Printable(f.path) + " has no rule for recipe " + recipeID.String()
	}
}

// wanted tells whether a command that watches should judge.
func (f *ruleFlags) wanted() bool { return f.check || f.path != "" || len(f.given) > 0 }

// of are the rules for a run of a recipe.
func (f *ruleFlags) of(recipeID model.Text) rules.Set { return f.file.For(recipeID).With(f.given) }
