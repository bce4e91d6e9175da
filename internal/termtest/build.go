//go:build unix

package termtest

import (
	"os"
	"os/exec"
	"runtime/debug"
	"slices"
	"strings"
	"testing"
)

// Build builds a main package and returns the path of the program. It enables the race detector if the test was built
// with -race.
//
// The program is kept in the build cache, as with "go run". It is built only once, even if several tests and test
// processes need it. It needs no cleanup.
func Build(t testing.TB, pkg string) string {
	t.Helper()
	if hasRaceDetector() {
		return build(t, "-race", pkg)
	}
	return build(t, pkg)
}

// BuildWithoutRace is like [Build], but never enables the race detector. Use it for a program that is killed or panics:
// Bubble Tea then closes its input while one of its goroutines may still read it, and the detector's report would cover
// the screen.
func BuildWithoutRace(t testing.TB, pkg string) string {
	t.Helper()
	return build(t, pkg)
}

func build(t testing.TB, what ...string) string {
	t.Helper()
	args := append([]string{"run", "-exec", "echo"}, what...)
	// The first call prints a temporary path that no longer exists. The second one prints the path in the cache.
	for range 2 {
		cmd := exec.CommandContext(t.Context(), "go", args...)
		var complaints strings.Builder
		cmd.Stderr = &complaints
		out, err := cmd.Output()
		if err != nil {
			t.Fatalf("build %s: %v\n%s", what, err, complaints.String())
		}
		path := strings.TrimSpace(string(out))
		if _, err := os.Stat(path); err == nil {
			return path
		}
	}
	t.Fatalf("build %s: the build cache does not keep the program", what)
	return ""
}

// hasRaceDetector reports whether this test was built with -race.
func hasRaceDetector() bool {
	info, ok := debug.ReadBuildInfo()
	return ok && slices.Contains(info.Settings, debug.BuildSetting{Key: "-race", Value: "true"})
}
