package archive_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"sbwatch/history"
	"sbwatch/history/archive"
)

func TestDirectoryIsPrivate(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("Windows has other permissions")
	}
	root := filepath.Join(t.TempDir(), "a", "archive")
	a, r := archive.NewDirectory(root), recordOf("private")
	kept := write(t, a, r, itemsOf(t, `[1]`))
	for path, want := range map[string]fs.FileMode{
		root: 0o700, filepath.Join(root, "recipe=private"): 0o700, filepath.Join(root, kept.Name): 0o600,
	} {
		info, err := os.Stat(path)
		if err != nil || info.Mode().Perm() != want {
			t.Errorf("%s has the permissions %v (%v), want %v", path, info.Mode().Perm(), err, want)
		}
	}
	if err := a.Remove(t.Context(), kept); err != nil {
		t.Fatal(err)
	}
	if entries, err := os.ReadDir(root); err != nil || len(entries) != 0 {
		t.Errorf("the folder has %v, %v, want nothing", entries, err)
	}
}

func TestDirectoryIsNotCreatedByReading(t *testing.T) {
	root := filepath.Join(t.TempDir(), "archive")
	a, kept := archive.NewDirectory(root), history.Archive{Name: archive.Name(recordOf("none"))}
	if _, err := a.Open(t.Context(), kept); !errors.Is(err, archive.ErrNotKept) {
		t.Errorf("opened: %v", err)
	}
	if err := a.Remove(t.Context(), kept); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(root); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the folder is there: %v", err)
	}
}

func TestDirectoryDoesNotFollowLinksOut(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("links need a privilege on Windows")
	}
	root, outside := t.TempDir(), t.TempDir()
	r := recordOf("linked")
	kept := write(t, archive.NewDirectory(outside), r, itemsOf(t, `[1]`))
	if err := os.Symlink(filepath.Join(outside, "recipe=linked"), filepath.Join(root, "recipe=linked")); err != nil {
		t.Fatal(err)
	}
	a := archive.NewDirectory(root)
	if file, err := a.Open(t.Context(), kept); err == nil {
		t.Errorf("opened %v through a link", file)
	}
	_ = a.Remove(t.Context(), kept)
	if got := contentOf(t, archive.NewDirectory(outside), kept); got != "1\n" {
		t.Errorf("outside is %q", got)
	}
}
