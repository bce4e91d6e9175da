package jsonrepair

import (
	"errors"
	"sort"

	"sbwatch/model/jsonscan"
)

// nesting says how far a Repairer has read a value, and which objects and arrays are open at that offset. If the text
// ended inside the value, the next call continues at that offset with more text. After a damaged value, the calls for
// the values nested in it also continue at that offset, so that the same text is not examined again.
type nesting struct {
	// levels are the objects and arrays that are open, from the outermost to the innermost. If the current value is
	// nested in a damaged one, levels[:outside] are the objects and arrays around it.
	levels  []level
	outside int
	phase   phase
	pos     int   // offset in the text of the next byte to examine
	origin  int64 // offset of the current text in the text that was passed to [Repairer.Value]
	err     error // error of the newest call of Value or Resume
	tooDeep bool  // whether err was caused by the nesting depth
}

// level is an open object or array.
type level struct {
	from    int64 // offset of its bracket in the text that was passed to [Repairer.Value]
	comma   int   // offset in Row of the last comma, or -1
	closing byte
}

// phase says what comes next in the text.
type phase int

const (
	beforeValue phase = iota
	// beforeElement is the phase after a bracket or a comma.
	beforeElement
	afterElement
	afterValue
)

// repair continues to repair the value, and returns the offset after it.
func (r *Repairer) repair() (int, error) {
	n := &r.open
	began := n.pos
	n.tooDeep = false
	for n.phase != afterValue {
		var next int
		switch n.phase {
		case beforeValue:
			next = r.value(n.pos)
		case beforeElement:
			next = r.element(n.pos)
		default:
			next = r.afterElement(n.pos)
		}
		if next < 0 {
			n.err = r.failure(^next)
			r.work += int64(min(^next, len(r.text)) - began)
			return 0, n.err
		}
		n.pos = next
	}
	n.err = nil
	r.work += int64(n.pos - began)
	return n.pos, nil
}

// failure returns the error for an invalid byte at an offset.
func (r *Repairer) failure(offset int) error {
	if offset >= len(r.text) {
		return jsonscan.ErrShort
	}
	return jsonscan.Unexpected(r.text[offset], int64(offset))
}

// IsOpen reports whether the newest value is damaged and contains an object or array that starts at offset start and
// was still open where the damage was found. The offset is relative to the text that was passed to [Repairer.Value].
func (r *Repairer) IsOpen(start int64) bool {
	n := &r.open
	if n.err == nil {
		return false
	}
	levels := n.levels[n.outside:]
	i := sort.Search(len(levels), func(i int) bool { return levels[i].from >= start })
	return i < len(levels) && levels[i].from == start
}

// Resume returns the error that [Repairer.Value] would return for the given text. The parameter start is the offset at
// which this text starts in the text of the newest call of Value. [Repairer.IsOpen] must be true for start, and start
// must not decrease from call to call. Resume continues where the newest call of Value or Resume failed. It does not
// set Row, Valid and Faults.
func (r *Repairer) Resume(text []byte, start int64, ended bool) error {
	n := &r.open
	for n.levels[n.outside].from < start {
		n.outside++
	}
	n.pos -= int(start - n.origin)
	n.origin = start
	isMore := errors.Is(n.err, jsonscan.ErrShort) && !r.ended
	if !isMore && !n.tooDeep {
		return n.err
	}
	r.text, r.ended = text, ended
	if r.isQuiet = true; cap(r.Row) > maxKept {
		r.Row, r.Valid = nil, nil
	}
	_, err := r.repair()
	return err
}

// maxKept is the maximum size of a buffer that is kept after an error, in bytes.
const maxKept = 64 << 10

// value repairs a scalar, or the opening bracket of an object or array.
func (r *Repairer) value(i int) int {
	n := &r.open
	if i >= len(r.text) {
		return ^len(r.text)
	}
	c := r.text[i]
	if c != '{' && c != '[' {
		end := r.scalar(i)
		if end >= 0 {
			n.endValue()
		}
		return end
	}
	if len(n.levels)-n.outside == jsonscan.MaxDepth {
		n.tooDeep = true
		return ^i
	}
	n.levels = append(n.levels, level{from: n.origin + int64(i), comma: -1, closing: c + 2})
	n.phase = beforeElement
	r.put(c)
	return i + 1
}

// endValue sets the phase after the end of a value: afterElement if the value is in an object or array, and otherwise
// afterValue.
func (n *nesting) endValue() {
	n.phase = afterElement
	if len(n.levels) == n.outside {
		n.phase = afterValue
	}
}

// element repairs the text after an opening bracket or a comma, up to the closing bracket or the next value. In an
// object, it also repairs the key before that value.
func (r *Repairer) element(i int) int {
	n := &r.open
	if i = r.space(i); i < 0 || i >= len(r.text) {
		return short(i)
	}
	list := &n.levels[len(n.levels)-1]
	if r.text[i] == list.closing {
		if list.comma >= 0 {
			r.Faults[Comma]++
			r.blank(list.comma)
		}
		return r.close(i)
	}
	if list.closing == '}' {
		if i = r.key(i); i < 0 {
			return i
		}
	}
	n.phase = beforeValue
	return i
}

// blank replaces a comma in Row and Valid with a space, because JSON does not allow a comma before a closing bracket.
func (r *Repairer) blank(comma int) {
	if !r.isQuiet {
		r.Row[comma], r.Valid[comma] = ' ', ' '
	}
}

// close repairs a closing bracket.
func (r *Repairer) close(i int) int {
	n := &r.open
	r.put(r.text[i])
	n.levels = n.levels[:len(n.levels)-1]
	n.endValue()
	return i + 1
}

// afterElement repairs the text after an element of an object or array: a comma or the closing bracket.
func (r *Repairer) afterElement(i int) int {
	n := &r.open
	if i = r.space(i); i < 0 || i >= len(r.text) {
		return short(i)
	}
	list := &n.levels[len(n.levels)-1]
	switch r.text[i] {
	case list.closing:
		return r.close(i)
	case ',':
		list.comma = len(r.Row)
		r.put(',')
		n.phase = beforeElement
		return i + 1
	default:
		return ^i
	}
}
