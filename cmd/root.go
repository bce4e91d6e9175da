// Package cmd implements the command line of sbwatch: it parses the arguments and wires the other packages together.
// Each top-level command has its own file.
//
// There are two ways to show a run. On a terminal, package ui shows it in the dashboard, followed by a summary.
// Otherwise package follow drives the monitor and writes lines for people (--plain) or for programs (--json). Package
// report formats the lines and chooses the exit code. Data goes to standard output, everything else to standard error.
//
// Exit codes in less obvious cases:
//
//   - If standard output is closed (as with "| head"), the command ends silently. The exit code is 130 if the run was
//     unfinished, and otherwise the code for the result of the run.
//   - If the user declines the confirmation of sbwatch run, the exit code is 130.
//   - The emulator exits with 0 on any signal, because signals are the way to stop it.
//   - Opening a saved answer of a failed run exits with 1, like watching the run.
//   - Exporting a failed or cancelled run writes the available items, if any, and exits with 1.
package cmd

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"
	"sync"

	"github.com/dustin/go-humanize"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"sbwatch/cmd/authcmd"
	"sbwatch/cmd/build"
	"sbwatch/cmd/configcmd"
	"sbwatch/cmd/flagvalue"
	"sbwatch/cmd/notifying"
	"sbwatch/cmd/progress"
	"sbwatch/cmd/tty"
	"sbwatch/config"
	"sbwatch/model/run"
	"sbwatch/model/settings"
	"sbwatch/model/text"
	"sbwatch/report"
)

// program is one execution of the command line.
type program struct {
	Process
	// outcome is the outcome of the watched runs. It is not an error of the command: the command works correctly even
	// if a run fails.
	outcome report.Outcome
	// key is the API key. The method readKey sets it.
	key string
	// settings holds the user's settings. The method config sets it.
	settings *config.Config
	// sayMutex is locked while the method say writes a message, because several goroutines call say.
	sayMutex sync.Mutex
	// line is the line on standard error that shows the progress of an operation, or nil. sayMutex guards it. readsAloud
	// reports whether --screen-reader is set.
	line       *progress.Line
	readsAloud bool
	// about is the prefix that the method say puts before each message, for example "run k7Xb9dRmQ2p: ".
	about string
	// holdsProblems reports whether the command tells the user about problems in settings later: in the dashboard, or
	// together with further problems.
	holdsProblems bool
	// reported are the problems in settings that the user has been told about. held are the problems that the command
	// reports later. warnings are other messages that the dashboard shows when it opens.
	reported, held []settings.Problem
	warnings       []string
}

// Main runs the command line and returns the exit code of the process.
func Main(process Process) int {
	p := &program{Process: process}
	ctx, stop := p.untilSignal(context.Background())
	defer stop()
	p.Stdout, p.Stderr = tty.NewStream(ctx, p.Stdout), tty.NewStream(ctx, p.Stderr)
	err := p.execute(ctx)
	if by, ok := errors.AsType[signalError](context.Cause(ctx)); ok && by.stacks != "" {
		_, _ = fmt.Fprintf(p.Stderr, "sbwatch: %s\n\n%s", by, by.stacks)
	}
	sayHeld(p) // the dashboard has not opened
	if err != nil && !report.IsLeaving(err) {
		p.say(err.Error())
	}
	return p.outcome.After(err).ExitCode()
}

// usageError is the error for a command line that is not valid.
type usageError struct {
	text string
	// command is the command whose help the user should read, such as "sbwatch run". It may be empty.
	command string
}

// Error returns the error on one line.
func (e usageError) Error() string {
	if e.command == "" {
		return e.text
	}
	return e.text + ": see " + e.command + " --help"
}

// Outcome returns the outcome for a command line that is not valid.
func (usageError) Outcome() report.Outcome { return report.WrongUsage }

// say writes one line to standard error. It ignores write errors, because a closed standard error must not end a watch.
func (p *program) say(line string) {
	p.sayMutex.Lock()
	defer p.sayMutex.Unlock()
	write := func() { _, _ = fmt.Fprintln(p.Stderr, "sbwatch: "+text.Printable(p.about+line)) }
	if p.line != nil {
		p.line.Interrupt(write)
		return
	}
	write()
}

