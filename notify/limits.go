package notify

import (
	"unicode/utf8"

	"sbwatch/model/text"
)

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
	raw := t.Raw()
	if len(raw) > limit {
		raw = raw[:limit] + "…"
	}
	return cut(text.Printable(raw), limit)
}

// cut cuts a string that is longer than limit bytes, between two characters, and marks the cut.
func cut(s string, limit int) string {
	if len(s) <= limit {
		return s
	}
	const mark = "…"
	end := max(0, limit-len(mark))
	for end > 0 && !utf8.RuneStart(s[end]) {
		end--
	}
	return s[:end] + mark
}

// clipped returns a text with at most limit bytes. It keeps line breaks, unlike shortened.
func clipped(t text.Text, limit int) text.Text {
	if len(t.Raw()) <= limit {
		return t
	}
	return text.NewText(cut(t.Raw(), limit))
}

// first returns at most the first maxListed entries of a list, and never nil.
func first[T any](list []T) []T {
	return append([]T{}, list[:min(len(list), maxListed)]...)
}

// harmless returns a string without control characters. Everything in Facts that is a string is printable; this makes sure
// that nothing else reaches an environment or a message.
func harmless(s string) string { return text.Printable(s) }
