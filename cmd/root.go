// Package cmd is the command line of sbwatch: it reads what the user asked for and wires the other packages together. Each
// top-level command has a file.
//
// A run is shown in one of two ways: on a terminal by the dashboard of package ui, with a summary after it; everywhere else
// by lines, for people (--plain) or for programs (--json). A [follower] drives the monitor for the latter. What is written,
// and the exit code, is decided in package report. Data goes to standard output, everything else to standard error.
//
// What the command line decides:
//
//   - A closed pipe on standard output (as with "| head") ends the command silently. The exit code is that of
//     leaving, 130, where the run was still under way, and the run's own otherwise.
//   - Answering no to the question of run leaves before there is a run: 130.
//   - A stopped emulator was asked to stop: it exits with 0 on SIGINT, SIGTERM and SIGHUP.
//   - A saved answer counts as its run does: a failed one makes open exit with 1.
//   - An export waits for the end of its run, as check does. Of a run that failed or was cancelled it writes the items there
//     are, if any, and exits with 1.
package cmd

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"github.com/dustin/go-humanize"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"sbwatch/model/run"
	"sbwatch/model/text"
	"sbwatch/report"
)

// program is one execution of the command line.
type program struct {
	Process
	// outcome is what became of the runs that a command watched. A run that failed is not an error of the command.
	outcome report.Outcome
	// key is the API key, once it was read.
	key string
}

// Main runs the command line and gives the exit code of the process.
func Main(process Process) int {
	p := &program{Process: process}
	ctx, stop := p.untilSignal(context.Background())
	defer stop()
	err := p.execute(ctx)
	if by, ok := errors.AsType[signalled](context.Cause(ctx)); ok && by.stacks != "" {
		_, _ = fmt.Fprintf(p.Stderr, "sbwatch: %s\n\n%s", by, by.stacks)
	}
	if err != nil && !report.IsLeaving(err) {
		p.say(err.Error())
	}
	return p.outcome.After(err).ExitCode()
}

// usageError is a command line that is wrong.
type usageError struct {
	// text says what is wrong.
	text string
	// command is where the help is: "sbwatch run"; empty where the text says all.
	command string
}

// Error returns the error on one line.
func (e usageError) Error() string {
	if e.command == "" {
		return e.text
	}
	return e.text + ": see " + e.command + " --help"
}

// Outcome returns the outcome of a wrong command line.
func (usageError) Outcome() report.Outcome { return report.WrongUsage }

// say writes one line to standard error. A standard error that is closed is no reason to end a watch.
func (p *program) say(line string) {
	_, _ = fmt.Fprintln(p.Stderr, "sbwatch: "+text.Printable(line))
}

// execute finds the command of the arguments and runs it.
func (p *program) execute(ctx context.Context) error {
	if err := refuseKeyInArgs(p.Args); err != nil {
		return err
	}
	root := p.rootCommand()
	root.SetIn(p.Stdin)
	root.SetOut(p.Stdout)
	root.SetErr(p.Stderr)
	// Without arguments of ours cobra would take the process's.
	root.SetArgs(append([]string{}, p.Args...))
	checkCompletion(root)
	return ofLibrary(root.ExecuteContext(ctx))
}

// ofLibrary gives an error of cobra's own writing, of completions and the version, the meaning that ours have: a pipe may be
// closed.
func ofLibrary(err error) error {
	_, ours := errors.AsType[*run.Problem](err)
	if _, isFile := errors.AsType[*fs.PathError](err); isFile && !ours {
		return report.WriteError(err)
	}
	return err
}

// refuseKeyInArgs refuses an API key on the command line, where every user of the machine can read it, and does so
// before anything else might repeat it.
func refuseKeyInArgs(args []string) error {
	for _, arg := range args {
		if strings.Contains(arg, "wsg_live_") {
			return usageError{text: "an API key was given on the command line, where others can read it: " +
				"set " + keyVariable + ", or give --api-key-file FILE"}
		}
	}
	return nil
}

const rootHelp = `Watch SmartBrowse runs live in the terminal, then browse what they extracted.

To see it without a key, a network or a cost: sbwatch demo

The API key is read from ` + keyVariable + `, or from the file that --api-key-file names. Keep that file to yourself:
chmod 600 it. A file that others can read gets a warning. Programs that sbwatch starts do not get the key.

Exit codes:
  0    every run completed
  1    a run failed or was cancelled, or something went wrong
  2    the command line is wrong
  3    the run completed, but a check of its items failed
  4    no API key, or the key was refused
  124  --timeout passed
  130  left before the run ended (q, ctrl+c, SIGINT, a closed pipe); 143 by SIGTERM, 129 by SIGHUP,
       131 by SIGQUIT, 134 by SIGABRT, both with the stacks of the program on standard error`

