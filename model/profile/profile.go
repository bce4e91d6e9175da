package profile

import (
	"time"

	"sbwatch/model/item"
	"sbwatch/model/text"
)

// Profile describes the items of a run. It is immutable and safe for concurrent use.
type Profile struct {
	// Columns are in table order, with nested columns after their parents.
	Columns []Column
	// Pages are the pages of the run in order; empty if the source has no pages.
	Pages []Page
	// Duplicates are the items that occur more than once, byte for byte.
	Duplicates Duplicates
	// Findings lists what looks wrong, most severe first.
	Findings []Finding

	items    item.Table
	places   map[item.Place]int
	segments segments
	// rare holds the indexes of columns with values in few items.
	rare []int
}

// Items returns the table that was profiled.
func (p *Profile) Items() item.Table { return p.items }

// Find returns the index of the column at a place. It returns false if no item has a value there.
func (p *Profile) Find(place item.Place) (column int, found bool) {
	column, found = p.places[place]
	return column, found
}

// ScalarPaths returns the paths of columns that contain neither objects nor lists. It omits values inside lists.
func (p *Profile) ScalarPaths() []item.Path {
	var paths []item.Path
	for i := range p.Columns {
		c := &p.Columns[i]
		if path, single := c.Place.Path(); single && c.Types[Object] == 0 && c.Types[List] == 0 && c.Covered() > 0 {
			paths = append(paths, path)
		}
	}
	return paths
}

// ByConcern returns the indexes of all columns. Columns with findings come first, in order of severity. The others are
// in table order.
func (p *Profile) ByConcern() []int {
	order := make([]int, 0, len(p.Columns))
	seen := make([]bool, len(p.Columns))
	for i := range p.Findings {
		if column := p.Findings[i].Column; column >= 0 && !seen[column] {
			seen[column] = true
			order = append(order, column)
		}
	}
	for column := range p.Columns {
		if !seen[column] {
			order = append(order, column)
		}
	}
	return order
}

// Of returns the findings about a column, most severe first.
func (p *Profile) Of(column int) []Finding {
	var own []Finding
	for i := range p.Findings {
		if p.Findings[i].Column == column {
			own = append(own, p.Findings[i])
		}
	}
	return own
}

// Column describes the values of one column, which may be nested or inside lists.
type Column struct {
	Place item.Place
	// Level is the nesting depth, starting at 0.
	Level int
	// Of is the number of possible values: the number of items or, inside lists, the number of elements or of objects.
	// It equals the sum of Presence.
	Of int
	// Holders is the number of objects or lists that can contain the values. For a top-level column, that is the number
	// of items. For "dims.w", it is the number of items that have an object at "dims".
	Holders int
	// Presence counts how many values are present, null, empty or missing. Types counts the present values by their
	// type.
	Presence [item.Presences]int
	Types    [Types]int
	// Distinct is the number of different values.
	Distinct Amount
	// Top are the most frequent values in descending order of frequency. A column with up to [FewValues] different
	// values has all of them in Top. For other columns there are at most [MaxCommonest], and each occurs at least
	// twice.
	Top []Value
	// Shortest and Longest are the lengths of texts in characters.
	Shortest, Longest Extreme
	// Numbers describes the values that are numbers. Dates describes the values that are dates. Both include values
	// written as text.
	Numbers Numbers
	Dates   Dates
	// Markup, Entities, Spaces and Invisible count the texts that contain HTML tags, HTML entities, spaces at the ends,
	// or invisible characters. Ranges counts the texts such as "$10 - $20", which are read as 10, the low end.
	// OtherUnits counts the texts that are not read as numbers because of their unit.
	Markup, Entities, Spaces, Invisible, Ranges, OtherUnits Mark
	// First and Last are the first and last items with a present value, or -1.
	First, Last int
	// KeysAreData marks a column of objects with too many different keys. The keys do not become nested columns.
	KeysAreData bool
	// Parent is the index of the column that contains this column, or -1.
	Parent int

	segments      []uint16
	typeFirst     [Types]int
	presenceFirst [item.Presences]int
	outliers      outliers
	style         style
}

// Covered returns the number of present values.
func (c *Column) Covered() int { return c.Presence[item.Present] }

// Coverage returns the number of present values divided by the number of possible values, from 0 to 1.
func (c *Column) Coverage() float64 { return share(c.Covered(), c.Of) }