func (p *program) execute(ctx context.Context) error {
	if err := refuseKeyInArgs(p.Args); err != nil {
		return err
	}
	root := p.rootCommand()
	root.SetIn(p.Stdin)
	out := &checkedWriter{out: p.Stdout}
	root.SetOut(out)
	root.SetErr(p.Stderr)
	// SetArgs(nil) would make cobra use the arguments of the process.
	root.SetArgs(append([]string{}, p.Args...))
	checkCompletion(root)
	err := root.ExecuteContext(ctx)
	if out.err != nil && (err == nil || errors.Is(err, out.err)) {
		return report.WriteError(out.err)
	}
	return convertFileError(p, err)
}

// checkedWriter keeps the first error of writing, because cobra ignores the errors of writing help.
type checkedWriter struct {
	out io.Writer
	err error
}

// Write writes to the standard output.
func (w *checkedWriter) Write(text []byte) (int, error) {
	n, err := w.out.Write(text)
	w.err = cmp.Or(w.err, err)
	return n, err
}

// convertFileError converts an [fs.PathError] to an error that tells the user what to do next. It converts a path error
// about standard output with [report.WriteError]; cobra returns such an error if it cannot write completions or the
// version. All other errors are returned unchanged.
func convertFileError(p *program, err error) error {
	failure, isFile := err.(*fs.PathError) //nolint:errorlint // other errors have explanations
	if !isFile {
		return err
	}
	if file, ok := p.Stdout.(interface{ Name() string }); ok && failure.Path == file.Name() {
		return report.WriteError(err)
	}
	return &run.Problem{
		Kind: run.ProblemInput, What: text.NewText(failure.Path), Summary: text.NewText(fileTrouble(failure.Err)),
		NextStep: text.NewText("check the path and its permissions"), Cause: err,
	}
}

// refuseKeyInArgs returns an error if an argument is an API key, because all users of the machine can read the
// arguments of a process. Call it first: other error messages could repeat the key.
func refuseKeyInArgs(args []string) error {
	for _, arg := range args {
		if strings.Contains(arg, "wsg_live_") {
			return usageError{text: "an API key was given on the command line, where other users can read it: " +
				"set " + keyVariable + " or use --api-key-file FILE"}
		}
	}
	return nil
}

const rootHelp = `Watch SmartBrowse runs live in the terminal, then browse the extracted items.

To try it without an API key, a network or costs: sbwatch demo

The API key comes from the file given with --api-key-file, from ` + keyVariable + `, or from the keyring of the system,
where sbwatch auth login stores it. Only you should be able to read the file (chmod 600); otherwise sbwatch prints a
warning. Programs that sbwatch starts do not get the key.

Exit codes:
  0    every run completed
  1    a run failed or was cancelled, or another error occurred
  2    the command line is wrong
  3    the run completed, but its items break a rule
  4    there is no API key, or the service refused it
  124  the time limit of --timeout passed
  130  left before the run ended (q, ctrl+c, SIGINT, a closed pipe); 143 after SIGTERM, 129 after SIGHUP,
       131 after SIGQUIT, 134 after SIGABRT (the last two print stack traces to standard error)`

func (p *program) rootCommand() *cobra.Command {
	root := &cobra.Command{
		Use:     "sbwatch",
		Short:   "Watch SmartBrowse runs live, then browse the extracted items",
		Long:    rootHelp,
		Version: build.Line(),
		Args:    knownCommand,
		RunE:    func(c *cobra.Command, _ []string) error { return c.Help() },
		PersistentPreRun: func(c *cobra.Command, _ []string) {
			problems := readConfig(p)
			problems = append(problems, configcmd.ApplyFlags(c, p.settings.Flags, p.getenv)...)
			p.holdsProblems = mayOpenDashboard(p, c) || configcmd.FindsProblems(c)
			reportProblems(p, problems)
			reader := c.Flags().Lookup("screen-reader")
			p.readsAloud = reader != nil && reader.Value.String() == "true"
		},

		SilenceErrors:         true,
		SilenceUsage:          true,
		DisableFlagsInUseLine: true,
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
		inGroup("watch", p.runCommand(), p.watchCommand(), p.openCommand(), p.checkCommand(), p.exportCommand(), p.historyCommand(), p.collectCommand(), p.demoCommand())...)
	root.AddCommand(
		inGroup("more", p.usageCommand(), withSubcommands(authcmd.Command(authProgram(p))), withSubcommands(configCommand(p)), webhookCommand(p), p.emulatorCommand(), p.manCommand())...)
	labelNumbers(root)
	return root
}

