package config

import (
	"cmp"
	"encoding/csv"
	"errors"
	"fmt"
	"math"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/dustin/go-humanize"

	"sbwatch/model/optional"
	"sbwatch/model/rules"
	"sbwatch/model/settings"
	"sbwatch/model/text"
	"sbwatch/notify"
	"sbwatch/notify/alert"
)

// entry describes a setting that the config file may contain.
type entry struct {
	// name is the full name of the setting, with dots, such as "history.url".
	name string
	// help describes the setting in one line. example is a value in TOML.
	help, example string
	// set stores a TOML value in the Config. Its errors continue a sentence that starts with the name of the setting,
	// such as "must be true or false".
	set func(c *Config, value any) error
	// value returns the current value as printable text. It returns "" if the setting has no value.
	value func(c *Config) string
}

// entries returns all settings that have a fixed name.
func entries() []entry {
	return append([]entry{
		{
			"theme", "name of the theme: run sbwatch config themes to list the themes", `"nord"`,
			func(c *Config, value any) error { return setText(&c.Theme, value, "the name of a theme") },
			func(c *Config) string { return cmp.Or(c.Theme, "auto") },
		},
		{
			"keys.preset", "set of keys: vim (the default keys) or emacs (control keys and arrows)", `"emacs"`,
			func(c *Config, value any) error { return setText(&c.Keys.Preset, value, "the name of a set of keys") },
			func(c *Config) string { return cmp.Or(c.Keys.Preset, "vim") },
		},
		{
			"history.enabled", "whether runs are recorded", "true",
			func(c *Config, value any) error { return setBool(&c.History.Enabled, value) },
			func(c *Config) string { return strconv.FormatBool(c.History.Enabled) },
		},
		{
			"history.url", "address of a PostgreSQL database that a team shares", `"postgres://user@host/database"`, setHistoryURL,
			func(c *Config) string { return c.History.URL.String() },
		},
		{
			"history.archive", "folder or bucket for the items of runs", `"s3://bucket/prefix"`,
			func(c *Config, value any) error { return setArchive(&c.History.Archive, value) },
			func(c *Config) string { return withoutLogin(c.History.Archive) },
		},
		{
			"history.endpoint", "address of an S3-compatible service", `"https://s3.example.com"`,
			func(c *Config, value any) error {
				return setText(&c.History.Endpoint, value, "the address of an S3 service")
			},
			func(c *Config) string { return withoutLogin(c.History.Endpoint) },
		},
		{
			"history.keep_items", "maximum size of the archive; the oldest items are removed first", `"2GB"`,
			func(c *Config, value any) error { return setSize(&c.History.KeepItems, value) },
			func(c *Config) string {
				if size, limited := c.History.KeepItems.Get(); limited {
					return humanize.Bytes(uint64(max(0, size))) //nolint:gosec // not negative
				}
				return ""
			},
		},
	}, notifyEntries()...)
}

// notifyEntries returns the settings for the end of a run.
func notifyEntries() []entry {
	return []entry{
		{
			"notify.terminal", "when the terminal shows a notification about ended runs: auto, always or never", `"always"`,
			func(c *Config, value any) error { return setParsed(&c.Notify.Terminal, value, alert.ParseMode) },
			func(c *Config) string { return c.Notify.Terminal.String() },
		},
		{
			"notify.exec", "shell command to execute when a run ends", `"notify-send \"$SBWATCH_SUMMARY\""`,
			func(c *Config, value any) error { return setText(&c.Notify.Exec, value, "a command line") },
			func(c *Config) string { return text.Printable(WithoutSecrets(c.Notify.Exec)) },
		},
		{
			"notify.post", "URL that receives a message when a run ends", `"https://hooks.example.com/x"`,
			func(c *Config, value any) error { return setParsed(&c.Notify.Post, value, notify.ParseURL) },
			func(c *Config) string { return c.Notify.Post.String() },
		},
		{
			"notify.post_format", "format of the messages to notify.post: json or slack", `"slack"`,
			func(c *Config, value any) error { return setParsed(&c.Notify.Format, value, notify.ParseFormat) },
			func(c *Config) string { return c.Notify.Format.String() },
		},
	}
}

// setHistoryURL sets the address of the history. If the address is invalid, it sets IsURLWrong, so that the program
// does not use the history of this machine instead.
func setHistoryURL(c *Config, value any) error {
	address, isText := value.(string)
	if !isText {
		c.History.IsURLWrong = true
		return errDatabaseURL
	}
	parsed, err := ParseDatabaseURL(address)
	c.History.URL, c.History.IsURLWrong = parsed, err != nil
	return err
}

