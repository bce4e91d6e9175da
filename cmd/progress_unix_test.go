//go:build unix

package cmd

import (
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"sbwatch/api/emulator"
	"sbwatch/internal/emulated"
	"sbwatch/internal/termtest"
	"sbwatch/report"
)

// silentServer returns the address of a server that accepts connections and never answers.
func silentServer(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	return listener.Addr().String()
}

// TestSlowCommandsShowProgress runs commands that wait for a database or for the service. Each shows what it does, and
// ends at once on ctrl+c, without leaving the line on the screen.
func TestSlowCommandsShowProgress(t *testing.T) {
	t.Parallel()
	address := silentServer(t)
	const opening, asking = "opening the history", "asking the service"
	for name, test := range map[string]struct {
		args []string
		want string
	}{
		"list":   {[]string{"history", "--plain"}, opening},
		"show":   {[]string{"history", "--plain", "m3Yc2tFvN8q"}, opening},
		"stats":  {[]string{"history", "stats"}, opening},
		"export": {[]string{"history", "export", "--to", t.TempDir()}, opening},
		"prune":  {[]string{"history", "prune", "--keep-items", "1GB"}, opening},
		"forget": {[]string{"history", "forget", "--all", "--yes"}, opening},
		"usage":  {[]string{"usage", "--no-history"}, asking},
		"run":    {[]string{"run", "--plain", "--no-history", "m3Yc2tFvN8q"}, asking},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			term := termtest.Start(t, termtest.Options{Args: append([]string{sbwatchPath(t)}, test.args...), Env: []string{
				keyVariable + "=" + emulator.ExampleKey, baseURLVariable + "=http://" + address + "/v1",
				"SBWATCH_HISTORY_URL=postgres://ann@" + address + "/sbwatch?sslmode=disable",
			}})
			wantCanceled(t, term, test.want)
		})
	}
}

// TestExportOfTheHistoryShowsProgress exports a run whose items are in a bucket that does not answer.
func TestExportOfTheHistoryShowsProgress(t *testing.T) {
	t.Parallel()
	server, _ := emulated.Serve(t, emulator.Options{Speed: 1000})
	data, settings := t.TempDir(), t.TempDir()
	env := []string{
		keyVariable + "=" + emulator.ExampleKey, baseURLVariable + "=" + server.URL + "/v1", "XDG_DATA_HOME=" + data, "XDG_CONFIG_HOME=" + settings,
		"AWS_ACCESS_KEY_ID=id", "AWS_SECRET_ACCESS_KEY=secret",
	}
	term := termtest.Start(t, termtest.Options{Args: []string{sbwatchPath(t), "watch", "--plain", "k7Xb9dRmQ2p"}, Env: env})
	if code := term.Exit(); code != report.Completed.ExitCode() {
		t.Fatalf("exit code %d; the screen:\n%s", code, term.Screen())
	}
	if err := os.Mkdir(filepath.Join(settings, "sbwatch"), 0o700); err != nil {
		t.Fatal(err)
	}
	writeFile(t, filepath.Join(settings, "sbwatch", "config.toml"),
		"[history]\narchive = \"s3://bucket\"\nendpoint = \"http://"+silentServer(t)+"\"\n")
	target := t.TempDir()
	term = termtest.Start(t, termtest.Options{Args: []string{sbwatchPath(t), "history", "export", "--to", target}, Env: env})
	wantCanceled(t, term, "exporting: 0 of 1 run")
	if left, err := os.ReadDir(target); err != nil || len(left) > 0 {
		t.Errorf("the canceled export left %v, %v", left, err)
	}
}

// wantCanceled waits until the screen shows the progress of an operation, and cancels the operation.
func wantCanceled(t *testing.T, term *termtest.Term, progress string) {
	t.Helper()
	term.Wait(progress)
	term.Press("ctrl+c")
	if code := term.Exit(); code != report.Left.ExitCode() {
		t.Errorf("exit code %d, want %d", code, report.Left.ExitCode())
	}
	if screen := strings.TrimSpace(term.Screen()); screen != "" && screen != "^C" {
		t.Errorf("the screen:\n%s", screen)
	}
}
