package cmd

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"sbwatch/report"
)

// "export --force -o items.json - < items.json" would overwrite its source, like "export --force -o items.json
// items.json".
func TestExportDoesNotReplaceStandardInput(t *testing.T) {
	name := writeFile(t, filepath.Join(t.TempDir(), "items.json"), `[{"a":1},{"a":`)
	source, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = source.Close() }()
	var stderr bytes.Buffer
	code := Main(Process{
		Args: []string{"export", "--force", "-o", name, "-"}, Stdin: source, Stdout: &bytes.Buffer{}, Stderr: &stderr, Now: time.Now,
	})
	if code != report.Failed.ExitCode() || !strings.Contains(stderr.String(), "it is the file the items were read from") {
		t.Errorf("got exit code %d, stderr %q", code, stderr.String())
	}
}

// -o /dev/stdout means standard output, not a file to replace.
func TestExportToDevStdout(t *testing.T) {
	name := writeFile(t, filepath.Join(t.TempDir(), "items.json"), `[{"a":1}]`)
	var stdout, stderr bytes.Buffer
	code := Main(Process{
		Args: []string{"export", "--format", "csv", "-o", "/dev/stdout", name}, Stdout: &stdout, Stderr: &stderr, Now: time.Now,
	})
	if code != 0 || stdout.String() != "a\r\n1\r\n" || stderr.Len() > 0 {
		t.Errorf("got exit code %d, stdout %q, stderr %q", code, stdout.String(), stderr.String())
	}
}

// A computed column with the name of another column would give each item the same key twice.
func TestExportRefusesComputedColumnsWithTakenNames(t *testing.T) {
	name := writeFile(t, filepath.Join(t.TempDir(), "items.json"), `[{"a":1}]`)
	for _, formulas := range [][]string{{"a = a + 1"}, {"a"}, {"b = 1", "b = 2"}} {
		args := []string{"export", name}
		for _, formula := range formulas {
			args = append(args, "--compute", formula)
		}
		var stdout, stderr bytes.Buffer
		code := Main(Process{Args: args, Stdout: &stdout, Stderr: &stderr, Now: time.Now})
		if code != 2 || stdout.Len() > 0 || !strings.Contains(stderr.String(), "use another name") {
			t.Errorf("%q: got exit code %d, stdout %q, stderr %q", formulas, code, stdout.String(), stderr.String())
		}
	}
}
