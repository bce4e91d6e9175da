// Package search finds text in items as it reads: "\u00e9" in their JSON is an é, `\"` is a quote. It looks into all
// values, nested ones too, and not at keys. Numbers, true, false and null are found as they are written.
package search

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"sbwatch/model/item"
	"sbwatch/model/jsonscan"
	"sbwatch/model/text"
)

// regexpPrefix marks a text to search for as a regular expression.
const regexpPrefix = "re:"

// Query is what to search for. Its zero value looks for nothing: no cell matches it, and as a filter it keeps every item.
type Query struct {
	text    string
	matches matcher // nil where there is nothing to look for
}

// matcher finds something in text that is decoded.
type matcher interface {
	// in tells whether it is in a value.
	in(value []byte) bool
	// spans are the places where it is in a value, from one to the next, none of them empty.
	spans(value []byte) [][2]int
	// rows makes what finds rows that may hold it; nil where any row may.
	rows() *rowScan
}

// Parse makes a query of what a user typed: a text to find or, after "re:", a regular expression in the syntax of package
// regexp. Letters match in either case, unless there is a capital among them, which makes all of them exact: ASCII letters
// match ASCII letters, others by Unicode's simple folding. The error is a [*Error].
func Parse(text string) (Query, error) {
	for i, r := range text {
		if r == utf8.RuneError && !strings.HasPrefix(text[i:], string(utf8.RuneError)) {
			return Query{}, &Error{i, i + 1, "this is not UTF-8"}
		}
	}
	pattern, isRegexp := strings.CutPrefix(text, regexpPrefix)
	switch {
	case pattern == "":
		return Query{text: text}, nil
	case isRegexp:
		expression, err := newExpression(pattern)
		if err != nil {
			return Query{}, err
		}
		return Query{text, expression}, nil
	default:
		return Query{text, newLiteral(text, !strings.ContainsFunc(text, isCapital))}, nil
	}
}

func isCapital(r rune) bool { return unicode.IsUpper(r) || unicode.IsTitle(r) }

// IsEmpty tells whether there is nothing to look for.
func (q Query) IsEmpty() bool { return q.matches == nil }

// Text is the query as it was typed.
func (q Query) Text() string { return q.text }

// maxTitle is how many characters of a query stand in its title.
const maxTitle = 24

// Title names the query in a few printable words: "/acme/".
func (q Query) Title() string {
	shown := []rune(text.NewText(q.text).String())
	if len(shown) > maxTitle {
		shown = append(shown[:maxTitle-1], '…')
	}
	return "/" + string(shown) + "/"
}

// Spans are the places, in bytes, of all that the query finds in a text, from one to the next; they never overlap and
// none is empty.
func (q Query) Spans(shown string) [][2]int {
	if q.IsEmpty() {
		return nil
	}
	return q.matches.spans([]byte(shown))
}

// MatchCell tells whether the query finds something in a cell: in its text, or in a value nested in it.
func (q Query) MatchCell(cell item.Cell) bool {
	if q.IsEmpty() {
		return false
	}
	var v values
	return v.match(cell.Raw(), q.matches)
}

// values decodes the values of rows, one after the other in the same place.
type values struct{ decoded []byte }

// match tells whether what is looked for is in one of the values within a JSON text.
func (v *values) match(text []byte, matches matcher) bool {
	for value := range jsonscan.Scalars(text) {
		if value[0] == '"' {
			value = jsonscan.Decoded(value[1:len(value)-1], &v.decoded)
		}
		if matches.in(value) {
			return true
		}
	}
	return false
}
