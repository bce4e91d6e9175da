package profile

import (
	"bytes"
	"slices"
	"strconv"
	"strings"

	"sbwatch/model/item"
	"sbwatch/model/text"
)

// placeFilter chooses items by one of their values at a place.
type placeFilter struct {
	title string
	place item.Place
	is    func(item.Cell) bool
}

// Title names the filter.
func (f placeFilter) Title() string { return f.title }

// Picker applies the filter to a table.
func (f placeFilter) Picker(items item.Table) item.Picker {
	values := items.PlaceReader(f.place)
	return item.PickEach(func(row int) bool { return values.Any(row, f.is) })
}

// Without chooses the items in which the value is not present, be it missing, null, blank or empty.
func Without(place item.Place) item.Filter {
	return placeFilter{"without " + nameOf(place), place, func(c item.Cell) bool { return PresenceOf(c) != Present }}
}

// without chooses the items that lack what could be there: of a nested value, those that have what holds it.
func (p *Profile) without(c *Column) item.Filter {
	if c.Parent < 0 || c.Place.IsElements() {
		return Without(c.Place)
	}
	last := c.Place.LastKey()
	return placeFilter{"without " + c.name(), p.Columns[c.Parent].Place, func(holder item.Cell) bool {
		return holder.Kind() == item.CellObject && PresenceOf(holder.Child(last)) != Present
	}}
}

// withoutIn is without, of the items from number from up to, but not, number to. where says which these are.
func (p *Profile) withoutIn(c *Column, where string, from, to int) item.Filter {
	return both{"without " + c.name() + " " + where, p.without(c), rowRange{from, to}}
}

// both chooses what two filters choose.
type both struct {
	title         string
	first, second item.Filter
}

// Title names the filter.
func (f both) Title() string { return f.title }

// Picker applies the filter to a table.
func (f both) Picker(items item.Table) item.Picker {
	return &bothPicker{first: f.first.Picker(items), second: f.second.Picker(items)}
}

type bothPicker struct {
	first, second item.Picker
	some          []uint32
}

// Pick lets the one choose from what the other has chosen.
func (p *bothPicker) Pick(picked, rows []uint32) []uint32 {
	p.some = p.second.Pick(p.some[:0], rows)
	return p.first.Pick(picked, p.some)
}

// rowRange chooses the items from one up to, but not, another.
type rowRange struct{ from, to int }

// Title names the items by their numbers.
func (r rowRange) Title() string {
	return "items " + text.Count(int64(r.from)+1) + " to " + text.Count(int64(r.to))
}

// Picker applies the filter to a table.
func (r rowRange) Picker(item.Table) item.Picker {
	return item.PickEach(func(row int) bool { return row >= r.from && row < r.to })
}

// WithPresence chooses the items whose value is there, or not, in one certain way.
func WithPresence(place item.Place, presence Presence) item.Filter {
	return placeFilter{nameOf(place) + " " + presence.String(), place, func(c item.Cell) bool { return PresenceOf(c) == presence }}
}

// WithType chooses the items with a value of a type, read as the column writes its values.
func (c *Column) WithType(kind Type) item.Filter {
	return c.withTypes(c.name()+" as "+kind.String(), func(t Type) bool { return t == kind })
}

func (c *Column) withTypes(title string, is func(Type) bool) item.Filter {
	as := c.style
	return placeFilter{title, c.Place, func(cell item.Cell) bool { return PresenceOf(cell) == Present && is(valueOf(cell, as).kind) }}
}

// WithStray chooses the items with a text that has one of these in it.
func WithStray(place item.Place, stray Stray) item.Filter {
	return placeFilter{stray.String() + " in " + nameOf(place), place, func(c item.Cell) bool {
		return PresenceOf(c) == Present && valueOf(c, style{}).stray&stray != 0
	}}
}

