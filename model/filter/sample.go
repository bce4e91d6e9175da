package filter

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strings"

	"sbwatch/model/item"
	"sbwatch/model/parse"
)

// Limits of the sample that completion reads: items, bytes, places, nesting depth, distinct values per column, and
// bytes per value.
const (
	maxSampleItems    = 300
	maxSampleBytes    = 1 << 20
	maxSamplePlaces   = 500
	maxSampleDepth    = 6
	maxDistinctValues = 40
	maxValueLen       = 60
)

// kindCounts counts values by kind. Text that looks like a number counts as a number. Text that looks like a date
// counts as a date.
type kindCounts struct{ numbers, dates, texts, bools, lists, objects int }

// add counts a value.
func (k *kindCounts) add(cell item.Cell) {
	switch cell.Kind() {
	case item.CellNumber:
		k.numbers++
	case item.CellBool:
		k.bools++
	case item.CellArray:
		k.lists++
	case item.CellObject:
		k.objects++
	case item.CellString:
		text := []byte(cell.Preview(maxValueLen + 2).Raw())
		if _, ok := (parse.Numbers{}).Number(text); ok {
			k.numbers++
		} else if _, ok := parse.Date(text); ok {
			k.dates++
		} else if len(bytes.TrimSpace(text)) > 0 {
			k.texts++
		}
	case item.CellMissing, item.CellNull:
	}
}

// isOrdered reports whether most of the values are numbers or dates.
func (k kindCounts) isOrdered() bool { return k.numbers+k.dates > k.texts+k.bools+k.lists+k.objects }

// String returns the most common kind, such as "number".
func (k kindCounts) String() string {
	name, count := "", 0
	for _, kind := range [...]struct {
		name  string
		count int
	}{{"text", k.texts}, {"number", k.numbers}, {"date", k.dates}, {"true or false", k.bools}, {"list", k.lists}, {"object", k.objects}} {
		if kind.count > count {
			name, count = kind.name, kind.count
		}
	}
	return name
}

// forEachSampled calls the function visit for evenly spaced items, until a limit of the sample is reached.
func forEachSampled(items item.Table, visit func(row int)) {
	step := max(1, items.Len()/maxSampleItems)
	read := 0
	for row := 0; row < items.Len() && read < maxSampleBytes; row += step {
		size := len(items.Row(row))
		if read += size; size < maxSampleBytes {
			visit(row)
		}
	}
}

func sampleKinds(s source) kindCounts {
	if s.ordinal != nil {
		return kindCounts{numbers: 1}
	}
	var kinds kindCounts
	v := values{source: s, found: true, at: -1}
	v.open()
	add := v.matchAny(func(cell item.Cell) bool {
		kinds.add(cell)
		return false
	})
	forEachSampled(s.items, func(row int) { add(row) })
	return kinds
}

type sampledPlace struct {
	place item.Place
	kinds *kindCounts
}

// sampler counts the kinds of the values at each place of a sample of items.
type sampler struct {
	kinds  map[item.Place]*kindCounts
	nested map[item.Place][]item.Place
}

// note counts a value and the values nested in it.
func (s *sampler) note(place, parent item.Place, cell item.Cell) {
	known := s.kinds[place]
	if known == nil {
		if len(s.kinds) >= maxSamplePlaces {
			return
		}
		known = &kindCounts{}
		s.kinds[place] = known
		s.nested[parent] = append(s.nested[parent], place)
	}
	known.add(cell)
	if place.Steps() >= maxSampleDepth {
		return
	}
	for key, value := range cell.Members() {
		s.note(place.Child(key.Raw()), place, value)
	}
	for element := range cell.Elements() {
		s.note(place.Elements(), place, element)
	}
}

// list appends a place and the places nested in it.
func (s *sampler) list(places []sampledPlace, place item.Place) []sampledPlace {
	known := s.kinds[place]
	if known == nil {
		known = &kindCounts{}
	}
	places = append(places, sampledPlace{place, known})
	for _, part := range s.nested[place] {
		places = s.list(places, part)
	}
	return places
}

// samplePlaces returns the columns, each followed by the nested values and the list elements that a sample
// of the items has.
func samplePlaces(items item.Table) []sampledPlace {
	s := sampler{kinds: map[item.Place]*kindCounts{}, nested: map[item.Place][]item.Place{}}
	whole := item.PlaceOf(item.Column{Whole: true}.Path())
	forEachSampled(items, func(row int) {
		entry := items.Item(row)
		if entry.Kind() != item.CellObject {
			s.note(whole, item.Place{}, entry)
		}
		for key, value := range entry.Members() {
			s.note(item.PlaceOf(item.PathOf(key.Raw())), item.Place{}, value)
		}
	})
	var places []sampledPlace
	for _, column := range items.Columns()[:min(len(items.Columns()), maxSamplePlaces)] {
		places = s.list(places, item.PlaceOf(column.Path()))
	}
	return places
}

// sampledValue is a value of the sample, with the text that stands for it in a filter.
type sampledValue struct {
	text, literal, note string
	isText              bool
	count, last         int // number of items with the value, and the last of these items
}

// isSearchable reports whether the operator ~ finds a cell if its operand is the text of that cell.
func isSearchable(cell item.Cell, text string) bool {
	return cell.Kind() == item.CellString && strings.TrimSpace(text) != "" && !strings.HasPrefix(text, "re:")
}

// sampleValues returns the values of a column, most frequent first, or nil if the column has too many distinct values.
func sampleValues(s source) []sampledValue {
	found := map[string]*sampledValue{}
	sampled := 0
	v := values{source: s, found: true, at: -1}
	v.open()
	row := -1
	add := v.matchAny(func(cell item.Cell) bool {
		if cell.Kind() == item.CellArray || cell.Kind() == item.CellObject || len(cell.Raw()) > maxValueLen {
			return false
		}
		operand := ForValue(s.place, cell).root.value
		literal := operand.text
		if operand.quoted {
			literal = quote(literal)
		}
		if found[literal] == nil {
			found[literal] = &sampledValue{text: operand.text, literal: literal, last: -1, isText: isSearchable(cell, operand.text)}
		}
		if one := found[literal]; one.last != row { // count each item once
			one.last = row
			one.count++
		}
		return len(found) > maxDistinctValues
	})
	forEachSampled(s.items, func(next int) {
		sampled++
		row = next
		if len(found) <= maxDistinctValues {
			add(row)
		}
	})
	if len(found) > maxDistinctValues {
		return nil
	}
	all := make([]sampledValue, 0, len(found))
	for _, value := range found {
		value.note = fmt.Sprintf("×%d (sample of %d)", value.count, sampled)
		all = append(all, *value)
	}
	slices.SortFunc(all, func(a, b sampledValue) int {
		return cmp.Or(cmp.Compare(b.count, a.count), cmp.Compare(a.literal, b.literal))
	})
	return all
}
