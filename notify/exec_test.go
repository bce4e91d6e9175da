//go:build unix

package notify

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"sbwatch/internal/collected"
	"sbwatch/model/run"
	"sbwatch/model/text"
)

// execute runs a command for ended runs and returns the messages of the notifier.
func execute(t *testing.T, config Config, runs ...run.Run) []string {
	t.Helper()
	var said collected.Lines
	config.Say, config.Now = said.Add, time.Now
	config.Environ = append(config.Environ, "PATH="+os.Getenv("PATH"))
	n := New(config)
	for i := range runs {
		n.Ended(0, watchOf(runs[i]))
	}
	if err := n.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	return said.All()
}

func TestExecGetsFacts(t *testing.T) {
	out := filepath.Join(t.TempDir(), "facts")
	said := execute(t, Config{Exec: "env | grep ^SBWATCH_ | sort > " + out, Host: "api.example"}, completed("k7Xb9dRmQ2p"))
	if len(said) > 0 {
		t.Fatalf("said %q", said)
	}
	got, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	const want = `SBWATCH_ADVICE=
SBWATCH_BROKEN=
SBWATCH_CHECK=
SBWATCH_CHECK_ERROR=
SBWATCH_CREDITS=12
SBWATCH_DRIFT=0.12
SBWATCH_ELAPSED_SECONDS=3.000
SBWATCH_ERROR=
SBWATCH_FINDINGS=
SBWATCH_HOST=api.example
SBWATCH_ITEMS=48
SBWATCH_PAGES=6
SBWATCH_RECIPE_ID=m3Yc2tFvN8q
SBWATCH_RULES=
SBWATCH_RULES_BROKEN=
SBWATCH_RUN_ID=k7Xb9dRmQ2p
SBWATCH_STATUS=completed
SBWATCH_SUMMARY=run k7Xb9dRmQ2p completed: 48 items on 6 pages, drift 0.12
SBWATCH_WARNINGS=0
`
	if string(got) != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestHostileTextStaysInItsVariable(t *testing.T) {
	for name, sent := range hostile() {
		t.Run(name, func(t *testing.T) {
			folder := t.TempDir()
			r := run.Run{ID: text.NewText("k7Xb9dRmQ2p" + sent), StatusSent: text.NewText("failed"), Error: text.NewText(sent)}
			said := execute(t, Config{Exec: `cd "$DIR" && printf '%s' "$SBWATCH_ERROR" > error && echo "$SBWATCH_STATUS" && env -0 > all`, Environ: []string{"DIR=" + folder}}, r)
			if len(said) != 1 || !strings.HasSuffix(said[0], ": failed") {
				t.Errorf("said %.300q, want only the status", said)
			}
			checkPrintable(t, strings.Join(said, ""))
			value, err := os.ReadFile(filepath.Join(folder, "error"))
			if err != nil {
				t.Fatal(err)
			}
			checkPrintable(t, string(value))
			if len(value) == 0 || len(value) > maxError {
				t.Errorf("the error has %d bytes, want 1 to %d", len(value), maxError)
			}
			if _, err := os.Stat(filepath.Join(folder, "owned")); err == nil {
				t.Error("text of the service was executed")
			}
			all, _ := os.ReadFile(filepath.Join(folder, "all"))
			for variable := range strings.SplitSeq(string(all), "\x00") {
				checkPrintable(t, variable)
			}
		})
	}
}

// checkPrintable checks that a string is one line that a terminal can show.
func checkPrintable(t *testing.T, s string) {
	t.Helper()
	if safe := text.Printable(s); safe != s {
		t.Errorf("not printable: %.200q", s)
	}
}

func TestWithoutMeta(t *testing.T) {
	const sent, want = `a" & del * | b > c < d ^e %PATH% !x! (y) 'z' $(w) ü`, `a_ _ del * _ b _ c _ d _e _PATH_ _x_ _y_ 'z' $_w_ ü`
	if got := withoutMeta(sent); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestExecFailures(t *testing.T) {
	for name, test := range map[string]struct {
		command string
		want    []string
	}{
		"exit code":      {"exit 3", []string{"--exec for run r: the command failed: exit status 3"}},
		"not found":      {"/nowhere/notify 2>/dev/null", []string{"--exec for run r: the command failed: exit status 127"}},
		"signal":         {"kill -9 $$", []string{"--exec for run r: the command failed: signal: killed"}},
		"too long":       {"sleep 60 & sleep 60", []string{"--exec for run r: killed after 50 ms"}},
		"output":         {`printf 'a\033[31mb\r\n\nc\tdone'; echo oops >&2`, []string{`--exec for run r: a\x1b[31mb`, `--exec for run r: c  doneoops`}},
		"left behind":    {"sleep 60 & echo ready", []string{"--exec for run r: ready"}},
		"much output":    {"yes | head -n 1000000", nil},
		"one long line":  {"yes | tr -d '\\n' | head -c 3000000", nil},
		"reads nothing":  {"cat", []string{}},
		"secret in text": {"echo key-secret-1", []string{"--exec for run r: ************"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			config := Config{Exec: test.command, Redact: func(s string) string { return strings.ReplaceAll(s, "key-secret-1", "************") }}
			if name == "too long" {
				config.ExecTimeout = 50 * time.Millisecond
			}
			said := execute(t, config, completed("r"))
			if len(said) > maxOutputLines+1 {
				t.Errorf("said %d lines", len(said))
			}
			for _, line := range said {
				if len(line) > maxLine+50 {
					t.Errorf("a line has %d bytes", len(line))
				}
			}
			if test.want != nil && !slices.Equal(said, test.want) {
				t.Errorf("said %q, want %q", said, test.want)
			}
		})
	}
}

func TestExecOncePerRun(t *testing.T) {
	out := filepath.Join(t.TempDir(), "runs")
	execute(t, Config{Exec: `echo "$SBWATCH_RUN_ID" >> ` + out}, completed("a"), completed("b"), completed("a"))
	got, _ := os.ReadFile(out)
	lines := strings.Fields(string(got))
	slices.Sort(lines)
	if !slices.Equal(lines, []string{"a", "b"}) {
		t.Errorf("ran for %q, want a and b", lines)
	}
}

func TestCloseKillsCommands(t *testing.T) {
	var said collected.Lines
	n := New(Config{Exec: "sleep 60", Say: said.Add, Now: time.Now, Environ: []string{"PATH=" + os.Getenv("PATH")}})
	for _, id := range []string{"a", "b", "c", "d", "e", "f"} {
		n.Ended(0, watchOf(completed(id)))
	}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	err := n.Close(ctx)
	if err == nil || err.Error() != "6 notifications not finished" {
		t.Errorf("got %v", err)
	}
	if lines := said.All(); len(lines) > 0 {
		t.Errorf("said %q", lines)
	}
	if n.Ended(0, watchOf(completed("g"))); n.Pending() != 0 {
		t.Error("a run was taken after Close")
	}
}
