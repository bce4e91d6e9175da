package filter

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"

	"sbwatch/model"
	"sbwatch/model/reading"
)

// How much is looked at for a completion: items from all over the table, bytes of them, paths, how deep they are nested,
// and different values of a column that has few.
const (
	sampleItems   = 300
	sampleBytes   = 1 << 20
	samplePathMax = 500
	sampleDepth   = 4
	fewValues     = 40
	longestValue  = 60
)

// kindCounts is how many of some values read as what.
type kindCounts struct{ numbers, dates, texts, bools, lists, objects int }

// add counts a value.
func (k *kindCounts) add(cell model.Cell) {
	switch cell.Kind() {
	case model.CellNumber:
		k.numbers++
	case model.CellBool:
		k.bools++
	case model.CellArray:
		k.lists++
	case model.CellObject:
		k.objects++
	case model.CellString:
		text := []byte(cell.Preview(longestValue + 2).Raw())
		if _, ok := (reading.Numbers{}).Number(text); ok {
			k.numbers++
		} else if _, ok := reading.Date(text); ok {
			k.dates++
		} else if len(bytes.TrimSpace(text)) > 0 {
			k.texts++
		}
	case model.CellMissing, model.CellNull:
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
func eachSampled(items model.Items, visit func(row int)) {
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
	reader := s.items.Reader(s.path)
	eachSampled(s.items, func(row int) { kinds.add(reader.Cell(row)) })
	return kinds
}

// sampledPath is a path with what its values are.
type sampledPath struct {
	path  model.Path
	kinds *kindCounts
}

// samplePaths are the columns, and behind each the values nested in it that were seen.
func samplePaths(items model.Items) []sampledPath {
	nested := map[model.Path][]model.Path{}
	kinds := map[model.Path]*kindCounts{}
	var note func(path model.Path, cell model.Cell)
	note = func(path model.Path, cell model.Cell) {
		known := kinds[path]
		if known == nil {
			if len(kinds) >= samplePathMax {
				return
			}
			known = &kindCounts{}
			kinds[path] = known
			nested[path.Parent()] = append(nested[path.Parent()], path)
		}
		known.add(cell)
		if path.Depth() >= sampleDepth {
			return
		}
		for key, value := range cell.Members() {
			note(path.Child(key.Raw()), value)
		}
	}
	eachSampled(items, func(row int) {
		for key, value := range items.Item(row).Members() {
			note(model.PathOf(key.Raw()), value)
		}
	})
	var paths []sampledPath
	var list func(path model.Path)
	list = func(path model.Path) {
		known := kinds[path]
		if known == nil {
			known = &kindCounts{}
		}
		paths = append(paths, sampledPath{path, known})
		for _, part := range nested[path] {
			list(part)
		}
	}
	for _, column := range items.Columns()[:min(len(items.Columns()), samplePathMax)] {
		list(column.Path())
	}
	return paths
}

// sampledValue is a value with how it is written in a filter.
type sampledValue struct {
	says, written, note string
	count               int
}

// sampleValues are the values of a column that has few different ones, the most frequent first; none of one that has many.
func sampleValues(s source) []sampledValue {
	found := map[string]*sampledValue{}
	looked := 0
	reader := s.items.Reader(s.path)
	eachSampled(s.items, func(row int) {
		looked++
		if len(found) > fewValues {
			return
		}
		cell := reader.Cell(row)
		if cell.Kind() == model.CellArray || cell.Kind() == model.CellObject || len(cell.Raw()) > longestValue {
			return
		}
		what := ForValue(s.path, cell).root.value
		written := what.text
		if what.quoted {
			written = quote(written)
		}
		if found[written] == nil {
			found[written] = &sampledValue{says: what.text, written: written}
		}
		found[written].count++
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
