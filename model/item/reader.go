package item

import "sbwatch/model/jsonscan"

// Reader reads the values at one path, with the same results as [Table.At]. It is for one goroutine.
type Reader struct {
	items Table
	path  Path
	// finder finds the first key of the path. It is nil if the key cannot be searched for.
	finder *jsonscan.Finder
	// within holds the remaining keys of the path.
	within []string
	// finder may only be used for rows that have all findable traits and none of the unfindable ones.
	findable, unfindable rowTrait
}

// Reader returns a reader for the values at a path.
func (t Table) Reader(p Path) *Reader {
	r := &Reader{items: t, path: p, findable: rowRegular}
	if p.whole || p.keys == "" || t.Len() == 0 {
		return r
	}
	first, rest := cutKey(p.keys)
	for rest != "" {
		var key string
		key, rest = cutKey(rest)
		r.within = append(r.within, key)
	}
	r.finder, _ = jsonscan.NewFinder(first)
	if inner := t.table.innerKeys; inner != nil && inner.MayHave(first) {
		r.unfindable = rowNested
	}
	return r
}

// Cell returns the value of item i, or a missing cell.
func (r *Reader) Cell(i int) Cell {
	table := r.items.table
	place := r.items.place(i)
	if r.finder == nil || !place.has(r.findable) || place.has(r.unfindable) {
		return r.items.At(i, r.path)
	}
	cell := Cell{r.finder.Find(table.chunks[place.chunk()][place.from:place.to:place.to])}
	for _, key := range r.within {
		cell = cell.Child(key)
	}
	return cell
}
