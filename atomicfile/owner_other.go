//go:build !unix

package atomicfile

import (
	"io/fs"
	"os"
)

// isOurs always returns true. Removing the file of another user fails anyway.
func isOurs(fs.FileInfo) bool { return true }

// linkCount always returns 1, because this system does not report the number of hard links.
func linkCount(fs.FileInfo) uint64 { return 1 }

// copyAttributes copies the permissions of existing to file, but not the owner. It always returns true.
func copyAttributes(file *os.File, existing fs.FileInfo) bool {
	_ = file.Chmod(existing.Mode().Perm())
	return true
}

// lock does nothing, because this system does not remove open files.
func lock(*os.File) {}

// isAlive always returns false, because this system does not report whether a process exists.
func isAlive(int) bool { return false }

// removeUnused removes a file unless it is open.
func removeUnused(name string) { _ = os.Remove(name) }
