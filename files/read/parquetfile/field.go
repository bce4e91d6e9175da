package parquetfile

import "math"

// field renders the values of a top-level column as members of JSON objects, many rows at a time. Several goroutines
// can render different fields.
type field struct {
	node *node
	// column is the only column of a field that is not nested. It is nil for nested fields.
	column   *column
	assembly assembly
	prefix   []byte // comma or brace before the member, followed by the key
	// hasKnownKeys is true if the values are objects whose keys are in the schema.
	hasKnownKeys bool
	left         int64 // number of rows in the row group that are not rendered yet

	front, back members
	err         error // error of the row after the rendered rows

	// queue holds definition levels that are read but not used yet. levelsErr is the error that came after these
	// levels.
	queue           []uint64
	levelsErr       error
	levels, indexes [fillSize]uint64
}

// fillSize is the maximum number of levels or indexes that are decoded in one step.
const fillSize = 512

// members holds the text of one column for consecutive rows: one member of a JSON object for each row, such as
// "price":1.
type members struct {
	text []byte
	ends []int
	// nonFinite holds the indexes of the rows with NaN or Infinity.
	nonFinite []int
	used      int // number of rows that are already in the batch
}

// rows returns the number of rows whose text has not been copied to the batch yet.
func (m *members) rows() int { return len(m.ends) - m.used }

// row returns the member for row i: the first n bytes of text.
func (m *members) row(i int) (text []byte, n int) {
	from := 0
	if i > 0 {
		from = m.ends[i-1]
	}
	return m.text[from:], m.ends[i] - from
}

// size returns the total length, in bytes, of the text for the given number of next rows.
func (m *members) size(rows int) int {
	if rows == 0 {
		return 0
	}
	from := 0
	if m.used > 0 {
		from = m.ends[m.used-1]
	}
	return m.ends[m.used+rows-1] - from
}

func (m *members) reset() {
	m.text, m.ends, m.nonFinite, m.used = m.text[:0], m.ends[:0], m.nonFinite[:0], 0
}

// freeText is the size, in bytes, that the text of a field can have without a reservation in the memory budget.
const freeText = 512 << 10

func newField(n *node, isFirst bool, columns []*column, budget *budget) *field {
	f := &field{node: n, assembly: assembly{budget: budget, columns: columns}, hasKnownKeys: n.write == nil && n.hasKnownKeys()}
	f.prefix = append(append(make([]byte, 0, max(maxShort, 1+len(n.key))), ','), n.key...)
	if isFirst {
		f.prefix[0] = '{'
	}
	if n.write != nil && !n.repeated {
		f.column = columns[n.first]
	}
	return f
}

// start begins a row group.
func (f *field) start(rows int64) {
	f.front.reset()
	f.back.reset()
	f.left, f.err, f.queue, f.levelsErr = rows, nil, nil, nil
}

// canRender reports whether the field has rows left to render, the buffer f.back is empty, and no error has occurred.
func (f *field) canRender() bool { return f.back.rows() == 0 && f.left > 0 && f.err == nil }

func (f *field) columns() []*column {
	return f.assembly.columns[f.node.first : f.node.first+f.node.leaves]
}

// render converts the given number of rows to JSON, or fewer if their text becomes longer than maxText bytes. It stores
// an error in f.err.
func (f *field) render(u *unpacker, rows, maxText int) {
	defer recoverBroken(&f.err)
	for _, c := range f.columns() {
		c.unpacker = u
	}
	f.back.reset()
	for f.err == nil && f.left > 0 && len(f.back.ends) < rows && len(f.back.text) < maxText {
		want := int(min(int64(rows-len(f.back.ends)), f.left))
		before, size := len(f.back.ends), cap(f.back.text)
		if f.column != nil {
			f.err = f.renderFlat(want, maxText)
		} else {
			f.err = f.renderNested()
		}
		f.left -= int64(len(f.back.ends) - before)
		if grown := max(cap(f.back.text), freeText) - max(size, freeText); grown > 0 && f.err == nil {
			f.err = f.assembly.budget.reserve(int64(grown))
		}
	}
}

// renderNested converts one row of a nested field to JSON.
func (f *field) renderNested() error {
	a := &f.assembly
	a.text, a.hasNonFinite = append(f.back.text, f.prefix...), false
	a.from = len(f.back.text)
	err := a.value(f.node, 0)
	f.back.text = a.text
	if err != nil {
		return err
	}
	f.end(a.hasNonFinite)
	return nil
}

func (f *field) end(hasNonFinite bool) {
	if hasNonFinite {
		f.back.nonFinite = append(f.back.nonFinite, len(f.back.ends))
	}
	f.back.ends = append(f.back.ends, len(f.back.text))
}

// renderFlat converts rows of a field that is not nested to JSON: at most the given number of rows, and only rows of
// the current page.
func (f *field) renderFlat(rows, maxText int) error {
	c := f.column
	if len(f.queue) == 0 {
		if err := f.readLevels(); err != nil {
			return err
		}
	}
	before := len(f.back.ends)
	err := f.renderLevels(f.queue[:min(rows, len(f.queue))], maxText)
	done := len(f.back.ends) - before
	f.queue = f.queue[done:]
	c.left, c.inPage = c.left-int64(done), c.inPage-int64(done)
	if err != nil {
		return c.withName(err)
	}
	return nil
}

