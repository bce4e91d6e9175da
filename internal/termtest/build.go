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

// Build builds a main package and gives the path of the program, with the race detector in it if the test has it.
//
// The program stands in the build cache, where "go run" keeps what it built: nothing is built twice, by however many
// tests and test processes, and nothing has to be cleaned up.
func Build(t testing.TB, pkg string) string {
	t.Helper()
	if hasRaceDetector() {
		return build(t, "-race", pkg)
	}
	return build(t, pkg)
}

// BuildWithoutRace is [Build] for a program that is killed or panics, and is without the race detector in any case: Bubble
// Tea then closes its input while a goroutine of its own may still wait for it, and what the detector has to say of
// that would cover the screen.
func BuildWithoutRace(t testing.TB, pkg string) string {
	t.Helper()
	return build(t, pkg)
}

func build(t testing.TB, what ...string) string {
	t.Helper()
	args := append([]string{"run", "-exec", "echo"}, what...)
	// The first time the program is in a temporary place, which is gone by now; the second time it is in the cache.
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

// hasRaceDetector tells whether this very program was built with -race.
func hasRaceDetector() bool {
	info, ok := debug.ReadBuildInfo()
	return ok && slices.Contains(info.Settings, debug.BuildSetting{Key: "-race", Value: "true"})
}
