package profile

import (
	"bytes"
	"slices"
	"strconv"
	"strings"

	"sbwatch/model/item"
	"sbwatch/model/text"
)

type placeFilter struct {
	title string
	place item.Place
	is    func(item.Cell) bool
}

// Title returns the name of the filter.
func (f placeFilter) Title() string { return f.title }

// Picker returns a picker that applies the filter to a table.
func (f placeFilter) Picker(items item.Table) item.Picker {
	values := items.PlaceReader(f.place)
	return item.PickEach(func(row int) bool { return values.Any(row, f.is) })
}

// Without returns a filter for the items whose value is absent: missing, null, blank or empty.
func Without(place item.Place) item.Filter {
	return placeFilter{"without " + nameOf(place), place, func(c item.Cell) bool { return c.Presence() != item.Present }}
}

// without returns a filter for the items that lack a value of a column. For a nested column, it leaves out items that
// lack the whole object around the value.
func (p *Profile) without(c *Column) item.Filter {
	if c.Parent < 0 || c.Place.IsElements() {
		return Without(c.Place)
	}
	last := c.Place.LastKey()
	return placeFilter{"without " + c.name(), p.Columns[c.Parent].Place, func(holder item.Cell) bool {
		return holder.Kind() == item.CellObject && holder.Child(last).Presence() != item.Present
	}}
}

// withoutIn is like the method without, but only for the items in [from, to). The parameter where describes these
// items.
func (p *Profile) withoutIn(c *Column, where string, from, to int) item.Filter {
	return both{"without " + c.name() + " " + where, p.without(c), rowRange{from, to}}
}

// both is a filter for the items that two other filters both select.
type both struct {
	title         string
	first, second item.Filter
}

// Title returns the name of the filter.
func (f both) Title() string { return f.title }

// Picker returns a picker that applies the filter to a table.
func (f both) Picker(items item.Table) item.Picker {
	return &bothPicker{first: f.first.Picker(items), second: f.second.Picker(items)}
}

type bothPicker struct {
	first, second item.Picker
	some          []uint32
}

// Pick applies the second filter to the rows, and then the first filter to the rows that remain.
func (p *bothPicker) Pick(picked, rows []uint32) []uint32 {
	p.some = p.second.Pick(p.some[:0], rows)
	return p.first.Pick(picked, p.some)
}

type rowRange struct{ from, to int }

// OnRow returns a filter for the item in a row of the table. Rows are counted from 0.
func OnRow(row int) item.Filter { return rowRange{row, row + 1} }

// Title returns the numbers of the items, such as "items 3 to 8".
func (r rowRange) Title() string {
	if r.to == r.from+1 {
		return "item " + text.Count(int64(r.to))
	}
	return "items " + text.Count(int64(r.from)+1) + " to " + text.Count(int64(r.to))
}

// Picker returns a picker that applies the filter to a table.
func (r rowRange) Picker(item.Table) item.Picker {
	return item.PickEach(func(row int) bool { return row >= r.from && row < r.to })
}

// WithPresence returns a filter for the items whose value at a place has the given presence, such as null.
func WithPresence(place item.Place, presence item.Presence) item.Filter {
	return placeFilter{nameOf(place) + " " + presence.String(), place, func(c item.Cell) bool { return c.Presence() == presence }}
}

// WithType returns a filter for the items that have a value of a type. The filter determines types as the profile does.
func (c *Column) WithType(kind Type) item.Filter {
	return c.withTypes(c.name()+" as "+kind.String(), func(t Type) bool { return t == kind })
}

// WithTypes returns a filter for the items that have a value of a type for which isWanted returns true. The name of the
// filter is the name of the column, followed by title.
func (c *Column) WithTypes(title string, isWanted func(Type) bool) item.Filter {
	return c.withTypes(c.name()+" "+title, isWanted)
}

func (c *Column) withTypes(title string, is func(Type) bool) item.Filter {
	as := c.style
	return placeFilter{title, c.Place, func(cell item.Cell) bool { return cell.Presence() == item.Present && is(valueOf(cell, as).kind) }}
}

// WithStray returns a filter for the items whose text has at least one of the peculiarities in stray, such as markup.
func (c *Column) WithStray(stray Stray) item.Filter {
	as := c.style
	return placeFilter{stray.String() + " in " + c.name(), c.Place, func(cell item.Cell) bool {
		return cell.Presence() == item.Present && valueOf(cell, as).stray&stray != 0
	}}
}

// valueOf determines the type of a single value.
func valueOf(c item.Cell, as style) value {
	var text []byte
	if c.Kind() == item.CellString {
		text = []byte(c.Text().Raw())
	}
	return classify(c.Kind(), c.Raw(), text, &as, nil)
}

// Filter returns a filter for the items that have the value.
func (v Value) Filter() item.Filter {
	cell := cloned(v.cell)
	return placeFilter{nameOf(v.place) + " = " + v.String(), v.place, func(c item.Cell) bool { return isSame(c, cell) }}
}

