package filter

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"

	"sbwatch/model/item"
	"sbwatch/model/parse"
)

// How much is looked at for a completion: items from all over the table, bytes of them, places, how deep they are nested,
// and different values of a column that has few.
const (
	sampleItems     = 300
	sampleBytes     = 1 << 20
	samplePlacesMax = 500
	sampleDepth     = 6
	fewValues       = 40
	longestValue    = 60
)

// kindCounts is how many of some values read as what.
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
		text := []byte(cell.Preview(longestValue + 2).Raw())
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

// ordered tells whether most of the values are asked for less or more.
func (k kindCounts) ordered() bool { return k.numbers+k.dates > k.texts+k.bools+k.lists+k.objects }

// String names what most of the values are.
func (k kindCounts) String() string {
	name, most := "", 0
	for _, kind := range [...]struct {
		name  string
		count int
	}{{"text", k.texts}, {"number", k.numbers}, {"date", k.dates}, {"true or false", k.bools}, {"list", k.lists}, {"object", k.objects}} {
		if kind.count > most {
			name, most = kind.name, kind.count
		}
	}
	return name
}

// eachSampled visits items from all over the table, of so many bytes in all.
func eachSampled(items item.Table, visit func(row int)) {
	step := max(1, items.Len()/sampleItems)
	read := 0
	for row := 0; row < items.Len() && read < sampleBytes; row += step {
		size := len(items.Row(row))
		if read += size; size < sampleBytes {
			visit(row)
		}
	}
}

// sampleKinds tells what the values of a source are.
func sampleKinds(s source) kindCounts {
	if s.counted != nil {
		return kindCounts{numbers: 1}
	}
	var kinds kindCounts
	v := values{source: s, found: true, at: -1}
	v.begin()
	add := v.any(func(cell item.Cell) bool {
		kinds.add(cell)
		return false
	})
	eachSampled(s.items, func(row int) { add(row) })
	return kinds
}

// sampledPlace is a place with what its values are.
type sampledPlace struct {
	place item.Place
	kinds *kindCounts
}

// sampler notes the places that items have something at.
type sampler struct {
	kinds  map[item.Place]*kindCounts
	nested map[item.Place][]item.Place
}

// note counts a value, and what is nested in it.
func (s *sampler) note(place, parent item.Place, cell item.Cell) {
	known := s.kinds[place]
	if known == nil {
		if len(s.kinds) >= samplePlacesMax {
			return
		}
		known = &kindCounts{}
		s.kinds[place] = known
		s.nested[parent] = append(s.nested[parent], place)
	}
	known.add(cell)
	if place.Steps() >= sampleDepth {
		return
	}
	for key, value := range cell.Members() {
		s.note(place.Child(key.Raw()), place, value)
	}
	for element := range cell.Elements() {
		s.note(place.Elements(), place, element)
	}
}

// list appends a place, and behind it what is nested in it.
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

// samplePlaces are the columns, and behind each what is nested in it, in lists too, as far as it was seen.
func samplePlaces(items item.Table) []sampledPlace {
	s := sampler{kinds: map[item.Place]*kindCounts{}, nested: map[item.Place][]item.Place{}}
	whole := item.PlaceOf(item.Column{Whole: true}.Path())
	eachSampled(items, func(row int) {
		entry := items.Item(row)
		if entry.Kind() != item.CellObject {
			s.note(whole, item.Place{}, entry)
		}
		for key, value := range entry.Members() {
			s.note(item.PlaceOf(item.PathOf(key.Raw())), item.Place{}, value)
		}
	})
	var places []sampledPlace
	for _, column := range items.Columns()[:min(len(items.Columns()), samplePlacesMax)] {
		places = s.list(places, item.PlaceOf(column.Path()))
	}
	return places
}

// sampledValue is a value with how it is written in a filter.
type sampledValue struct {
	says, written, note string
	count, last         int // items that have it, and the last of them
}

// sampleValues are the values of a column that has few different ones, the most frequent first; none of one that has many.
func sampleValues(s source) []sampledValue {
	found := map[string]*sampledValue{}
	looked := 0
	v := values{source: s, found: true, at: -1}
	v.begin()
	row := -1
	add := v.any(func(cell item.Cell) bool {
		if cell.Kind() == item.CellArray || cell.Kind() == item.CellObject || len(cell.Raw()) > longestValue {
			return false
		}
		what := ForValue(s.place, cell).root.value
		written := what.text
		if what.quoted {
			written = quote(written)
		}
		if found[written] == nil {
			found[written] = &sampledValue{says: what.text, written: written, last: -1}
		}
		if one := found[written]; one.last != row { // once for each item
			one.last = row
			one.count++
		}
		return len(found) > fewValues
	})
	eachSampled(s.items, func(next int) {
		looked++
		row = next
		if len(found) <= fewValues {
			add(row)
		}
	})
	if len(found) > fewValues {
		return nil
	}
	all := make([]sampledValue, 0, len(found))
	for _, value := range found {
		value.note = fmt.Sprintf("%d of %d items looked at", value.count, looked)
		all = append(all, *value)
	}
	slices.SortFunc(all, func(a, b sampledValue) int {
		return cmp.Or(cmp.Compare(b.count, a.count), cmp.Compare(a.written, b.written))
	})
	return all
}
