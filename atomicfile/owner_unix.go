//go:build unix

package atomicfile

import (
	"errors"
	"io/fs"
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

// isOurs reports whether a file belongs to the user of this process.
func isOurs(info fs.FileInfo) bool {
	stat, ok := info.Sys().(*syscall.Stat_t)
	return ok && int(stat.Uid) == os.Geteuid()
}

// links is how many names a file has.
func links(info fs.FileInfo) uint64 {
	if stat, ok := info.Sys().(*syscall.Stat_t); ok {
		return uint64(stat.Nlink) //nolint:unconvert // its type differs between systems
	}
	return 1
}

// handOn gives a file the owner, the group and the permissions of another, and reports whether it has them.
func handOn(file *os.File, old fs.FileInfo) bool {
	want, ok := old.Sys().(*syscall.Stat_t)
	if !ok {
		return false
	}
	info, err := file.Stat()
	if err != nil {
		return false
	}
	if got, ok := info.Sys().(*syscall.Stat_t); !ok || got.Uid != want.Uid || got.Gid != want.Gid {
		if file.Chown(int(want.Uid), int(want.Gid)) != nil {
			return false
		}
	}
	return file.Chmod(old.Mode().Perm()) == nil
}

// lock marks a file as in use for as long as this process has it open. Where a file system has no locks, nothing is removed.
func lock(file *os.File) { _ = unix.Flock(int(file.Fd()), unix.LOCK_EX|unix.LOCK_NB) }

// isAlive reports whether there is a process of that number.
func isAlive(pid int) bool {
	return pid <= 0 || !errors.Is(unix.Kill(pid, 0), unix.ESRCH)
}

// removeUnused removes a file that no process has marked as in use.
func removeUnused(name string) {
	file, err := os.OpenFile(name, os.O_RDONLY|unix.O_NOFOLLOW|unix.O_NONBLOCK, 0)
	if err != nil {
		return
	}
	defer func() { _ = file.Close() }()
	if unix.Flock(int(file.Fd()), unix.LOCK_EX|unix.LOCK_NB) == nil {
		_ = os.Remove(name)
	}
}
