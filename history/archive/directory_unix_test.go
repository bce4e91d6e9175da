//go:build unix

package archive_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"sbwatch/history"
	"sbwatch/history/archive"
)

// TestTheArchiveIsNotAFolder checks that a named pipe, or a file, in place of the folder of the archive is reported, and
// that nothing waits for the other end of the pipe.
func TestTheArchiveIsNotAFolder(t *testing.T) {
	folder := t.TempDir()
	pipe, file, link := filepath.Join(folder, "pipe"), filepath.Join(folder, "file"), filepath.Join(folder, "link")
	if err := errors.Join(syscall.Mkfifo(pipe, 0o600), os.WriteFile(file, nil, 0o600), os.Symlink(pipe, link)); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{pipe, file, link} {
		a, kept := archive.NewDirectory(path), history.Archive{Name: archive.Name(recordOf("any"))}
		for what, try := range map[string]func(context.Context) error{
			"open": func(ctx context.Context) error {
				_, err := a.Open(ctx, kept)
				return err
			},
			"remove": func(ctx context.Context) error { return a.Remove(ctx, kept) },
			"write": func(ctx context.Context) error {
				_, err := a.Write(ctx, recordOf("any"), itemsOf(t, `[1]`))
				return err
			},
		} {
			done := make(chan error, 1)
			go func() { done <- try(t.Context()) }()
			select {
			case err := <-done:
				if want := "the archive " + path + " is not a folder"; err == nil || !strings.Contains(err.Error(), want) {
					t.Errorf("%s %s: error %v, want %q", what, filepath.Base(path), err, want)
				}
			case <-time.After(20 * time.Second):
				t.Fatalf("%s %s waits for the other end of the pipe", what, filepath.Base(path))
			}
		}
	}
}
