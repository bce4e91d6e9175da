package report

import (
	"strings"

	"sbwatch/model/text"
	"sbwatch/model/watch"
)

// Commands are the command lines that sbwatch suggests: how to open a run again, how to run its recipe again. Their words
// come from outside and may be pasted into a shell, so each is quoted for one.
type Commands struct {
	Kind CommandKind
	// Options are the flags that tell the service.
	Options []string
	// File is the saved answer, of the kind ForFile; "-" is standard input.
	File text.Text
}

// CommandKind is what the command that suggests others works on.
type CommandKind int

// The kinds of command.
const (
	ForService CommandKind = iota
	ForDemo
	ForFile
)

// reopen returns the command that shows the run again, or "".
func (c Commands) reopen(watch *watch.Watch) string {
	switch c.Kind {
	case ForDemo:
		// The emulator of a demo ends with it, and its runs too.
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

// Source returns the name of the saved answer.
func (c Commands) Source() text.Text {
	if c.File.Raw() == "-" {
		return text.NewText("standard input")
	}
	return c.File
}

// Watch returns the command that shows a run of the service.
func (c Commands) Watch(runID text.Text) string { return commandLine("watch", c.Options, runID) }

// Rerun returns the command that dispatches the recipe again, or "" where the recipe is not known.
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

// Usage returns the command that shows the account.
func (c Commands) Usage() string { return commandLine("usage", c.Options) }

func commandLine(command string, options []string, words ...text.Text) string {
	line := []string{"sbwatch", command}
	for _, option := range options {
		line = append(line, shellWord(text.NewText(option)))
	}
	for _, word := range words {
		if strings.HasPrefix(word.Raw(), "-") {
			line = append(line, "--")
		}
		line = append(line, shellWord(word))
	}
	return strings.Join(line, " ")
}

// shellWord returns a word, printable, in the way that a shell reads as one word.
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
