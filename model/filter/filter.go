// Package filter is the language in which items are chosen by their columns: one line such as
//
//	price > 20 and brand ~ acme and not rating?
//
// A condition is a column, an operator and a value:
//
//	column?                 the column is there: not missing, not null, not blank, no empty list or object
//	= !=                    equal: numbers as numbers also inside text, dates as dates, else the whole text, exactly
//	< <= > >=               in order: as numbers, as dates, else in natural order
//	~ !~                    contains, in it or in a value nested in it, as the search does: in either case unless there is a
//	                        capital; a regular expression after "re:"
//
// Conditions are joined by and, or, not and parentheses. != and !~ hold wherever = and ~ do not, so for items without the
// column too.
//
// A column is named as the table heads it, a nested value by its path (dims.w), what lies in lists with brackets behind each
// (tags[], offers[].price): a condition on that holds where it does for any of it. page and row are the page and the number
// of an item, where no column has that name. A value is true, false, null, missing, a number as anybody writes it
// ($1,299.00), a date or a word. Whatever has spaces stands in quotes: "…" with the escapes of Go, or '…' and `…` as it is.
// For = and != what is quoted is text, so that "10.0" is not "10".
//
// The language has a parser of its own. github.com/expr-lang/expr, the library that was tried for it, knows neither ? nor ~
// nor a word or a price without quotes, all of which are the point here, and takes longer for a row whose values it is
// given boxed than this does for finding and comparing them in the row's JSON.
package filter

import (
	"strings"

	"sbwatch/model/item"
	"sbwatch/model/text"
)

// Expr is a filter that was read from its text. It is a [model.Filter] and is not altered once it is made. The zero Expr
// holds for every item.
type Expr struct {
	text string
	root *node
}

// Parse reads a filter. The error is a [*Error].
func Parse(text string) (Expr, error) {
	p := parser{text: text}
	root, err := p.whole()
	if err != nil {
		return Expr{}, err
	}
	return Expr{text: strings.TrimSpace(text), root: root}, nil
}

// Text is the filter as it was typed, to be edited. It may hold what must not reach a screen.
func (e Expr) Text() string { return e.text }

// Title is the filter as it was typed, made printable.
func (e Expr) Title() string { return text.Printable(e.text) }

// String is the filter in its plainest spelling, which means the same; printable where what was typed is.
func (e Expr) String() string {
	if e.root == nil {
		return ""
	}
	var b strings.Builder
	e.root.write(&b)
	return b.String()
}

// Check tells whether the columns that the filter names are there. The error is a [*Error] for the first that is not, which
// is counted as missing everywhere. A table without items is not judged, nor are values nested in a column.
func (e Expr) Check(items item.Table) error {
	if items.Len() == 0 {
		return nil
	}
	var wrong *Error
	e.root.each(func(c *condition) {
		if wrong != nil || c.column.bound {
			return
		}
		if _, found := resolve(items, c.column.text); !found {
			wrong = unknownColumn(items, c.column)
		}
	})
	if wrong == nil {
		return nil
	}
	return wrong
}

// Error is a filter that cannot be read, or that names a column that is not there.
type Error struct {
	// From and To are the place of the offending word, in bytes of the filter as it was typed. At its end they are the same.
	From, To int
	// Reason says what is wrong, Hint what would be right, both in a few printable words. Hint may be empty.
	Reason, Hint string
}

// Error is the reason and the hint.
func (e *Error) Error() string {
	if e.Hint == "" {
		return e.Reason
	}
	return e.Reason + ": " + e.Hint
}
