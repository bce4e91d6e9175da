// Package config reads the user's settings from the environment and from a config file in TOML.
//
// The environment takes precedence over the file. An invalid setting is reported as a [settings.Problem] and keeps its
// default.
package config

import (
	"errors"
	"io/fs"
	"os"
	"slices"

	"sbwatch/model/optional"
	"sbwatch/model/rules"
	"sbwatch/model/settings"
	"sbwatch/notify"
	"sbwatch/notify/alert"
	"sbwatch/theme"
	"sbwatch/userfile"
)

// HistoryURLVariable is the name of the environment variable with the address of a shared history.
const HistoryURLVariable = "SBWATCH_HISTORY_URL"

// PostURLVariable is the name of the environment variable with the URL that receives a message when a run ends. The URL
// is not given on the command line, because other users of the machine could read it there.
const PostURLVariable = "SBWATCH_POST_URL"

// Config holds all settings.
type Config struct {
	History History
	Notify  Notify
	// Theme is the name of the theme. It is empty for the default theme.
	Theme string
	Keys  Keys
	// Flags are the user's default values for command-line flags, in the order of the config file.
	Flags []Flag
	// Rules are the rules for checking the items of runs.
	Rules rules.File

	// replacedTheme is the theme in the config file if the environment selects another theme, and replacedLine is its
	// line.
	replacedTheme string
	replacedLine  int

	// rules are the valid settings from which Rules is built, in the order of the config file.
	rules []settings.Setting

	// sources holds the line of each setting in the file, by the name of the setting.
	sources map[string]int
	// file is the path of the config file.
	file string
}

// Position returns the file and the line of a setting with a fixed name, such as "theme". It returns "" and 0 if the
// setting is not in the file, or if the environment replaces it.
func (c *Config) Position(name string) (file string, line int) {
	if line, found := c.sources[name]; found {
		return c.file, line
	}
	return "", 0
}

// SelectedTheme returns the selected theme, and the problems in it. If the environment selects a theme that does not
// exist, SelectedTheme returns the theme that the config file names. folder is the folder with the user's theme files.
func (c *Config) SelectedTheme(folder string) (theme.Theme, []settings.Problem) {
	selected, problems := Theme(c.Theme, folder)
	file, line := c.Position("theme")
	isUnknown := slices.ContainsFunc(problems, func(p settings.Problem) bool { return p.File == "" })
	placeProblems(problems, file, line)
	if isUnknown && c.replacedTheme != "" {
		replaced, more := Theme(c.replacedTheme, folder)
		placeProblems(more, c.file, c.replacedLine)
		return replaced, append(problems, more...)
	}
	return selected, problems
}

// placeProblems adds to the problems of a theme where the theme was selected. If a config file has selected it, file is
// the path of that file, and the problems get file and line. If file is empty, an environment variable has selected it,
// and the reasons get the name of the variable. Problems that already have a file do not change.
func placeProblems(problems []settings.Problem, file string, line int) {
	for i, problem := range problems {
		switch {
		case problem.File != "":
		case file == "":
			problems[i].Reason = ThemeVariable + ": " + problem.Reason
		default:
			problems[i].File, problems[i].Line = file, line
		}
	}
}

// UsedThemeSource returns the source of the theme that [Config.SelectedTheme] has returned instead of a theme that does
// not exist. name is the name of the returned theme. The source is a [Value.Source], such as "line 3".
func (c *Config) UsedThemeSource(name string) string {
	if c.replacedTheme == name {
		return SourceLine(c.replacedLine)
	}
	return SourceDefault
}

// Flag is a default value for a command-line flag.
type Flag struct {
	// Command is the name of the command, such as "watch" or "history.export". It is empty if the default applies to
	// all commands that have the flag.
	Command string
	// Name is the name of the flag without dashes. Value is the value of the flag as on the command line. Both are
	// unchecked.
	Name, Value string
	// IsList reports whether the setting is a list. The list ["a", "b"] is stored in Value as "a,b".
	IsList bool
	// File and Line are where the setting was found.
	File string
	Line int
}

