package userfile_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"sbwatch/userfile"
	"sbwatch/waitfile"
)

func TestWriteAndRead(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "new")
	name := filepath.Join(folder, "file")
	if err := userfile.Write(name, false, []byte("one")); err != nil {
		t.Fatal(err)
	}
	if err := userfile.Write(name, false, []byte("two")); !errors.Is(err, fs.ErrExist) {
		t.Errorf("got error %v for an existing file", err)
	}
	if got, err := userfile.Read(name, 3); err != nil || string(got) != "one" {
		t.Errorf("got %q, %v", got, err)
	}
	if runtime.GOOS == "windows" {
		return
	}
	for path, want := range map[string]fs.FileMode{folder: 0o700, name: 0o600} {
		info, err := os.Stat(path)
		if err != nil || info.Mode().Perm() != want {
			t.Errorf("%s has the permissions %v, want %v", path, info.Mode().Perm(), want)
		}
	}
}

func TestReadRefuses(t *testing.T) {
	folder := t.TempDir()
	large := filepath.Join(folder, "large")
	if err := os.WriteFile(large, []byte(strings.Repeat("x", 11)), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]error{large: userfile.ErrTooLarge, folder: waitfile.ErrFolder, filepath.Join(folder, "no"): fs.ErrNotExist} {
		if _, err := userfile.Read(name, 10); !errors.Is(err, want) {
			t.Errorf("%s: got error %v, want %v", name, err, want)
		}
	}
}
