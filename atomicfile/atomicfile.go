// Package atomicfile replaces files atomically: a file keeps its old content until all of the new content is on disk.
// Temporary files left behind by killed processes are removed by the next write to the same folder.
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

	"sbwatch/waitfile"
)

// Write writes a file. name must not be a symbolic link. An existing file is replaced only if overwrite is set;
// otherwise the error is [fs.ErrExist]. perm holds the permissions of a new file, before umask.
//
// A replaced file keeps its permissions, owner and group. If that is not possible, or if the file has other hard links,
// the new content is copied into the existing file. A process that reads the file during the copying may see only a
// part of the content.
//
// If writeContent or the disk fails, an existing file stays unchanged and no temporary file is left behind.
func Write(name string, overwrite bool, perm fs.FileMode, writeContent func(io.Writer) error) error {
	folder := filepath.Dir(name)
	removeStale(folder)
	existing, err := os.Stat(name)
	switch {
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return err
	case err == nil && !overwrite:
		return &fs.PathError{Op: "write", Path: name, Err: fs.ErrExist}
	case err != nil:
		existing = nil
	}
	file, err := create(folder, permissionsFor(existing, perm))
	if failure, ok := errors.AsType[*fs.PathError](err); ok {
		return &fs.PathError{Op: "create", Path: name, Err: failure.Err} // users do not know the temporary file
	}
	if err != nil {
		return err
	}
	err = writeContent(file)
	if err == nil {
		err = finish(file, name, existing, overwrite)
	}
	_ = file.Close() // Sync has already reported any error
	_ = os.Remove(file.Name())
	if err == nil {
		syncFolder(folder)
	}
	return err
}

// permissionsFor returns the permissions of the temporary file. Users who cannot read the existing file cannot read the
// temporary file either.
func permissionsFor(existing fs.FileInfo, perm fs.FileMode) fs.FileMode {
	if existing == nil {
		return perm
	}
	perm &= existing.Mode().Perm()
	if !isOurs(existing) {
		perm &= 0o700 // keep the file private until it has the owner and group of the existing file
	}
	return perm
}

// create creates the temporary file and locks it.
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

// finish moves the complete temporary file to its final name.
func finish(file *os.File, name string, existing fs.FileInfo, overwrite bool) error {
	if existing != nil && (linkCount(existing) > 1 || !copyAttributes(file, existing)) {
		return copyInto(name, file)
	}
	if err := file.Sync(); err != nil {
		return err
	}
	if runtime.GOOS == "windows" { // Windows cannot rename open files
		if err := file.Close(); err != nil {
			return err
		}
	}
	if overwrite {
		return os.Rename(file.Name(), name)
	}
	// Link fails if the name already exists, so a file that was created in the meantime is not overwritten.
	err := os.Link(file.Name(), name)
	if err == nil || errors.Is(err, fs.ErrExist) {
		return err
	}
	if _, statErr := os.Lstat(name); statErr == nil { // the file system has no hard links
		return &fs.PathError{Op: "write", Path: name, Err: fs.ErrExist}
	}
	return os.Rename(file.Name(), name)
}

// copyInto overwrites the existing file called name with the content of source.
func copyInto(name string, source *os.File) error {
	target, err := waitfile.OpenRegular(name, os.O_WRONLY)
	if err != nil {
		return err
	}
	_, err = source.Seek(0, io.SeekStart)
	if err == nil {
		var n int64
		n, err = io.Copy(target, source)
		err = errors.Join(err, target.Truncate(n), target.Sync())
	}
	return errors.Join(err, target.Close())
}

// syncFolder makes a new directory entry durable, if the system supports that.
func syncFolder(folder string) {
	if runtime.GOOS == "windows" {
		return
	}
	if d, err := os.Open(folder); err == nil {
		_ = d.Sync()
		_ = d.Close()
	}
}

// staleAfter is the age after which an unused temporary file is stale. A stale file is removed even if the process id
// in its name is that of a running process, because the id may have been reused.
const staleAfter = time.Hour

// removeStale removes from a folder the temporary files that killed processes of this user have left there.
func removeStale(folder string) {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return
	}
	pattern := regexp.MustCompile(`^\.sbwatch-(?:(\d+)-)?[A-Z2-7]{10}\.tmp$`) // older versions wrote names without a process id
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
