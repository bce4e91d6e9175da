package main_test

import (
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// documents returns the Markdown files for users, by path.
func documents(t *testing.T) map[string]string {
	t.Helper()
	files, err := filepath.Glob("docs/*.md")
	if err != nil || len(files) == 0 {
		t.Fatalf("no documents: %v", err)
	}
	documents := map[string]string{}
	for _, name := range append(files, "README.md", "CONTRIBUTING.md") {
		content, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		documents[filepath.ToSlash(name)] = string(content)
	}
	return documents
}

// TestLinksOfDocuments checks that the files and headings exist that the documents link to.
func TestLinksOfDocuments(t *testing.T) {
	link := regexp.MustCompile(`\]\(([^)]+)\)`)
	all := documents(t)
	for name, content := range all {
		for _, match := range link.FindAllStringSubmatch(content, -1) {
			file, anchor, _ := strings.Cut(match[1], "#")
			if strings.Contains(file, "://") {
				continue
			}
			target := name
			if file != "" {
				target = path.Join(path.Dir(name), file)
			}
			if _, err := os.Stat(filepath.FromSlash(target)); err != nil {
				t.Errorf("%s links to %s: %v", name, match[1], err)
			} else if anchor != "" && !slices.Contains(anchors(all[target]), anchor) {
				t.Errorf("%s links to %s, but there is no such heading", name, match[1])
			}
		}
	}
}

// anchors returns the anchors of the headings of a document, as GitHub forms them.
func anchors(content string) []string {
	var anchors []string
	heading, dropped := regexp.MustCompile(`(?m)^#+ (.*)$`), regexp.MustCompile(`[^\p{L}\p{N}\- _]`)
	for _, match := range heading.FindAllStringSubmatch(content, -1) {
		anchors = append(anchors, strings.ReplaceAll(dropped.ReplaceAllString(strings.ToLower(match[1]), ""), " ", "-"))
	}
	return anchors
}

// TestEachDocumentIsLinked checks that a reader of README.md finds each document.
func TestEachDocumentIsLinked(t *testing.T) {
	all := documents(t)
	for name := range all {
		if name != "README.md" && !strings.Contains(all["README.md"], "("+name+")") {
			t.Errorf("README.md does not link to %s", name)
		}
	}
}

// TestMessagesOfTroubleshooting checks that sbwatch still writes the messages that docs/troubleshooting.md explains. In
// a message, … stands for text that varies.
func TestMessagesOfTroubleshooting(t *testing.T) {
	messages := regexp.MustCompile("(?m)^### `(.+)`$").FindAllStringSubmatch(documents(t)["docs/troubleshooting.md"], -1)
	if len(messages) < 40 {
		t.Fatalf("found %d messages, want more", len(messages))
	}
	sources := sourcesOfMessages(t)
	for _, match := range messages {
		for part := range strings.SplitSeq(match[1], "…") {
			if part = strings.TrimSpace(part); !strings.Contains(sources, part) {
				t.Errorf("no source contains %q of the message %q", part, match[1])
			}
		}
	}
}

// sourcesOfMessages returns the code of sbwatch and the scripts that test its output. Strings that are joined with +
// over several lines are joined.
func sourcesOfMessages(t *testing.T) string {
	t.Helper()
	var all strings.Builder
	err := fs.WalkDir(os.DirFS("."), ".", func(name string, entry fs.DirEntry, err error) error {
		isSource := strings.HasSuffix(name, ".go") && !strings.HasSuffix(name, "_test.go") || strings.HasSuffix(name, ".txtar")
		if err != nil || entry.IsDir() || !isSource {
			return err
		}
		content, err := os.ReadFile(filepath.FromSlash(name))
		all.Write(content)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return regexp.MustCompile(`"\s*\+\s*"`).ReplaceAllString(all.String(), "")
}
