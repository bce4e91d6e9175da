package item

import (
	"encoding/json"
	"errors"
)

// Layout is how the columns of a table are laid out: what a user has made of them, to be kept for the next run of the
// recipe. Its zero value is the layout of a table that nobody has touched. Items may lack columns that it names, and have
// others, which come behind.
type Layout struct {
	// Columns are in the order of the table.
	Columns []ColumnLayout `json:"columns,omitempty"`
	// Frozen is how many of the columns that show stand still at the left.
	Frozen int `json:"frozen,omitempty"`
	// Keys are the columns that tell the items apart.
	Keys []Path `json:"keys,omitempty"`
}

// ColumnLayout is one column, or one part of a column that was opened.
type ColumnLayout struct {
	Path Path `json:"path"`
	// Width is in cells; 0 is as wide as what the column holds.
	Width  int  `json:"width,omitempty"`
	Hidden bool `json:"hidden,omitempty"`
	// Opened is true where the parts of the column, which come as columns of their own, show in its place.
	Opened bool `json:"opened,omitempty"`
}

// Bounds of a layout that was read.
const (
	maxLayoutWidth = 1000
	maxLayoutKeys  = 100
)

// IsZero tells whether the layout says nothing.
func (l Layout) IsZero() bool { return len(l.Columns) == 0 && l.Frozen == 0 && len(l.Keys) == 0 }

// UnmarshalJSON reads a layout, whatever became of it meanwhile: columns that come twice, and numbers that make no sense, are
// left out.
func (l *Layout) UnmarshalJSON(text []byte) error {
	type plain Layout
	var read plain
	if err := json.Unmarshal(text, &read); err != nil {
		return err
	}
	*l = Layout{}
	seen := map[Path]bool{}
	for _, column := range read.Columns {
		if seen[column.Path] || column.Path == (Path{}) || len(l.Columns) == MaxColumns {
			continue
		}
		seen[column.Path] = true
		column.Width = max(0, min(column.Width, maxLayoutWidth))
		l.Columns = append(l.Columns, column)
	}
	l.Frozen = max(0, min(read.Frozen, len(l.Columns)))
	l.Keys = read.Keys[:min(len(read.Keys), maxLayoutKeys)]
	return nil
}

// MarshalJSON writes the path as the array of its keys. The column of items that are not objects, which has no key, is null.
// Bytes of a key that are not UTF-8 become U+FFFD.
func (p Path) MarshalJSON() ([]byte, error) {
	keys := []*string{}
	if p.whole {
		keys = append(keys, nil)
	}
	for key := range p.Keys() {
		keys = append(keys, &key)
	}
	return json.Marshal(keys)
}

// UnmarshalJSON reads what MarshalJSON writes.
func (p *Path) UnmarshalJSON(text []byte) error {
	var keys []*string
	if err := json.Unmarshal(text, &keys); err != nil {
		return err
	}
	*p = Path{}
	for i, key := range keys {
		switch {
		case key != nil:
			*p = p.Child(*key)
		case i == 0:
			p.whole = true
		default:
			return errors.New("a path has a key that is null")
		}
	}
	return nil
}
