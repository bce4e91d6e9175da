// Package notifying connects the end of a run with the notifications that the user asks for: in the terminal
// (--notify), with a command (--exec) or as a message to a URL (--post).
package notifying

import (
	"errors"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"sbwatch/config"
	"sbwatch/notify"
	"sbwatch/notify/alert"
)

// Flags are the flags that select what happens at the end of a run.
type Flags struct {
	changes []func(*config.Notify) // changes to the settings, in the order of the flags
}

// AddTo adds the flags to a command.
func (f *Flags) AddTo(c *cobra.Command) {
	flags := c.Flags()
	flags.Var(newValue(f, "when", alert.ParseMode, func(s *config.Notify, mode alert.Mode) { s.Terminal = mode }), "notify",
		"when the terminal notifies you that a run has ended, with the bell and on the desktop: auto (while its window is not in focus), always or never (default: auto)")
	flags.Var(newValue(f, "command", parseCommand, func(s *config.Notify, line string) { s.Exec = line }), "exec",
		"run this command line when a run ends, with facts about the run in environment variables: SBWATCH_RUN_ID, SBWATCH_STATUS, SBWATCH_ITEMS and others")
	flags.Var(newValue(f, "url", notify.ParseURL, func(s *config.Notify, to notify.URL) { s.Post = to }), "post",
		"send facts about each ended run to this URL (default: "+config.PostURLVariable+", which other users cannot see)")
	flags.Var(newValue(f, "format", notify.ParseFormat, func(s *config.Notify, format notify.Format) { s.Format = format }), "post-format",
		"format of what --post sends: json or slack (default: json)")
	for name, words := range map[string][]string{"notify": alert.Modes(), "post-format": notify.Formats()} {
		// RegisterFlagCompletionFunc fails only for flags that do not exist or already have completions.
		_ = c.RegisterFlagCompletionFunc(name, cobra.FixedCompletions(words, cobra.ShellCompDirectiveNoFileComp))
	}
}

// parseCommand returns a command line unchanged. It returns an error if the command line is blank.
func parseCommand(line string) (string, error) {
	if strings.TrimSpace(line) == "" {
		return "", errors.New("must be a command line, but is empty")
	}
	return line, nil
}

// Settings returns a copy of settings in which the flags on the command line replace the settings from the config file.
func (f *Flags) Settings(settings config.Notify) config.Notify {
	for _, change := range f.changes {
		change(&settings)
	}
	return settings
}

// HasHooks reports whether the settings run a command or send messages at the end of a run. The command and the
// messages need the items of the run.
func HasHooks(settings config.Notify) bool { return settings.Exec != "" || !settings.Post.IsEmpty() }

// value is the value of a flag. No method of value returns the text of the flag, because a URL may contain a secret.
type value struct {
	kind string
	set  func(given string) error
}

// newValue returns the value of a flag. The function parse parses the text of the flag, and the function set stores the
// result in the settings.
func newValue[T any](f *Flags, kind string, parse func(string) (T, error), set func(*config.Notify, T)) *value {
	return &value{kind, func(given string) error {
		parsed, err := parse(given)
		if err == nil {
			f.changes = append(f.changes, func(settings *config.Notify) { set(settings, parsed) })
		}
		return err
	}}
}

// Set sets the value. Its error is the end of a message that starts with the name of the flag, such as "--exec must be
// a command line, but is empty". The error does not contain the value, which may be a secret.
func (v *value) Set(text string) error { return v.set(text) }

// String returns "", so that the help shows no default.
func (v *value) String() string { return "" }

// Type returns the placeholder for the value in the help.
func (v *value) Type() string { return v.kind }

// FlagError returns the message for an invalid value of one of the notification flags. For any other flag, it returns
// "".
func FlagError(invalid *pflag.InvalidValueError) string {
	flag := invalid.GetFlag()
	if _, isOurs := flag.Value.(*value); !isOurs {
		return ""
	}
	return "--" + flag.Name + " " + invalid.Unwrap().Error()
}
