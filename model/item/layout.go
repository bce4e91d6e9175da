package item

import (
	"encoding/json"
	"errors"
	"slices"

	"sbwatch/model/numeral"
)

// Layout is the arrangement of a table's columns by a user. It is saved and used for the next run of the recipe. The
// zero value is the default layout. Columns that the items lack are ignored; columns that the layout lacks are shown
// last.
type Layout struct {
	// Columns lists the columns in display order.
	Columns []ColumnLayout `json:"columns,omitempty"`
	// Frozen is the number of visible columns that do not scroll.
	Frozen int `json:"frozen,omitempty"`
	// Keys are the columns that the user marked as unique keys.
	Keys []Path `json:"keys,omitempty"`
	// Lines limits each table cell to this number of lines. 0 and 1 mean one line.
	Lines int `json:"lines,omitempty"`
	// Computed are the computed columns, in the order in which they are computed.
	Computed []ComputedColumn `json:"computed,omitempty"`
}

// ComputedColumn is a column that is computed from other columns.
type ComputedColumn struct {
	Name string `json:"name"`
	// Formula is the formula as it was typed, including the name, such as "unit = price / size".
	Formula string `json:"formula"`
}

// MaxComputed is the maximum number of computed columns.
const MaxComputed = 50

// ColumnLayout describes one column, which can be a nested value.
type ColumnLayout struct {
	Path Path `json:"path"`
	// Width is the width of the column in terminal cells; 0 means automatic.
	Width  int  `json:"width,omitempty"`
	Hidden bool `json:"hidden,omitempty"`
	// Opened marks a column that is expanded. Such a column is replaced by the columns nested in it.
	Opened bool `json:"opened,omitempty"`
	// Lines limits each table cell of this column to this number of lines. 0 means [Layout.Lines].
	Lines int `json:"lines,omitempty"`
	// Format is the format of the numbers.
	Format numeral.Format `json:"format,omitzero"`
}

// MaxLines is the upper limit of [Layout.Lines] and [ColumnLayout.Lines].
const MaxLines = 10

// Limits for layouts read from a file.
const (
	maxLayoutWidth = 1000
	maxLayoutKeys  = 100
)

// IsZero reports whether the layout is the default one.
func (l Layout) IsZero() bool {
	return len(l.Columns) == 0 && l.Frozen == 0 && len(l.Keys) == 0 && l.Lines == 0 && len(l.Computed) == 0
}

// UnmarshalJSON reads a layout. It repairs a damaged layout: it drops duplicate columns, and limits numbers to their
// valid range.
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
		column.Lines = max(0, min(column.Lines, MaxLines))
		l.Columns = append(l.Columns, column)
	}
	l.Frozen = max(0, min(read.Frozen, len(l.Columns)))
	l.Keys = read.Keys[:min(len(read.Keys), maxLayoutKeys)]
	l.Lines = max(0, min(read.Lines, MaxLines))
	for _, computed := range read.Computed {
		isKnown := slices.ContainsFunc(l.Computed, func(c ComputedColumn) bool { return c.Name == computed.Name })
		if !isKnown && len(l.Computed) < MaxComputed {
			l.Computed = append(l.Computed, computed)
		}
	}
	return nil
}

// MarshalJSON writes the path as an array of keys. The column of non-object items, which has no key, is written as
// null. Invalid UTF-8 becomes U+FFFD.
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

// UnmarshalJSON reads the output of MarshalJSON.
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
