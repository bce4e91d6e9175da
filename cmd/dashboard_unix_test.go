//go:build unix

package cmd

import (
	"bytes"
	"cmp"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"sbwatch/api/emulator"
	"sbwatch/internal/termtest"
	"sbwatch/report"
)

// The first dashboard of a user shows three keys, later ones do not. A dashboard without new data writes nothing.
func TestFirstStartShowsKeys(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	file := filepath.Join(home, "items.json")
	if err := os.WriteFile(file, []byte(`[{"name":"Product A"}]`), 0o600); err != nil {
		t.Fatal(err)
	}
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

// Several files are shown in tabs, even if one of them cannot be read. The summary names the files that were opened.
func TestSeveralFilesInTabs(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	for name, content := range map[string]string{"a9.json": `[{"name":"Product A"}]`, "a10.json": `[{"name":"Product B"},{"name":"Product C"}]`, "bad.json": "PK"} {
		if err := os.WriteFile(filepath.Join(home, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
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
	file := filepath.Join(home, "items.json")
	if err := os.WriteFile(file, []byte(`[{"image":"`+server.URL+`/lamp.png"}]`), 0o600); err != nil {
		t.Fatal(err)
	}
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
			service, err := emulator.New(emulator.Options{Speed: 1000})
			if err != nil {
				t.Fatal(err)
			}
			server := httptest.NewServer(service)
			t.Cleanup(server.Close)
			term := termtest.Start(t, termtest.Options{
				Cols: 200, Rows: 20, Args: append([]string{sbwatchPath(t)}, test.args...),
				Env: []string{keyVariable + "=" + cmp.Or(test.key, emulator.ExampleKey), baseURLVariable + "=" + server.URL + "/v1"},
			})
			if code := term.Exit(); code != test.want.ExitCode() {
				t.Errorf("got exit code %d, want %d", code, test.want.ExitCode())
			}
			if screen := term.Screen(); !strings.Contains(screen, test.line) || strings.Count(strings.TrimSpace(screen), "\n") > 0 {
				t.Errorf("want one line with %q, got:\n%s", test.line, screen)
			}
			if opened := bytes.Contains(term.Raw(), []byte("\x1b[?1049h")); opened {
				t.Error("the screen of the dashboard was open")
			}
		})
	}
}
