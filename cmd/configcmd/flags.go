package configcmd

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"sbwatch/cmd/flagvalue"
	"sbwatch/config"
	"sbwatch/model/settings"
)

// ApplyFlags sets each flag of a command to its default from the config file, unless the flag is on the command line.
// It returns the problems in all defaults, including those for other commands.
func ApplyFlags(c *cobra.Command, defaults []config.Flag) []settings.Problem {
	var problems []settings.Problem
	wrong := func(f config.Flag, reason string) {
		problems = append(problems, settings.Problem{File: f.File, Line: f.Line, Reason: reason})
	}
	var own []config.Flag
	for _, f := range defaults {
		owners := commandsWith(c.Root(), f.Command, f.Name)
		if len(owners) == 0 {
			wrong(f, unknownFlag(c.Root(), f))
		}
		if slices.Contains(owners, c) && !flagvalue.IsGiven(c, f.Name) {
			own = append(own, f)
		}
	}
	for _, f := range own {
		isUsed, conflict := isUsed(c, f.Name, own)
		switch {
		case conflict != "":
			wrong(f, conflict)
		case isUsed:
			if err := flagvalue.SetDefault(c, f.Name, f.Value); err != nil {
				wrong(f, err.Error())
			}
		}
	}
	slices.SortStableFunc(problems, func(a, b settings.Problem) int { return a.Line - b.Line })
	return problems
}

// isUsed reports whether the default of a flag applies to this command line. If the default conflicts with another
// default, isUsed returns a message.
func isUsed(c *cobra.Command, name string, defaults []config.Flag) (used bool, conflict string) {
	flag := c.Flags().Lookup(name)
	for _, other := range flagvalue.Excludes(flag) {
		switch {
		case flagvalue.IsGiven(c, other):
			return false, ""
		case c.Flags().Changed(other):
			return false, fmt.Sprintf("--%s cannot be used together with --%s, which an earlier line sets", name, other)
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

// commandsWith returns the commands that have the given flag. If name is empty, it searches all top-level commands.
// Otherwise it considers only the command with that name, such as "watch" or "history.export".
func commandsWith(root *cobra.Command, name, flag string) []*cobra.Command {
	var found []*cobra.Command
	for _, c := range commands(root, name != "") {
		if (name == "" || nameOf(c) == name) && c.Flags().Lookup(flag) != nil {
			found = append(found, c)
		}
	}
	return found
}

// commands returns the subcommands of a command. If deep is true, the result includes the subcommands of the
// subcommands.
func commands(parent *cobra.Command, deep bool) []*cobra.Command {
	var all []*cobra.Command
	for _, c := range parent.Commands() {
		all = append(all, c)
		if deep {
			all = append(all, commands(c, true)...)
		}
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
	var flags, names []string
	isCommand := false
	for _, c := range commands(root, f.Command != "") {
		names = append(names, nameOf(c))
		isCommand = isCommand || nameOf(c) == f.Command
		if f.Command == "" || nameOf(c) == f.Command {
			c.Flags().VisitAll(func(flag *pflag.Flag) { flags = append(flags, flag.Name) })
		}
	}
	if f.Command != "" && !isCommand {
		return settings.Unknown("command", f.Command, names)
	}
	return settings.Unknown("flag", f.Name, flags)
}
