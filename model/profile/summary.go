package profile

import (
	"strings"
	"time"

	"sbwatch/model/item"
	"sbwatch/model/text"
)

// Summary is the plain data of a profile, without the items. It can be stored as JSON and compared with the summary of
// another run. It contains everything except findings, histograms and row numbers.
//
// Equal profiles have equal summaries, as reported by [reflect.DeepEqual], even after they were stored as JSON and read
// again. In keys and values that are not valid UTF-8, the invalid bytes are replaced by U+FFFD.
type Summary struct {
	Items int `json:"items"`
	// Pages is the number of pages, or 0 if the source has none. It includes EmptyPages and RepeatedPages.
	Pages         int `json:"pages,omitempty"`
	EmptyPages    int `json:"empty_pages,omitempty"`
	RepeatedPages int `json:"repeated_pages,omitempty"`
	// DuplicateItems is the number of items that equal an earlier item, byte for byte.
	DuplicateItems int             `json:"duplicate_items,omitempty"`
	Columns        []ColumnSummary `json:"columns,omitempty"`
}

// ColumnSummary is one column of a [Summary].
type ColumnSummary struct {
	// Path identifies the column. Name is the path as shown to users; two paths may share a name.
	Path item.Place `json:"path"`
	Name text.Text  `json:"name"`

	// Of is the number of possible values: the number of items or, inside lists, the number of elements or of objects.
	// It is the sum of Covered, Missing, Null and Empty.
	Of      int `json:"of"`
	Covered int `json:"covered"`
	Missing int `json:"missing,omitempty"`
	Null    int `json:"null,omitempty"`
	Empty   int `json:"empty,omitempty"` // empty and blank text, empty lists and objects

	// Types counts the present values by the name of their [Type].
	Types    map[string]int `json:"types,omitempty"`
	Distinct Amount         `json:"distinct"`
	// Numbers is nil if no value is a number. Dates is nil if no value is a date.
	Numbers *NumberSummary `json:"numbers,omitempty"`
	Dates   *DateSummary   `json:"dates,omitempty"`
	// Top are the most frequent values, as in [Column].
	Top []ValueSummary `json:"top,omitempty"`
}

// Coverage returns the share of values that are present, from 0 to 1.
func (c ColumnSummary) Coverage() float64 { return share(c.Covered, c.Of) }

// MainType returns the most frequent type of the present values, or "" if there are none. If several types are equally
// frequent, it returns the first in alphabetical order.
func (c ColumnSummary) MainType() string {
	best := ""
	for name, n := range c.Types {
		if n > c.Types[best] || n == c.Types[best] && name < best {
			best = name
		}
	}
	return best
}

// NumberSummary describes the numbers of a column. Estimated is true if the median comes from a sample.
type NumberSummary struct {
	Count     int     `json:"count"`
	Min       float64 `json:"min"`
	Median    float64 `json:"median"`
	Max       float64 `json:"max"`
	Estimated bool    `json:"estimated,omitempty"`
}

// DateSummary describes the dates of a column. Times are in UTC.
type DateSummary struct {
	Count int       `json:"count"`
	Min   time.Time `json:"min"`
	Max   time.Time `json:"max"`
}

// ValueSummary is a frequent value. Text is the start of the value. If AtLeast is true, Count may be slightly too low.
type ValueSummary struct {
	Text    text.Text `json:"text"`
	Count   int       `json:"count"`
	AtLeast bool      `json:"at_least,omitempty"`
}

// Summary returns the profile as plain data.
func (p *Profile) Summary() Summary {
	s := Summary{Items: p.items.Len(), Pages: len(p.Pages), DuplicateItems: p.Duplicates.Extra()}
	for _, page := range p.Pages {
		if page.Len() == 0 {
			s.EmptyPages++
		}
		if page.Repeats() {
			s.RepeatedPages++
		}
	}
	for i := range p.Columns {
		s.Columns = append(s.Columns, p.Columns[i].summary())
	}
	return s
}

func (c *Column) summary() ColumnSummary {
	s := ColumnSummary{
		Path: c.Place.ToValidUTF8(), Name: validText(c.Place.Name()),
		Of: c.Of, Covered: c.Covered(), Missing: c.Presence[item.Missing], Null: c.Presence[item.Null], Distinct: c.Distinct,
	}
	s.Empty = s.Of - s.Covered - s.Missing - s.Null
	for t := range Type(Types) {
		if n := c.Types[t]; n > 0 {
			if s.Types == nil {
				s.Types = map[string]int{}
			}
			s.Types[t.String()] = n
		}
	}
	if n := c.Numbers; n.Count > 0 {
		s.Numbers = &NumberSummary{Count: n.Count, Min: n.Min, Median: n.Median, Max: n.Max, Estimated: n.Estimated}
	}
	if d := c.Dates; d.Count > 0 {
		s.Dates = &DateSummary{Count: d.Count, Min: d.Min, Max: d.Max}
	}
	for _, value := range c.Top {
		s.Top = append(s.Top, ValueSummary{Text: validText(value.Text), Count: value.Count, AtLeast: value.AtLeast})
	}
	return s
}

func validText(t text.Text) text.Text { return text.NewText(strings.ToValidUTF8(t.Raw(), "\ufffd")) }