// valueOf judges a value that stands alone.
func valueOf(c item.Cell, as style) value {
	var text []byte
	if c.Kind() == item.CellString {
		text = []byte(c.Text().Raw())
	}
	return judge(c.Kind(), c.Raw(), text, as)
}

// Filter chooses the items that have the value.
func (v Value) Filter() item.Filter {
	return placeFilter{nameOf(v.place) + " = " + v.String(), v.place, func(c item.Cell) bool { return isSame(c, v.cell) }}
}

// String is the value as it is told of, printable and short; texts are in quotes.
func (v Value) String() string {
	if v.Kind == item.CellString {
		return `"` + cutTitle(v.Text.String()) + `"`
	}
	return cutTitle(v.Text.String())
}

// nameOf is a place in a text of words: short, and in quotes where it would not be seen.
func nameOf(place item.Place) string {
	name := cutTitle(place.String())
	if strings.TrimSpace(name) != name || name == "" {
		return `"` + name + `"`
	}
	return name
}

func (c *Column) name() string { return nameOf(c.Place) }

// maxTitle is how long a value in a title may be, in characters.
const maxTitle = 40

func cutTitle(text string) string {
	if runes := []rune(text); len(runes) > maxTitle {
		return string(runes[:maxTitle-1]) + "…"
	}
	return text
}

// isSame tells whether two values are the same: texts by what they say, all else as it was sent.
func isSame(a, b item.Cell) bool {
	if a.Kind() != b.Kind() {
		return false
	}
	return bytes.Equal(a.Raw(), b.Raw()) || a.Kind() == item.CellString && a.Text() == b.Text()
}

// SameItem chooses the items that are, byte for byte, as one of a table is.
func SameItem(items item.Table, row int) item.Filter {
	return placeFilter{"same as item " + text.Count(int64(row)+1), item.Place{}, func(c item.Cell) bool { return bytes.Equal(c.Raw(), items.Row(row)) }}
}

// SameKey chooses the items that have the value at a path that one item of a table has there.
func SameKey(items item.Table, path item.Path, row int) item.Filter {
	cell := items.At(row, path)
	return placeFilter{
		"same " + path.Name().String() + " as item " + text.Count(int64(row)+1), item.PlaceOf(path),
		func(c item.Cell) bool { return isSame(c, cell) },
	}
}

// pageFilter chooses items by their pages.
type pageFilter struct{ pages []int }

// OnPages chooses the items of some pages, their numbers from 1.
func OnPages(pages ...int) item.Filter { return pageFilter{slices.Sorted(slices.Values(pages))} }

// Title names the pages.
func (f pageFilter) Title() string { return pageList(f.pages) }

// Picker applies the filter to a table.
func (f pageFilter) Picker(items item.Table) item.Picker {
	return item.PickEach(func(row int) bool {
		_, found := slices.BinarySearch(f.pages, items.Page(row))
		return found
	})
}

// pageList names pages: "page 7", "pages 3 to 8", "pages 2, 4, 9 and 3 more".
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

// rowFilter chooses certain items of one table.
type rowFilter struct {
	title string
	rows  []uint32 // ascending
}

// Title names the filter.
func (f rowFilter) Title() string { return f.title }

// Picker applies the filter. In another table than the one it is about it chooses items by their places.
func (f rowFilter) Picker(item.Table) item.Picker { return f }

// Pick takes what both lists have.
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

// fence is what numbers that are not outliers lie within.
type fence struct{ low, high float64 }

// outside chooses the items with a number beyond a fence.
func outside(place item.Place, f fence, as style, title string) item.Filter {
	return placeFilter{title, place, func(c item.Cell) bool {
		if PresenceOf(c) != Present {
			return false
		}
		var text []byte
		if c.Kind() == item.CellString {
			text = []byte(c.Preview(maxNumber * 6).Raw())
		}
		v := judge(c.Kind(), c.Raw(), text, as)
		return (v.kind == Number || v.kind == NumberInText) && (v.number < f.low || v.number > f.high)
	}}
}
