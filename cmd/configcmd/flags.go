package configcmd

import (
	"fmt"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"sbwatch/config"
	"sbwatch/settings"
)

// ApplyFlags sets each flag of a command to its default from the config file, unless the flag is on the command line.
// It returns the problems in all defaults, including those for other commands.
func ApplyFlags(c *cobra.Command, defaults []config.Flag) []settings.Problem {
	var problems []settings.Problem
	wrong := func(f config.Flag, reason string) {
		problems = append(problems, settings.Problem{File: f.File, Line: f.Line, Reason: reason})
	}
	for _, f := range defaults {
		owners := commandsWith(c.Root(), f.Command, f.Name)
		if len(owners) == 0 {
			wrong(f, unknownFlag(c.Root(), f))
			continue
		}
		for _, owner := range owners {
			flag := owner.Flags().Lookup(f.Name)
			if owner != c || flag.Changed {
				continue
			}
			previous := flag.Value.String()
			if err := c.Flags().Set(f.Name, f.Value); err != nil {
				_ = flag.Value.Set(previous) // an invalid text may have changed the value
				wrong(f, fmt.Sprintf("%q is not a valid value of --%s: see sbwatch help %s", f.Value, f.Name, c.Name()))
			}
		}
	}
	return problems
}

// commandsWith returns the commands that have the given flag. If name is not empty, it returns only the command with
// that name.
func commandsWith(root *cobra.Command, name, flag string) []*cobra.Command {
	var found []*cobra.Command
	for _, c := range root.Commands() {
		if (name == "" || c.Name() == name) && c.Flags().Lookup(flag) != nil {
			found = append(found, c)
		}
	}
	return found
}

// unknownFlag returns the message for a default in the config file whose flag does not exist, or does not belong to the
// command.
func unknownFlag(root *cobra.Command, f config.Flag) string {
	var flags, commands []string
	isCommand := false
	for _, c := range root.Commands() {
		commands = append(commands, c.Name())
		isCommand = isCommand || c.Name() == f.Command
		if f.Command == "" || c.Name() == f.Command {
			c.Flags().VisitAll(func(flag *pflag.Flag) { flags = append(flags, flag.Name) })
		}
	}
	if f.Command != "" && !isCommand {
		return settings.Unknown("command", f.Command, commands)
	}
	return settings.Unknown("flag", f.Name, flags)
}
