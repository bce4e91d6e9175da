package item

import (
	"strings"

	"sbwatch/model/text"
)

// Place is where in the items the values of a column are: those that a path leads to, or the elements of the lists there,
// or what is within those. It is comparable.
type Place struct {
	// path has an empty step for each list that is gone through.
	path Path
	// lists has a bit for each step that goes to all elements of a list.
	lists uint32
	steps uint8
}

// MaxPlaceSteps is how deep places lead that are found by their names, or that a profile has.
const MaxPlaceSteps = 8

// PlaceOf is the place of the values that a path leads to.
func PlaceOf(path Path) Place {
	steps := 0
	for range path.Keys() {
		steps++
	}
	return Place{path: path, steps: uint8(min(steps, 255))}
}

// Child is the place of the values that the objects at p have for a key.
func (p Place) Child(key string) Place {
	return Place{path: p.path.Child(key), lists: p.lists, steps: p.steps + 1}
}

// Elements is the place of the elements of the lists at p.
func (p Place) Elements() Place {
	return Place{path: p.path.Child(""), lists: p.lists | 1<<min(p.steps, 31), steps: p.steps + 1}
}

// Path is the path to the values; false where they lie in lists, so that an item can have several.
func (p Place) Path() (Path, bool) { return p.path, p.lists == 0 }

// InList tells whether the values lie in lists, so that an item can have several or none.
func (p Place) InList() bool { return p.lists != 0 }

// Column is the path to the column that the values lie in: the first step.
func (p Place) Column() Path { return p.path.Column() }

// Name is the place as it is shown and typed: keys between dots, and brackets behind what is a list: "price", "dims.w",
// "tags[]", "offers[].price".
func (p Place) Name() text.Text {
	if p.lists == 0 {
		return p.path.Name()
	}
	var name strings.Builder
	if PathOf(p.keys()...) != p.path { // it begins at the column of whole items
		name.WriteString(p.Column().Name().Raw())
	}
	for step, key := range p.keys() {
		switch {
		case p.isList(step):
			name.WriteString("[]")
			continue
		case name.Len() > 0:
			name.WriteByte('.')
		}
		name.WriteString(key)
	}
	return text.NewText(name.String())
}

// String is the name, printable.
func (p Place) String() string { return p.Name().String() }

// Steps is how deep the place is nested: a step for each key and each list on the way.
func (p Place) Steps() int { return int(p.steps) }

// IsElements tells whether the place is that of a list's elements.
func (p Place) IsElements() bool { return p.steps > 0 && p.isList(int(p.steps)-1) }

// LastKey is the last key on the way; "" where that goes to the elements of a list.
func (p Place) LastKey() string {
	keys := p.keys()
	if len(keys) == 0 {
		return ""
	}
	return keys[len(keys)-1]
}

func (p Place) isList(step int) bool { return step < 32 && p.lists>>step&1 == 1 }

func (p Place) keys() []string {
	var keys []string
	for key := range p.path.Keys() {
		keys = append(keys, key)
	}
	return keys
}

// FindPlace finds a place by its name, with brackets where it goes through lists. As for [Items.FindPath] the longest column
// that fits is taken, whose own name may have brackets. Nothing tells whether any item has something there.
func (t Table) FindPlace(name string) (Place, bool) {
	if !strings.Contains(name, "[]") {
		path, found := t.FindPath(name)
		return PlaceOf(path), found
	}
	var place Place
	length := -1
	for _, column := range t.Columns() {
		own := column.Name.Raw()
		if rest, fits := strings.CutPrefix(name, own); fits && len(own) > length && LeadsWithin(rest) {
			place, length = PlaceOf(column.Path()), len(own)
		}
	}
	if length < 0 {
		return Place{}, false
	}
	return place.find(name[length:])
}

// LeadsWithin tells whether what follows the name of a column leads to something within it, or is nothing.
func LeadsWithin(rest string) bool {
	return rest == "" || rest[0] == '.' || strings.HasPrefix(rest, "[]")
}

// find is the place within p that the rest of a name leads to.
func (p Place) find(rest string) (Place, bool) {
	for rest != "" && p.steps <= MaxPlaceSteps {
		if after, isList := strings.CutPrefix(rest, "[]"); isList {
			p, rest = p.Elements(), after
			continue
		}
		inner, isInner := strings.CutPrefix(rest, ".")
		if !isInner {
			return Place{}, false
		}
		end := 0
		for end < len(inner) && !LeadsWithin(inner[end:]) {
			end++
		}
		p, rest = p.Child(inner[:end]), inner[end:]
	}
	return p, p.steps <= MaxPlaceSteps
}

// PlaceReader reads the values at one place, of many items. It is for one goroutine.
type PlaceReader struct {
	place Place
	one   *Reader // up to the first list
	keys  []string
}

// PlaceReader makes a reader of the values at a place.
func (t Table) PlaceReader(place Place) *PlaceReader {
	r := &PlaceReader{place: place}
	path, single := place.Path()
	if single {
		r.one = t.Reader(path)
		return r
	}
	// The path to the first list; from there on step by step.
	r.keys = place.keys()
	first := 0
	for !place.isList(first) {
		first++
	}
	for range len(r.keys) - first {
		path = path.Parent()
	}
	r.one = t.Reader(path)
	r.keys = r.keys[first:]
	r.place.lists >>= first
	return r
}

// Any tells whether one of the values of an item is as asked. Where no list is on the way, that is its one value, which
// may be missing; the keys that the objects of a list lack are missing values too.
func (r *PlaceReader) Any(row int, is func(Cell) bool) bool {
	return r.anyBelow(r.one.Cell(row), 0, is)
}

func (r *PlaceReader) anyBelow(cell Cell, step int, is func(Cell) bool) bool {
	if step == len(r.keys) {
		return is(cell)
	}
	if !r.place.isList(step) {
		return cell.Kind() == CellObject && r.anyBelow(cell.Child(r.keys[step]), step+1, is)
	}
	for element := range cell.Elements() {
		if r.anyBelow(element, step+1, is) {
			return true
		}
	}
	return false
}