// Keys holds the settings for the keyboard.
type Keys struct {
	// Preset is the name of a set of keys. It is empty for the default keys.
	Preset string
	// Bindings are the keys of individual actions, in the order of the file.
	Bindings []Binding
}

// Binding replaces the default keys of an action.
type Binding struct {
	// Action is the name of the action, such as "find.search" or "search".
	Action string
	// Keys are the names of the keys, unchecked.
	Keys []string
	// File and Line are where the binding was found.
	File string
	Line int
}

// History holds the settings of the history.
type History struct {
	// Enabled reports whether runs are recorded.
	Enabled bool
	// URL is the address of the database. It is empty for the database on this machine.
	URL DatabaseURL
	// IsURLWrong reports whether the user gave an invalid address of the database. The location of the history is then
	// unknown.
	IsURLWrong bool
	// Archive is where items are stored: a folder or a bucket ("s3://bucket/prefix"). If it is empty, they are in a
	// folder next to the database on this machine.
	Archive string
	// Endpoint is the address of an S3-compatible service. If it is empty, buckets are at AWS.
	Endpoint string
	// KeepItems is the maximum size of the archive in bytes. Unknown means no limit; 0 means that no items are stored.
	KeepItems optional.Value[int64]
}

// Notify holds the settings for notifications about the end of a run.
type Notify struct {
	// Terminal says when the terminal shows a notification.
	Terminal alert.Mode
	// Exec is the command line to run. It may be empty.
	Exec string
	// Post is the URL that the facts of the run are sent to. It may be empty.
	Post notify.URL
	// Format is the format of the message to Post.
	Format notify.Format
}

// maxFile is the maximum size of a config file, in bytes.
const maxFile = 1 << 20

// Read reads the settings. path is the config file, which need not exist; empty means no file. getenv returns the value
// of an environment variable.
func Read(path string, getenv func(name string) string) (Config, []settings.Problem) {
	config := Config{History: History{Enabled: true}, sources: map[string]int{}}
	problems := readFile(&config, path)
	if address := getenv(HistoryURLVariable); address != "" {
		parsed, err := ParseDatabaseURL(address)
		config.History.IsURLWrong = err != nil
		if err != nil {
			problems = append(problems, settings.Problem{Reason: HistoryURLVariable + " " + err.Error()})
		} else {
			config.History.URL = parsed
		}
	}
	if address := getenv(PostURLVariable); address != "" {
		parsed, err := notify.ParseURL(address)
		if err != nil {
			problems = append(problems, settings.Problem{Reason: PostURLVariable + " " + err.Error()})
		} else {
			config.Notify.Post = parsed
		}
	}
	if name := getenv(ThemeVariable); name != "" {
		config.replacedTheme, config.replacedLine = config.Theme, config.sources["theme"]
		config.Theme = name
		delete(config.sources, "theme")
	}
	return config, problems
}

// readFile reads a config file, stores its settings in config and returns the problems.
func readFile(config *Config, path string) []settings.Problem {
	if path == "" {
		return nil
	}
	content, err := userfile.Read(path, maxFile)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		if _, err := os.Lstat(path); err == nil {
			return []settings.Problem{{File: path, Reason: "the config file is a link to a file that does not exist"}}
		}
		return nil
	case err != nil:
		return []settings.Problem{unreadable("config file", path, err)}
	}
	config.file = path
	problems := parse(config, content)
	for i := range problems {
		problems[i].File = path
	}
	for i := range config.Keys.Bindings {
		config.Keys.Bindings[i].File = path
	}
	for i := range config.Flags {
		config.Flags[i].File = path
	}
	return problems
}

// unreadable returns the problem that a file cannot be read. kind is the kind of file, such as "config file".
func unreadable(kind, path string, err error) settings.Problem {
	if failure, ok := errors.AsType[*fs.PathError](err); ok {
		err = failure.Err
	}
	return settings.Problem{File: path, Reason: "the " + kind + " cannot be read: " + err.Error()}
}
