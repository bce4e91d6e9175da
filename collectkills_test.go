//go:build unix

package main_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib"

	"sbwatch/api/emulator"
	"sbwatch/history/storetest"
	"sbwatch/internal/emulated"
	"sbwatch/internal/faults"
)

// dispatchCount counts the dispatches of each recipe that a service got.
type dispatchCount struct {
	service http.Handler

	mu    sync.Mutex
	count map[string]int
}

// ServeHTTP implements [http.Handler].
func (d *dispatchCount) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if parts := strings.Split(r.URL.Path, "/"); r.Method == http.MethodPost && len(parts) > 2 {
		d.mu.Lock()
		d.count[parts[len(parts)-2]]++
		d.mu.Unlock()
	}
	d.service.ServeHTTP(w, r)
}

func (d *dispatchCount) counts() map[string]int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return maps.Clone(d.count)
}

// collecting is a list of recipes and the service that runs them.
type collecting struct {
	program    string
	dispatches *dispatchCount
	list       string
	env        []string
}

// newCollecting serves recipes at 100 times their speed. Answers take latency.
func newCollecting(t *testing.T, program string, latency time.Duration, recipes ...string) *collecting {
	t.Helper()
	c := &collecting{program: program}
	_, env := emulated.ServeWith(t, emulator.Options{Speed: 100, Latency: latency}, func(service http.Handler) http.Handler {
		c.dispatches = &dispatchCount{service: service, count: map[string]int{}}
		return c.dispatches
	})
	folder := t.TempDir()
	c.list = filepath.Join(folder, "nightly.txt")
	if err := os.WriteFile(c.list, []byte("recipe "+strings.Join(recipes, "\nrecipe ")+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	c.env = slices.Concat(os.Environ(), []string{"XDG_DATA_HOME=" + folder, "XDG_CONFIG_HOME=" + folder, "SBWATCH_HISTORY_URL="}, env)
	return c
}

// start starts a collector. log gets what it logs; nil if that does not matter.
func (c *collecting) start(ctx context.Context, log *safeBuffer) (*exec.Cmd, error) {
	command := exec.CommandContext(ctx, c.program, "collect", "--from", c.list, "--yes", "--lease", "1s", "--interval", "100ms",
		"--limit-per-min", "100000", "--max-concurrent", "100", "--invocation", "tonight")
	command.Env = c.env
	if log != nil {
		command.Stderr = log
	}
	return command, command.Start()
}

// finish waits until a collector has ended by itself, and checks that each recipe was dispatched once. A dispatch may
// have been killed before it was sent: then there are only reports that it was lost, and the exit code is 1.
func (c *collecting) finish(command *exec.Cmd, log *safeBuffer, wasKilled bool) error {
	err := command.Wait()
	exit, ended := errors.AsType[*exec.ExitError](err)
	switch {
	case err != nil && (!ended || exit.ExitCode() != 1):
		return fmt.Errorf("the last collector: %w\n%s", err, log)
	case err != nil && !wasKilled:
		return fmt.Errorf("exit code 1\n%s", log)
	}
	counts := c.dispatches.counts()
	content, err2 := os.ReadFile(c.list)
	if err2 != nil {
		return err2
	}
	missing := 0
	for line := range strings.Lines(string(content)) {
		recipe := strings.TrimSpace(strings.TrimPrefix(line, "recipe "))
		switch n := counts[recipe]; {
		case n > 1:
			return fmt.Errorf("%s was dispatched %d times\n%s", recipe, n, log)
		case n == 0:
			missing++
		}
	}
	if missing > 0 && err == nil {
		return fmt.Errorf("%d recipes were not dispatched, but the exit code is 0\n%s", missing, log)
	}
	return nil
}

// TestAttackCollectKills kills the real program at random moments while it collects, and starts it again: no recipe is
// dispatched twice, and no run is forgotten.
func TestAttackCollectKills(t *testing.T) {
	t.Parallel()
	program := killable.Path(t)
	faults.Each(t, 2, 200, func(t *testing.T, seed uint64) error {
		t.Helper()
		c := newCollecting(t, program, 20*time.Millisecond, "catalogue01", "drifted0001", "empty000001", "growing0001")
		dice := rand.New(rand.NewPCG(seed, 0))
		for range 2 {
			command, err := c.start(t.Context(), nil)
			if err != nil {
				return err
			}
			killed := time.AfterFunc(time.Duration(50+dice.IntN(400))*time.Millisecond, func() { _ = command.Process.Kill() })
			_ = command.Wait() // it was killed, or has ended before
			killed.Stop()
		}
		var log safeBuffer
		command, err := c.start(t.Context(), &log)
		if err != nil {
			return err
		}
		return c.finish(command, &log, true)
	})
}

// TestCollectorsTakeOver runs two collectors on one PostgreSQL history and kills one of them: the other ends all runs.
func TestCollectorsTakeOver(t *testing.T) {
	t.Parallel()
	address := storetest.PostgresAddress(t)
	recipes := []string{"catalogue01", "drifted0001", "empty000001", "growing0001", "stalled0001", "redesign001", "fading00001", "noisy000001"}
	c := newCollecting(t, killable.Path(t), 60*time.Millisecond, recipes...)
	c.env = append(c.env, "SBWATCH_HISTORY_URL="+address)
	var first, second safeBuffer
	dies, err := c.start(t.Context(), &first)
	if err != nil {
		t.Fatal(err)
	}
	first.await("recipe dispatched")
	survives, err := c.start(t.Context(), &second)
	if err != nil {
		t.Fatal(err)
	}
	second.await("collectors=2")
	_ = dies.Process.Kill()
	_ = dies.Wait()
	killedAt := time.Now()
	if err := c.finish(survives, &second, true); err != nil {
		t.Error(err)
	}
	if took := time.Since(killedAt); took > 30*time.Second {
		t.Errorf("the other collector needed %v\n%s", took, &second)
	}
	if got := slices.Sorted(maps.Keys(c.dispatches.counts())); len(got) < len(recipes)-1 {
		t.Errorf("dispatched %v\n%s%s", got, &first, &second)
	}
	for _, want := range []string{"collectors=2", "recipe dispatched", "run ended"} {
		if !strings.Contains(second.String(), want) {
			t.Errorf("the other collector did not log %q:\n%s\n%s", want, &first, &second)
		}
	}
}

// safeBuffer is a buffer for several goroutines.
type safeBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

// Write implements [io.Writer].
func (s *safeBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

// String returns what was written so far.
func (s *safeBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

// await waits until a text was written, at most 20 s.
func (s *safeBuffer) await(text string) {
	for deadline := time.Now().Add(20 * time.Second); !strings.Contains(s.String(), text) && time.Now().Before(deadline); {
		time.Sleep(5 * time.Millisecond)
	}
}