// readLevels reads definition levels of the current page, or of the next page if the current one has ended.
func (f *field) readLevels() error {
	c := f.column
	if f.levelsErr != nil {
		return c.withName(f.levelsErr)
	}
	for c.inPage == 0 {
		if c.left == 0 {
			return c.withName(errLevels)
		}
		if err := c.page(); err != nil {
			return err
		}
	}
	var n int
	n, f.levelsErr = c.definitions.fill(f.levels[:min(c.inPage, fillSize)])
	f.queue = f.levels[:n]
	if n == 0 && f.levelsErr != nil {
		return c.withName(f.levelsErr)
	}
	return nil
}

// renderLevels converts values to JSON, one for each definition level, until the text has maxText bytes.
func (f *field) renderLevels(levels []uint64, maxText int) error {
	if x, isIndexed := f.column.values.(*indexed); isIndexed && f.column.render(f.node, f.prefix) {
		return f.renderIndexed(x, levels)
	}
	present := uint64(f.node.levels.definition)
	plain, isPlain := f.column.values.(*plain)
	isPlain = isPlain && plain.kind == kindBytes
	for _, level := range levels {
		if len(f.back.text) >= maxText {
			return nil
		}
		f.back.text = appendShort(f.back.text, f.prefix[:cap(f.prefix)], len(f.prefix))
		if level < present {
			f.back.text = append(f.back.text, "null"...)
			f.end(false)
			continue
		}
		var v value
		if isPlain {
			v.bytes = plain.quickNext()
		}
		if v.bytes == nil {
			var err error
			if v, err = f.column.values.next(); err != nil {
				return err
			}
		}
		f.back.text = f.node.write(f.back.text, v)
		f.end(isNonFinite(f.back.text))
	}
	return nil
}

// isNonFinite reports whether a text ends in NaN or Infinity.
func isNonFinite(text []byte) bool {
	last := text[len(text)-1]
	return last == 'N' || last == 'y'
}

// renderIndexed appends the JSON of one value for each definition level. It copies the JSON from the dictionary of the
// column, which must have been rendered before.
func (f *field) renderIndexed(x *indexed, levels []uint64) error {
	present, count := uint64(f.node.levels.definition), 0
	for _, level := range levels {
		if level >= present {
			count++
		}
	}
	indexes := f.indexes[:count]
	n, err := x.fill(indexes)
	values, used := &f.column.rendered, 0
	for _, level := range levels {
		if level < present {
			f.back.text = append(append(f.back.text, f.prefix...), "null"...)
			f.end(false)
			continue
		}
		if used == n {
			return err
		}
		member, size := values.at(indexes[used])
		used++
		f.back.text = appendShort(f.back.text, member, size)
		f.end(isNonFinite(f.back.text))
	}
	return nil
}

// rendered holds the values of a dictionary, each as a member of a JSON object.
type rendered struct {
	text  []byte
	ends  []uint32
	valid bool
	// refused is true if converting the dictionary to JSON would take too much memory.
	refused bool
	// reserved is the number of bytes that are reserved in the budget for this dictionary.
	reserved int64
}

// at returns the value with index i in the dictionary: the first n bytes of text.
func (r *rendered) at(i uint64) (text []byte, n int) {
	from := uint32(0)
	if i > 0 {
		from = r.ends[i-1]
	}
	return r.text[from:], int(r.ends[i] - from)
}

// Limits on rendering a dictionary. All values together may have at most maxRenderedData bytes, and each value at most
// maxRenderedValue bytes. Rendering a value of n bytes needs up to maxExpanded*n + renderedValue bytes.
const (
	maxRenderedData  = 2 << 20
	maxRenderedValue = 4 << 10
	maxExpanded      = 6
	renderedValue    = 64
)

// render converts the values of the column's dictionary to JSON. It returns false if this would need too much memory.
func (c *column) render(n *node, prefix []byte) bool {
	r, d := &c.rendered, &c.decoders.dictionary
	if r.valid || r.refused {
		return r.valid
	}
	r.refused = true // until rendering succeeds
	needed := maxExpanded*int64(len(d.data)) + int64(d.count)*int64(renderedValue+len(prefix))
	if len(d.data) > maxRenderedData || needed > math.MaxUint32 || d.longest() > maxRenderedValue {
		return false
	}
	if needed > r.reserved {
		if !c.unpacker.budget.reserveSpare(needed - r.reserved) {
			return false
		}
		r.reserved = needed
	}
	r.text, r.ends = r.text[:0], r.ends[:0]
	for i := range d.count {
		v, err := d.at(uint64(i))
		if err != nil {
			return false
		}
		r.text = n.write(append(r.text, prefix...), v)
		r.ends = append(r.ends, uint32(len(r.text)))
	}
	r.text = append(r.text, make([]byte, maxShort)...) // for appendShort
	r.valid, r.refused = true, false
	return true
}
