package parse

import (
	"encoding/binary"
	"math/bits"
)

// Words caches the first words of texts that are neither numbers nor dates. The zero value is an empty cache. It is not
// safe for concurrent use.
type Words struct {
	// slots holds words, each followed by a space. The index of a word depends on its hash.
	slots [1 << wordBits][2]uint64
}

const wordBits = 6

// IsText reports whether the first word of text proves that text is neither a number nor a date. It recognizes only
// words of 4 to 15 ASCII letters, followed by a space. If it returns false, parse the text.
func (w *Words) IsText(text []byte) bool {
	const size = 8
	if len(text) < 2*size {
		return false
	}
	first, second := binary.LittleEndian.Uint64(text), binary.LittleEndian.Uint64(text[size:])
	wordLen := spaceIn(first)
	if wordLen < size {
		first, second = throughByte(first, wordLen), 0
	} else if wordLen = size + spaceIn(second); wordLen < 2*size {
		second = throughByte(second, wordLen-size)
	} else {
		return false
	}
	const spread = 0x9e3779b97f4a7c15
	slot := &w.slots[(first*spread^second)*spread>>(64-wordBits)]
	if *slot == [2]uint64{first, second} {
		return true
	}
	if !isPlainWord(text[:wordLen]) {
		return false
	}
	*slot = [2]uint64{first, second}
	return true
}

// spaceIn returns the index of the first space among the eight bytes of word, or 8 if there is none.
func spaceIn(word uint64) int {
	differs := word ^ ' '*ones
	return bits.TrailingZeros64((differs-ones)&^differs&highs) / 8
}

// throughByte returns word with all bytes after the given index set to zero.
func throughByte(word uint64, index int) uint64 { return word & (^uint64(0) >> (56 - 8*index)) }

// isPlainWord reports whether no number or date starts with word and a space.
func isPlainWord(word []byte) bool {
	const (
		minLen   = 4
		nameSize = 3 // letters of a month that couldBeDate examines
	)
	if len(word) < minLen || couldIntroduce(word) || isArticle(word) || isForeignName(word) {
		return false
	}
	for _, c := range word {
		if !isASCIILetter(c) {
			return false
		}
	}
	return englishMonth(word[:nameSize]) == 0 && !isEnglishWeekday(word[:nameSize])
}
