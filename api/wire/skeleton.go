package wire

import (
	"errors"
	"strconv"

	"sbwatch/model/text"
)

// Maximum sizes, in bytes, of the parts of an answer other than its items. These limits are a hundred times the usual
// sizes. Higher limits would be dangerous, because parsing such a part needs several times its size in memory.
const (
	maxSkeleton = 8 << 20
	maxValue    = 4 << 20 // size of one field
	// skeletonReserve is the number of bytes that are reserved for the fields after the array of pages.
	skeletonReserve = maxValue
)

var (
	errValueTooLarge = errors.New("a value of more than 4 MiB")
	errKeyTooLarge   = errors.New("a key of more than 4 MiB")
)

// skeleton builds the JSON of an answer without its items. Values that would make the JSON too large are left out. The
// method end returns valid JSON even if the answer was cut off.
type skeleton struct {
	limit   int  // maximum size in bytes
	cut     bool // whether a value was left out
	inPages bool
	muted   int // number of open values that were left out, whose closing brackets are ignored
	text    []byte
	closers []byte // closing brackets of the open values, outermost first
}

// put adds a value, and reports whether it fits. key is the quoted key if the value is in an object, and otherwise nil.
func (s *skeleton) put(key, value []byte) bool {
	if s.muted > 0 || len(s.text)+len(key)+len(value) > s.room() {
		s.cut = true
		return false
	}
	// The text ends with an opening bracket only if no element has been added after it.
	if n := len(s.text); n > 0 && s.text[n-1] != '{' && s.text[n-1] != '[' {
		s.text = append(s.text, ',')
	}
	if key != nil {
		s.text = append(append(s.text, key...), ':')
	}
	s.text = append(s.text, value...)
	return true
}

// room returns the maximum length of the JSON, in bytes. While the array of pages is open, some bytes are reserved for
// the fields after it.
func (s *skeleton) room() int {
	if s.inPages {
		return s.limit - min(skeletonReserve, s.limit/2)
	}
	return s.limit
}

// open starts an object or an array with the given pair of brackets.
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

// end closes all open values and returns the JSON. It returns nil if nothing was added.
func (s *skeleton) end() []byte {
	s.muted = 0
	for len(s.closers) > 0 {
		s.close()
	}
	return s.text
}

// itemsWord returns the placeholder for removed items, as JSON: "29 items".
func itemsWord(count int) []byte {
	return strconv.AppendQuote(nil, text.Counted(int64(count), "item"))
}
