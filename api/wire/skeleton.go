package wire

import (
	"errors"
	"strconv"

	"sbwatch/model/text"
)

// Limits on what an answer holds besides its items, in bytes. They are a hundred times what is expected, because
// parsing takes many times the size.
const (
	maxSkeleton = 8 << 20
	maxValue    = 4 << 20 // of one field
	// skeletonReserve is reserved for the fields outside the pages, however large the pages are.
	skeletonReserve = maxValue
)

var (
	errValueTooLarge = errors.New("a value of more than 4 MiB")
	errKeyTooLarge   = errors.New("a key of more than 4 MiB")
)

// skeleton builds JSON step by step and can be ended at any time. What does not fit is omitted.
type skeleton struct {
	limit   int  // bytes
	cut     bool // something was omitted
	inPages bool
	muted   int // number of closers that belong to omitted values
	text    []byte
	closers []byte // closing brackets of the open values, outermost first
}

// put adds a value and reports whether it fit. In an object, key is the quoted key; otherwise it is nil.
func (s *skeleton) put(key, value []byte) bool {
	if s.muted > 0 || len(s.text)+len(key)+len(value) > s.room() {
		s.cut = true
		return false
	}
	// Only an opening bracket without elements ends in one.
	if n := len(s.text); n > 0 && s.text[n-1] != '{' && s.text[n-1] != '[' {
		s.text = append(s.text, ',')
	}
	if key != nil {
		s.text = append(append(s.text, key...), ':')
	}
	s.text = append(s.text, value...)
	return true
}

// room returns the maximum length of the text at this point.
func (s *skeleton) room() int {
	if s.inPages {
		return s.limit - min(skeletonReserve, s.limit/2)
	}
	return s.limit
}

// open begins an object or an array with the given pair of brackets.
func (s *skeleton) open(key []byte, brackets string) {
	if !s.put(key, []byte(brackets[:1])) {
		s.muted++
		return
	}
	s.closers = append(s.closers, brackets[1])
}

// close ends the innermost open value.
func (s *skeleton) close() {
	if s.muted > 0 {
		s.muted--
		return
	}
	last := len(s.closers) - 1
	s.text = append(s.text, s.closers[last])
	s.closers = s.closers[:last]
}

// end closes all open values and returns the JSON, or nil if nothing was added.
func (s *skeleton) end() []byte {
	s.muted = 0
	for len(s.closers) > 0 {
		s.close()
	}
	return s.text
}

// itemsWord returns the placeholder for count removed items: "29 items", a JSON string.
func itemsWord(count int) []byte {
	return strconv.AppendQuote(nil, text.Counted(int64(count), "item"))
}
