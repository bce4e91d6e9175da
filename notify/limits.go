package notify

import "sbwatch/model/text"

// The maximum sizes of what is passed on, in bytes. The service may send any amount of text, but the environment of a
// command has limits, and receivers of messages do, too.
const (
	maxID         = 100
	maxShortError = 300
	maxError      = 4000
	maxLine       = 1000
	maxListed     = 50 // entries of a list
)

// shortened returns a text in one printable line of at most limit bytes.
func shortened(t text.Text, limit int) string {
	return text.Shorten(text.Printable(text.Shorten(t.Raw(), limit)), limit)
}

// first returns at most the first maxListed entries of a list, and never nil.
func first[T any](list []T) []T {
	return append([]T{}, list[:min(len(list), maxListed)]...)
}
