//go:build !unix

package atomicfile

import (
	"io/fs"
	"os"
)

// isOurs always returns true: without the permission to remove a file, removing it fails anyway.
func isOurs(fs.FileInfo) bool { return true }

// links always returns 1, because the number of links is not known here.
func links(fs.FileInfo) uint64 { return 1 }

// copyAttributes copies the permissions of old. The owner stays the one that the folder gives to new files.
func copyAttributes(file *os.File, old fs.FileInfo) bool {
	_ = file.Chmod(old.Mode().Perm())
	return true
}

// lock does nothing: the system does not remove open files.
func lock(*os.File) {}

// isAlive always returns false, because it is not known here.
func isAlive(int) bool { return false }

// removeUnused removes a file unless it is open.
func removeUnused(name string) { _ = os.Remove(name) }
