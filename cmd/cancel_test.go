//go:build unix

package cmd

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"sbwatch/report"
)

// TestAnExportThatNobodyReadsEnds writes to a pipe that nobody reads. One SIGTERM or the timeout must end the program.
func TestAnExportThatNobodyReadsEnds(t *testing.T) {
	t.Parallel()
	name := filepath.Join(t.TempDir(), "items.ndjson")
	writeFile(t, name, strings.Repeat(`{"name":"lamp"}`+"\n", 100_000))
	for _, test := range []struct {
		flags []string
		want  report.Outcome
	}{
		{nil, report.Terminated},
		{[]string{"--timeout", "500ms"}, report.TimedOut},
	} {
		p := startProcess(t, append([]string{"export", name}, test.flags...)...)
		if test.flags == nil {
			p.line(t)
			if err := p.Process.Signal(syscall.SIGTERM); err != nil {
				t.Fatal(err)
			}
		}
		_ = p.Wait()
		if code := p.ProcessState.ExitCode(); code != test.want.ExitCode() {
			t.Errorf("%v: %v, want exit code %d", test.flags, p.ProcessState, test.want.ExitCode())
		}
	}
}

// TestExpensiveColumnsDoNotDelayTheEnd ends an export and a check in which each item takes long. Without cancellation
// within a few rows, they would take minutes.
func TestExpensiveColumnsDoNotDelayTheEnd(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	name, out := filepath.Join(folder, "items.ndjson"), filepath.Join(folder, "out.csv")
	writeFile(t, name, strings.Repeat(`{"name":"0123456789abcdef"}`+"\n", 20_000))
	compute := []string{"--compute", "c0 = name & name"}
	for i := range 40 {
		compute = append(compute, "--compute", fmt.Sprintf("c%d = c%d & c%d", i+1, i, i))
	}
	for _, args := range [][]string{
		{"export", "-o", out, name}, {"export", "--sort", "c40", "-o", out, name}, {"export", "--where", "c14 ~ x", "-o", out, name}, {"check", name},
	} {
		if code, stderr := runHere(t, soon, append(args, compute...)...); code != report.Terminated.ExitCode() {
			t.Errorf("%v: got exit code %d, want 143; standard error %q", args, code, stderr)
		}
		if left, err := os.ReadDir(folder); err != nil || len(left) != 1 {
			t.Errorf("%v: the folder has %d files, want only the items; %v", args, len(left), err)
		}
	}
}
