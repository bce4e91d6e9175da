package order

import (
	"encoding/binary"
	"sync"

	"sbwatch/model/parse"
)

// keyStore holds the sort keys of the texts of a column, except for the first bytes, which are in the codes. With it,
// most texts with the same code can be compared without reading the texts again.
type keyStore struct {
	// room is the number of bytes that are kept of each sort key. It is a multiple of 8.
	room int
	// For each text, this slice holds where its sort key is stored: the number of a block and an offset in that block.
	of []uint32

	mutex  sync.Mutex
	blocks [][]byte
}

// For each text, a block contains: the length of the key, the number of case bytes, the key, and the case bytes, which
// mark the capital letters of the text. If the number of case bytes is the constant inexact, the stored key does not
// suffice to compare the text.
const (
	keyHeader   = 2
	inexact     = 0xff
	maxKeyRoom  = 64
	keyBlockLen = 1 << keyBlockBits
	// keyBlockBits is the number of bits of an offset in a block.
	keyBlockBits = 14

	// The memory blocks of a large column are divided into 1<<keyGroupBits groups. The sort keys of texts with the same
	// code are stored in blocks of one group, because keys that are close together in memory are compared faster.
	keyGroupBits = 6
	minGrouped   = 1 << 16 // number of rows
)

func keyGroups(rows int) int {
	if rows < minGrouped {
		return 1
	}
	return 1 << keyGroupBits
}

// keyRoom returns the maximum number of bytes of each sort key to store. The parameter memory is the size of the table
// in bytes.
func keyRoom(memory int64, rows int) int {
	const share = 8 // part of the memory of the table
	if rows == 0 {
		return 0
	}
	return int(min(memory/share/int64(rows), maxKeyRoom)) &^ 7
}

// keyBlock is the unused part of a block of memory for sort keys.
type keyBlock struct {
	free   []byte
	number uint32
}

// reserve makes sure that a block has room for size bytes, and that eight bytes can be read from any offset in it.
func (s *keyStore) reserve(block *keyBlock, size, rows int) {
	const spare = 8
	if len(block.free) >= size+spare {
		return
	}
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if s.of == nil {
		s.of = make([]uint32, rows)
	}
	block.number = uint32(len(s.blocks))
	block.free = make([]byte, keyBlockLen)
	s.blocks = append(s.blocks, block.free)
}

func (t *Loader) store(at uint32, key parse.Key) {
	keys := &t.column.keys
	if keys.room == 0 {
		return
	}
	const spread = 0x9e3779b97f4a7c15
	group := uint64(t.column.codes[at]) * spread >> (64 - keyGroupBits) & uint64(len(t.blocks)-1)
	block := &t.blocks[group]
	keys.reserve(block, keyHeader+keys.room+8, t.column.Len())
	keys.of[at] = block.number<<keyBlockBits | uint32(keyBlockLen-len(block.free))
	dst := block.free
	n := copy(dst[keyHeader:keyHeader+keys.room], key.Folded)
	dst[0], dst[1] = byte(n), inexact
	n += keyHeader
	if key.IsExact && n-keyHeader == len(key.Folded) {
		dst[1] = 0
		for upper := key.Upper; upper != 0; upper <<= 8 {
			dst[n] = byte(upper >> 56)
			dst[1]++
			n++
		}
	}
	block.free = dst[n:]
}

// word returns eight bytes of a stored sort key, starting at an offset. Bytes beyond the end of the key are 0.
func (s *keyStore) word(at uint32, from int) uint64 {
	place := s.of[at]
	key := s.blocks[place>>keyBlockBits][place&(keyBlockLen-1):]
	rest := int(key[0]) - from
	if rest <= 0 {
		return 0
	}
	word := binary.BigEndian.Uint64(key[keyHeader+from:])
	if rest < 8 {
		word &= ^uint64(0) << (64 - 8*rest)
	}
	return word
}

// upper returns a number with one bit for each byte of a text. The bit is set if the byte is an ASCII capital letter;
// see [parse.Key]. upper returns false if the stored key does not suffice to compare the text.
func (s *keyStore) upper(at uint32) (upper uint64, isExact bool) {
	place := s.of[at]
	key := s.blocks[place>>keyBlockBits][place&(keyBlockLen-1):]
	if key[1] == inexact {
		return 0, false
	}
	for i, b := range key[keyHeader+int(key[0]):][:key[1]] {
		upper |= uint64(b) << (56 - 8*i)
	}
	return upper, true
}

// rankStored ranks the texts in [from, to) by their stored sort keys. shared is the number of bytes at the start of
// these keys that are equal.
func (s *Sorter) rankStored(common code, shared, from, to int) {
	entries := s.entriesIn(from, to)
	if s.halted(len(entries)) {
		return
	}
	keys := &s.column.keys
	for i := range entries {
		entries[i].set(code(keys.word(entries[i].at, shared)))
	}
	s.rankWords(common, shared, from, to)
}

// rankWords ranks the entries in [from, to). Their codes are eight bytes of their sort keys, starting at offset shared.
func (s *Sorter) rankWords(common code, shared, from, to int) {
	s.sort(from, to)
	for entries := s.entriesIn(from, to); len(entries) > 0 && !s.halted(1); {
		word, same := entries[0].code(), 1
		for same < len(entries) && entries[same].code() == word {
			same++
		}
		switch hasEnded := word&0xff == 0; {
		case same == 1:
			s.rank(from, from+1)
		case hasEnded:
			s.rankFolded(common, from, from+same)
		default:
			s.rankTies(common, shared+8, from, from+same)
		}
		from, entries = from+same, entries[same:]
	}
}

// rankFolded ranks the texts in [from, to), whose sort keys are equal, by the case of their letters. Capitals come
// first.
func (s *Sorter) rankFolded(common code, from, to int) {
	entries := s.entriesIn(from, to)
	for i := range entries {
		upper, isExact := s.column.keys.upper(entries[i].at)
		if !isExact {
			s.rankTies(common, maxKeyRoom, from, to) // compares the texts
			return
		}
		entries[i].set(^code(upper)) // capitals come first
	}
	s.sort(from, to)
	for from < to && !s.halted(1) {
		same := 1
		for same < len(entries) && entries[same].code() == entries[0].code() {
			same++
		}
		s.rank(from, from+same)
		from, entries = from+same, entries[same:]
	}
}
