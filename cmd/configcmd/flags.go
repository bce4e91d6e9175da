package configcmd

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"sbwatch/cmd/flagvalue"
	"sbwatch/config"
	"sbwatch/model/settings"
)

// ApplyFlags sets each flag of a command to its default from the config file. It skips a flag that is on the command
// line, and a flag whose environment variable is set. It returns the problems in all defaults, including the defaults
// for other commands.
func ApplyFlags(c *cobra.Command, defaults []config.Flag, getenv func(name string) string) []settings.Problem {
	var problems []settings.Problem
	for _, f := range defaults {
		if len(owners(c.Root(), f)) == 0 {
			problems = append(problems, problemOf(f, unknownFlag(c.Root(), f)))
		}
	}
	for _, result := range apply(c, defaults, getenv) {
		if result.problem != "" {
			problems = append(problems, problemOf(result.flag, result.problem))
		}
	}
	return settings.SortProblems(problems)
}

// FindsProblems reports whether a command finds further problems in the settings and reports them with the others: it
// is a subcommand of config.
func FindsProblems(c *cobra.Command) bool { return c.HasParent() && c.Parent().Name() == "config" }

// flagValues returns the values of the flags for which the config file has defaults. For a default that no command can
// use, flagValues returns a problem and the value that the flag has without this default.
func flagValues(root *cobra.Command, defaults []config.Flag, getenv func(name string) string) ([]config.Value, []settings.Problem) {
	results := map[config.Flag][]applied{}
	for _, c := range commands(root) {
		for _, result := range apply(c, defaults, getenv) {
			results[result.flag] = append(results[result.flag], result)
		}
	}
	var values []config.Value
	var problems []settings.Problem
	for _, f := range defaults {
		of := results[f]
		if len(of) == 0 {
			problems = append(problems, problemOf(f, unknownFlag(root, f)))
			continue
		}
		if i := slices.IndexFunc(of, func(a applied) bool { return a.problem != "" }); i >= 0 {
			problems = append(problems, problemOf(f, of[i].problem))
		}
		values = append(values, valueOf(f, of))
	}
	return values, settings.SortProblems(problems)
}

// valueOf returns the value of a flag for which the config file has the default f, and the source of the value, such as
// an environment variable. results has an element for each command with this flag.
func valueOf(f config.Flag, results []applied) config.Value {
	value := config.Value{Name: "flags." + f.Name, Value: f.Value, Source: config.SourceLine(f.Line)}
	if f.Command != "" {
		value.Name = "flags." + f.Command + "." + f.Name
	}
	// The variable may replace the flag only in some commands: auth login has --account, but does not read the key
	// from the environment.
	if i := slices.IndexFunc(results, func(a applied) bool { return a.variable != "" }); i >= 0 {
		value.Value, value.Source = results[i].value, results[i].variable
		return value
	}
	var others []string
	for _, result := range results {
		switch {
		case result.problem == "":
			value.Value = shown(value.Value, result.isSecret)
			if f.Name == execFlag {
				value.Value = config.WithoutSecrets(value.Value)
			}
			return value
		case !slices.Contains(others, result.value):
			others = append(others, result.value)
		}
	}
	value.Value, value.Source = strings.Join(others, " or "), config.SourceDefault
	return value
}

// hidden is shown instead of a secret.
const hidden = "hidden"

// execFlag is the name of the flag with a command line, which may contain secrets.
const execFlag = "exec"

// shown returns the text to show for the value of a flag. isSecret reports whether the value may be a secret.
func shown(value string, isSecret bool) string {
	if isSecret && value != "" {
		return hidden
	}
	return value
}

func problemOf(f config.Flag, reason string) settings.Problem {
	return settings.Problem{File: f.File, Line: f.Line, Reason: reason}
}

// applied describes how a command uses a default from the config file.
type applied struct {
	flag config.Flag
	// problem is the reason why the command cannot use the default. variable is the name of the environment variable
	// that replaces the default. Both are usually empty.
	problem, variable string
	// value is the value that the flag has without this default. It is in effect if the field problem or the field
	// variable is not empty.
	value string
	// isSecret reports whether the default must not be shown.
	isSecret bool
}

