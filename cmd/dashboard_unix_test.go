//go:build unix

package cmd

import (
	"bytes"
	"cmp"
	"net/http/httptest"
	"strings"
	"testing"

	"sbwatch/api/emulator"
	"sbwatch/internal/termtest"
	"sbwatch/report"
)

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
