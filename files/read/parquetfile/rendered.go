package parquetfile

import (
	"math"
	"slices"
)

// rendered holds the text for each value of a dictionary: the value as JSON, with the text before and after it; see
// [frame]. The texts for rows without a value come last.
type rendered struct {
	text []byte
	// ends begins with 0, followed by the end of each text.
	ends    []uint32
	longest int // length of the longest text in bytes
	valid   bool
	// refused is true if rendering would take too much memory.
	refused bool
	// hasNonFinite is true if a value is NaN or Infinity.
	hasNonFinite bool
	// reserved is the number of bytes that are reserved in the budget for this dictionary.
	reserved int64
}

// at returns the text with index i: the first n bytes of text.
func (r *rendered) at(i uint32) (text []byte, n int) {
	from := r.ends[i]
	return r.text[from:], int(r.ends[i+1] - from)
}

// sizeOf returns the length of the text with index i.
func (r *rendered) sizeOf(i uint32) int { return int(r.ends[i+1] - r.ends[i]) }

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
	for _, text := range around.absent {
		needed += int64(len(text))
	}
	if len(d.data) > maxRenderedData || needed > math.MaxUint32 || d.longest() > maxRenderedValue {
		return false
	}
	if needed > r.reserved {
		if !c.unpacker.budget.reserveSpare(needed - r.reserved) {
			return false
		}
		r.reserved = needed
	}
	r.text, r.longest, r.hasNonFinite = r.text[:0], 0, false
	r.ends = append(slices.Grow(r.ends[:0], 1+d.count+len(around.absent)), 0)
	for i := range d.count {
		v, err := d.at(uint64(i))
		if err != nil {
			return false
		}
		r.text = n.write(append(r.text, around.prefix...), v)
		r.hasNonFinite = r.hasNonFinite || isNonFinite(r.text)
		r.text = append(r.text, around.suffix...)
		r.end()
	}
	for _, text := range around.absent {
		r.text = append(r.text, text...)
		r.end()
	}
	r.text = append(r.text, make([]byte, maxShort)...) // for appendShort
	r.valid, r.refused = true, false
	return true
}

// end ends a text.
func (r *rendered) end() {
	from := r.ends[len(r.ends)-1]
	r.ends, r.longest = append(r.ends, uint32(len(r.text))), max(r.longest, len(r.text)-int(from))
}
