package profile

import "sbwatch/model/item"

// Severity says how serious a finding is.
type Severity int

// The severities.
const (
	// Note is the severity of something that is worth knowing, but may be intended.
	Note Severity = iota
	// Warning may be an error in the recipe or on the site.
	Warning
	// Error is wrong or missing data.
	Error
)

// String returns "note", "warning" or "error".
func (s Severity) String() string {
	switch s {
	case Error:
		return "error"
	case Warning:
		return "warning"
	case Note:
	}
	return "note"
}

// Kind says what a finding is about.
type Kind int

// The kinds of findings, most serious first.
const (
	// NoItems is a table without items. Such a table has no other findings.
	NoItems Kind = iota
	// EmptyColumn is a column without any present value.
	EmptyColumn
	// Stops is a column that is absent from a certain item or page onward.
	Stops
	// RepeatedPages are pages with the same items as the page before.
	RepeatedPages
	// MissingPages are pages without a column that other pages have.
	MissingPages
	// Starts is a column that is absent up to a certain item or page.
	Starts
	// EmptyPages are pages without items.
	EmptyPages
	// LowCoverage is a column that is absent in some items.
	LowCoverage
	// DuplicateItems are items that occur more than once.
	DuplicateItems
	// MixedTypes is a column with values of several types.
	MixedTypes
	// MixedUnits is a column of numbers with units that cannot be compared.
	MixedUnits
	// StrayText is a column of texts with markup, entities, invisible characters, or spaces at their ends.
	StrayText
	// Ranges are ranges, such as "$10 - $20", in a column of numbers.
	Ranges
	// Outliers are numbers far from all others.
	Outliers
	// Constant is a column with the same value everywhere.
	Constant
	kinds
)

// String returns the kind as written in JSON output: "column-stops".
func (k Kind) String() string {
	words := [kinds]string{
		"no-items", "empty-column", "column-stops", "repeated-pages", "column-missing-on-pages", "column-starts-late", "empty-pages",
		"low-coverage", "duplicate-items", "mixed-types", "mixed-units", "stray-text", "ranges", "outliers", "constant",
	}
	if k < 0 || k >= kinds {
		return "unknown"
	}
	return words[k]
}

// Finding is something about the items that looks wrong or that users should know.
type Finding struct {
	Kind     Kind
	Severity Severity
	// Column is the index of the column in [Profile.Columns]. It is -1 if the finding is about all items or about
	// pages.
	Column int
	// Pages are the numbers of the affected pages in ascending order, starting at 1. Pages is empty if the finding is
	// not about pages.
	Pages []int
	// Count is the number of affected items, values or pages. Of is the number of all items, values or pages.
	Count, Of int
	// Text is the finding as a printable sentence: "price is missing from page 7 on (12 of 61 items)".
	Text string
	// Rows are the row numbers of some affected items, in ascending order.
	Rows []int

	filter item.Filter
	// weight sorts the findings that have the same severity and kind, highest weight first.
	weight float64
	// examples is the constant complete if Rows holds the examples. If it is searchFrom, the search for examples starts
	// at the first of Rows.
	examples examples
}

type examples int

const (
	searchFrom examples = iota
	complete
)

// Filter returns a filter for the affected items. It returns nil if no items are affected, for example if pages are
// empty.
func (f Finding) Filter() item.Filter { return f.filter }
