package profile

import (
	"bytes"
	"hash/maphash"
	"math"
	"slices"

	"sbwatch/model/item"
	"sbwatch/model/parse"
)

// Scan profiles the rows of one table.
type Scan struct {
	items    item.Table
	segments segments
	// hashes holds one hash per row. Parts write to it concurrently, each to its own rows.
	hashes  []uint64
	seed    maphash.Seed // of hashes
	slotKey uint64       // see tally.New
	equals  *equals
	// sampleBelow selects the sampled rows. A row is sampled if the function mix returns at most sampleBelow for the
	// row number.
	sampleBelow uint64
	// maxPerRow is the maximum number of values of one place that a sampled row adds to the sample.
	maxPerRow int
	maxSlots  int
	styles    map[item.Place]style
}

// Memory limits of a scan.
const (
	sampleRows    = 1 << 14 // sampled rows, whose numbers are kept for medians and histograms
	sampleNumbers = 1 << 20 // numbers that are kept for one place, which may have long lists
	slotsInAll    = 1 << 20 // slots in the tallies of all columns together
	segmentsInAll = 1 << 22 // counts of all columns in all segments together
)

// NewScan starts a profile of a table. It reads some rows to learn how numbers and dates are written.
func NewScan(items item.Table) *Scan {
	s := &Scan{items: items, segments: newSegments(items), hashes: make([]uint64, items.Len()), seed: maphash.MakeSeed(), sampleBelow: math.MaxUint64}
	s.slotKey = maphash.Bytes(maphash.MakeSeed(), nil)
	if n := items.Len(); n > sampleRows {
		s.sampleBelow = math.MaxUint64 / uint64(n) * sampleRows
	}
	s.maxPerRow = sampleNumbers / min(sampleRows, max(1, items.Len()))
	s.maxSlots = slotsInAll / max(1, len(items.Columns()))
	s.styles = s.learn()
	return s
}

// Split divides the rows into partitions, in each of which a [RowFinder] can search for equal rows. It returns the
// number of partitions. All rows must have been read. If Split is not called, [Part.Finish] does the search itself.
func (s *Scan) Split() int {
	s.equals = newEquals(s.hashes)
	return partitions
}

// RowFinder finds equal rows. Each goroutine needs its own RowFinder.
type RowFinder struct {
	scan   *Scan
	search search
}

// Finder returns a new RowFinder. Call [Scan.Split] first.
func (s *Scan) Finder() *RowFinder {
	return &RowFinder{s, search{same: func(a, b int) bool { return bytes.Equal(s.items.Row(a), s.items.Row(b)) }}}
}

// Find searches a partition for equal rows, for [Part.Finish] to report. Partitions are numbered from 0; see
// [Scan.Split].
func (f *RowFinder) Find(partition int) { f.search.find(f.scan.equals, partition) }

func (s *Scan) duplicates() Duplicates {
	if s.equals == nil {
		finder := s.Finder()
		for partition := range s.Split() {
			finder.Find(partition)
		}
	}
	return s.equals.groups()
}

// canCount reports whether there is memory to count the values of one more column, or of one more nested place, in each
// segment. nodes is the number of nested places, including the new one.
func (s *Scan) canCount(nested bool, nodes int) bool {
	columns := len(s.items.Columns())
	if nested {
		columns += nodes
	}
	return columns*s.segments.len() <= segmentsInAll
}

// Part collects the values of some of the rows. Only one goroutine may use a part.
type Part struct {
	scan *Scan
	// root holds a node for each column, in table order. whole is the node for items that are not objects.
	root  *object
	whole *node
	nodes int // number of nodes, not counting columns
	// learns is true if the part only learns how numbers and dates are written, and counts no values.
	learns bool

	// State of the row being read.
	row     int
	newHere int // number of places that first appear in this row
	visits  uint64
	members []member

	// kept holds the columns for which the method Keep was called.
	kept []kept

	// held is the number of values that are not counted yet. rows are the rows with such values, and holders the nodes
	// with such values.
	held    int
	rows    []pendingRow
	holders []*node
	present []presentValue // memory for the method count
	hashes  []uint64       // memory for the method count
	scratch []byte
	words   parse.Words
	touched uint32 // see tally.Tally.Touch
}

// Part returns a new [Part], which has read no rows yet.
func (s *Scan) Part() *Part { return s.part(false) }

func (s *Scan) part(learns bool) *Part {
	p := &Part{scan: s, root: newObject(), learns: learns}
	for _, column := range s.items.Columns() {
		child := p.newNode(item.PlaceOf(column.Path()), false)
		if column.Whole {
			p.whole = child
		} else {
			p.root.add(column.Name.Raw(), child)
		}
	}
	p.root.fixed = true
	return p
}

// kept is a column whose values are passed on to a function.
type kept struct {
	node *node
	put  func(row int, value item.Cell)
}

