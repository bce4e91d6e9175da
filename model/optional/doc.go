// Package optional has values that may be unknown. The service may leave out any field, and a count that is unknown is
// not zero.
package optional
