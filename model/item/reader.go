package item

import (
	"sbwatch/model/jsonscan"
	"sbwatch/model/vector"
)

// Reader reads the values at one path, with the same results as [Table.At]. It is not safe for concurrent use.
type Reader struct {
	items Table
	path  Path
	// finder finds the first key of the path. It is nil if a text search cannot find the key.
	finder *jsonscan.Finder
	// moreKeys holds the keys of the path after the first one.
	moreKeys []string
	// places says where the value is in each item. It is nil if that is unknown.
	places []vector.Place
	// The finder may only be used for rows that have all flags in findable and none of the flags in unfindable.
	findable, unfindable rowTrait
	// sum is the sum of the bytes that Ahead has read. It keeps the compiler from removing the reads.
	sum byte
	// compute returns the value of item i. It is nil if the values are not computed. evaluation computes them.
	compute    func(i int) Cell
	evaluation *Evaluation
}

// Reader returns a reader for the values at a path.
func (t Table) Reader(p Path) *Reader { return t.readerIn(nil, p) }

// readerIn returns a reader that computes columns as part of an evaluation. If e is nil, the reader has an evaluation of
// its own.
func (t Table) readerIn(e *Evaluation, p Path) *Reader {
	r := &Reader{items: t, path: p, findable: rowRegular}
	if p.whole || p.keys == "" || t.Len() == 0 {
		return r
	}
	first, rest := cutKey(p.keys)
	for rest != "" {
		var key string
		key, rest = cutKey(rest)
		r.moreKeys = append(r.moreKeys, key)
	}
	if c := t.computedAt(p); c != nil {
		if e == nil {
			e = new(Evaluation)
		}
		r.compute, r.evaluation = e.column(c), e
		return r
	}
	if values, ok := t.Vector(p); ok {
		r.places = values.Places()
	}
	r.finder, _ = jsonscan.NewFinder(first)
	if inner := t.table.innerKeys; inner != nil && inner.MayHave(first) {
		r.unfindable = rowNested
	}
	return r
}

// Cell returns the value of item i, or a missing cell.
func (r *Reader) Cell(i int) Cell {
	if r.compute != nil {
		return r.computed(i)
	}
	if r.knowsPlace(i) {
		from, to := r.places[i].Bounds()
		return r.items.Part(i, from, to)
	}
	table := r.items.table
	place := r.items.place(i)
	if r.finder == nil || !place.has(r.findable) || place.has(r.unfindable) {
		return r.items.At(i, r.path)
	}
	cell := Cell{r.finder.Find(table.chunks[place.chunk()][place.from:place.to:place.to])}
	if len(r.moreKeys) == 0 {
		return cell
	}
	rest := r.moreKeys
	if cell.Kind() == CellObject {
		value, left := jsonscan.FindWithin(cell.raw, rest)
		cell, rest = Cell{value}, rest[len(rest)-left:]
	}
	for _, key := range rest {
		cell = cell.Child(key)
	}
	return cell
}

// knowsPlace reports whether the slice places has the value of item i.
func (r *Reader) knowsPlace(i int) bool { return len(r.places) > 0 && r.places[i] != vector.Far }

// Cost returns approximately how many bytes [Reader.Cell] scans for the value of item i. It returns 0 if the place of the
// value is known, and also if the value is computed: [Evaluation.Next] then counts the work.
func (r *Reader) Cost(i int) int {
	const skipped = 8 // the finder is about as many times as fast as a scan of the whole row
	if r.compute != nil || r.knowsPlace(i) {
		return 0
	}
	place := r.items.place(i)
	size := int(place.to - place.from)
	if r.finder == nil || !place.has(r.findable) || place.has(r.unfindable) {
		return size
	}
	return size / skipped
}

func (r *Reader) computed(i int) Cell {
	if r.items.source(i)[0] != '{' {
		return Cell{}
	}
	cell := r.compute(i)
	for _, key := range r.moreKeys {
		cell = cell.Child(key)
	}
	return cell
}

// OffsetIn returns the offset of a value in item i. The cell must come from item i, from a [Reader] or [Table.At], and
// must not be computed. For a missing cell, OffsetIn returns 0.
func (t Table) OffsetIn(i int, cell Cell) int {
	if len(cell.raw) == 0 {
		return 0
	}
	return len(t.source(i)) - cap(cell.raw) // the capacity of a value extends to the end of its row
}

// Part returns the value between two offsets in item i. If the offsets are equal, it returns a missing cell. Otherwise
// they must be the start and end of a value.
func (t Table) Part(i, from, to int) Cell {
	if from == to {
		return Cell{}
	}
	place := t.place(i)
	return Cell{t.table.chunks[place.chunk()][int(place.from)+from : int(place.from)+to : place.to]}
}
