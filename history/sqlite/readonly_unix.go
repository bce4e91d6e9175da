//go:build unix

package sqlite

import (
	"errors"
	"syscall"
)

// isReadOnlySystem reports whether the error says that a file system is read-only.
func isReadOnlySystem(err error) bool { return errors.Is(err, syscall.EROFS) }
