// Package atomicfile replaces files as a whole: a file has its old content until all of the new one is safe on the disk. What a
// process that was killed has left behind goes with the next file that is written to the same folder.
package atomicfile

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"time"
)

// Write writes a file. The name must not be that of a link. A file that is there is replaced only with overwrite; without it
// the error is one of [fs.ErrExist]. A new file gets the permissions perm, less the umask.
//
// A file that is replaced hands on its permissions, its owner and its group. Where that cannot be, and where the file has
// other names (hard links), the new content is copied into it as soon as it is complete: others who write or read the
// file at that moment may see a part of it.
//
// Where write or the disk fails, an older file stays as it was, and nothing is left beside it.
func Write(name string, overwrite bool, perm fs.FileMode, write func(io.Writer) error) error {
	folder := filepath.Dir(name)
	removeStale(folder)
	old, err := os.Stat(name)
	switch {
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return err
	case err == nil && !overwrite:
		return &fs.PathError{Op: "write", Path: name, Err: fs.ErrExist}
	case err != nil:
		old = nil
	}
	file, err := create(folder, permissionsFor(old, perm))
	if err != nil {
		return err
	}
	err = write(file)
	if err == nil {
		err = finish(file, name, old, overwrite)
	}
	_ = file.Close() // what it may complain of, Sync has said
	_ = os.Remove(file.Name())
	if err == nil {
		syncFolder(folder)
	}
	return err
}

// permissionsFor are those of a file while it is being written. It lets nobody read more than the file that it replaces does,
// from the beginning.
func permissionsFor(old fs.FileInfo, perm fs.FileMode) fs.FileMode {
	if old == nil {
		return perm
	}
	perm &= old.Mode().Perm()
	if !isOurs(old) {
		perm &= 0o700 // until it belongs to the same people
	}
	return perm
}

// create makes a file for what is being written, and marks it as in use.
func create(folder string, perm fs.FileMode) (*os.File, error) {
	for {
		name := fmt.Sprintf(".sbwatch-%d-%s.tmp", os.Getpid(), rand.Text()[:10])
		file, err := os.OpenFile(filepath.Join(folder, name), os.O_RDWR|os.O_CREATE|os.O_EXCL, perm|0o600)
		if err == nil {
			lock(file)
			return file, nil
		}
		if !errors.Is(err, fs.ErrExist) {
			return nil, err
		}
	}
}

// finish gives what was written its name.
func finish(file *os.File, name string, old fs.FileInfo, overwrite bool) error {
	if old != nil && (links(old) > 1 || !handOn(file, old)) {
		return copyInto(name, file)
	}
	if err := file.Sync(); err != nil {
		return err
	}
	if runtime.GOOS == "windows" { // which renames no open files
		if err := file.Close(); err != nil {
			return err
		}
	}
	if overwrite {
		return os.Rename(file.Name(), name)
	}
	// A name that is taken makes a link fail, so that a file which has come meanwhile is left alone.
	err := os.Link(file.Name(), name)
	if err == nil || errors.Is(err, fs.ErrExist) {
		return err
	}
	if _, there := os.Lstat(name); there == nil { // a file system without links
		return &fs.PathError{Op: "write", Path: name, Err: fs.ErrExist}
	}
	return os.Rename(file.Name(), name)
}

// copyInto writes into the file that is there.
func copyInto(name string, from *os.File) error {
	to, err := os.OpenFile(name, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	_, err = from.Seek(0, io.SeekStart)
	if err == nil {
		var n int64
		n, err = io.Copy(to, from)
		err = errors.Join(err, to.Truncate(n), to.Sync())
	}
	return errors.Join(err, to.Close())
}

// syncFolder makes a new name safe, as far as the system can.
func syncFolder(folder string) {
	if runtime.GOOS == "windows" {
		return
	}
	if d, err := os.Open(folder); err == nil {
		_ = d.Sync()
		_ = d.Close()
	}
}

// staleAfter is the age after which a file is stale that no process has in use, whatever process has its number by now.
const staleAfter = time.Hour

// removeStale removes what killed processes of this user were writing to a folder.
func removeStale(folder string) {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return
	}
	pattern := regexp.MustCompile(`^\.sbwatch-(?:(\d+)-)?[A-Z2-7]{10}\.tmp$`) // without a number: of older versions
	for _, entry := range entries {
		match := pattern.FindStringSubmatch(entry.Name())
		if match == nil || !entry.Type().IsRegular() {
			continue
		}
		info, err := entry.Info()
		if err != nil || !isOurs(info) {
			continue
		}
		pid, err := strconv.Atoi(match[1])
		isDead := err == nil && !isAlive(pid)
		if isDead || time.Since(info.ModTime()) > staleAfter {
			removeUnused(filepath.Join(folder, entry.Name()))
		}
	}
}
