//go:build unix

package sqlite

import (
	"errors"
	"syscall"
)

// isReadOnlySystem reports whether a file system cannot be written to.
func isReadOnlySystem(err error) bool { return errors.Is(err, syscall.EROFS) }
