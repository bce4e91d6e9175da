package configcmd

import (
	"fmt"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"sbwatch/config"
	"sbwatch/settings"
)

// ApplyFlags sets the flags of a command that are not on the command line to the defaults of the config file. It returns
// what is wrong with these, also with those of other commands.
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
				_ = flag.Value.Set(previous) // some values are changed by a wrong text
				wrong(f, fmt.Sprintf("%q is not a value of --%s: see sbwatch help %s", f.Value, f.Name, c.Name()))
			}
		}
	}
	return problems
}

// commandsWith returns the commands that have a flag: those with a name or, if that is empty, all.
func commandsWith(root *cobra.Command, name, flag string) []*cobra.Command {
	var found []*cobra.Command
	for _, c := range root.Commands() {
		if (name == "" || c.Name() == name) && c.Flags().Lookup(flag) != nil {
			found = append(found, c)
		}
	}
	return found
}

// unknownFlag returns what to say of a flag that no command has, or not the one that was named.
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
