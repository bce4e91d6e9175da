//go:build !unix

package sqlite

// isReadOnlySystem reports whether a file system cannot be written to.
func isReadOnlySystem(error) bool { return false }
