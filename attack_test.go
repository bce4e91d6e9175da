//go:build unix

package main_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"sbwatch/api/emulator"
	"sbwatch/internal/emulated"
	"sbwatch/internal/faults"
	"sbwatch/internal/termtest"
)

// TestAttackKills sends signals to the real program in a pseudo terminal at random moments while it watches, browses
// and exports. After any signal, an exported file is absent, unchanged or complete, and a later export leaves no other
// file behind. After any signal but SIGKILL, the terminal is restored.
func TestAttackKills(t *testing.T) {
	t.Parallel()
	_, env := emulated.Serve(t, emulator.Options{Speed: 20, Items: 20_000})
	source := filepath.Join(t.TempDir(), "items.json")
	if err := os.WriteFile(source, []byte("["+strings.Repeat(`{"name":"Rugged Kettle","price":"$12.50"},`, 50_000)+`{}]`), 0o600); err != nil {
		t.Fatal(err)
	}
	faults.Each(t, 4, 500, func(t *testing.T, seed uint64) error {
		t.Helper()
		k := kill{dice: rand.New(rand.NewPCG(seed, 0)), env: env, source: source, dir: t.TempDir()}
		return k.run(t)
	})
}

// kill is one run of the program that is ended by a signal.
type kill struct {
	dice   *rand.Rand
	env    []string
	source string // file from which the exported items are read
	dir    string
}

// oldFile is the initial content of the file to replace.
const oldFile = `[{"old":true}]`

func (k *kill) run(t *testing.T) error {
	t.Helper()
	target := filepath.Join(k.dir, "out.json")
	hadFile := k.dice.IntN(2) == 0
	if hadFile {
		if err := os.WriteFile(target, []byte(oldFile), 0o600); err != nil {
			return err
		}
	}
	exports := k.dice.IntN(2) == 0
	args := [][]string{
		{"run", "--yes", "--interval", "100ms", "catalogue01"},
		{"run", "--yes", "--plain", "catalogue01"},
		{"demo", "--speed", "50", "huge0000001"},
		{"demo", "hostile0001", "--speed", "100"},
		{"demo", "broken00001", "--speed", "100"},
		{"open", k.source},
	}[k.dice.IntN(6)]
	if exports {
		args = []string{"export", "--force", "-o", target, k.source}
	}
	term := termtest.Start(t, termtest.Options{Args: append([]string{killable.Path(t)}, args...), Env: k.env})
	signals := []syscall.Signal{syscall.SIGKILL, syscall.SIGTERM, syscall.SIGINT, syscall.SIGHUP, syscall.SIGQUIT}
	signal := signals[k.dice.IntN(len(signals))]
	ended := make(chan struct{})
	time.AfterFunc(time.Duration(k.dice.IntN(600))*time.Millisecond, func() {
		defer close(ended)
		_ = term.Kill(signal) // fails if the program has already ended
	})
	<-ended
	term.Exit()
	if signal != syscall.SIGKILL {
		term.ModesRestored()
	}
	if err := checkTarget(target, hadFile); err != nil {
		return fmt.Errorf("%v after %v: %w", args, signal, err)
	}
	return k.exportAgain(t, target)
}

// checkTarget returns an error unless the file is absent, unchanged or complete.
func checkTarget(target string, hadFile bool) error {
	content, err := os.ReadFile(target)
	switch {
	case os.IsNotExist(err) && !hadFile, hadFile && string(content) == oldFile:
		return nil
	case err != nil:
		return err
	case !json.Valid(content) || bytes.Count(content, []byte("Kettle")) != 50_000:
		return fmt.Errorf("the file has %d bytes and is incomplete", len(content))
	}
	return nil
}

// exportAgain exports after a kill. It checks that the file is complete and that its folder has no other files.
func (k *kill) exportAgain(t *testing.T, target string) error {
	t.Helper()
	term := termtest.Start(t, termtest.Options{
		Args: []string{killable.Path(t), "export", "--force", "-o", target, k.source},
	})
	if code := term.Exit(); code != 0 {
		return fmt.Errorf("the next export exits with code %d:\n%s", code, term.Screen())
	}
	entries, err := os.ReadDir(k.dir)
	if err != nil {
		return err
	}
	for _, entry := range entries {
		if entry.Name() != filepath.Base(target) {
			return fmt.Errorf("leftover file %s", entry.Name())
		}
	}
	return checkTarget(target, false)
}
