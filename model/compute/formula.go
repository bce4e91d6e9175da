// Package compute implements the language of computed columns: one line such as
//
//	unit price = round(price / size, 2)
//
// [Parse] turns a line into a [Formula], [Formula.On] applies it to a table, and [Complete] completes the word at the
// cursor. [Formula.Check] reports columns that a table does not have. Errors are of type [*Error] and point at the word
// that is wrong.
//
// A formula may begin with a name and "=". The rest is an expression:
//
//	price  dims.w           a column or a nested value, named as in the table; `in-stock` in backquotes if necessary
//	12  1.5  "text"  true   a number, text, true or false
//	+ - * / %               arithmetic with numbers, also inside text: $1,299.00; + joins text that is not a number
//	&                       joins text; an absent value counts as empty text
//	= != < <= > >=          comparisons of numbers, otherwise of text
//	and or not ( )
//	if(a > 0, b, c)         and the other functions that [Syntax] lists
//
// The result of a division by zero is absent, and so is the result of an operation on an absent value. Absent values
// are missing keys, null, empty text and, where a number is needed, text that is not a number. Numbers have 15
// significant digits, so 0.1 + 0.2 is 0.3.
package compute

import (
	"slices"
	"strings"
	"unicode/utf8"

	"sbwatch/model/item"
	"sbwatch/model/text"
)

// Limits of a formula.
const (
	maxLength = 2000 // in bytes
	maxName   = 200
	maxDepth  = 100
)

// Formula is a parsed formula. It is immutable.
type Formula struct {
	name string
	line string // the formula as it was typed
	root *node
	// columns are the columns that the formula reads, each once.
	columns []column
}

// column is a column name as typed.
type column struct {
	name     string
	from, to int
}

// Parse parses a formula. Errors are of type [*Error].
func Parse(line string) (Formula, error) {
	p := parser{lexer: lexer{text: line}}
	f := Formula{line: line}
	if len(line) > maxLength {
		return f, &Error{maxLength, len(line), "the formula is too long", ""}
	}
	root, err := p.parse()
	if err != nil {
		return f, err
	}
	f.root, f.columns, f.name = root, p.columns, p.name
	if f.name == "" {
		f.name = text.Shorten(strings.TrimSpace(line[p.body:]), maxName)
	}
	f.name = strings.ToValidUTF8(f.name, string(utf8.RuneError))
	return f, nil
}

// Name returns the name of the column: the name before "=", or the whole expression if there is none.
func (f Formula) Name() string { return f.name }

// Text returns the formula as it was typed, for editing. It may contain unprintable characters.
func (f Formula) Text() string { return strings.TrimSpace(f.line) }

// Reads reports whether the formula reads the column called name.
func (f Formula) Reads(name string) bool {
	return slices.ContainsFunc(f.columns, func(c column) bool { return c.name == name })
}

// Check returns an error if the formula names a column that the table does not have. The error is a [*Error] about the
// first such column. Check accepts any formula if the table is empty.
func (f Formula) Check(items item.Table) error {
	if items.Len() == 0 {
		return nil
	}
	for _, c := range f.columns {
		if _, found := find(items, c.name); !found {
			return unknownColumn(items, c, f.line)
		}
	}
	return nil
}

// Error describes a formula that is invalid or that names an unknown column.
type Error struct {
	// From and To are the byte offsets of the wrong word in the formula. They are equal if the error is at the end of
	// the formula.
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

// excerpt returns a short and printable form of s, for use in an error.
func excerpt(s string) string { return text.Line(text.NewText(s), 60) }

// unknownColumn returns the error for a column that does not exist. line is the formula.
func unknownColumn(items item.Table, c column, line string) *Error {
	err := &Error{From: c.from, To: c.to, Reason: "no column " + excerpt(quoteName(c.name))}
	names := func(yield func(string) bool) {
		for _, column := range items.Columns() {
			if !yield(column.Name.Raw()) {
				return
			}
		}
	}
	for name := range names { // a column name with symbols may have been parsed as an expression
		if len(name) > len(c.name) && c.to <= len(line) && strings.HasPrefix(name, c.name) && strings.HasPrefix(line[min(c.from, len(line)):], name) {
			err.Hint = "write " + excerpt(quoteName(name))
			return err
		}
	}
	if near := text.Nearest(c.name, names); near != "" {
		err.Hint = "did you mean " + excerpt(quoteName(near)) + "?"
		return err
	}
	const limit = 5
	var some []string
	for name := range names {
		if len(some) == limit {
			some = append(some, "…")
			break
		}
		some = append(some, excerpt(quoteName(name)))
	}
	err.Hint = "columns are " + strings.Join(some, ", ")
	return err
}
