package cmd

import (
	"strings"

	"sbwatch/model"
)

// suggestions are the command lines that this program proposes to its user: how to open a run again, how to run its
// recipe again. The words come from outside and may be pasted into a shell, so each is quoted for one.
type suggestions struct {
	// kind is the command that was used.
	kind suggestionKind
	// options are those that tell the service.
	options []string
	// file is the saved answer of open.
	file model.Text
}

type suggestionKind int

const (
	suggestService suggestionKind = iota
	suggestDemo
	suggestFile
)

// reopen is the command that shows the run again; empty where there is none.
func (s suggestions) reopen(watch *model.Watch) string {
	switch s.kind {
	case suggestDemo:
		// The emulator of a demo ends with it, and its runs too.
		return commandLine("demo", nil, watch.RecipeID())
	case suggestFile:
		if s.file.Raw() == "-" {
			return ""
		}
		return commandLine("open", nil, s.file)
	case suggestService:
	}
	if watch.RunID().IsEmpty() {
		return ""
	}
	return s.Watch(watch.RunID())
}

// source is the name of the saved answer.
func (s suggestions) source() model.Text {
	if s.file.Raw() == "-" {
		return model.NewText("standard input")
	}
	return s.file
}

// Watch is the command that shows a run of the service.
func (s suggestions) Watch(runID model.Text) string { return commandLine("watch", s.options, runID) }

// Rerun is the command that dispatches the recipe again; empty where it is not known.
func (s suggestions) Rerun(watch *model.Watch) string {
	switch {
	case watch.RecipeID().IsEmpty() || s.kind == suggestFile:
		return ""
	case s.kind == suggestDemo:
		return commandLine("demo", nil, watch.RecipeID())
	default:
		return commandLine("run", s.options, watch.RecipeID())
	}
}

// Usage is the command that shows the account.
func (s suggestions) Usage() string { return commandLine("usage", s.options) }

func commandLine(command string, options []string, words ...model.Text) string {
	line := []string{"sbwatch", command}
	for _, option := range options {
		line = append(line, shellWord(model.NewText(option)))
	}
	for _, word := range words {
		if strings.HasPrefix(word.Raw(), "-") {
			line = append(line, "--")
		}
		line = append(line, shellWord(word))
	}
	return strings.Join(line, " ")
}

// shellWord is a printable word that a shell takes as it is.
func shellWord(word model.Text) string {
	printable := word.String()
	isSafe := func(r rune) bool {
		return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || strings.ContainsRune("-_./:=@%+,", r)
	}
	if printable != "" && strings.IndexFunc(printable, func(r rune) bool { return !isSafe(r) }) < 0 {
		return printable
	}
	return "'" + strings.ReplaceAll(printable, "'", `'\''`) + "'"
}
