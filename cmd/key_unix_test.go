//go:build unix

package cmd

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"

	"sbwatch/api/emulator"
	"sbwatch/cmd/browser"
	"sbwatch/report"
)

// pipeFile creates a named pipe and returns its name.
func pipeFile(t *testing.T) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(name, 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

func TestKeyFileFromPipe(t *testing.T) {
	name := pipeFile(t)
	go func() { _ = os.WriteFile(name, []byte(emulator.ExampleKey+"\n"), 0o600) }()
	if key, err := new(program).readKey(t.Context(), name); key != emulator.ExampleKey+"\n" && key != emulator.ExampleKey || err != nil {
		t.Errorf("got key %q, error %v", key, err)
	}
}

// A signal ends the wait for an idle pipe.
func TestKeyFileFromIdlePipe(t *testing.T) {
	name := pipeFile(t)
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(report.ErrTimeout)
	if _, err := new(program).readKey(ctx, name); !errors.Is(err, report.ErrTimeout) {
		t.Errorf("got error %v", err)
	}
}

func TestAKeyFileThatOthersCanRead(t *testing.T) {
	for mode, warns := range map[os.FileMode]bool{0o600: false, 0o400: false, 0o640: true, 0o604: true, 0o644: true} {
		name := writeFile(t, filepath.Join(t.TempDir(), "key"), emulator.ExampleKey)
		if err := os.Chmod(name, mode); err != nil {
			t.Fatal(err)
		}
		var stderr bytes.Buffer
		p := &program{Process: Process{Stderr: &stderr}}
		if _, err := p.readKey(t.Context(), name); err != nil {
			t.Fatal(err)
		}
		want := ""
		if warns {
			want = "sbwatch: other users can read the API key in " + name + ": change its permissions to 600\n"
		}
		if stderr.String() != want {
			t.Errorf("%v: says %q, want %q", mode, stderr.String(), want)
		}
	}
}

// The opener of this test is a script that records its environment.
func TestTheBrowserDoesNotGetTheKey(t *testing.T) {
	folder := t.TempDir()
	script := "#!/bin/sh\nenv > " + folder + "/environment\necho \"$@\" > " + folder + "/arguments\n"
	for _, name := range []string{"xdg-open", "open"} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(script), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("PATH", folder+string(os.PathListSeparator)+os.Getenv("PATH"))
	p := &program{Process: Process{Environ: append(os.Environ(), keyVariable+"="+emulator.ExampleKey, "COPY="+emulator.ExampleKey)}}
	if err := browser.Open("https://shop.example/1", p.childEnviron()); err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(filepath.Join(folder, "environment"))
	if err != nil || strings.Contains(string(got), emulator.ExampleKey) || !strings.Contains(string(got), "PATH="+folder) {
		t.Errorf("the opener got %s (%v)", got, err)
	}
}

// This test runs a process because net/http reads the proxy variables only once.
func TestAProxyDoesNotSeeTheKey(t *testing.T) {
	t.Parallel()
	var proxied atomic.Int64
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		proxied.Add(1)
		http.Error(w, "no", http.StatusBadGateway)
	}))
	defer proxy.Close()
	_, port, _ := strings.Cut(strings.TrimPrefix(slowService(t), "http://"), ":")
	for _, host := range []string{"LOCALHOST", "localhost.", "127.0.0.1"} {
		c := exec.CommandContext(t.Context(), sbwatchPath(t), "usage", "--base-url", "http://"+host+":"+port)
		c.Env = append(os.Environ(), keyVariable+"="+emulator.ExampleKey, "NO_PROXY=", "no_proxy=",
			"HTTP_PROXY="+proxy.URL, "http_proxy="+proxy.URL, "ALL_PROXY="+proxy.URL, "HTTPS_PROXY="+proxy.URL)
		if out, err := c.CombinedOutput(); err != nil && host != "localhost." { // a name that not every system resolves
			t.Errorf("%s: %v: %s", host, err, out)
		}
	}
	if n := proxied.Load(); n != 0 {
		t.Errorf("got %d requests through the proxy, want 0", n)
	}
	// Errors do not contain the password of a proxy.
	for _, address := range []string{"http://user:pa55word@[::1", "http://user:pa55word@127.0.0.1:1", "user:pa55word@%zz"} {
		c := exec.CommandContext(t.Context(), sbwatchPath(t), "usage", "--base-url", "https://shop.example")
		c.Env = append(os.Environ(), keyVariable+"="+emulator.ExampleKey, "NO_PROXY=", "no_proxy=", "HTTPS_PROXY="+address, "https_proxy="+address)
		if out, err := c.CombinedOutput(); err == nil || strings.Contains(string(out), "pa55word") || strings.Contains(string(out), emulator.ExampleKey) {
			t.Errorf("%s: %v: %s", address, err, out)
		}
	}
}

func TestAMissingFileBelowAPipeIsReportedAtOnce(t *testing.T) {
	name := filepath.Join(pipeFile(t), "items.json")
	if _, err := new(program).openSource(t.Context(), name); err == nil || !strings.Contains(err.Error(), "items.json") {
		t.Errorf("error %v", err)
	}
}
