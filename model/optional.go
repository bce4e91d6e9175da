package model

import "fmt"

// Optional is a value that the service may leave out. A count of 0 and an unknown count are different things, and
// every field of every answer may be absent.
type Optional[T any] struct {
	value T
	known bool
}

// Some is a known value.
func Some[T any](v T) Optional[T] { return Optional[T]{value: v, known: true} }

// Get gives the value, and whether it is known.
func (o Optional[T]) Get() (T, bool) { return o.value, o.known }

// String is the value as fmt writes it, so that a Text within stays printable.
func (o Optional[T]) String() string {
	if !o.known {
		return "unknown"
	}
	return fmt.Sprint(o.value)
}

// Known tells whether there is a value.
func (o Optional[T]) Known() bool { return o.known }

// Or gives the value, or fallback where it is not known.
func (o Optional[T]) Or(fallback T) T {
	if !o.known {
		return fallback
	}
	return o.value
}