// labelNumbers calls [flagvalue.LabelNumbers] for the flags of a command and of its subcommands.
func labelNumbers(c *cobra.Command) {
	flagvalue.LabelNumbers(c.Flags())
	for _, below := range c.Commands() {
		labelNumbers(below)
	}
}

func configCommand(p *program) *cobra.Command {
	return configcmd.Command(configcmd.Program{
		Stdout: p.Stdout, Say: p.say, Getenv: p.getenv, Config: p.config,
		Report: func(problems []settings.Problem) {
			reportProblems(p, problems)
			sayHeld(p)
		},
		File: p.configFile("config.toml"), Themes: p.configFile("themes"),
		WrongUsage: func(text, command string) error { return usageError{text: text, command: command} },
	})
}

func inGroup(id string, commands ...*cobra.Command) []*cobra.Command {
	for _, c := range commands {
		c.GroupID = id
		c.DisableFlagsInUseLine = true
	}
	return commands
}

// withSubcommands makes a command, which only has subcommands, show its help or report an unknown subcommand.
func withSubcommands(c *cobra.Command) *cobra.Command {
	c.Args = knownCommand
	c.RunE = func(c *cobra.Command, _ []string) error { return c.Help() }
	return c
}

// knownCommand returns an error that says that args[0] is not a subcommand of c, or nil if there are no arguments.
// Cobra calls it only if no subcommand matches the arguments.
func knownCommand(c *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	var names []string
	for _, below := range c.Commands() {
		if !below.Hidden {
			names = append(names, below.Name())
		}
	}
	if !c.HasParent() {
		names = append(names, "--version", "--help")
	}
	return usageError{text: fmt.Sprintf("unknown command %q", args[0]) + didYouMean(args[0], names), command: c.CommandPath()}
}

// didYouMean returns a suggestion for a mistyped word, to be appended to an error. It returns "" if no name is similar.
func didYouMean(word string, names []string) string {
	if meant := text.Nearest(word, slices.Values(names)); meant != "" {
		return ", did you mean " + meant + "?"
	}
	return ""
}

// helpCommand returns a help command that fails for unknown commands. Cobra's own help command does not fail.
func helpCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "help [COMMAND]",
		Short: "Help about any command",
		RunE: func(c *cobra.Command, args []string) error {
			found, rest, err := c.Root().Find(args)
			switch {
			case err == nil && len(rest) == 0:
				return found.Help()
			case found.HasSubCommands():
				return knownCommand(found, rest)
			default:
				return usageError{text: fmt.Sprintf("unknown command %q", strings.Join(args, " ")), command: c.Root().CommandPath()}
			}
		},
	}
}

// checkCompletion makes cobra's completion command report an error for an unknown shell. Without this check, cobra may
// show the help and exit with success.
func checkCompletion(root *cobra.Command) {
	root.InitDefaultCompletionCmd()
	completion, _, err := root.Find([]string{"completion"})
	if err != nil {
		return // cobra no longer has this command
	}
	completion.Args = func(c *cobra.Command, args []string) error {
		if len(args) > 0 {
			names := []string{"bash", "zsh", "fish", "powershell"}
			return usageError{text: fmt.Sprintf("there is no completion for the shell %q", args[0]) + didYouMean(args[0], names), command: c.CommandPath()}
		}
		return nil
	}
	completion.DisableFlagsInUseLine = true
	completion.RunE = func(c *cobra.Command, _ []string) error { return c.Help() }
	for _, shell := range completion.Commands() {
		shell.Args = noArgs
	}
}

