//go:build unix

package cmd

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"sbwatch/api/emulator"
	"sbwatch/internal/emulated"
	"sbwatch/internal/termtest"
	"sbwatch/report"
)

// The first dashboard that a user opens shows three keys; later dashboards do not. A dashboard without new data writes
// nothing.
func TestFirstStartShowsKeys(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	file := writeFile(t, filepath.Join(home, "items.json"), `[{"name":"Product A"}]`)
	for i, want := range []bool{true, false} {
		term := termtest.Start(t, termtest.Options{
			Cols: 80, Rows: 24, Args: []string{sbwatchPath(t), "open", file},
			Env: []string{"HOME=" + home, "CI=", "TZ=UTC"},
		})
		term.Wait("Product A")
		term.Wait("Items 1")
		if got := strings.Contains(term.Screen(), "? keys · : all actions · T theme"); got != want {
			t.Errorf("start %d shows the keys: %v, want %v:\n%s", i+1, got, want, term.Screen())
		}
		if !want {
			checkSilent(t, term)
		}
		term.Press("q")
		term.Exit()
	}
}

// Problems in the config file are shown in the dashboard, and not after it.
func TestDashboardShowsProblemsInTheConfigFile(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	file := writeFile(t, filepath.Join(home, "items.json"), `[{"name":"Product A"}]`)
	writeFile(t, filepath.Join(home, "sbwatch", "config.toml"), "theme = \"nrod\"\n[flags]\nno-mouse = \"maybe\"\n")
	term := termtest.Start(t, termtest.Options{
		Cols: 100, Rows: 24, Args: []string{sbwatchPath(t), "open", file},
		Env: []string{"HOME=" + home, "XDG_CONFIG_HOME=" + home, "TZ=UTC"},
	})
	term.Wait(`2 messages (: messages): config.toml: line 1: there is no theme "nrod": did you mean nord?`)
	term.Wait("Product A")
	term.Type(":messages")
	term.Press("enter")
	term.Wait(`config.toml: line 3: --no-mouse "maybe" is not true or false: see sbwatch open --help`)
	term.Press("esc")
	term.Wait("Product A")
	term.Type("q")
	term.Exit()
	if screen := term.Screen(); strings.Contains(screen, "config.toml") || !strings.Contains(screen, "opened") {
		t.Errorf("want only the summary after the dashboard, got:\n%s", screen)
	}
}

// Several files are shown in tabs, even if one of them cannot be read. The summary names the files that were opened.
func TestSeveralFilesInTabs(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	for name, content := range map[string]string{"a9.json": `[{"name":"Product A"}]`, "a10.json": `[{"name":"Product B"},{"name":"Product C"}]`, "bad.json": "PK"} {
		writeFile(t, filepath.Join(home, name), content)
	}
	term := termtest.Start(t, termtest.Options{
		Cols: 100, Rows: 24, Args: []string{sbwatchPath(t), "open", filepath.Join(home, "a*.json"), filepath.Join(home, "bad.json")},
		Env: []string{"HOME=" + home, "CI=", "TZ=UTC"},
	})
	term.Wait("┤ a9.json 1 ├── a10.json 2 ─── ✗ bad.json ─")
	term.Wait("Product A")
	term.Press("]")
	term.Wait("┤ a10.json 2 ├")
	term.Wait("Product C")
	term.Press("]")
	term.Wait("it is not JSON, CSV or Parquet")
	term.Press("q")
	if code := term.Exit(); code != 1 {
		t.Errorf("got exit code %d, want 1", code)
	}
	for _, want := range []string{"a9.json  opened", "a10.json  opened", "bad.json  not read completely"} {
		if !strings.Contains(term.Screen(), want) {
			t.Errorf("no %q after the dashboard:\n%s", want, term.Screen())
		}
	}
}

// An image is fetched only if the terminal can show it, and never from this machine.
func TestImagesAreRefused(t *testing.T) {
	t.Parallel()
	requests := 0
	server := httptest.NewTLSServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { requests++ }))
	t.Cleanup(server.Close)
	home := t.TempDir()
	file := writeFile(t, filepath.Join(home, "items.json"), `[{"image":"`+server.URL+`/lamp.png"}]`)
	term := termtest.Start(t, termtest.Options{
		Cols: 100, Rows: 24, Args: []string{sbwatchPath(t), "open", file}, Env: []string{"HOME=" + home, "CI=", "TZ=UTC"},
	})
	term.Wait("lamp.png")
	term.Type("I")
	term.Wait("This terminal cannot show images. Nothing was fetched")
	term.Press("esc")
	term.Wait("filter to matches")      // the box is closed
	term.Type("I\x1b_Gi=5727;OK\x1b\\") // the answer of a terminal that shows images
	term.Wait("No image: the address is in a private network")
	term.Press("esc")
	term.Wait("filter to matches")
	term.Press("q")
	term.Exit()
	if requests > 0 {
		t.Errorf("%d requests", requests)
	}
}

// checkSilent checks that a program writes nothing for a while after it has become quiet.
func checkSilent(t *testing.T, term *termtest.Term) {
	t.Helper()
	const quiet = time.Second
	written := -1
	for range 10 {
		before := written
		if written = len(term.Raw()); written == before {
			return
		}
		<-time.After(quiet)
	}
	t.Errorf("the idle dashboard keeps writing: %q", term.Raw()[max(0, written-200):])
}

// A wrong key or id is reported as a line, and the screen of the dashboard never opens.
func TestRefusedRunOpensNoScreen(t *testing.T) {
	t.Parallel()
	wrongKey := "wsg_live_" + strings.Repeat("x", 31)
	tests := map[string]struct {
		args []string
		key  string
		want report.Outcome
		line string
	}{
		"wrong key":          {args: []string{"watch", "k7Xb9dRmQ2p"}, key: wrongKey, want: report.KeyRefused, line: "sbwatch: "},
		"wrong run":          {args: []string{"watch", "aaaaaaaaaaa"}, want: report.Failed, line: "sbwatch: run aaaaaaaaaaa: "},
		"wrong key of a run": {args: []string{"run", "--yes", "m3Yc2tFvN8q"}, key: wrongKey, want: report.KeyRefused, line: "sbwatch: "},
		"wrong recipe":       {args: []string{"run", "--yes", "aaaaaaaaaaa"}, want: report.Failed, line: "sbwatch: recipe aaaaaaaaaaa: "},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, env := emulated.Serve(t, emulator.Options{Speed: 1000})
			if test.key != "" {
				env = append(env, keyVariable+"="+test.key)
			}
			// The program waits for the first answer for a second only. On a busy machine, that may be too short.
			const attempts = 5
			for i := range attempts {
				term := termtest.Start(t, termtest.Options{Cols: 200, Rows: 20, Args: append([]string{sbwatchPath(t)}, test.args...), Env: env})
				if code := term.Exit(); code != test.want.ExitCode() {
					t.Errorf("got exit code %d, want %d", code, test.want)
				}
				opened := bytes.Contains(term.Raw(), []byte("\x1b[?1049h"))
				if opened && i < attempts-1 {
					continue
				}
				if screen := term.Screen(); opened || !strings.Contains(screen, test.line) || strings.Count(strings.TrimSpace(screen), "\n") > 0 {
					t.Errorf("want one line with %q and no dashboard, got:\n%s", test.line, screen)
				}
				break
			}
		})
	}
}
