// Package compute implements the language of computed columns: one line such as
//
//	unit price = round(price / size, 2)
//
// [Parse] turns a line into a [Formula], [Formula.On] applies it to a table, and [Complete] completes the word at the
// cursor. [Formula.Check] reports columns that a table does not have. Errors are of type [*lang.Error] and point at the
// word that is wrong.
//
// A formula may begin with a name and "=". The rest is an expression:
//
//	price  dims.w           a column or a nested value, named as in the table; `in-stock` in backquotes if necessary
//	12  1.5  "text"  true   a number, text, true or false
//	+ - * / %               arithmetic with numbers and text such as $1,299.00; + joins text that is not a number
//	&                       joins text; an absent value counts as empty text
//	= != < <= > >=          compare as numbers if both values are numbers, otherwise as text
//	and or not ( )
//	if(a > 0, b, c)         and the other functions that [Syntax] lists
//
// The result of a division by zero is absent, and so is the result of an operation on an absent value. Absent values
// are missing keys, null, empty text and, where a number is needed, text that is not a number.
//
// Integers are exact up to 300 digits, also in comparisons. Other numbers have 15 significant digits, so 0.1 + 0.2 is
// 0.3.
package compute

import (
	"errors"
	"slices"
	"strings"
	"unicode/utf8"

	"sbwatch/model/item"
	"sbwatch/model/lang"
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

type column struct {
	name     string
	from, to int
}

// Parse parses a formula. Errors are of type [*lang.Error].
func Parse(line string) (Formula, error) {
	p := parser{lexer: lexer{text: line}}
	f := Formula{line: line}
	if len(line) > maxLength {
		return f, &lang.Error{From: maxLength, To: len(line), Reason: "the formula is too long"}
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

// Check returns an error if the formula names a column that the table does not have. The error is a [*lang.Error] about
// the first such column. Check accepts any formula if the table is empty.
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

// CheckBefore is like [Formula.Check], for the first of several formulas, of which each can only use the columns of earlier
// ones. items are the items with the columns of the earlier formulas, and later are the names of the columns of the later
// ones. If the formula names one of these, or its own column, the error says so, and contains hint as the next step.
func (f Formula) CheckBefore(items item.Table, later []string, hint string) error {
	err := f.Check(items)
	unknown, isUnknown := errors.AsType[*lang.Error](err)
	if !isUnknown {
		return err
	}
	i := slices.IndexFunc(f.columns, func(c column) bool { return c.from == unknown.From })
	switch {
	case i < 0:
	case f.columns[i].name == f.name:
		return &lang.Error{From: unknown.From, To: unknown.To, Reason: "a formula cannot use its own column", Hint: "give the column another name, as in other = formula"}
	case slices.Contains(later, f.columns[i].name):
		name := lang.Excerpt(quoteName(f.columns[i].name))
		return &lang.Error{From: unknown.From, To: unknown.To, Reason: "a later formula computes " + name, Hint: hint}
	}
	return err
}

// unknownColumn returns the error for a column that does not exist. line is the formula.
func unknownColumn(items item.Table, c column, line string) *lang.Error {
	names := items.ColumnNames()
	for name := range names { // a column name with symbols may have been parsed as an expression
		if len(name) > len(c.name) && c.to <= len(line) && strings.HasPrefix(name, c.name) && strings.HasPrefix(line[min(c.from, len(line)):], name) {
			return &lang.Error{From: c.from, To: c.to, Reason: "no column " + lang.Excerpt(quoteName(c.name)), Hint: "write " + lang.Excerpt(quoteName(name))}
		}
	}
	return lang.UnknownColumn(c.from, c.to, c.name, text.Nearest(c.name, names), names, quoteName)
}
