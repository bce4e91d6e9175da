package parquetfile

import "math"

// rendered holds the values of a dictionary as JSON, with their frames. The texts for rows without a value follow.
type rendered struct {
	text    []byte
	spans   []span
	longest int // length of the longest text in bytes
	valid   bool
	// refused is true if rendering would take too much memory.
	refused bool
	// hasNonFinite is true if a value is NaN or Infinity.
	hasNonFinite bool
	// reserved is the number of bytes that are reserved in the budget for this dictionary.
	reserved int64
}

// span locates a text in a buffer.
type span struct{ from, size uint32 }

// at returns the text with index i: the first n bytes of text.
func (r *rendered) at(i uint64) (text []byte, n int) {
	s := r.spans[i]
	return r.text[s.from:], int(s.size)
}

// Limits on rendering a dictionary. All values together may have at most maxRenderedData bytes, and each value at most
// maxRenderedValue bytes. Rendering a value of n bytes needs up to maxExpanded*n + renderedValue bytes.
const (
	maxRenderedData  = 2 << 20
	maxRenderedValue = 4 << 10
	maxExpanded      = 6
	renderedValue    = 64
)

// render renders the dictionary of the column. It returns false if this would need too much memory.
func (c *column) render(n *node, around *frame) bool {
	r, d := &c.rendered, &c.decoders.dictionary
	if r.valid || r.refused {
		return r.valid
	}
	r.refused = true // until rendering succeeds
	needed := maxExpanded*int64(len(d.data)) + int64(d.count)*int64(renderedValue+len(around.prefix)+len(around.suffix))
	if len(d.data) > maxRenderedData || needed > math.MaxUint32 || d.longest() > maxRenderedValue {
		return false
	}
	if needed > r.reserved {
		if !c.unpacker.budget.reserveSpare(needed - r.reserved) {
			return false
		}
		r.reserved = needed
	}
	r.text, r.spans, r.longest, r.hasNonFinite = r.text[:0], r.spans[:0], 0, false
	for i := range d.count {
		v, err := d.at(uint64(i))
		if err != nil {
			return false
		}
		from := len(r.text)
		r.text = n.write(append(r.text, around.prefix...), v)
		r.hasNonFinite = r.hasNonFinite || isNonFinite(r.text)
		r.text = append(r.text, around.suffix...)
		r.end(from)
	}
	for _, text := range around.absent {
		from := len(r.text)
		r.text = append(r.text, text...)
		r.end(from)
	}
	r.text = append(r.text, make([]byte, maxShort)...) // for appendShort
	r.valid, r.refused = true, false
	return true
}

// end adds the text that starts at an offset.
func (r *rendered) end(from int) {
	size := len(r.text) - from
	r.spans, r.longest = append(r.spans, span{uint32(from), uint32(size)}), max(r.longest, size)
}