// apply sets each flag of a command to its default from the config file. A default for this command overrides a default
// for all commands.
func apply(c *cobra.Command, defaults []config.Flag, getenv func(name string) string) []applied {
	var own []config.Flag
	for _, f := range defaults {
		if slices.Contains(owners(c.Root(), f), c) && !flagvalue.IsGiven(c, f.Name) {
			own = append(own, f)
		}
	}
	slices.SortStableFunc(own, func(a, b config.Flag) int { return cmp.Compare(min(1, len(a.Command)), min(1, len(b.Command))) })
	var results []applied
	for _, f := range own {
		flag := c.Flags().Lookup(f.Name)
		isSecretFlag := flagvalue.IsSecret(flag)
		result := applied{flag: f, value: shown(flag.Value.String(), isSecretFlag), isSecret: isSecretFlag}
		used, conflict := isUsed(c, f.Name, own)
		variable, isSecret := flagvalue.Variable(flag)
		switch {
		case conflict != "":
			result.problem = conflict
		case variable != "" && getenv(variable) != "":
			result.variable, result.value = variable, getenv(variable)
			if isSecret || strings.Contains(result.value, "@") { // a URL may have a password
				result.value = hidden
			}
		case used:
			if err := flagvalue.SetDefault(c, f.Name, f.Value, f.IsList, fmt.Sprintf("%s: line %d", f.File, f.Line)); err != nil {
				result.problem = err.Error()
			}
		}
		results = append(results, result)
	}
	return results
}

// isUsed reports whether the default of a flag applies to this command line. The result conflict is a message about a
// conflict with another default, or "" if there is no conflict.
func isUsed(c *cobra.Command, name string, defaults []config.Flag) (used bool, conflict string) {
	flag := c.Flags().Lookup(name)
	for _, other := range flagvalue.Excludes(flag) {
		i := slices.IndexFunc(defaults, func(f config.Flag) bool { return f.Name == other })
		switch {
		case flagvalue.IsGiven(c, other):
			return false, ""
		case i >= 0 && c.Flags().Changed(other):
			return false, fmt.Sprintf("--%s cannot be used together with --%s, which is set in line %d", name, other, defaults[i].Line)
		}
	}
	for _, other := range flagvalue.Needs(flag) {
		isDefault := slices.ContainsFunc(defaults, func(f config.Flag) bool { return f.Name == other })
		switch {
		case c.Flags().Changed(other) || isDefault:
		case slices.Contains(flagvalue.Needs(c.Flags().Lookup(other)), name):
			return false, fmt.Sprintf("--%s needs --%s", name, other)
		default:
			return false, ""
		}
	}
	return true, ""
}

// owners returns the commands that a default applies to.
func owners(root *cobra.Command, f config.Flag) []*cobra.Command {
	var found []*cobra.Command
	for _, c := range commands(root) {
		flag := c.Flags().Lookup(f.Name)
		if flag != nil && (nameOf(c) == f.Command || f.Command == "" && !flagvalue.IsSpecific(flag)) {
			found = append(found, c)
		}
	}
	return found
}

// commands returns the subcommands of a command, and their own subcommands.
func commands(parent *cobra.Command) []*cobra.Command {
	var all []*cobra.Command
	for _, c := range parent.Commands() {
		all = append(append(all, c), commands(c)...)
	}
	return all
}

// nameOf returns the name of a command in the config file, such as "watch" or "history.export".
func nameOf(c *cobra.Command) string {
	_, path, _ := strings.Cut(c.CommandPath(), " ")
	return strings.ReplaceAll(path, " ", ".")
}

// unknownFlag returns the message for a default in the config file whose flag does not exist, or does not belong to the
// command.
func unknownFlag(root *cobra.Command, f config.Flag) string {
	name := f.Name
	if f.Command != "" {
		name = f.Command + "." + f.Name
	}
	if section, isSetting := config.SectionOf(name); isSetting && section == "" {
		return name + " is a setting, not a flag: move it above the first section"
	} else if isSetting {
		return name + " is a setting, not a flag: move it to the section [" + section + "]"
	}
	var flags, names, specific []string
	isCommand := false
	for _, c := range commands(root) {
		names = append(names, nameOf(c))
		isCommand = isCommand || nameOf(c) == f.Command
		if f.Command == "" && c.Flags().Lookup(f.Name) != nil {
			specific = append(specific, nameOf(c)+"."+f.Name) // owners has refused the default because the flag is specific
		}
		if f.Command == "" || nameOf(c) == f.Command {
			c.Flags().VisitAll(func(flag *pflag.Flag) { flags = append(flags, flag.Name) })
		}
	}
	if len(specific) > 0 {
		return "--" + f.Name + " needs the name of its command: " + strings.Join(specific, " or ")
	}
	if f.Command != "" && !isCommand {
		return settings.Unknown("command", f.Command, names)
	}
	reason := settings.Unknown("flag", f.Name, flags)
	if f.Command == "" {
		return reason
	}
	_, meant, _ := strings.Cut(reason, ": ")
	return strings.TrimSuffix(fmt.Sprintf("%s has no flag --%s: %s", strings.ReplaceAll(f.Command, ".", " "), f.Name, meant), ": ")
}