func (p *program) rootCommand() *cobra.Command {
	root := &cobra.Command{
		Use:     "sbwatch",
		Short:   "Watch SmartBrowse runs live, then browse what they extracted",
		Long:    rootHelp,
		Version: versionLine(),
		Args:    knownCommand,
		RunE:    func(c *cobra.Command, _ []string) error { return c.Help() },

		SilenceErrors:              true,
		SilenceUsage:               true,
		DisableFlagsInUseLine:      true,
		SuggestionsMinimumDistance: 2,
	}
	root.SetVersionTemplate("sbwatch {{.Version}}\n")
	root.SetFlagErrorFunc(flagError)
	root.SetHelpCommand(helpCommand())
	root.AddGroup(
		&cobra.Group{ID: "watch", Title: "Watch and browse:"},
		&cobra.Group{ID: "more", Title: "More:"},
	)
	root.SetHelpCommandGroupID("more")
	root.SetCompletionCommandGroupID("more")
	root.AddCommand(
		inGroup("watch", p.runCommand(), p.watchCommand(), p.openCommand(), p.checkCommand(), p.exportCommand(), p.demoCommand())...)
	root.AddCommand(
		inGroup("more", p.usageCommand(), p.emulatorCommand(), p.manCommand())...)
	return root
}

func inGroup(id string, commands ...*cobra.Command) []*cobra.Command {
	for _, c := range commands {
		c.GroupID = id
		c.DisableFlagsInUseLine = true
	}
	return commands
}

// knownCommand is reached only by words that are no command.
func knownCommand(root *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	text := fmt.Sprintf("unknown command %q", args[0])
	if similar := root.SuggestionsFor(args[0]); len(similar) > 0 && args[0] != "" {
		text += ", did you mean " + strings.Join(similar, " or ") + "?"
	}
	return usageError{text: text, command: root.CommandPath()}
}

// helpCommand shows the help of a command, as --help does. That of cobra takes an unknown command for no error.
func helpCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "help [COMMAND]",
		Short: "Help about any command",
		RunE: func(c *cobra.Command, args []string) error {
			found, rest, err := c.Root().Find(args)
			switch {
			case err == nil && len(rest) == 0:
				return found.Help()
			case found == c.Root():
				return knownCommand(found, args)
			default:
				return usageError{text: fmt.Sprintf("unknown command %q", strings.Join(args, " ")), command: c.Root().CommandPath()}
			}
		},
	}
}

// checkCompletion makes cobra's own command for completions refuse words that it does not know: it shows its help for them, as
// if all were well, or fails without our words.
func checkCompletion(root *cobra.Command) {
	root.InitDefaultCompletionCmd()
	completion, _, err := root.Find([]string{"completion"})
	if err != nil {
		return // cobra has none any more
	}
	completion.Args = func(c *cobra.Command, args []string) error {
		if len(args) > 0 {
			return usageError{text: fmt.Sprintf("no completion for %q", args[0]), command: c.CommandPath()}
		}
		return nil
	}
	completion.DisableFlagsInUseLine = true
	completion.RunE = func(c *cobra.Command, _ []string) error { return c.Help() }
	for _, shell := range completion.Commands() {
		shell.Args = noArgs
	}
}

// flagError says what is wrong with a flag, in words for those who do not know Go.
func flagError(c *cobra.Command, err error) error {
	text := err.Error()
	if invalid, ok := err.(*pflag.InvalidValueError); ok { //nolint:errorlint // never wrapped by pflag
		flag := invalid.GetFlag()
		text = ruleFlagError(invalid)
		if size, isSize := flag.Value.(*sizeValue); isSize && text == "" {
			text = fmt.Sprintf("--%s %q is not a size such as 500MB, 2GB or 1GiB, from %s up", flag.Name, invalid.GetValue(), humanize.IBytes(uint64(size.min))) //nolint:gosec // positive
		}
		if text == "" {
			text = fmt.Sprintf("--%s %q is not %s", flag.Name, invalid.GetValue(), kindOfValue(flag.Value.Type()))
		}
	}
	return usageError{text: text, command: c.CommandPath()}
}

// kindOfValue describes the values of a flag of one of pflag's types.
func kindOfValue(flagType string) string {
	switch flagType {
	case "duration":
		return "a time such as 2s or 500ms"
	case "int":
		return "a whole number"
	case "uint64":
		return "a whole number from 0 up"
	case "float64":
		return "a number"
	case "bool":
		return "true or false"
	case kindURL:
		return "the address of a service"
	case kindFile:
		return "the name of a file"
	case "stringSlice":
		return `a list of columns such as name,price; a name with a comma or a quote in it stands in quotes, "a,b"`
	case kindID:
		return "an id"
	case kindAddress:
		return "a host and a port such as 127.0.0.1:8080"
	default:
		return "a " + flagType
	}
}

// oneArg wants exactly one argument; what names it: "run id".
func oneArg(what string) cobra.PositionalArgs {
	return func(c *cobra.Command, args []string) error {
		switch {
		case len(args) == 0:
			return usageError{text: c.Name() + " needs a " + what, command: c.CommandPath()}
		case len(args) > 1:
			return usageError{text: fmt.Sprintf("%s takes one %s, and %d were given", c.Name(), what, len(args)), command: c.CommandPath()}
		case strings.TrimSpace(args[0]) == "":
			return usageError{text: "the " + what + " is empty", command: c.CommandPath()}
		default:
			return nil
		}
	}
}

// noArgs wants no argument.
func noArgs(c *cobra.Command, args []string) error {
	if len(args) > 0 {
		return usageError{text: fmt.Sprintf("%s takes no argument, and got %q", c.Name(), args[0]), command: c.CommandPath()}
	}
	return nil
}
