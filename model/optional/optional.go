package optional

import "fmt"

// Value is a value that may be unknown. The zero Value is unknown.
type Value[T any] struct {
	value T
	known bool
}

// Some returns a known value.
func Some[T any](value T) Value[T] { return Value[T]{value: value, known: true} }

// Get returns the value and whether it is known.
func (v Value[T]) Get() (T, bool) { return v.value, v.known }

// String returns the value as formatted by fmt, or "unknown".
func (v Value[T]) String() string {
	if !v.known {
		return "unknown"
	}
	return fmt.Sprint(v.value)
}

// Known reports whether the value is known.
func (v Value[T]) Known() bool { return v.known }

// Or returns the value if it is known, otherwise fallback.
func (v Value[T]) Or(fallback T) T {
	if !v.known {
		return fallback
	}
	return v.value
}