// share returns n divided by total, or 0 if total is 0.
func share(n, total int) float64 {
	if total == 0 {
		return 0
	}
	return float64(n) / float64(total)
}

// MainType returns the most frequent type and the number of its values.
func (c *Column) MainType() (Type, int) {
	main := Text
	for t := range Type(Types) {
		if c.Types[t] > c.Types[main] {
			main = t
		}
	}
	return main, c.Types[main]
}

// Amount is a count that may be an estimate.
type Amount struct {
	N int `json:"n"`
	// Estimated is true if the number is an estimate, usually within 2 percent.
	Estimated bool `json:"about,omitempty"`
}

// String formats the amount: "1,204", "about 98,000".
func (a Amount) String() string {
	if !a.Estimated {
		return text.Count(int64(a.N))
	}
	unit := 1
	for a.N/unit >= 1000 {
		unit *= 10
	}
	return "about " + text.Count(int64((a.N+unit/2)/unit*unit))
}

// FewValues is the maximum number of different values of a column for which all values are kept. For a column with
// more, at most MaxCommonest of the most frequent values are kept.
const (
	MaxCommonest = 12
	FewValues    = 50
)

// Value is a frequent value of a column.
type Value struct {
	// Text is the start of the value.
	Text text.Text
	// Kind distinguishes, for example, the text "12" from the number 12.
	Kind item.CellKind
	// Count is the number of times the value occurs. It can be slightly too low if AtLeast is set.
	Count   int
	AtLeast bool
	// Row is the first item that has the value.
	Row int

	place item.Place
	cell  item.Cell
}

// Extreme is the length of a text in characters, and the row of an item with that text.
type Extreme struct {
	// Known is false if there were no texts. In that case, the other fields are 0.
	Known  bool
	Length int
	Row    int
}

// Mark is the number of values with a certain peculiarity, such as markup, and the row of the first item that has such
// a value.
type Mark struct{ Count, Row int }

// Numbers describes numbers, including those in texts.
type Numbers struct {
	// Count is the number of numbers. If it is 0, the other fields are meaningless.
	Count            int
	Min, Median, Max float64
	// MinRow is an item with the value Min, and MaxRow is an item with the value Max.
	MinRow, MaxRow int
	// Estimated is true if the median and the histogram come from a sample.
	Estimated bool
	Histogram Histogram
}

// Dates describes dates and times.
type Dates struct {
	// Count is the number of dates. If it is 0, the other fields are meaningless.
	Count            int
	Min, Median, Max time.Time
	// MinRow is an item with the value Min, and MaxRow is an item with the value Max.
	MinRow, MaxRow int
	// Estimated is true if the median and the histogram come from a sample.
	Estimated bool
	// Histogram counts the dates as seconds since 1970 in UTC.
	Histogram Histogram
}

// HistogramBins is the number of bins in a histogram.
const HistogramBins = 24

// Histogram counts numbers in bins of equal width. It has no bins if all numbers are equal.
type Histogram struct {
	// From is the lower end of the first bin, and To the upper end of the last bin. Below and Above count the outliers
	// on each side, which are in no bin.
	From, To     float64
	Bins         []int
	Below, Above int
}

// Page describes one page of a run.
type Page struct {
	// Number starts at 1.
	Number int
	// The page has the items in [From, To).
	From, To int
	// Same is the number of items that are also on the page before, byte for byte.
	Same int
}

// Len returns the number of items on the page.
func (p Page) Len() int { return p.To - p.From }

// Repeats reports whether the page has all or nearly all items of the page before. If so, the pagination did not
// advance.
func (p Page) Repeats() bool {
	// On a short page, a single repeated item is normal, for example a sponsored one.
	return p.Len() > 0 && (p.Same == p.Len() || p.Len() >= 5 && p.Same*10 >= p.Len()*9)
}

// OnPage counts items on a page: possible is the number of items that could have a value in the column, and covered is
// the number of items that have one. Page numbers start at 1. counted is false for columns inside lists, and if there
// are too many columns and pages to count.
func (p *Profile) OnPage(column, page int) (covered, possible int, counted bool) {
	possible = p.Pages[page-1].Len()
	own := p.Columns[column].segments
	if own == nil {
		return 0, possible, p.Columns[column].Covered() == 0
	}
	from, to := p.segments.ofRows(p.Pages[page-1].From, p.Pages[page-1].To)
	for _, n := range own[from:to] {
		covered += int(n)
	}
	return covered, possible, true
}
