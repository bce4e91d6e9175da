package cmd

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"sbwatch/config"
	"sbwatch/internal/golden"
	"sbwatch/ui"
	"sbwatch/ui/action"
)

const generatedNote = "The command `make docs` generates this page from the code of sbwatch.\n"

// TestReferenceIsUpToDate generates the pages of the reference: commands and flags, keys and settings. With -update, it
// writes them.
func TestReferenceIsUpToDate(t *testing.T) {
	for name, page := range map[string]string{
		"flags.md": flagsPage(documentedRoot()), "keys.md": keysPage(ui.Catalog()), "settings.md": settingsPage(),
	} {
		golden.CheckFile(t, filepath.Join("..", "docs", name), page)
	}
}

// documentedRoot returns the root command of a program without arguments, settings and environment variables.
func documentedRoot() *cobra.Command {
	p := &program{Process: Process{Stdout: io.Discard, Stderr: io.Discard, Now: time.Now}}
	root := p.rootCommand()
	root.InitDefaultCompletionCmd()
	return root
}

// flagsPage describes all commands, as Markdown.
func flagsPage(root *cobra.Command) string {
	var list, sections strings.Builder
	describeCommand(root, &list, &sections)
	return "# Commands and flags\n\n" + generatedNote + "\n| command | |\n| --- | --- |\n" + list.String() + sections.String()
}

func describeCommand(c *cobra.Command, list, sections *strings.Builder) {
	c.InitDefaultHelpFlag()
	if c.Hidden || c.Name() == "help" {
		return
	}
	anchor := strings.ReplaceAll(c.CommandPath(), " ", "-")
	fmt.Fprintf(list, "| [%s](#%s) | %s |\n", c.CommandPath(), anchor, tableCell(c.Short))
	fmt.Fprintf(sections, "\n## %s\n\n```text\n%s\n```\n", c.CommandPath(), strings.TrimSpace(cmp.Or(c.Long, c.Short)))
	if c.Runnable() && c.HasParent() {
		fmt.Fprintf(sections, "\nUsage: `%s`\n", c.UseLine())
	}
	if c.Example != "" {
		fmt.Fprintf(sections, "\n```sh\n%s\n```\n", undented(c.Example))
	}
	var flags strings.Builder
	c.LocalFlags().VisitAll(func(f *pflag.Flag) {
		if f.Name != "help" && !f.Hidden {
			flags.WriteString(flagRow(f))
		}
	})
	if flags.Len() > 0 {
		sections.WriteString("\n| flag | meaning |\n| --- | --- |\n" + flags.String())
	}
	if c.Name() == "completion" {
		return // its commands are written by cobra, one for each shell
	}
	for _, child := range c.Commands() {
		describeCommand(child, list, sections)
	}
}

// undented returns the lines of text without the two spaces that examples begin with.
func undented(text string) string {
	lines := strings.Split(strings.Trim(text, "\n"), "\n")
	for i, line := range lines {
		lines[i] = strings.TrimPrefix(line, "  ")
	}
	return strings.Join(lines, "\n")
}

// flagRow returns the row of a table that describes a flag.
func flagRow(f *pflag.Flag) string {
	kind, usage := pflag.UnquoteUsage(f)
	name := "--" + f.Name
	if f.Shorthand != "" {
		name = "-" + f.Shorthand + ", " + name
	}
	if kind != "" {
		name += " " + kind
	}
	if f.DefValue != "" && f.DefValue != "0" && f.DefValue != "0s" && f.DefValue != "false" && f.DefValue != "[]" &&
		!strings.Contains(usage, "(default") {
		usage += " (default: " + f.DefValue + ")"
	}
	return fmt.Sprintf("| `%s` | %s |\n", name, tableCell(usage))
}

// tableCell returns text for a cell of a table in Markdown.
func tableCell(text string) string {
	return strings.NewReplacer("|", `\|`, "<", "&lt;", "*", `\*`, "\n", " ").Replace(text)
}

// keysPage describes the actions of all screens with their keys, as Markdown.
func keysPage(screens map[string]action.Table) string {
	var b strings.Builder
	b.WriteString("# Keys\n\n" + generatedNote + `
Press ` + "`?`" + ` for the keys of the current screen, and ` + "`:`" + ` to find an action by its name. [config.md](config.md) describes how to change
keys. A config file that contains ` + "`preset = \"emacs\"`" + ` in the section ` + "`[keys]`" + ` selects the keys of the last column.
`)
	names := slices.Sorted(maps.Keys(screens))
	everywhere := commonActions(screens)
	writeKeys(&b, "Every screen", everywhere, nil)
	run := slices.DeleteFunc(slices.Clone(screens["items"]), func(a action.Action) bool {
		return !contains(screens["pages"], a) || contains(everywhere, a)
	})
	writeKeys(&b, "Every tab of a run", run, nil)
	for _, name := range names {
		skip := everywhere
		if contains(screens[name], screens["items"][0]) && hasID(screens[name], "tab.next") {
			skip = slices.Concat(everywhere, run)
		}
		writeKeys(&b, "Screen `"+name+"`", screens[name], skip)
	}
	return b.String()
}

// commonActions returns the actions that all screens have, with the same keys.
func commonActions(screens map[string]action.Table) action.Table {
	var common action.Table
	for _, a := range screens["items"] {
		everywhere := true
		for _, table := range screens {
			everywhere = everywhere && contains(table, a)
		}
		if everywhere {
			common = append(common, a)
		}
	}
	return common
}

func contains(table action.Table, a action.Action) bool {
	return slices.ContainsFunc(table, func(b action.Action) bool {
		return a.ID == b.ID && slices.Equal(a.Keys, b.Keys)
	})
}

func hasID(table action.Table, id string) bool {
	return slices.ContainsFunc(table, func(a action.Action) bool { return a.ID == id })
}

// writeKeys writes a section with the actions of a table that are not in skip.
func writeKeys(b *strings.Builder, title string, table, skip action.Table) {
	var rows strings.Builder
	emacs := action.Preset("emacs").Apply(table)
	for i, a := range table {
		if a.Title != "" && !contains(skip, a) {
			fmt.Fprintf(&rows, "| %s | %s | `%s` | %s |\n", keyCell(a.Keys), tableCell(a.Title), a.ID, keyCell(emacs[i].Keys))
		}
	}
	if rows.Len() > 0 {
		fmt.Fprintf(b, "\n## %s\n\n| keys | what they do | action | keys of `emacs` |\n| --- | --- | --- | --- |\n%s", title, rows.String())
	}
}

// keyCell returns keys for a cell of a table.
func keyCell(keys []string) string {
	shown := make([]string, len(keys))
	for i, key := range keys {
		shown[i] = "`" + strings.ReplaceAll(key, "|", `\|`) + "`"
	}
	return cmp.Or(strings.Join(shown, " "), "none")
}

// settingsPage describes the settings of the config file, as Markdown.
func settingsPage() string {
	return "# Settings\n\n" + generatedNote + "\n[config.md](config.md) describes the config file. `sbwatch config init` creates it with this content:\n\n```toml\n" +
		config.Example() + "```\n\nThe JSON schema, which `sbwatch config schema` prints:\n\n```json\n" + config.Schema() + "```\n"
}
