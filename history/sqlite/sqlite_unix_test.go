//go:build unix

package sqlite

import (
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// TestNotARegularFile opens a named pipe, which must not wait for its other end.
func TestNotARegularFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "history.db")
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		t.Fatal(err)
	}
	want := path + " is not a regular file: move it elsewhere"
	if _, err := Open(t.Context(), path); err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("error %v, want %q", err, want)
	}
}
