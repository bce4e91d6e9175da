package wire

import (
	"errors"
	"strconv"

	"sbwatch/model/text"
)

// What an answer may hold beside its items, in bytes: a hundred times what any should, as reading it takes many times its size.
const (
	maxSkeleton = 8 << 20
	maxValue    = 4 << 20 // of one field
	// skeletonReserve is for the fields outside of the pages, however much these hold.
	skeletonReserve = maxValue
)

var (
	errValueTooLarge = errors.New("a value of more than 4 MiB")
	errKeyTooLarge   = errors.New("a key of more than 4 MiB")
)

// skeleton is JSON that is written part by part, and can be ended at any moment. What does not fit is left out.
type skeleton struct {
	most    int  // bytes
	cut     bool // something was left out
	inPages bool
	muted   int // how many of closers are of what was left out
	text    []byte
	closers []byte // of what is open, the outermost first
}

// put adds a value: to an object with its key, which stands in its quotes, and to an array, or by itself, without.
// It reports whether there was room.
func (s *skeleton) put(key, value []byte) bool {
	if s.muted > 0 || len(s.text)+len(key)+len(value) > s.room() {
		s.cut = true
		return false
	}
	// Nothing but a bracket that was just opened ends in one.
	if n := len(s.text); n > 0 && s.text[n-1] != '{' && s.text[n-1] != '[' {
		s.text = append(s.text, ',')
	}
	if key != nil {
		s.text = append(append(s.text, key...), ':')
	}
	s.text = append(s.text, value...)
	return true
}

// room is how long the text may become here.
func (s *skeleton) room() int {
	if s.inPages {
		return s.most - min(skeletonReserve, s.most/2)
	}
	return s.most
}

// open begins an object or an array, whose opening and closing bracket are given.
func (s *skeleton) open(key []byte, brackets string) {
	if !s.put(key, []byte(brackets[:1])) {
		s.muted++
		return
	}
	s.closers = append(s.closers, brackets[1])
}

// close ends what was opened last.
func (s *skeleton) close() {
	if s.muted > 0 {
		s.muted--
		return
	}
	last := len(s.closers) - 1
	s.text = append(s.text, s.closers[last])
	s.closers = s.closers[:last]
}

// end closes all that is open, and gives the JSON; nothing at all where nothing was put.
func (s *skeleton) end() []byte {
	s.muted = 0
	for len(s.closers) > 0 {
		s.close()
	}
	return s.text
}

// itemsWord stands for so many items that were taken out: "29 items", a JSON string.
func itemsWord(count int) []byte {
	return strconv.AppendQuote(nil, text.Counted(int64(count), "item"))
}
