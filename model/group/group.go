// Package group groups items by the value of a column, and aggregates the numbers of other columns within each group.
//
// A [Scan] describes the work. Each core reads ranges of rows with its own [Part]. In the end, the parts are merged.
package group

import (
	"cmp"
	"errors"
	"math"
	"slices"
	"strconv"

	"github.com/zeebo/xxh3"

	"sbwatch/model/item"
	"sbwatch/model/jsonscan"
	"sbwatch/model/parse"
)

// MaxGroups is the maximum number of groups. It limits memory. A user would not read more groups than that.
const MaxGroups = 250_000

// ErrTooMany reports that a column has more than [MaxGroups] different values.
var ErrTooMany = errors.New("too many different values")

// Group is a set of items that have the same value.
type Group struct {
	// First is the index of the first item of the group.
	First int
	// Count is the number of items.
	Count int
	// Numbers holds the aggregates of the columns whose paths were passed to [NewScan] as numbers.
	Numbers []Numbers
}

// Numbers aggregates the numbers of a column. Values that are not numbers are not counted.
type Numbers struct {
	Count         int
	Sum, Min, Max float64
}

// Mean returns the arithmetic mean. It returns NaN if there are no numbers.
func (n Numbers) Mean() float64 { return n.Sum / float64(n.Count) }

func (n *Numbers) add(x float64) { n.merge(Numbers{1, x, x, x}) }

func (n *Numbers) merge(other Numbers) {
	switch {
	case other.Count == 0:
	case n.Count == 0:
		*n = other
	default:
		n.Count += other.Count
		n.Sum += other.Sum
		n.Min, n.Max = min(n.Min, other.Min), max(n.Max, other.Max)
	}
}

// Scan describes how items are grouped. It is safe for concurrent use.
type Scan struct {
	items   item.Table
	by      item.Path
	numbers []numberColumn
}

type numberColumn struct {
	path  item.Path
	reads parse.Numbers
}

// NewScan returns a Scan that groups items by the values of one column and aggregates the numbers of other columns.
func NewScan(items item.Table, key item.Path, numbers []item.Path) *Scan {
	s := &Scan{items: items, by: key}
	for _, path := range numbers {
		s.numbers = append(s.numbers, learn(items, path))
	}
	return s
}

// learn reads a sample of a column to find out how the numbers in it are written.
func learn(items item.Table, path item.Path) numberColumn {
	var learner parse.Learner
	var scratch []byte
	reader := items.Reader(path)
	for row := range reader.Sample(parse.Sample(items.Len())) {
		if value := reader.Cell(row); value.Kind() == item.CellString {
			learner.Add(textOf(value, &scratch))
		}
	}
	return numberColumn{path, learner.Numbers()}
}

// Numeric returns the paths at which at least nine in ten values of a sample are numbers.
func Numeric(items item.Table, paths []item.Path) []item.Path {
	var numeric []item.Path
	for _, path := range paths {
		column, reader := learn(items, path), items.Reader(path)
		var scratch []byte
		values, numbers := 0, 0
		for row := range reader.Sample(parse.Sample(items.Len())) {
			value := reader.Cell(row)
			if value.Presence() != item.Present {
				continue
			}
			values++
			if _, is := column.number(value, &scratch); is {
				numbers++
			}
		}
		if numbers > 0 && 10*numbers >= 9*values {
			numeric = append(numeric, path)
		}
	}
	return numeric
}

func (c numberColumn) number(value item.Cell, scratch *[]byte) (float64, bool) {
	switch value.Kind() {
	case item.CellNumber:
		x := parse.Nearest(value.Raw())
		return x, !math.IsNaN(x)
	case item.CellString:
		x, kind := c.reads.Read(textOf(value, scratch))
		return x, kind.IsNumber()
	default:
		return 0, false
	}
}

// textOf returns the decoded text of a value. It is valid until scratch is used again.
func textOf(value item.Cell, scratch *[]byte) []byte {
	raw := value.Raw()
	if value.Kind() != item.CellString {
		return raw
	}
	return jsonscan.Decoded(raw[1:len(raw)-1], scratch)
}

// Part groups some of the items. It is not safe for concurrent use.
type Part struct {
	scan    *Scan
	indexes map[uint64]int // maps the hash of a value to an index in groups
	groups  []Group
	by      *item.Reader
	numbers []*item.Reader
	scratch []byte
}

// Part returns a new [Part], to which no items have been added yet.
func (s *Scan) Part() *Part {
	p := &Part{scan: s, indexes: map[uint64]int{}, by: s.items.Reader(s.by)}
	for _, column := range s.numbers {
		p.numbers = append(p.numbers, s.items.Reader(column.path))
	}
	return p
}

// Add adds the item with index row. Once there are more than [MaxGroups] groups, Add does nothing.
func (p *Part) Add(row int) {
	if p.IsFull() {
		return
	}
	g := p.group(hashOf(p.by.Cell(row), &p.scratch), row)
	g.Count++
	g.First = min(g.First, row)
	for i, reader := range p.numbers {
		if x, is := p.scan.numbers[i].number(reader.Cell(row), &p.scratch); is {
			g.Numbers[i].add(x)
		}
	}
}

// IsFull reports whether there are more than [MaxGroups] groups.
func (p *Part) IsFull() bool { return len(p.groups) > MaxGroups }

// group returns the group of the value with the given hash. It adds the group if necessary. The parameter row is the
// index of an item with the value.
func (p *Part) group(hash uint64, row int) *Group {
	at, known := p.indexes[hash]
	if !known {
		at = len(p.groups)
		p.indexes[hash] = at
		p.groups = append(p.groups, Group{First: row, Numbers: make([]Numbers, len(p.scan.numbers))})
	}
	return &p.groups[at]
}

// Merge adds the items of another part of the same scan.
func (p *Part) Merge(other *Part) {
	for hash, at := range other.indexes {
		from := &other.groups[at]
		g := p.group(hash, from.First)
		g.Count += from.Count
		g.First = min(g.First, from.First)
		for i := range g.Numbers {
			g.Numbers[i].merge(from.Numbers[i])
		}
	}
}

// Groups returns the groups, the largest first. Groups of the same size are in the order of their first items. If there
// are more than [MaxGroups] groups, it returns [ErrTooMany].
func (p *Part) Groups() ([]Group, error) {
	if p.IsFull() {
		return nil, ErrTooMany
	}
	slices.SortFunc(p.groups, func(a, b Group) int { return cmp.Or(b.Count-a.Count, a.First-b.First) })
	return p.groups, nil
}

// exactDigits is the maximum number of digits for which float64 can tell all numbers apart.
const exactDigits = 15

// hashOf returns the hash of a value. Values have the same hash if a filter such as "price = 5" treats them as equal,
// for example 5, 5.0 and "5".
func hashOf(value item.Cell, scratch *[]byte) uint64 {
	content := textOf(value, scratch)
	switch value.Kind() {
	case item.CellMissing:
		return 0
	case item.CellNull:
		return 1
	case item.CellNumber:
		switch x := parse.Nearest(content); {
		case math.IsNaN(x):
		case len(content) <= exactDigits:
			content = strconv.AppendFloat((*scratch)[:0], x, 'f', -1, 64)
			*scratch = content
		default:
			content = parse.DecimalOfJSON(content).Append((*scratch)[:0])
			*scratch = content
		}
	case item.CellString, item.CellBool, item.CellArray, item.CellObject:
	}
	return xxh3.Hash(content)
}
