// Package search finds text in items.
//
// [Parse] turns the text that a user typed into a [Query]. A query is an [item.Filter]: it selects the items in which
// at least one value matches. Nested values are searched, keys are not. [Query.Spans] returns the matches to highlight.
//
// JSON escapes are decoded first: "\u00e9" matches é. Numbers, true, false and null are matched as they are written.
// Text also matches text that looks the same: a space matches a no-break space, and é matches e followed by a combining
// accent. A regular expression matches exactly.
//
// To be fast, a query first searches the raw rows for a text that every match must contain, many rows at a time. It
// then decodes only the rows that contain this text.
package search

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"sbwatch/model/item"
	"sbwatch/model/jsonscan"
	"sbwatch/model/lang"
	"sbwatch/model/text"
)

// regexpPrefix marks a query as a regular expression.
const regexpPrefix = "re:"

// Query is a parsed search. The zero value is the empty query: as a filter, it keeps every item, but its MatchCell
// method returns false.
type Query struct {
	text    string
	matches matcher // nil if the query is empty
}

// matcher finds matches in decoded text.
type matcher interface {
	// matchIn reports whether value contains a match.
	matchIn(value []byte) bool
	// spans returns the non-empty matches in value, in ascending order.
	spans(value []byte) [][2]int
	// rows returns a scan for rows that may match. It returns nil if any row may match.
	rows() *rowScan
	// forOne returns a matcher that matches the same text. The new matcher may be faster, but is not safe for
	// concurrent use.
	forOne() matcher
}

// Parse parses a query: a text to search for or, after "re:", a regular expression in the syntax of package regexp.
// Case is ignored unless the query has a capital letter. ASCII letters only match ASCII letters; other letters match by
// Unicode's simple case folding. Errors are of type [*lang.Error].
func Parse(text string) (Query, error) {
	for i, r := range text {
		if r == utf8.RuneError && !strings.HasPrefix(text[i:], string(utf8.RuneError)) {
			return Query{}, &lang.Error{From: i, To: i + 1, Reason: "invalid UTF-8"}
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
		return Query{text, newMatcher(text, !strings.ContainsFunc(text, isCapital))}, nil
	}
}

func isCapital(r rune) bool { return unicode.IsUpper(r) || unicode.IsTitle(r) }

// IsEmpty reports whether the query is empty.
func (q Query) IsEmpty() bool { return q.matches == nil }

// Text returns the query as it was typed.
func (q Query) Text() string { return q.text }

// maxTitleLen is the maximum number of characters of the query in its title.
const maxTitleLen = 24

// Title returns a short printable name for the query, such as "/acme/".
func (q Query) Title() string {
	shown := []rune(text.NewText(q.text).String())
	if len(shown) > maxTitleLen {
		shown = append(shown[:maxTitleLen-1], '…')
	}
	return "/" + string(shown) + "/"
}

// Spans returns the matches in a text as byte offsets, in ascending order. They do not overlap, and none is empty.
func (q Query) Spans(text string) [][2]int {
	if q.IsEmpty() {
		return nil
	}
	return q.matches.spans([]byte(text))
}

// MatchCell reports whether the query matches the text of a cell or a value nested in it.
func (q Query) MatchCell(cell item.Cell) bool {
	if q.IsEmpty() {
		return false
	}
	var v values
	return v.match(cell.Raw(), q.matches)
}

// CellMatcher returns a function that does the same as [Query.MatchCell], but is faster for many cells. The function is
// not safe for concurrent use.
func (q Query) CellMatcher() func(item.Cell) bool {
	if q.IsEmpty() {
		return q.MatchCell
	}
	var v values
	matches := q.matches.forOne()
	return func(cell item.Cell) bool {
		raw := cell.Raw()
		if cell.Kind() == item.CellString {
			return matches.matchIn(jsonscan.Decoded(raw[1:len(raw)-1], &v.decoded))
		}
		return v.match(raw, matches)
	}
}

// values decodes the values of a row one after the other into the same buffer.
type values struct{ decoded []byte }

// match reports whether at least one value in a JSON text matches.
func (v *values) match(text []byte, matches matcher) bool {
	for value := range jsonscan.Scalars(text) {
		if value[0] == '"' {
			value = jsonscan.Decoded(value[1:len(value)-1], &v.decoded)
		}
		if matches.matchIn(value) {
			return true
		}
	}
	return false
}
