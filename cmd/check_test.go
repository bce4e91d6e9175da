package cmd

import (
	"os"
	"path/filepath"
	"testing"

	"sbwatch/model"
)

// While a check waits for a run, standard output stays free for its verdict.
func TestCheckWaitsForARunUnderWay(t *testing.T) {
	service := &fakeService{poll: func(n int) (model.Answer, error) {
		if n < 20 {
			return running(int64(n), int64(n)*10), nil
		}
		return completed(), nil
	}}
	got := follow(t, service, watchOf("k7Xb9dRmQ2p"), func(f *follower, p *program) { f.reporter.data = &quietLines{say: p.say} })
	if got.stdout != "" || got.code != exitCompleted {
		t.Errorf("exit code %d, stdout %q", got.code, got.stdout)
	}
	wantLines(t, "stderr", got.stderr, `
sbwatch: run k7Xb9dRmQ2p is running: waiting for its end
sbwatch: run k7Xb9dRmQ2p: completed without a single item: the page answered, but nothing on it matched the recipe: look at the page; if it has changed, author the recipe again
`)
}

func TestFilesAreToldFromRuns(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.WriteFile("answer", nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]bool{
		"-": true, "answer": true, "answer.json": true, "nosuch.json": true, filepath.Join("some", "answer"): true,
		"k7Xb9dRmQ2p": false, "nosuch": false, "-abcdefghij": false,
	} {
		if got := isFile(name); got != want {
			t.Errorf("%q is a file: %t, want %t", name, got, want)
		}
	}
}
