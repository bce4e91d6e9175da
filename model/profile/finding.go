package profile

import "sbwatch/model/item"

// Severity sorts findings by how much they should worry a person.
type Severity int

// The severities.
const (
	// Note is worth knowing, and may well be as it should be.
	Note Severity = iota
	// Doubtful is worth a look.
	Doubtful
	// Bad is data that is wrong or not there.
	Bad
)

// String is the severity in a word.
func (s Severity) String() string {
	switch s {
	case Bad:
		return "bad"
	case Doubtful:
		return "doubtful"
	case Note:
	}
	return "note"
}

// Kind is what a finding is about.
type Kind int

// The kinds of finding, the worse first.
const (
	// NoItems is a table without items. Nothing else is found then.
	NoItems Kind = iota
	// EmptyColumn is a column with nothing present in any item.
	EmptyColumn
	// Stops is a column that is there up to some item or page, and not any more.
	Stops
	// RepeatedPages are pages with the items of the page before.
	RepeatedPages
	// MissingPages are pages without a column that the others have.
	MissingPages
	// Starts is a column that is not there before some item or page.
	Starts
	// EmptyPages are pages without items.
	EmptyPages
	// LowCoverage is a column that is not present in all items.
	LowCoverage
	// DuplicateItems are items that are there more than once.
	DuplicateItems
	// MixedTypes is a column of two types.
	MixedTypes
	// StrayText is a column with texts that have markup, entities or spaces at their ends.
	StrayText
	// Outliers are numbers far away from all others.
	Outliers
	// Constant is a column with the same value everywhere.
	Constant
	kinds
)

// String is a short word for the kind, as in machine-readable output.
func (k Kind) String() string {
	words := [kinds]string{
		"no-items", "empty-column", "column-stops", "repeated-pages", "column-missing-on-pages", "column-starts-late", "empty-pages",
		"low-coverage", "duplicate-items", "mixed-types", "stray-text", "outliers", "constant",
	}
	if k < 0 || k >= kinds {
		return "unknown"
	}
	return words[k]
}

// Finding is something about the items that a person should not have to find out.
type Finding struct {
	Kind     Kind
	Severity Severity
	// Column is the number of the column in the profile; -1 where it is about all items or about pages.
	Column int
	// Pages are the pages that it is about, ascending, their numbers from 1; none where it is not about pages.
	Pages []int
	// Count is how many items, values or pages it is about, of Of.
	Count, Of int
	// Text says it whole, printable: "price is missing from page 7 on (12 of 61 items)".
	Text string
	// Rows are a few of its items, ascending.
	Rows []int

	filter item.Filter
	// weight sorts findings of the same severity and kind.
	weight float64
	// known tells whether Rows are examples already, or where to look for some.
	known examples
}

type examples int

const (
	lookFrom examples = iota
	enough
)

// Filter chooses the items that the finding is about; nil where there are none, as of empty pages.
func (f Finding) Filter() item.Filter { return f.filter }
