package cmd

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/spf13/cobra"
)

// TestCommandsInDocuments checks that all commands and flags in the documents exist.
func TestCommandsInDocuments(t *testing.T) {
	files, err := filepath.Glob("../docs/*.md")
	if err != nil {
		t.Fatal(err)
	}
	root, shown := documentedRoot(), 0
	for _, name := range append(files, "../README.md", "../SECURITY.md", "../CONTRIBUTING.md") {
		content, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, command := range commandsIn(string(content)) {
			shown++
			if wrong := wrongInCommand(root, command); wrong != "" {
				t.Errorf("%s: sbwatch %s: %s", filepath.Base(name), command, wrong)
			}
		}
	}
	if shown < 100 {
		t.Errorf("found %d commands in the documents, want more", shown)
	}
}

// commandsIn returns the arguments of each sbwatch command in the code of a document: in blocks and in `code`.
func commandsIn(document string) []string {
	command := regexp.MustCompile(`(?:^|[\s$(/])sbwatch ([a-z][^|;&>#` + "`" + `]*)`)
	inline := regexp.MustCompile("`(sbwatch [^`]*)`")
	var commands []string
	fence := "" // the line that began the current block
	for line := range strings.SplitSeq(document, "\n") {
		if mark := strings.TrimSpace(line); strings.HasPrefix(mark, "```") {
			if fence == "" {
				fence = mark
			} else {
				fence = ""
			}
			continue
		}
		codes := []string{line}
		switch {
		case fence == "```text": // the help of commands, which contains sentences about sbwatch
			continue
		case fence == "" && !strings.HasPrefix(line, "    "):
			codes = nil
			for _, match := range inline.FindAllStringSubmatch(line, -1) {
				codes = append(codes, match[1])
			}
		}
		for _, code := range codes {
			code, _, _ = strings.Cut(code, "# ")
			for _, match := range command.FindAllStringSubmatch(code, -1) {
				commands = append(commands, strings.TrimSpace(match[1]))
			}
		}
	}
	return commands
}

// wrongInCommand returns a message about the first subcommand or flag in a command that does not exist. It returns ""
// if all of them exist.
func wrongInCommand(root *cobra.Command, command string) string {
	found := root
	for i, word := range strings.Fields(command) {
		if child := childOf(found, word); child != nil {
			found = child
			continue
		}
		if i == 0 {
			return "there is no such command"
		}
		if flag, isFlag := strings.CutPrefix(strings.Trim(word, `[]()"'`), "--"); isFlag {
			name, _, _ := strings.Cut(flag, "=")
			if name != "" && name != "help" && found.Flags().Lookup(name) == nil {
				return found.CommandPath() + " has no flag --" + name
			}
		}
	}
	return ""
}

func childOf(c *cobra.Command, name string) *cobra.Command {
	for _, child := range c.Commands() {
		if child.Name() == name {
			return child
		}
	}
	return nil
}
