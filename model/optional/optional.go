package optional

import "fmt"

// Optional is a value that the service may leave out. A count of 0 and an unknown count are different things, and
// every field of every answer may be absent.
type Value[T any] struct {
	value T
	known bool
}

// Some is a known value.
func Some[T any](v T) Value[T] { return Value[T]{value: v, known: true} }

// Get gives the value, and whether it is known.
func (o Value[T]) Get() (T, bool) { return o.value, o.known }

// String is the value as fmt writes it, so that a Text within stays printable.
func (o Value[T]) String() string {
	if !o.known {
		return "unknown"
	}
	return fmt.Sprint(o.value)
}

// Known tells whether there is a value.
func (o Value[T]) Known() bool { return o.known }

// Or gives the value, or fallback where it is not known.
func (o Value[T]) Or(fallback T) T {
	if !o.known {
		return fallback
	}
	return o.value
}