// Keep makes [Part.Rows] also call the function put for each row with the value of a column, or with a missing cell.
// The caller gets the values in this way, without reading the rows again. path must be the path of a column of the
// table. The table must not have computed columns.
func (p *Part) Keep(path item.Path, put func(row int, value item.Cell)) {
	place := item.PlaceOf(path)
	if at := slices.IndexFunc(p.root.children, func(n *node) bool { return n.place == place }); at >= 0 {
		p.kept = append(p.kept, kept{p.root.children[at], put})
	}
}

// Rows reads the rows in [from, to). Each row may be read only once, by any part of the scan. Different parts can be
// used concurrently.
func (p *Part) Rows(from, to int) {
	if from >= to {
		return
	}
	for row := from; row < to; row++ {
		p.newHere = 0
		p.row = row
		raw := slices.Clip(p.scan.items.Row(row))
		p.rows = append(p.rows, pendingRow{raw, row, p.scan.items.HasEscapes(row), p.scan.samplesOf(row)})
		p.scan.hashes[row] = max(1, maphash.Bytes(p.scan.seed, raw))
		p.item(raw)
		if p.held >= maxPending {
			p.countPending()
		}
	}
	p.countPending()
}

// item reads the values of the current row. It reads the row only once if every key already has a node, as is usual.
func (p *Part) item(raw []byte) {
	switch {
	case raw[0] != '{':
		p.value(p.whole, raw)
		return
	case !p.learns:
		if p.known(p.root, raw, 0) >= 0 {
			return
		}
		p.release()
	}
	p.object(p.root, item.Place{}, raw)
}

// samplesOf returns the maximum number of values of one place that a row adds to the sample.
func (s *Scan) samplesOf(row int) int {
	if mix(uint64(row)) <= s.sampleBelow {
		return s.maxPerRow
	}
	return 0
}

// mix turns consecutive numbers into pseudo-random ones.
func mix(x uint64) uint64 {
	x ^= x >> 31
	x *= 0x9e3779b97f4a7c15
	x ^= x >> 29
	x *= 0xbf58476d1ce4e5b9
	return x ^ x>>32
}

// Merge adds the result of another part of the same scan to p. The other part must not be used again.
func (p *Part) Merge(other *Part) {
	for i, child := range p.root.children {
		child.merge(other.root.children[i])
	}
	if p.whole != nil {
		p.whole.merge(other.whole)
	}
	*other = Part{} // frees its memory even if the caller keeps a pointer to it
}

func (n *node) merge(other *node) {
	for i := range n.presence {
		n.presenceFirst[i] = firstOf(n.presence[i], n.presenceFirst[i], other.presence[i], other.presenceFirst[i])
		n.presence[i] += other.presence[i]
	}
	for i := range n.types {
		n.typeFirst[i] = firstOf(n.types[i], n.typeFirst[i], other.types[i], other.typeFirst[i])
		n.types[i] += other.types[i]
	}
	for i := range n.strays {
		n.strays[i].Row = firstOf(n.strays[i].Count, n.strays[i].Row, other.strays[i].Count, other.strays[i].Row)
		n.strays[i].Count += other.strays[i].Count
	}
	n.since = min(n.since, other.since)
	n.last = max(n.last, other.last)
	n.tally.Merge(&other.tally)
	if other.shortest.Known {
		n.shortest.update(other.shortest.Length, other.shortest.Row, true)
		n.longest.update(other.longest.Length, other.longest.Row, false)
	}
	mergeSpreads(&n.spread, other.spread)
	mergeSpreads(&n.dates, other.dates)
	for i := range min(len(n.segments), len(other.segments)) {
		n.segments[i] += other.segments[i]
	}
	if n.segments == nil || other.segments == nil {
		n.segments = nil
	}
	n.mergeChildren(other)
}

func (n *node) mergeChildren(other *node) {
	if n.elements == nil {
		n.elements = other.elements
	} else if other.elements != nil {
		n.elements.merge(other.elements)
	}
	if n.object == nil || other.object == nil {
		if n.object == nil {
			n.object = other.object
		}
		return
	}
	n.object.areData = n.object.areData || other.object.areData
	for i, theirs := range other.object.children {
		name := other.object.names[i]
		if at, known := n.object.byName[name]; known {
			n.object.children[at].merge(theirs)
		} else {
			n.object.add(name, theirs)
		}
	}
	n.object.areData = n.object.areData || len(n.object.children) > maxKeys
}

// firstOf returns the smaller of the row numbers row and otherRow. It ignores row if count is 0, and otherRow if
// otherCount is 0.
func firstOf(count, row, otherCount, otherRow int) int {
	switch {
	case otherCount == 0:
		return row
	case count == 0:
		return otherRow
	default:
		return min(row, otherRow)
	}
}

func mergeSpreads(s **spread, other *spread) {
	if *s == nil {
		*s = other
	} else if other != nil {
		(*s).merge(other)
	}
}
