//go:build unix

package atomicfile_test

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
	"time"

	"sbwatch/atomicfile"
)

func writing(text string) func(io.Writer) error {
	return func(w io.Writer) error {
		_, err := io.WriteString(w, text)
		return err
	}
}

// names returns the names of the files in a folder.
func names(t *testing.T, folder string) []string {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, entry := range entries {
		names = append(names, entry.Name())
	}
	return names
}

func TestWriteIsAtomic(t *testing.T) {
	folder := t.TempDir()
	name := filepath.Join(folder, "file")
	if err := atomicfile.Write(name, false, 0o640, writing("new")); err != nil {
		t.Fatal(err)
	}
	if err := atomicfile.Write(name, false, 0o640, writing("newer")); !errors.Is(err, fs.ErrExist) {
		t.Errorf("existing file: %v", err)
	}
	failed := errors.New("failed")
	err := atomicfile.Write(name, true, 0o640, func(w io.Writer) error { return errors.Join(writing("half")(w), failed) })
	if text, _ := os.ReadFile(name); !errors.Is(err, failed) || string(text) != "new" || len(names(t, folder)) != 1 {
		t.Errorf("%v; file %q, folder %v", err, text, names(t, folder))
	}
}

// TestAFileCreatedMeanwhile checks that a file created under the same name during a write is not overwritten.
func TestAFileCreatedMeanwhile(t *testing.T) {
	folder := t.TempDir()
	name := filepath.Join(folder, "file")
	err := atomicfile.Write(name, false, 0o600, func(io.Writer) error { return os.WriteFile(name, []byte("theirs"), 0o600) })
	if text, _ := os.ReadFile(name); !errors.Is(err, fs.ErrExist) || string(text) != "theirs" || len(names(t, folder)) != 1 {
		t.Errorf("%v; file %q, folder %v", err, text, names(t, folder))
	}
}

func TestReplacedFileKeepsAttributes(t *testing.T) {
	folder := t.TempDir()
	name, other := filepath.Join(folder, "file"), filepath.Join(folder, "other")
	if err := errors.Join(os.WriteFile(name, []byte("a longer old text"), 0o600), os.Chmod(name, 0o604)); err != nil {
		t.Fatal(err)
	}
	uid, gid := os.Getuid(), os.Getgid()
	if uid == 0 {
		uid, gid = 1234, 4321
		if err := os.Chown(name, uid, gid); err != nil {
			t.Skip(err)
		}
	}
	check := func(want string) {
		t.Helper()
		info, err := os.Stat(name)
		if err != nil {
			t.Fatal(err)
		}
		stat, ok := info.Sys().(*syscall.Stat_t)
		if !ok || int(stat.Uid) != uid || int(stat.Gid) != gid || info.Mode().Perm() != 0o604 {
			t.Errorf("%+v, mode %v", stat, info.Mode())
		}
		if text, _ := os.ReadFile(name); string(text) != want {
			t.Errorf("file contains %q", text)
		}
	}
	if err := atomicfile.Write(name, true, 0o666, writing("new")); err != nil {
		t.Fatal(err)
	}
	check("new")
	if err := os.Link(name, other); err != nil {
		t.Skip(err)
	}
	if err := atomicfile.Write(name, true, 0o666, writing("n")); err != nil {
		t.Fatal(err)
	}
	check("n")
	if text, _ := os.ReadFile(other); string(text) != "n" || len(names(t, folder)) != 2 {
		t.Errorf("the other link contains %q; folder %v", text, names(t, folder))
	}
}

// TestStaleFilesAreRemoved checks that files left by killed processes are removed, while files of running processes and
// files with similar names stay.
func TestStaleFilesAreRemoved(t *testing.T) {
	folder := t.TempDir()
	dead := exec.CommandContext(t.Context(), "true")
	if err := dead.Run(); err != nil {
		t.Skip(err)
	}
	stale := ".sbwatch-" + strconv.Itoa(dead.Process.Pid) + "-ABCDEFGHI2.tmp"
	kept := []string{
		".sbwatch-" + strconv.Itoa(os.Getppid()) + "-ABCDEFGHI3.tmp", // the process with this id is running
		".sbwatch-notes.tmp", ".sbwatch-ABCDEFGHI4.tmp", "other.tmp",
	}
	old := []string{".sbwatch-ABCDEFGHI5.tmp", ".sbwatch-" + strconv.Itoa(os.Getppid()) + "-ABCDEFGHI6.tmp"}
	for _, name := range append(append([]string{stale}, kept...), old...) {
		if err := os.WriteFile(filepath.Join(folder, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range old {
		long := time.Now().Add(-2 * time.Hour)
		if err := os.Chtimes(filepath.Join(folder, name), long, long); err != nil {
			t.Fatal(err)
		}
	}
	link := filepath.Join(folder, ".sbwatch-"+strconv.Itoa(dead.Process.Pid)+"-ABCDEFGHI7.tmp")
	if err := os.Symlink("other.tmp", link); err != nil {
		t.Skip(err)
	}
	// Writes one file while another is being written. The first must stay.
	err := atomicfile.Write(filepath.Join(folder, "one"), false, 0o600, func(io.Writer) error {
		return atomicfile.Write(filepath.Join(folder, "two"), false, 0o600, writing(""))
	})
	if err != nil {
		t.Fatal(err)
	}
	if got := names(t, folder); len(got) != len(kept)+1+2 {
		t.Errorf("folder %v", got)
	}
	for _, name := range append(append([]string{}, old...), stale) {
		if _, err := os.Lstat(filepath.Join(folder, name)); err == nil {
			t.Errorf("%s is still there", name)
		}
	}
}
