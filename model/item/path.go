package item

import (
	"encoding/binary"
	"iter"
	"strconv"
	"strings"

	"sbwatch/model/jsonscan"
	"sbwatch/model/text"
)

// Path leads to a value of an item: to that of a column, or to a value nested in it. It is comparable; the zero Path
// leads to the item whole.
//
// A step into an array is the number of an element, from 0, in decimal.
type Path struct {
	// keys are the steps, each behind its length.
	keys string
	// whole marks a path that begins at the column of items that are not objects.
	whole bool
}

// PathOf is the path over these keys, decoded, from the item downwards.
func PathOf(keys ...string) Path {
	var p Path
	for _, key := range keys {
		p = p.Child(key)
	}
	return p
}

// Path leads to the column's values.
func (c Column) Path() Path {
	if c.Whole {
		return Path{whole: true}
	}
	return PathOf(c.Name.Raw())
}

// Child is the path to a value within the one that p leads to.
func (p Path) Child(key string) Path {
	length := binary.AppendUvarint(nil, uint64(len(key)))
	p.keys += string(length) + key
	return p
}

// Keys are the steps of the path.
func (p Path) Keys() iter.Seq[string] {
	return func(yield func(string) bool) {
		for rest := p.keys; rest != ""; {
			var key string
			key, rest = cutKey(rest)
			if !yield(key) {
				return
			}
		}
	}
}

func cutKey(keys string) (first, rest string) {
	length, n := uint64(0), 0
	for shift := 0; ; shift += 7 {
		b := keys[n]
		n++
		length |= uint64(b&0x7f) << shift
		if b < 0x80 {
			break
		}
	}
	end := n + int(length)
	return keys[n:end], keys[end:]
}

// Depth is the number of steps; 1 for a column.
func (p Path) Depth() int {
	depth := 0
	if p.whole {
		depth = 1
	}
	for range p.Keys() {
		depth++
	}
	return depth
}

// Column is the path to the column that p leads into, or to.
func (p Path) Column() Path {
	for p.Depth() > 1 {
		p = p.Parent()
	}
	return p
}

// Parent is the path to the value that holds the one that p leads to. That of a column leads to the item.
func (p Path) Parent() Path {
	last := 0
	for rest := p.keys; rest != ""; {
		last = len(p.keys) - len(rest)
		_, rest = cutKey(rest)
	}
	if p.keys == "" {
		return Path{}
	}
	return Path{keys: p.keys[:last], whole: p.whole}
}

// IsWithin tells whether p leads to a value somewhere within the one that outer leads to.
func (p Path) IsWithin(outer Path) bool {
	return p != outer && p.whole == outer.whole && strings.HasPrefix(p.keys, outer.keys)
}

// Name is the path as it is shown and typed: its keys, between dots.
func (p Path) Name() text.Text {
	var name strings.Builder
	if p.whole {
		name.WriteString(wholeColumnName)
	}
	first := !p.whole
	for key := range p.Keys() {
		if !first {
			name.WriteByte('.')
		}
		first = false
		name.WriteString(key)
	}
	return text.NewText(name.String())
}

// FindPath finds a path by its name. A column of that very name wins over a nested value; where a column's own name has
// dots, the longest column that fits is taken. Nothing tells whether any item has the nested value.
func (t Table) FindPath(name string) (Path, bool) {
	var best Path
	length := -1
	for _, column := range t.Columns() {
		own := column.Name.Raw()
		switch {
		case own == name:
			return column.Path(), true
		case len(own) > length && len(name) > len(own) && name[len(own)] == '.' && strings.HasPrefix(name, own):
			best, length = column.Path(), len(own)
		}
	}
	if length < 0 {
		return Path{}, false
	}
	for key := range strings.SplitSeq(name[length+1:], ".") {
		best = best.Child(key)
	}
	return best, true
}

// At cuts the value that a path leads to out of item i. [Items.Reader] reads many items faster.
func (t Table) At(i int, p Path) Cell {
	cell := t.Item(i)
	if p.whole && cell.Kind() == CellObject {
		return Cell{}
	}
	if !p.whole && p.keys != "" && cell.Kind() != CellObject {
		return Cell{}
	}
	for key := range p.Keys() {
		cell = cell.Child(key)
	}
	return cell
}

// Child is the value of a key of an object, or of an element of an array, by its number from 0; missing where there is
// none. Where an object has a key twice the last one counts.
func (c Cell) Child(key string) Cell {
	switch c.Kind() {
	case CellObject:
		return Cell{jsonscan.Find(c.raw, key)}
	case CellArray:
		number, err := strconv.ParseUint(key, 10, 32)
		if err != nil || strconv.FormatUint(number, 10) != key {
			return Cell{}
		}
		for element := range c.Elements() {
			if number == 0 {
				return element
			}
			number--
		}
	case CellMissing, CellNull, CellBool, CellNumber, CellString:
	}
	return Cell{}
}
