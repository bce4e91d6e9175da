package notify

import "sbwatch/model/text"

// The maximum sizes of texts that are passed on, in bytes. The service may send text of any length, but the environment
// of a command and the receivers of messages have limits.
const (
	maxID         = 100
	maxShortError = 300
	maxError      = 4000
	maxLine       = 1000
	maxListed     = 50 // entries of a list
)

// shortened returns a text as one printable line of at most limit bytes.
func shortened(t text.Text, limit int) string {
	return text.Shorten(text.Printable(text.Shorten(t.Raw(), limit)), limit)
}

// first returns the first entries of a list, at most maxListed. It never returns nil.
func first[T any](list []T) []T {
	return append([]T{}, list[:min(len(list), maxListed)]...)
}