// flagError returns the error for an invalid flag. It replaces the messages of pflag, which are written for Go
// programmers.
func flagError(c *cobra.Command, err error) error {
	text := err.Error()
	if unknown, ok := err.(*pflag.NotExistError); ok && unknown.GetSpecifiedShortnames() == "" { //nolint:errorlint // never wrapped by pflag
		var names []string
		c.Flags().VisitAll(func(flag *pflag.Flag) { names = append(names, "--"+flag.Name) })
		text = "unknown flag: --" + unknown.GetSpecifiedName() + didYouMean("--"+unknown.GetSpecifiedName(), names)
	}
	if invalid, ok := err.(*pflag.InvalidValueError); ok { //nolint:errorlint // never wrapped by pflag
		flag := invalid.GetFlag()
		if refused, ok := errors.AsType[flagvalue.Error](invalid); ok {
			return usageError{text: refused.Error(), command: c.CommandPath()}
		}
		text = cmp.Or(ruleFlagError(invalid), notifying.FlagError(invalid))
		if size, isSize := flag.Value.(*sizeValue); isSize && text == "" {
			text = fmt.Sprintf("--%s %q is not a size of at least %s, such as 500MB, 2GB or 1GiB", flag.Name, invalid.GetValue(), humanize.IBytes(uint64(size.min)))
		}
		if text == "" {
			text = fmt.Sprintf("--%s %q is not %s", flag.Name, invalid.GetValue(), kindOfValue(flagvalue.TypeOf(flag.Value)))
		}
	}
	return usageError{text: text, command: c.CommandPath()}
}

// kindOfValue describes the values that a flag of this type accepts, such as "a whole number" for the type "int".
func kindOfValue(flagType string) string {
	switch flagType {
	case "duration":
		return "a duration such as 2s or 500ms"
	case "int":
		return "a whole number"
	case "uint64":
		return "a whole number of 0 or more"
	case "float64":
		return "a number"
	case "bool":
		return "true or false"
	case kindURL:
		return "the URL of a service"
	case kindFile:
		return "a file name"
	case "stringSlice":
		return `a list of columns such as name,price; put a name with a comma or a quote in quotes: "a,b"`
	case kindID:
		return "an id"
	case kindEncoding:
		return "a known encoding such as utf-8, windows-1252, utf-16le, shift_jis or gbk"
	case kindDelimiter:
		return `one ASCII character such as ; or |, or tab`
	case kindAddress:
		return "a host and a port such as 127.0.0.1:8080"
	default:
		return "a " + flagType
	}
}

// oneArg accepts exactly one argument. The parameter what is the name of the argument in errors, such as "run id".
func oneArg(what string) cobra.PositionalArgs {
	return func(c *cobra.Command, args []string) error {
		switch {
		case len(args) == 0:
			return usageError{text: c.Name() + " needs a " + what, command: c.CommandPath()}
		case len(args) > 1:
			return usageError{text: fmt.Sprintf("%s takes one %s, but got %d", c.Name(), what, len(args)), command: c.CommandPath()}
		case strings.TrimSpace(args[0]) == "":
			return usageError{text: "the " + what + " is empty", command: c.CommandPath()}
		default:
			return nil
		}
	}
}

// someArgs accepts at least one argument. The parameter what is the name of the argument in errors, such as "file
// name".
func someArgs(what string) cobra.PositionalArgs {
	return func(c *cobra.Command, args []string) error {
		for _, arg := range args {
			if err := oneArg(what)(c, []string{arg}); err != nil {
				return err
			}
		}
		if len(args) == 0 {
			return oneArg(what)(c, args)
		}
		return nil
	}
}

func noArgs(c *cobra.Command, args []string) error {
	if len(args) > 0 {
		return usageError{text: fmt.Sprintf("%s takes no arguments, but got %q", c.Name(), args[0]), command: c.CommandPath()}
	}
	return nil
}
