// Package lang has the parts that the one-line languages of filters, formulas and searches share: errors that point at a
// word, completions, text in quotes, and the forms that the help lists.
package lang

import (
	"iter"
	"strings"

	"sbwatch/model/text"
)

// Error describes a line that is invalid or that names something unknown.
type Error struct {
	// From and To delimit the wrong word as byte offsets in the line as typed. They are equal if the error is at the end
	// of the line.
	From, To int
	// Reason says what is wrong. Hint says how to fix it, and may be empty. Both are short and printable.
	Reason, Hint string
}

// Error returns the reason and the hint.
func (e *Error) Error() string {
	if e.Hint == "" {
		return e.Reason
	}
	return e.Reason + ": " + e.Hint
}

// Form is an example of one kind of expression, with its meaning. The help lists the forms of a language.
type Form struct{ Text, Meaning string }

// Excerpt returns a short and printable form of s, for use in an error.
func Excerpt(s string) string {
	const limit = 60
	return text.Line(text.NewText(s), limit)
}

// UnknownColumn returns the error for a column that does not exist. The column is called name and is at the offsets
// from and to of the line. The parameter near is a similar name, or "" if there is none. names are the names of all
// columns; without a similar name, the error lists some of them. The function quote returns a name as it is written in
// the language.
func UnknownColumn(from, to int, name, near string, names iter.Seq[string], quote func(string) string) *Error {
	err := &Error{From: from, To: to, Reason: "no column " + Excerpt(quote(name))}
	if near != "" {
		err.Hint = "did you mean " + Excerpt(quote(near)) + "?"
		return err
	}
	const limit = 5
	var some []string
	for name := range names {
		if len(some) == limit {
			some = append(some, "…")
			break
		}
		some = append(some, Excerpt(quote(name)))
	}
	err.Hint = "columns are " + strings.Join(some, ", ")
	return err
}
