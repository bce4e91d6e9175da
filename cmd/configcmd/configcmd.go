// Package configcmd implements sbwatch config and its subcommands. It also applies the flag defaults and the key
// bindings in the config file.
package configcmd

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"sbwatch/config"
	"sbwatch/model/settings"
	"sbwatch/model/text"
	"sbwatch/report"
	"sbwatch/ui"
	"sbwatch/ui/action"
	"sbwatch/userfile"
)

// Program holds what the config commands need from the rest of the program.
type Program struct {
	Stdout io.Writer
	Say    func(line string)
	// File is the path of the config file. Themes is the path of the folder of themes. Both are empty if there is no
	// home directory.
	File, Themes string
	Getenv       func(name string) string
	// Report tells the user about problems in settings, together with the problems that the program has found before.
	Report func(problems []settings.Problem)
	// Config returns the settings. The first call reads the settings and shows the user the problems in them.
	Config func() *config.Config
	// WrongUsage returns an error for a wrong command line. The error refers the user to the help of the given command,
	// such as "sbwatch run".
	WrongUsage func(text, command string) error
}

var errNoFolder = errors.New("there is no home directory for the config file: set XDG_CONFIG_HOME")

// Command returns the config command with its subcommands.
func Command(p Program) *cobra.Command {
	c := &cobra.Command{
		Use:   "config COMMAND",
		Short: "Show and create the config file; list themes and keys",
		Long: `Show and create the config file, which sets the theme, keys, the history and the defaults of flags.

When sbwatch starts, it reports wrong entries with their lines and uses all others. Flags take precedence over the
environment, and the environment takes precedence over the config file.`,
		Example: "  sbwatch config init\n  sbwatch config show\n  sbwatch config keys | grep export",
	}
	for _, below := range []*cobra.Command{
		p.command("path", "Print the path of the config file", p.path),
		p.table("show", "Print all settings, their values and where each value comes from", p.show),
		p.command("init", "Create a config file that explains all settings", p.create),
		p.table("themes", "List the themes", p.themes),
		p.table("keys", "List the actions of each screen and their keys", p.keys),
		p.command("schema", "Print a JSON schema of the config file, for editors", func() error { return p.write(config.Schema()) }),
	} {
		c.AddCommand(below)
	}
	return c
}

// command returns a subcommand without arguments.
func (p Program) command(name, short string, run func() error) *cobra.Command {
	return &cobra.Command{
		Use: name, Short: short, DisableFlagsInUseLine: true, ValidArgsFunction: cobra.NoFileCompletions,
		Args: func(c *cobra.Command, args []string) error {
			if len(args) > 0 {
				return p.WrongUsage(c.Name()+" takes no arguments", c.CommandPath())
			}
			return nil
		},
		RunE: func(*cobra.Command, []string) error { return run() },
	}
}

// table returns a subcommand that writes a table. It calls the function write with the root command and the value of
// --screen-reader.
func (p Program) table(name, short string, write func(root *cobra.Command, asSentences bool) error) *cobra.Command {
	var reader bool
	c := p.command(name, short, nil)
	c.RunE = func(c *cobra.Command, _ []string) error { return write(c.Root(), reader) }
	c.Use += " [flags]"
	c.Flags().BoolVar(&reader, "screen-reader", false, report.ScreenReaderHelp)
	return c
}

func (p Program) write(s string) error {
	_, err := io.WriteString(p.Stdout, s)
	return err
}

func (p Program) path() error {
	if p.File == "" {
		return errNoFolder
	}
	return p.write(text.Printable(p.File) + "\n")
}

// show writes all settings. root is the root command, sbwatch.
func (p Program) show(root *cobra.Command, asSentences bool) error {
	values, problems := p.values(root)
	p.Report(problems)
	var rows [][]string
	for _, v := range values {
		rows = append(rows, []string{text.Printable(v.Name), cmp.Or(text.Printable(v.Value), "-"), text.Printable(v.Source)})
	}
	return report.WriteRows(p.Stdout, []string{"SETTING", "VALUE", "SOURCE"}, rows, asSentences)
}

