package item

import (
	"encoding/binary"
	"iter"
	"slices"
	"strconv"
	"strings"

	"sbwatch/model/jsonscan"
	"sbwatch/model/text"
)

// Path addresses a value of an item: a column or a value nested in it. It is comparable. The zero Path is the whole
// item.
//
// A step into an array is the decimal index of an element, starting at 0.
type Path struct {
	// keys holds the steps in one string, each preceded by its length.
	keys string
	// whole marks a path that starts at the column of non-object items.
	whole bool
}

// PathOf returns the path with the given steps, starting at the item. Keys are decoded.
func PathOf(keys ...string) Path {
	var p Path
	for _, key := range keys {
		p = p.Child(key)
	}
	return p
}

// Path returns the path to the column.
func (c Column) Path() Path {
	if c.Whole {
		return Path{whole: true}
	}
	return PathOf(c.Name.Raw())
}

// Child returns the path to a key or an element of the value at p.
func (p Path) Child(key string) Path {
	length := binary.AppendUvarint(nil, uint64(len(key)))
	p.keys += string(length) + key
	return p
}

// Keys returns the steps of the path.
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

// Depth returns the number of steps, which is 1 for a column.
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

// Column returns the path to the column that contains p, or p if it is a column.
func (p Path) Column() Path {
	for p.Depth() > 1 {
		p = p.Parent()
	}
	return p
}

// Parent returns the path to the value that contains p. The parent of a column is the item.
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

// IsWithin reports whether p is nested inside outer, at any depth.
func (p Path) IsWithin(outer Path) bool {
	return p != outer && p.whole == outer.whole && strings.HasPrefix(p.keys, outer.keys)
}

// Name returns the path as shown and typed: its keys separated by dots.
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

// FindPath returns the path with the given name, such as "price" or "dims.w". A column with exactly that name comes
// first. Otherwise the name is that of a value nested in a column. Column names may contain dots; the longest matching
// column name wins. FindPath returns false if no column matches. No item needs to have a value at the path.
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

// At returns the value of item i at path p. [Table.Reader] is faster if many items are read.
func (t Table) At(i int, p Path) Cell {
	if p.keys == "" && !p.whole {
		return t.Item(i)
	}
	if c := t.computedAt(p); c != nil {
		cell := t.computedCell(c, i)
		for _, key := range slices.Collect(p.Keys())[1:] {
			cell = cell.Child(key)
		}
		return cell
	}
	cell := Cell{t.source(i)}
	if p.whole && cell.Kind() == CellObject {
		return Cell{}
	}
	if !p.whole && cell.Kind() != CellObject {
		return Cell{}
	}
	for key := range p.Keys() {
		cell = cell.Child(key)
	}
	return cell
}

// Child returns the value of an object's key, or the array element whose index is key. If there is no such value, it
// returns a missing cell. Of duplicate keys, the last one wins.
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
