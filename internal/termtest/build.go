//go:build unix

package termtest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"testing"
)

// Program is a main package that is built when a test first needs it. All tests of a package should share one Program
// of each kind, because even finding out that there is nothing to build takes half a second.
type Program struct {
	// Package is the path of the main package. A path that starts with "./" is relative to the folder of the test.
	Package string
	// WithoutRace disables the race detector. Set it for a program that is killed or panics: Bubble Tea then closes its
	// input while one of its goroutines may still read it, and the detector's report would cover the screen. Otherwise,
	// the race detector is enabled if the test was built with -race.
	WithoutRace bool

	once sync.Once
	path string
	err  error
}

// Path builds the program if no test has done so, and returns its path. Path may be called from any goroutine of a test.
//
// The program is kept in the build cache, as with "go run". It is therefore built only once, even if several test
// processes need it, and needs no cleanup.
func (p *Program) Path(t testing.TB) string {
	t.Helper()
	p.once.Do(func() {
		args := []string{"run", "-exec", "echo"}
		if !p.WithoutRace && hasRaceDetector() {
			args = append(args, "-race")
		}
		p.path, p.err = build(append(args, p.Package))
	})
	if p.err != nil {
		t.Fatalf("build %s: %v", p.Package, p.err)
	}
	return p.path
}

// build returns the path that the go command prints with the given arguments.
func build(args []string) (string, error) {
	// The first call prints a temporary path that no longer exists. The second one prints the path in the cache.
	for range 2 {
		// Not the context of a test, because other tests need the program, too.
		cmd := exec.CommandContext(context.Background(), "go", args...)
		var complaints strings.Builder
		cmd.Stderr = &complaints
		out, err := cmd.Output()
		if err != nil {
			return "", fmt.Errorf("%w\n%s", err, complaints.String())
		}
		path := strings.TrimSpace(string(out))
		if _, err := os.Stat(path); err == nil {
			return path, nil
		}
	}
	return "", errors.New("the build cache does not keep the program")
}

// hasRaceDetector reports whether this test was built with -race.
func hasRaceDetector() bool {
	info, ok := debug.ReadBuildInfo()
	return ok && slices.Contains(info.Settings, debug.BuildSetting{Key: "-race", Value: "true"})
}
