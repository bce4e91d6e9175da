// Package filter implements the language that selects items by their columns: one line such as
//
//	price > 20 and brand ~ acme and not rating?
//
// [Parse] turns a line into an [Expr], which is an [item.Filter]. [Expr.Check] reports columns that a table does not
// have, [Complete] completes the word at the cursor, and [ForValue] builds a filter for a single value. Errors are of
// type [*lang.Error] and point at the word that is wrong.
//
// A condition is a column, an operator and usually a value:
//
//	column?                 the column has a value: not missing, null, blank, or an empty list or object
//	= !=                    equal: as numbers (the text $5.00 equals 5), as dates, or else as the whole text
//	< <= > >=               ordered: as numbers, as dates, or else in natural order
//	~ !~                    contains, also in nested values: ignores case unless the value has a capital letter;
//	                        a regular expression follows "re:"
//
// Conditions are combined with and, or, not and parentheses. != and !~ match all items that = and ~ do not match, even
// items without the column.
//
// A column is named as in the table header. Nested values are named by their path (dims.w), and list elements by
// brackets (tags[], offers[].price); a condition on list elements matches if any element does. The names "page" and
// "row" stand for the page and the row number of an item, unless a column has that name. A value is true, false, null,
// missing, a number in any common notation ($1,299.00), a date or a word. Values and names with spaces are quoted: "…"
// with the escapes of Go, or '…' and `…` without escapes. With = and !=, a quoted value is text, so "10.0" does not
// equal "10".
//
// The language has its own parser. github.com/expr-lang/expr, which was tried first, does not support ?, ~, unquoted
// words and prices. It is also slower, because it needs Go values, whereas this package finds and compares values in
// the JSON of the row.
package filter

import (
	"strings"

	"sbwatch/model/item"
	"sbwatch/model/lang"
	"sbwatch/model/text"
)

// Expr is a parsed filter. It implements [item.Filter] and is immutable. The zero Expr matches every item.
type Expr struct {
	text string
	root *node
}

// Parse parses a filter. Errors are of type [*lang.Error].
func Parse(text string) (Expr, error) {
	p := parser{text: text}
	root, err := p.parse()
	if err != nil {
		return Expr{}, err
	}
	return Expr{text: strings.TrimSpace(text), root: root}, nil
}

// Text returns the filter as it was typed, for editing. It may contain unprintable characters.
func (e Expr) Text() string { return e.text }

// Title returns the filter as it was typed, made printable.
func (e Expr) Title() string { return text.Printable(e.text) }

// String returns the filter in its canonical form, which parses to the same filter.
func (e Expr) String() string {
	if e.root == nil {
		return ""
	}
	var b strings.Builder
	e.root.write(&b)
	return b.String()
}

// Check returns an error if the filter names a column that the table does not have. The error is a [*lang.Error] about
// the first such column. Check ignores nested values, and it accepts any filter if the table is empty.
func (e Expr) Check(items item.Table) error {
	if items.Len() == 0 {
		return nil
	}
	var wrong *lang.Error
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
