//go:build !unix

package atomicfile

import (
	"io/fs"
	"os"
)

// isOurs is taken for granted: who may not remove a file cannot.
func isOurs(fs.FileInfo) bool { return true }

// links is not known.
func links(fs.FileInfo) uint64 { return 1 }

// handOn gives a file the permissions of another; its owner is that of the folder's new files.
func handOn(file *os.File, old fs.FileInfo) bool {
	_ = file.Chmod(old.Mode().Perm())
	return true
}

// lock is not needed: the system removes no file that is open.
func lock(*os.File) {}

// isAlive is not known.
func isAlive(int) bool { return false }

// removeUnused removes a file that is not open.
func removeUnused(name string) { _ = os.Remove(name) }
