//go:build !unix

package atomicfile

import (
	"io/fs"
	"os"
)

// isOurs always returns true. Removing the file of another user fails anyway.
func isOurs(fs.FileInfo) bool { return true }

// links always returns 1, because the number of links is not available on this system.
func links(fs.FileInfo) uint64 { return 1 }

// copyAttributes copies the permissions of old. It does not change the owner.
func copyAttributes(file *os.File, old fs.FileInfo) bool {
	_ = file.Chmod(old.Mode().Perm())
	return true
}

// lock does nothing, because this system does not remove open files.
func lock(*os.File) {}

// isAlive always returns false, because this cannot be found out on this system.
func isAlive(int) bool { return false }

// removeUnused removes a file unless it is open.
func removeUnused(name string) { _ = os.Remove(name) }
