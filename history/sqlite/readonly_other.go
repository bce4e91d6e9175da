//go:build !unix

package sqlite

// isReadOnlySystem reports whether the error says that a file system is read-only.
func isReadOnlySystem(error) bool { return false }