func setBool(into *bool, value any) error {
	set, ok := value.(bool)
	if !ok {
		return errors.New("must be true or false")
	}
	*into = set
	return nil
}

// setParsed parses value, which must be a text, and stores the result in *into.
func setParsed[T any](into *T, value any, parse func(string) (T, error)) error {
	given, _ := value.(string)
	set, err := parse(given)
	if err != nil {
		return err
	}
	*into = set
	return nil
}

func setText(into *string, value any, what string) error {
	set, ok := value.(string)
	if !ok || strings.TrimSpace(set) == "" {
		return errors.New("must be " + what + ", in quotes")
	}
	*into = set
	return nil
}

// setArchive stores value, the path of a folder or the location of a bucket, in *into. A relative path is refused,
// because its meaning would depend on the working directory.
func setArchive(into *string, value any) error {
	const bucket = "s3://"
	set, _ := value.(string)
	if set == bucket || !strings.HasPrefix(set, bucket) && !filepath.IsAbs(set) && !strings.HasPrefix(set, "~/") {
		return errors.New("must be the absolute path of a folder, or s3://bucket/prefix, in quotes")
	}
	*into = set
	return nil
}

// setSize stores a size in bytes in *into. value is a number of bytes, or a text such as "2GB".
func setSize(into *optional.Value[int64], value any) error {
	switch value := value.(type) {
	case int64:
		if value >= 0 {
			*into = optional.Some(value)
			return nil
		}
	case string:
		if size, err := humanize.ParseBytes(value); err == nil && size <= math.MaxInt64 {
			*into = optional.Some(int64(size))
			return nil
		}
	}
	return errors.New(`must be a size such as "500MB", "2GB" or "1GiB"`)
}

// parse stores the settings of a config file in config. content is the text of the file.
func parse(config *Config, content []byte) []settings.Problem {
	file := settings.Parse(content)
	problems := file.Problems
	// If the history URL cannot be read, do not use the history of this machine instead.
	config.History.IsURLWrong = strings.Contains(file.Skipped, "url")
	known := entries()
	for _, s := range file.Settings {
		if isInArray(s, file.Headings) {
			config.History.IsURLWrong = config.History.IsURLWrong || s.Name == "history.url"
			continue
		}
		if s.Path[0] == "rules" && len(s.Path) > 1 {
			s.Path = s.Path[1:]
			config.rules = append(config.rules, s)
			continue
		}
		if err := config.set(s, known); err != nil {
			problems = append(problems, settings.Problem{Line: s.Line, Reason: err.Error()})
		} else {
			config.sources[s.Name] = s.Line
		}
	}
	for _, h := range file.Headings {
		if h.IsArray {
			name := strings.Join(h.Path, ".")
			problems = append(problems, settings.Problem{Line: h.Line, Reason: fmt.Sprintf("write [%s] instead of [[%s]]: the section is ignored", name, name)})
		}
	}
	problems = append(problems, config.setRules()...)
	return settings.SortProblems(problems)
}

// isInArray reports whether a setting is in a section with two pairs of brackets, such as [[flags]]. Such a setting has
// no value of its own.
func isInArray(s settings.Setting, headings []settings.Heading) bool {
	return slices.ContainsFunc(headings, func(h settings.Heading) bool {
		return h.IsArray && len(s.Path) > len(h.Path) && slices.Equal(s.Path[:len(h.Path)], h.Path)
	})
}

// setRules parses the settings for rules and stores the rules. It removes invalid settings and returns their problems.
func (c *Config) setRules() []settings.Problem {
	if len(c.rules) == 0 {
		return nil
	}
	var problems []settings.Problem
	c.Rules, c.rules, problems = rules.Parse(c.rules, nil)
	return problems
}

// set sets one setting. known lists the settings that have a fixed name.
func (c *Config) set(s settings.Setting, known []entry) error {
	var err error
	i := slices.IndexFunc(known, func(e entry) bool { return e.name == s.Name })
	kind, name, _ := strings.Cut(s.Name, ".")
	switch {
	case i >= 0:
		err = known[i].set(c, s.Value)
	case kind == "keys" && name != "":
		err = c.Keys.bind(name, s)
	case kind == "flags" && name != "":
		err = c.setFlag(name, s)
	default:
		return errors.New(unknownSetting(s, known))
	}
	if err != nil {
		return fmt.Errorf("%s %w", s.Name, err)
	}
	return nil
}

