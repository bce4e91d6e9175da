package item

import (
	"encoding/json"
	"errors"
	"strings"

	"sbwatch/model/text"
)

// Place addresses the values of a column. Unlike a [Path] it can lead through lists, so that an item can have many
// values at one place. It is comparable.
type Place struct {
	// path has an empty step for each list.
	path Path
	// lists has bit i set if step i goes to all elements of a list.
	lists uint32
	steps uint8
}

// MaxPlaceSteps is the maximum depth of a place that is profiled or found by its name.
const MaxPlaceSteps = 8

// PlaceOf returns the [Place] that addresses the same value as a path.
func PlaceOf(path Path) Place {
	steps := 0
	for range path.Keys() {
		steps++
	}
	return Place{path: path, steps: uint8(min(steps, 255))}
}

// Child returns the place of the values that the objects at p have under key.
func (p Place) Child(key string) Place {
	return Place{path: p.path.Child(key), lists: p.lists, steps: p.steps + 1}
}

// Elements returns the place of the elements in the lists at p.
func (p Place) Elements() Place {
	return Place{path: p.path.Child(""), lists: p.lists | 1<<min(p.steps, 31), steps: p.steps + 1}
}

// Path returns the path to the values. It returns false if the values are inside lists.
func (p Place) Path() (Path, bool) { return p.path, p.lists == 0 }

// InList reports whether the values are inside lists. An item can then have any number of values at the place.
func (p Place) InList() bool { return p.lists != 0 }

// Column returns the path to the column that contains the values.
func (p Place) Column() Path { return p.path.Column() }

// Name returns the place as shown and typed: its keys separated by dots, with brackets after a list: "price", "dims.w",
// "tags[]", "offers[].price".
func (p Place) Name() text.Text {
	if p.lists == 0 {
		return p.path.Name()
	}
	var name strings.Builder
	if PathOf(p.keys()...) != p.path { // the path starts at the column of non-object items
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

// String returns the printable name.
func (p Place) String() string { return p.Name().String() }

// Steps returns the depth of the place: one for each key and each list.
func (p Place) Steps() int { return int(p.steps) }

// IsElements reports whether the values are the elements of a list.
func (p Place) IsElements() bool { return p.steps > 0 && p.isList(int(p.steps)-1) }

// LastKey returns the last key, or "" if the last step goes to the elements of a list.
func (p Place) LastKey() string {
	keys := p.keys()
	if len(keys) == 0 {
		return ""
	}
	return keys[len(keys)-1]
}

// ToValidUTF8 returns the place as it would be after storing it as JSON: invalid UTF-8 in its keys is replaced by
// U+FFFD.
func (p Place) ToValidUTF8() Place {
	p.path.keys = PathOf(validKeys(p.keys())...).keys
	return p
}

func validKeys(keys []string) []string {
	for i := range keys {
		keys[i] = strings.ToValidUTF8(keys[i], "\ufffd")
	}
	return keys
}

// MarshalJSON writes the place as an array of its steps, as [Path.MarshalJSON] does, with an empty array for each step
// to the elements of a list: ["offers",[],"price"].
func (p Place) MarshalJSON() ([]byte, error) {
	steps := []any{}
	if p.path.whole {
		steps = append(steps, nil)
	}
	for i, key := range p.keys() {
		if p.isList(i) {
			steps = append(steps, [0]int{})
		} else {
			steps = append(steps, key)
		}
	}
	return json.Marshal(steps)
}

// UnmarshalJSON reads what MarshalJSON writes.
func (p *Place) UnmarshalJSON(data []byte) error {
	var steps []any
	if err := json.Unmarshal(data, &steps); err != nil {
		return err
	}
	*p = Place{}
	for i, step := range steps {
		switch step := step.(type) {
		case string:
			*p = p.Child(step)
		case []any:
			*p = p.Elements()
		default:
			if i > 0 || step != nil {
				return errors.New("a step of a path is neither a key nor a list")
			}
			p.path.whole = true
		}
	}
	return nil
}

func (p Place) isList(step int) bool { return step < 32 && p.lists>>step&1 == 1 }

func (p Place) keys() []string {
	var keys []string
	for key := range p.path.Keys() {
		keys = append(keys, key)
	}
	return keys
}

// FindPlace returns the place with the given name, such as "tags[]" or "offers[].price". As in [Table.FindPath], the
// longest matching column name wins; it may itself contain brackets. FindPlace returns false if no column matches, or
// if the place is too deep. No item needs to have a value at the place.
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

// LeadsWithin reports whether rest is empty or starts with "." or "[]". Only such a text, appended to the name of a
// column, can give the name of a value in the column: "dims" and ".w" give "dims.w".
func LeadsWithin(rest string) bool {
	return rest == "" || rest[0] == '.' || strings.HasPrefix(rest, "[]")
}

// find returns the place that is reached from p by the end of a name, such as ".w" or "[].price". It returns false if
// rest has any other form, or if the place is too deep.
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

// PlaceReader reads the values at a place. It is not safe for concurrent use.
type PlaceReader struct {
	place Place
	first *Reader // reads up to the first list
	keys  []string
}

// PlaceReader returns a reader for the values at a place.
func (t Table) PlaceReader(place Place) *PlaceReader {
	r := &PlaceReader{place: place}
	path, single := place.Path()
	if single {
		r.first = t.Reader(path)
		return r
	}
	// The reader reads up to the first list. Any follows the remaining steps.
	r.keys = place.keys()
	firstList := 0
	for !place.isList(firstList) {
		firstList++
	}
	for range len(r.keys) - firstList {
		path = path.Parent()
	}
	r.first = t.Reader(path)
	r.keys = r.keys[firstList:]
	r.place.lists >>= firstList
	return r
}

// Any reports whether isMatch returns true for at least one value that the item has at the place. If the place is not
// in a list, isMatch is called once, with a missing cell if the item has no value there. If the place is in a list,
// isMatch is called for each element, with a missing cell if the element has no value there.
func (r *PlaceReader) Any(row int, isMatch func(Cell) bool) bool {
	return r.anyBelow(r.first.Cell(row), 0, isMatch)
}

func (r *PlaceReader) anyBelow(cell Cell, step int, matches func(Cell) bool) bool {
	if step == len(r.keys) {
		return matches(cell)
	}
	if !r.place.isList(step) {
		return cell.Kind() == CellObject && r.anyBelow(cell.Child(r.keys[step]), step+1, matches)
	}
	for element := range cell.Elements() {
		if r.anyBelow(element, step+1, matches) {
			return true
		}
	}
	return false
}