// String returns the value in printable and shortened form. Text is quoted.
func (v Value) String() string {
	if v.Kind == item.CellString {
		return `"` + cutTitle(v.Text.String()) + `"`
	}
	return cutTitle(v.Text.String())
}

// nameOf returns the name of a place for use in a sentence. Long names are shortened. Names that are empty or have
// spaces at their ends are quoted.
func nameOf(place item.Place) string {
	name := cutTitle(place.String())
	if strings.TrimSpace(name) != name || name == "" {
		return `"` + name + `"`
	}
	return name
}

func (c *Column) name() string { return nameOf(c.Place) }

// maxTitle is the maximum length of a value in a title, in characters.
const maxTitle = 40

func cutTitle(text string) string {
	if runes := []rune(text); len(runes) > maxTitle {
		return string(runes[:maxTitle-1]) + "…"
	}
	return text
}

// isSame reports whether two values are equal. It compares the decoded text of strings, and the JSON of other values.
func isSame(a, b item.Cell) bool {
	if a.Kind() != b.Kind() {
		return false
	}
	return bytes.Equal(a.Raw(), b.Raw()) || a.Kind() == item.CellString && a.Text() == b.Text()
}

// cloned returns a copy of a value. A filter that held the value itself would keep the text of all items in memory.
func cloned(c item.Cell) item.Cell { return item.NewCell(bytes.Clone(c.Raw())) }

// SameItem returns a filter for the items that equal the item in a row, byte for byte.
func SameItem(items item.Table, row int) item.Filter {
	same := bytes.Clone(items.Row(row))
	return placeFilter{"same as item " + text.Count(int64(row)+1), item.Place{}, func(c item.Cell) bool { return bytes.Equal(c.Raw(), same) }}
}

// SameKey returns a filter for the items whose value at path equals that of the item in a row.
func SameKey(items item.Table, path item.Path, row int) item.Filter {
	cell := cloned(items.At(row, path))
	return placeFilter{
		"same " + path.Name().String() + " as item " + text.Count(int64(row)+1), item.PlaceOf(path),
		func(c item.Cell) bool { return isSame(c, cell) },
	}
}

type pageFilter struct{ pages []int }

// OnPages returns a filter for the items of some pages. Page numbers start at 1.
func OnPages(pages ...int) item.Filter { return pageFilter{slices.Sorted(slices.Values(pages))} }

// Title returns the page numbers.
func (f pageFilter) Title() string { return pageList(f.pages) }

// Picker returns a picker that applies the filter to a table.
func (f pageFilter) Picker(items item.Table) item.Picker {
	return item.PickEach(func(row int) bool {
		_, found := slices.BinarySearch(f.pages, items.Page(row))
		return found
	})
}

// pageList formats page numbers: "page 7", "pages 3 to 8", "pages 2, 4, 9 and 3 more".
func pageList(pages []int) string {
	switch n := len(pages); {
	case n == 0:
		return "no page"
	case n == 1:
		return "page " + strconv.Itoa(pages[0])
	case n > 2 && pages[n-1]-pages[0] == n-1:
		return "pages " + strconv.Itoa(pages[0]) + " to " + strconv.Itoa(pages[n-1])
	}
	var named []string
	for _, page := range pages[:min(len(pages), 5)] {
		named = append(named, strconv.Itoa(page))
	}
	rest := len(pages) - len(named)
	if rest > 0 {
		return "pages " + strings.Join(named, ", ") + " and " + strconv.Itoa(rest) + " more"
	}
	last := len(named) - 1
	return "pages " + strings.Join(named[:last], ", ") + " and " + named[last]
}

type rowFilter struct {
	title string
	rows  []uint32 // ascending
}

// Title returns the name of the filter.
func (f rowFilter) Title() string { return f.title }

// Picker returns the filter itself. It selects the same row numbers in every table.
func (f rowFilter) Picker(item.Table) item.Picker { return f }

// Pick appends to picked those of the given rows that are also in the list of the filter.
func (f rowFilter) Pick(picked, rows []uint32) []uint32 {
	if len(rows) == 0 {
		return picked
	}
	at, _ := slices.BinarySearch(f.rows, rows[0])
	for _, row := range rows {
		for at < len(f.rows) && f.rows[at] < row {
			at++
		}
		if at < len(f.rows) && f.rows[at] == row {
			picked = append(picked, row)
		}
	}
	return picked
}

// fence is the range of numbers that are not outliers.
type fence struct{ low, high float64 }

// outside returns a filter for the items with a number below f.low or above f.high.
func outside(place item.Place, f fence, as style, title string) item.Filter {
	return placeFilter{title, place, func(c item.Cell) bool {
		if c.Presence() != item.Present {
			return false
		}
		var text []byte
		if c.Kind() == item.CellString {
			text = []byte(c.Preview(maxNumber * 6).Raw())
		}
		v := classify(c.Kind(), c.Raw(), text, &as, nil)
		return (v.kind == Number || v.kind == NumberInText) && (v.number < f.low || v.number > f.high)
	}}
}
