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

// linkCount returns the number of hard links of a file.
func linkCount(info fs.FileInfo) uint64 {
	if stat, ok := info.Sys().(*syscall.Stat_t); ok {
		return uint64(stat.Nlink) //nolint:unconvert // the type of Nlink differs between systems
	}
	return 1
}

// copyAttributes copies the owner, group and permissions of existing to file, and reports whether that succeeded.
func copyAttributes(file *os.File, existing fs.FileInfo) bool {
	want, ok := existing.Sys().(*syscall.Stat_t)
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
	return file.Chmod(existing.Mode().Perm()) == nil
}

// lock marks a file as in use for as long as this process has it open. On file systems without locks, stale files are
// never removed.
func lock(file *os.File) { _ = unix.Flock(int(file.Fd()), unix.LOCK_EX|unix.LOCK_NB) }

// isAlive reports whether a process with the id pid exists.
func isAlive(pid int) bool {
	return pid <= 0 || !errors.Is(unix.Kill(pid, 0), unix.ESRCH)
}

// removeUnused removes a file that no process has locked.
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
