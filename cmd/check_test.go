package cmd

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"sbwatch/internal/testrun"
	"sbwatch/model/run"
	"sbwatch/report"
)

// While check waits for a run, it writes nothing to standard output, which is reserved for the verdicts.
func TestCheckWaitsForUnfinishedRun(t *testing.T) {
	service := &fakeService{poll: func(n int) (run.Answer, error) {
		if n < 20 {
			return testrun.Running(int64(n), int64(n)*10), nil
		}
		return testrun.Completed(), nil
	}}
	got := followOne(t, service, testrun.Watch("k7Xb9dRmQ2p"), func(f *follower, p *program) { f.reporter.Lines = report.NewQuietLines(p.say) })
	if got.stdout != "" || got.code != report.Completed {
		t.Errorf("got exit code %d, stdout %q", got.code, got.stdout)
	}
	wantLines(t, "stderr", got.stderr, `
sbwatch: waiting for run k7Xb9dRmQ2p to end (running)
sbwatch: run k7Xb9dRmQ2p: completed without items: the page answered, but nothing on it matched the recipe: check the page; if it has changed, re-author the recipe
`)
}

// A closed pipe must not change the exit code: "check | head" must still fail if a rule is broken.
func TestCheckExitCodeWithClosedPipe(t *testing.T) {
	name := writeFile(t, filepath.Join(t.TempDir(), "items.json"), `[{"a":1}]`)
	for _, args := range [][]string{{"check"}, {"check", "--json"}} {
		for minItems, want := range map[string]report.Outcome{"1": report.Completed, "2": report.RuleBroken} {
			var stderr bytes.Buffer
			code := Main(Process{
				Args: append(args, "--min-items", minItems, name), Stdout: failingWriter{syscall.EPIPE}, Stderr: &stderr, Now: time.Now,
			})
			if code != want.ExitCode() {
				t.Errorf("%v --min-items %s: exit code %d, want %d; stderr %q", args, minItems, code, want, stderr.String())
			}
		}
	}
}

// --timeout also limits the wait for an idle pipe.
func TestTimeoutAppliesToStandardInput(t *testing.T) {
	for _, args := range [][]string{{"check"}, {"export", "--format", "csv"}} {
		t.Run(args[0], func(t *testing.T) {
			silent, writer := io.Pipe()
			defer func() { _ = writer.Close() }()
			var stdout, stderr bytes.Buffer
			code := Main(Process{
				Args: append(args, "--timeout", "10ms", "-"), Stdin: silent, Stdout: &stdout, Stderr: &stderr, Now: time.Now,
			})
			if want := "sbwatch: the timeout passed before standard input was read\n"; code != report.TimedOut.ExitCode() || stderr.String() != want {
				t.Errorf("got exit code %d, stderr %q, want %d and %q", code, stderr.String(), report.TimedOut, want)
			}
		})
	}
}

func TestIsFile(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.WriteFile("answer", nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]bool{
		"-": true, "answer": true, "answer.json": true, "nosuch.json": true, filepath.Join("some", "answer"): true,
		"k7Xb9dRmQ2p": false, "nosuch": false, "-abcdefghij": false,
	} {
		if got := isFile(name); got != want {
			t.Errorf("isFile(%q): got %t, want %t", name, got, want)
		}
	}
}
