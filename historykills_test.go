//go:build unix

package main_test

import (
	"context"
	"database/sql"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"sbwatch/api/emulator"
	"sbwatch/history"
	"sbwatch/history/archive"
	"sbwatch/history/sqlite"
	"sbwatch/internal/emulated"
	"sbwatch/internal/faults"
)

// recordingTime is the maximum time to record a poll on a busy machine.
const recordingTime = 2 * time.Second

// TestAttackHistoryKills kills the real program at random moments while it records runs in one history. After each
// kill, the history must be intact, it must contain all polls that were answered some time before, and recorded items
// must be readable.
func TestAttackHistoryKills(t *testing.T) {
	t.Parallel()
	polls := &pollTimes{answered: map[string][]time.Time{}}
	_, env := emulated.ServeWith(t, emulator.Options{Speed: 20}, func(service http.Handler) http.Handler {
		polls.service = service
		return polls
	})
	folder := t.TempDir()
	env = slices.Concat(os.Environ(), []string{"XDG_DATA_HOME=" + folder, "XDG_CONFIG_HOME=" + folder, "SBWATCH_HISTORY_URL="}, env)
	program := killable.Path(t)
	faults.Each(t, 3, 300, func(t *testing.T, seed uint64) error {
		t.Helper()
		dice := rand.New(rand.NewPCG(seed, 0))
		command := exec.CommandContext(t.Context(), program, "run", "--yes", "--plain", "--interval", "100ms", "catalogue01")
		command.Env = env
		if err := command.Start(); err != nil {
			return err
		}
		killed := time.AfterFunc(time.Duration(dice.IntN(3000))*time.Millisecond, func() { _ = command.Process.Kill() })
		_ = command.Wait() // the process was killed or has already ended
		killed.Stop()
		return checkHistory(t.Context(), filepath.Join(folder, "sbwatch"), polls.take(time.Now().Add(-recordingTime)))
	})
}

// checkHistory returns an error unless the history is intact and contains the polls.
func checkHistory(ctx context.Context, folder string, polls map[string]int) error {
	file := filepath.Join(folder, "history.db")
	store, err := sqlite.Open(ctx, file)
	if err != nil {
		return err
	}
	defer func() { _ = store.Close() }()
	if err := checkIntegrity(ctx, file); err != nil {
		return err
	}
	for id, want := range polls {
		keys, err := store.Find(ctx, id)
		if err != nil || len(keys) != 1 {
			return fmt.Errorf("run %s with %d polls: %d records, %w", id, want, len(keys), err)
		}
		record, err := store.Get(ctx, keys[0])
		if err != nil {
			return err
		}
		if len(record.Samples) < want {
			return fmt.Errorf("run %s has %d of %d polls", id, len(record.Samples), want)
		}
		answer, err := history.OpenAnswer(ctx, archive.NewDirectory(filepath.Join(folder, "archive")), record)
		if err != nil {
			return fmt.Errorf("items of run %s: %w", id, err)
		}
		_ = answer.Close()
	}
	return nil
}

// checkIntegrity returns an error if a file of SQLite is damaged.
func checkIntegrity(ctx context.Context, file string) error {
	db, err := sql.Open("sqlite", file)
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }()
	var found string
	if err := db.QueryRowContext(ctx, "PRAGMA integrity_check").Scan(&found); err != nil {
		return err
	}
	if found != "ok" {
		return fmt.Errorf("the file is damaged: %s", found)
	}
	return nil
}

// pollTimes records when a service has answered the polls of each run.
type pollTimes struct {
	service http.Handler

	mu       sync.Mutex
	answered map[string][]time.Time
}

// ServeHTTP implements [http.Handler].
func (p *pollTimes) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p.service.ServeHTTP(w, r)
	if r.Method != http.MethodGet || path.Base(path.Dir(r.URL.Path)) != "runs" {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	id := path.Base(r.URL.Path)
	p.answered[id] = append(p.answered[id], time.Now())
}

// take returns the number of polls of each run that were answered before limit. It then forgets all polls.
func (p *pollTimes) take(limit time.Time) map[string]int {
	p.mu.Lock()
	defer p.mu.Unlock()
	polls := map[string]int{}
	for id, times := range p.answered {
		for _, at := range times {
			if at.Before(limit) {
				polls[id]++
			}
		}
	}
	clear(p.answered)
	return polls
}
