package report

import (
	"slices"
	"strings"

	"sbwatch/model/text"
	"sbwatch/model/watch"
)

// Commands builds the command lines that sbwatch suggests, such as the command that opens a run again. Users paste
// these lines, and ids and file names are untrusted. Each word is therefore quoted for a shell.
type Commands struct {
	Kind CommandKind
	// Options holds the flags that select the service, such as --base-url and its value.
	Options []string
	// File is the name of the opened file. It is set if Kind is ForFile. "-" stands for standard input.
	File text.Text
}

// CommandKind is what the current command reads: the service, the emulator of the demo, or a file.
type CommandKind int

// The kinds of commands.
const (
	// ForService means that the command reads from the service.
	ForService CommandKind = iota
	// ForDemo means that the command is sbwatch demo. The runs of a demo cannot be watched again, because they exist
	// only in its emulator.
	ForDemo
	// ForFile means that the command reads a file or standard input.
	ForFile
)

// reopen returns the command that shows the run again, or "" if there is no such command.
func (c Commands) reopen(watch *watch.Watch) string {
	switch c.Kind {
	case ForDemo:
		// The runs of the demo ended with its emulator.
		return commandLine("demo", nil, watch.RecipeID())
	case ForFile:
		if c.File.Raw() == "-" {
			return ""
		}
		return commandLine("open", nil, c.File)
	case ForService:
	}
	if watch.RunID().IsEmpty() {
		return ""
	}
	return c.Watch(watch.RunID())
}

// Source returns the name of the opened file. For standard input, it returns "standard input".
func (c Commands) Source() text.Text {
	if c.File.Raw() == "-" {
		return text.NewText("standard input")
	}
	return c.File
}

// Watch returns the command that watches a run.
func (c Commands) Watch(runID text.Text) string { return commandLine("watch", c.Options, runID) }

// watchAll returns the command that watches several runs.
func (c Commands) watchAll(runIDs []text.Text) string {
	return commandLine("watch", c.Options, runIDs...)
}

// runAll returns the command that dispatches several recipes.
func (c Commands) runAll(recipeIDs []text.Text) string {
	return commandLine("run", c.Options, recipeIDs...)
}

// Rerun returns the command that dispatches the recipe of a watch again, or "" if the recipe is unknown.
func (c Commands) Rerun(watch *watch.Watch) string {
	switch {
	case watch.RecipeID().IsEmpty() || c.Kind == ForFile:
		return ""
	case c.Kind == ForDemo:
		return commandLine("demo", nil, watch.RecipeID())
	default:
		return commandLine("run", c.Options, watch.RecipeID())
	}
}

// Usage returns the command that shows the account's usage.
func (c Commands) Usage() string { return commandLine("usage", c.Options) }

// Suggest returns the command that suggests rules based on the run of a watch, or "" if there is no such command.
func (c Commands) Suggest(watch *watch.Watch) string {
	switch {
	case c.Kind == ForFile && c.File.Raw() != "-":
		return commandLine("check --suggest", nil, c.File)
	case c.Kind == ForService && !watch.RunID().IsEmpty():
		return commandLine("check --suggest", c.Options, watch.RunID())
	default:
		return ""
	}
}

func commandLine(command string, options []string, words ...text.Text) string {
	line := []string{"sbwatch", command}
	for _, option := range options {
		line = append(line, shellWord(text.NewText(option)))
	}
	isOption := func(word text.Text) bool { return strings.HasPrefix(word.Raw(), "-") }
	if slices.ContainsFunc(words, isOption) {
		line = append(line, "--")
	}
	for _, word := range words {
		line = append(line, shellWord(word))
	}
	return strings.Join(line, " ")
}

// shellWord returns word in printable form. If a shell would not read it as one word, shellWord adds quotes.
func shellWord(word text.Text) string {
	printable := word.String()
	isSafe := func(r rune) bool {
		return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || strings.ContainsRune("-_./:=@%+,", r)
	}
	if printable != "" && strings.IndexFunc(printable, func(r rune) bool { return !isSafe(r) }) < 0 {
		return printable
	}
	return "'" + strings.ReplaceAll(printable, "'", `'\''`) + "'"
}