// values returns the settings with the values that are in effect. It also returns the problems that [Program.Config]
// does not detect, such as an unknown theme. root is the root command, sbwatch.
func (p Program) values(root *cobra.Command) ([]config.Value, []settings.Problem) {
	c := p.Config()
	selected, themeProblems := c.SelectedTheme(p.Themes)
	valid, keyProblems := keysOf(c)
	values := slices.DeleteFunc(c.Values(p.Getenv), func(v config.Value) bool {
		isBinding := strings.HasPrefix(v.Name, "keys.") && v.Name != presetSetting
		return isBinding && !slices.ContainsFunc(valid.Bindings, func(b config.Binding) bool { return v.Name == "keys."+b.Action })
	})
	for i, v := range values {
		switch {
		case v.Name == "theme" && c.Theme != "" && selected.Name != c.Theme:
			values[i].Value, values[i].Source = selected.Name, c.UsedThemeSource(selected.Name)
		case v.Name == presetSetting && valid.Preset != c.Keys.Preset:
			values[i].Value, values[i].Source = action.Presets()[0], config.SourceDefault
		}
	}
	flags, flagProblems := flagValues(root, c.Flags, p.Getenv)
	return append(values, flags...), slices.Concat(themeProblems, keyProblems, flagProblems)
}

const presetSetting = "keys.preset"

func (p Program) create() error {
	if p.File == "" {
		return errNoFolder
	}
	if _, err := os.Lstat(p.File); err == nil {
		return fmt.Errorf("%s already exists: edit it, or move it away first", text.Printable(p.File))
	} else if !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := userfile.Write(p.File, false, []byte(config.Example())); err != nil {
		return err
	}
	p.Say("created " + text.Printable(p.File))
	return nil
}

func (p Program) themes(_ *cobra.Command, asSentences bool) error {
	themes, problems := config.Themes(p.Themes)
	p.Report(problems)
	var rows [][]string
	for _, t := range themes {
		rows = append(rows, []string{text.Printable(t.Name), text.Printable(t.Title)})
	}
	return report.WriteRows(p.Stdout, nil, rows, asSentences)
}

// keys writes the actions of each screen, with the keys from the config file.
func (p Program) keys(_ *cobra.Command, asSentences bool) error {
	keymap, problems := Keymap(p.Config())
	p.Report(problems)
	screens := ui.Catalog()
	var rows [][]string
	for _, name := range slices.Sorted(maps.Keys(screens)) {
		for _, a := range keymap.Apply(screens[name]) {
			if a.Title != "" {
				rows = append(rows, []string{name, a.ID, cmp.Or(strings.Join(a.Keys, " "), "-"), a.Title})
			}
		}
	}
	return report.WriteRows(p.Stdout, []string{"SCREEN", "ACTION", "KEYS", "DOES"}, rows, asSentences)
}

// Keymap returns the keys that the settings bind to actions, and the problems in these settings.
func Keymap(c *config.Config) (action.Keymap, []settings.Problem) {
	valid, problems := keysOf(c)
	keymap := action.Preset(valid.Preset)
	for _, b := range valid.Bindings {
		keymap = append(keymap, bindingOf(b))
	}
	return keymap, problems
}

func bindingOf(b config.Binding) action.Binding {
	return action.Binding{Action: b.Action, Keys: b.Keys, Line: b.Line}
}

// keysOf returns the valid key bindings in the settings, and the problems in the invalid key bindings.
func keysOf(c *config.Config) (valid config.Keys, problems []settings.Problem) {
	if c.Keys.Preset == "" && len(c.Keys.Bindings) == 0 {
		return config.Keys{}, nil
	}
	valid.Preset = c.Keys.Preset
	if name := c.Keys.Preset; name != "" && !slices.Contains(action.Presets(), name) {
		valid.Preset = ""
		file, line := c.Position(presetSetting)
		problems = append(problems, settings.Problem{
			File: file, Line: line, Reason: fmt.Sprintf("there is no set of keys %q: use %s", name, strings.Join(action.Presets(), " or ")),
		})
	}
	var file string
	var own action.Keymap
	for _, b := range c.Keys.Bindings {
		file = b.File
		own = append(own, bindingOf(b))
	}
	kept, wrong := own.Check(ui.Catalog())
	for _, problem := range wrong {
		problem.File = file
		problems = append(problems, problem)
	}
	valid.Bindings = slices.DeleteFunc(slices.Clone(c.Keys.Bindings), func(b config.Binding) bool {
		return !slices.ContainsFunc(kept, func(k action.Binding) bool { return k.Action == b.Action })
	})
	return valid, problems
}
