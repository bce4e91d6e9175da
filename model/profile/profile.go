package profile

import (
	"time"

	"sbwatch/model/item"
	"sbwatch/model/text"
)

// Profile is what all items of a run are like. It does not change, and is safe to read from anywhere.
type Profile struct {
	// Columns are in table order, what is nested behind what holds it.
	Columns []Column
	// Pages are the pages of the run, in order; none where the source has no pages.
	Pages []Page
	// Duplicates are the items that are there more than once, byte for byte.
	Duplicates Duplicates
	// Findings are what looks wrong, the worst first.
	Findings []Finding

	items    item.Table
	places   map[item.Place]int
	segments segments
	// rare are columns that few items have.
	rare []int
}

// Items is the table that was looked at.
func (p *Profile) Items() item.Table { return p.items }

// Find is the number of the column at a place; false where no item has anything there.
func (p *Profile) Find(place item.Place) (column int, found bool) {
	column, found = p.places[place]
	return column, found
}

// ByConcern are the numbers of the columns, those that look wrong first and otherwise in table order.
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

// Of are the findings about a column, the worst first.
func (p *Profile) Of(column int) []Finding {
	var own []Finding
	for i := range p.Findings {
		if p.Findings[i].Column == column {
			own = append(own, p.Findings[i])
		}
	}
	return own
}

// Column is what the values at one place are like.
type Column struct {
	Place item.Place
	// Level is how deep the column is nested, from 0.
	Level int
	// Of is what Presence adds up to: the items; within lists, the elements or the objects that could have the value.
	Of int
	// Holders is how many objects or lists hold the values: the items, for a column of its own; for "dims.w" those
	// items that have an object there.
	Holders int
	// Presence counts values by what is there, Types those that are present by what they are.
	Presence [Presences]int
	Types    [Types]int
	// Distinct is how many different values are present.
	Distinct Amount
	// Commonest are the values that are there most often, the commonest first: all of them where there are at most
	// [FewValues]; else at most [MaxCommonest], each of which comes twice at least. None where there are more than
	// MaxCommonest and none comes twice.
	Commonest []Value
	// Shortest and Longest are of texts, by characters.
	Shortest, Longest Extreme
	// Numbers is of those values that read as numbers, Dates of those that read as dates.
	Numbers Numbers
	Dates   Dates
	// Markup, Entities and Spaces count the texts with something in them that belongs to the page.
	Markup, Entities, Spaces Mark
	// First and Last are the first and the last item with a value that is present; -1 where there is none.
	First, Last int
	// KeysAreData marks objects with ever different keys, which are not made columns.
	KeysAreData bool
	// Parent is the number of the column that this one is nested in; -1 for none.
	Parent int

	segments      []uint16
	typeFirst     [Types]int
	presenceFirst [Presences]int
	outliers      outliers
	style         style
}

// Covered is how many values are present.
func (c *Column) Covered() int { return c.Presence[Present] }

// Coverage is the share of values that are present, from 0 to 1: of all items; within lists, of what could have one.
func (c *Column) Coverage() float64 {
	if c.Of == 0 {
		return 0
	}
	return float64(c.Covered()) / float64(c.Of)
}

// MainType is the commonest type, and how many of the present values have it.
func (c *Column) MainType() (Type, int) {
	main := Text
	for t := range Type(Types) {
		if c.Types[t] > c.Types[main] {
			main = t
		}
	}
	return main, c.Types[main]
}

// Amount is a number of things.
type Amount struct {
	N int
	// About marks an estimate, some 2 % off as a rule.
	About bool
}

// String writes the amount: "1,204", "about 98,000".
func (a Amount) String() string {
	if !a.About {
		return text.Count(int64(a.N))
	}
	unit := 1
	for a.N/unit >= 1000 {
		unit *= 10
	}
	return "about " + text.Count(int64((a.N+unit/2)/unit*unit))
}

// MaxCommonest is how many common values of a column are kept where there are more than FewValues: of so few all are, to
// choose one of.
const (
	MaxCommonest = 12
	FewValues    = 50
)

// Value is one value of a column.
type Value struct {
	// Text is its beginning.
	Text text.Text
	// Kind tells a text from the same as a number or a list.
	Kind item.CellKind
	// Count is how often it is there; with AtLeast there may be some more.
	Count   int
	AtLeast bool
	// Row is the first item that has it.
	Row int

	place item.Place
	cell  item.Cell
}

// Extreme is the length of a text, in characters, and an item that has it.
type Extreme struct {
	// Known is false where there are no texts.
	Known  bool
	Length int
	Row    int
}

// Mark counts values with something, and names the first item with one.
type Mark struct{ Count, Row int }

// Numbers is what numbers are like, those in texts too.
type Numbers struct {
	// Count is how many there are; the rest is for more than none.
	Count            int
	Min, Median, Max float64
	// MinRow and MaxRow are items with the least and the greatest.
	MinRow, MaxRow int
	// About marks a median and a histogram from a sample.
	About     bool
	Histogram Histogram
}

// Dates is what dates and times are like.
type Dates struct {
	// Count is how many there are; the rest is for more than none.
	Count            int
	Min, Median, Max time.Time
	// MinRow and MaxRow are items with the first and the last.
	MinRow, MaxRow int
	// About marks a median and a histogram from a sample.
	About bool
	// Histogram counts by seconds since 1970, in UTC.
	Histogram Histogram
}

// HistogramBins is the number of bins.
const HistogramBins = 24

// Histogram counts numbers in bins of the same width. Where all are the same, or there are none, it has no bins.
type Histogram struct {
	// From and To are the ends of the bins. A few numbers far out do not widen them: Below and Above count what lies
	// outside.
	From, To     float64
	Bins         []int
	Below, Above int
}

// Page is one page of a run.
type Page struct {
	// Number counts from 1.
	Number int
	// From and To are its items: those from number From up to, but not, number To.
	From, To int
	// Same is how many of its items the page before has too, byte for byte.
	Same int
}

// Len is the number of items.
func (p Page) Len() int { return p.To - p.From }

// Repeats tells whether the page has, item by item or nearly so, what the page before has: pagination that did not move.
func (p Page) Repeats() bool {
	// Of a few items one may well be on two pages, such as a sponsored one.
	return p.Len() > 0 && (p.Same == p.Len() || p.Len() >= 5 && p.Same*10 >= p.Len()*9)
}

// OnPage is how many items of a page, its number from 1, have something present in a column, and how many items there
// are; false where that was not counted, as of columns in lists, or where there are too many columns on too many pages.
func (p *Profile) OnPage(column, page int) (covered, of int, counted bool) {
	of = p.Pages[page-1].Len()
	own := p.Columns[column].segments
	if own == nil {
		return 0, of, p.Columns[column].Covered() == 0
	}
	from, to := p.segments.ofRows(p.Pages[page-1].From, p.Pages[page-1].To)
	for _, n := range own[from:to] {
		covered += int(n)
	}
	return covered, of, true
}
