//go:build unix

package waitfile_test

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"sbwatch/waitfile"
)

// TestOpenRegular also opens a named pipe, which must not wait for its other end.
func TestOpenRegular(t *testing.T) {
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "file"), []byte("text"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mkfifo(filepath.Join(folder, "pipe"), 0o600); err != nil {
		t.Fatal(err)
	}
	root, err := os.OpenRoot(folder)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = root.Close() }()
	for name, want := range map[string]error{"file": nil, "pipe": waitfile.ErrNotRegular, ".": waitfile.ErrFolder, "none": fs.ErrNotExist} {
		for how, open := range map[string]func() (*os.File, error){
			"by path":   func() (*os.File, error) { return waitfile.OpenRegular(filepath.Join(folder, name), os.O_RDONLY) },
			"in folder": func() (*os.File, error) { return waitfile.OpenRegularIn(root, name) },
		} {
			file, err := open()
			if !errors.Is(err, want) {
				t.Errorf("%s, %s: error %v, want %v", name, how, err, want)
			}
			if err != nil {
				continue
			}
			if content, err := io.ReadAll(file); err != nil || string(content) != "text" {
				t.Errorf("%s, %s: read %q, %v", name, how, content, err)
			}
			_ = file.Close()
		}
	}
	if _, err := waitfile.OpenRegular(filepath.Join(folder, "pipe"), os.O_WRONLY); err == nil {
		t.Error("a pipe was opened for writing")
	}
}
