// Package optional provides [Value], which may be unknown. The service may omit any field, and an unknown count is not
// zero.
package optional