// unknownSetting returns the message for a setting that does not exist. It suggests a similar setting, or the section
// that the user probably meant.
func unknownSetting(s settings.Setting, known []entry) string {
	names := append(entryNames(known), ruleNames()...)
	sections := []string{"flags", "keys", "rules", "history", "notify"}
	reason := settings.Unknown("setting", s.Name, names)
	if strings.HasSuffix(reason, "?") {
		return reason
	}
	section := s.Path[0]
	if slices.Contains(names, section) {
		return reason + ": did you mean " + section + "?"
	}
	if meant := text.Nearest(section, slices.Values(sections)); meant != "" && len(s.Path) > 1 && meant != section {
		return fmt.Sprintf("%s: did you mean %s?", reason, strings.Join(append([]string{meant}, s.Path[1:]...), "."))
	}
	var others []string
	for _, name := range names {
		if other, isInSection := strings.CutPrefix(name, section+"."); isInSection {
			others = append(others, other)
		}
	}
	if len(others) > 0 {
		return reason + ": " + section + " has " + strings.Join(others, ", ")
	}
	return reason + ": defaults of flags belong in the section [flags]"
}

// ruleNames returns the names of the settings for rules, except rules of columns or recipes.
func ruleNames() []string {
	var names []string
	for _, kind := range rules.Kinds() {
		names = append(names, "rules."+kind.String())
	}
	return names
}

// SectionOf returns the section in the name of a setting, such as "history" for "history.url" and "" for "theme".
// isSetting reports whether name is one of the fixed names of settings.
func SectionOf(name string) (section string, isSetting bool) {
	if at := strings.LastIndexByte(name, '.'); at >= 0 {
		section = name[:at]
	}
	return section, slices.Contains(entryNames(entries()), name)
}

func entryNames(entries []entry) []string {
	names := make([]string, len(entries))
	for i, e := range entries {
		names[i] = e.name
	}
	return names
}

// bind adds a binding for an action. The value of the setting s must be the name of a key or a list of such names.
func (k *Keys) bind(action string, s settings.Setting) error {
	binding := Binding{Action: action, Line: s.Line}
	switch value := s.Value.(type) {
	case string:
		binding.Keys = []string{value}
	case []any:
		for _, one := range value {
			key, isText := one.(string)
			if !isText {
				return errKeys
			}
			binding.Keys = append(binding.Keys, key)
		}
	default:
		return errKeys
	}
	k.Bindings = append(k.Bindings, binding)
	return nil
}

// errKeys is the error if the keys of an action are not texts.
var errKeys = errors.New(`must be a key such as "ctrl+s", or a list of keys; [] for none`)

// setFlag stores the default of a flag. name is the name of a flag, optionally after the name of a command, such as
// "watch.interval" or "history.export.format".
func (c *Config) setFlag(name string, s settings.Setting) error {
	flag := Flag{Name: name, Line: s.Line}
	if at := strings.LastIndexByte(name, '.'); at >= 0 {
		flag.Command, flag.Name = name[:at], name[at+1:]
	}
	if flag.Name == "post" {
		return errors.New("may contain a secret: set notify.post instead") // this setting is refused because sbwatch prints the values of flags
	}
	if strings.Contains(fmt.Sprint(s.Value), keyPrefix) { // for example in account
		return errors.New("contains an API key: store the key with sbwatch auth login, or set api-key-file to the name of its file")
	}
	switch value := s.Value.(type) {
	case string:
		flag.Value = value
	case bool, int64, float64:
		flag.Value = fmt.Sprint(value)
	case []any:
		list, err := listText(value)
		if err != nil {
			return err
		}
		flag.Value, flag.IsList = list, true
	default:
		return errFlag
	}
	c.Flags = append(c.Flags, flag)
	return nil
}

// keyPrefix is the beginning of every API key.
const keyPrefix = "wsg_live_"

// errFlag is the error for a value that no flag can have.
var errFlag = errors.New("must be the value of a flag: text, a number, true or false, or a list of texts")

// listText returns a list of texts in the form that flags for several values accept: separated by commas, and quoted if
// necessary.
func listText(list []any) (string, error) {
	if len(list) == 0 {
		return "", errFlag
	}
	texts := make([]string, len(list))
	for i, element := range list {
		var isText bool
		if texts[i], isText = element.(string); !isText {
			return "", errFlag
		}
	}
	var b strings.Builder
	w := csv.NewWriter(&b)
	if err := w.Write(texts); err != nil {
		return "", err
	}
	w.Flush()
	return strings.TrimSuffix(b.String(), "\n"), w.Error()
}
