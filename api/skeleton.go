package api

import (
	"errors"
	"strconv"

	"sbwatch/model"
)

// maxSkeleton bounds, in bytes, what an answer may hold beside its items: a thousand times what any should, and nothing
// to a machine's memory.
const maxSkeleton = 64 << 20

var errSkeletonTooLarge = errors.New("more than 64 MiB beside the items")

// skeleton is JSON that is written part by part, and can be ended at any moment.
type skeleton struct {
	most    int // bytes
	text    []byte
	closers []byte // of what is open, the outermost first
}

// put adds a value: to an object with its key, which stands in its quotes, and to an array, or by itself, without.
func (s *skeleton) put(key, value []byte) error {
	if len(s.text)+len(key)+len(value) > s.most {
		return errSkeletonTooLarge
	}
	// Nothing but a bracket that was just opened ends in one.
	if n := len(s.text); n > 0 && s.text[n-1] != '{' && s.text[n-1] != '[' {
		s.text = append(s.text, ',')
	}
	if key != nil {
		s.text = append(append(s.text, key...), ':')
	}
	s.text = append(s.text, value...)
	return nil
}

// open begins an object or an array, whose opening and closing bracket are given.
func (s *skeleton) open(key []byte, brackets string) error {
	if err := s.put(key, []byte(brackets[:1])); err != nil {
		return err
	}
	s.closers = append(s.closers, brackets[1])
	return nil
}

// close ends what was opened last.
func (s *skeleton) close() {
	last := len(s.closers) - 1
	s.text = append(s.text, s.closers[last])
	s.closers = s.closers[:last]
}

// end closes all that is open, and gives the JSON; nothing at all where nothing was put.
func (s *skeleton) end() []byte {
	for len(s.closers) > 0 {
		s.close()
	}
	return s.text
}

// itemsWord stands for so many items that were taken out: "29 items", a JSON string.
func itemsWord(count int) []byte {
	return strconv.AppendQuote(nil, model.Counted(int64(count), "item"))
}
