package parquetout

import (
	"bytes"
	"encoding/binary"
	"math"
)

// statistics holds the smallest and the largest value of a column, in plain encoding without a length. Columns of
// Booleans have no statistics.
type statistics struct {
	min, max []byte
	isSet    bool
	// hasNaN is true if a value is NaN, which cannot be compared.
	hasNaN bool
}

// maxStatistic is the maximum size of a value in the statistics, in bytes.
const maxStatistic = 64

func (s *statistics) reset() { *s = statistics{min: s.min[:0], max: s.max[:0]} }

// add updates the statistics with values in plain encoding.
func (s *statistics) add(kind Kind, values []byte) {
	if len(values) == 0 || kind == Bool {
		return
	}
	var smallest, largest []byte
	if kind.isBytes() {
		smallest, largest = boundsOfTexts(values)
	} else {
		smallest, largest = s.boundsOfNumbers(kind, values)
	}
	if smallest == nil {
		return
	}
	if !s.isSet || less(kind, smallest, s.min) {
		s.min = append(s.min[:0], smallest...)
	}
	if !s.isSet || less(kind, s.max, largest) {
		s.max = append(s.max[:0], largest...)
	}
	s.isSet = true
}

// boundsOfTexts returns the smallest and the largest text in values. In values, each text is preceded by its length.
func boundsOfTexts(values []byte) (smallest, largest []byte) {
	var minRank, maxRank uint64
	isFalling := false // whether the last bound that changed was the smallest
	for at := 0; at < len(values); {
		from := at + lengthSize
		at = from + int(binary.LittleEndian.Uint32(values[at:]))
		v := values[from:at]
		rank := rankOfText(v)
		switch {
		case smallest == nil:
			smallest, largest, minRank, maxRank = v, v, rank, rank
		case rank > minRank && rank < maxRank: // most texts need no other comparison
		case rank < minRank || isFalling && rank == minRank && bytes.Compare(v, smallest) < 0:
			smallest, minRank, isFalling = v, rank, true
		case rank > maxRank || rank == maxRank && bytes.Compare(v, largest) > 0:
			largest, maxRank, isFalling = v, rank, false
		case !isFalling && rank == minRank && bytes.Compare(v, smallest) < 0:
			smallest, isFalling = v, true
		}
	}
	return smallest, largest
}

// boundsOfNumbers returns the smallest and the largest of some numbers. It returns nil if all of them are NaN.
func (s *statistics) boundsOfNumbers(kind Kind, values []byte) (smallest, largest []byte) {
	var minRank, maxRank uint64
	for at := 0; at+fixedSize <= len(values); at += fixedSize {
		v := values[at : at+fixedSize]
		if kind == Double && math.IsNaN(double(v)) {
			s.hasNaN = true
			continue
		}
		rank := rankOfNumber(kind, v)
		if smallest == nil || rank < minRank {
			smallest, minRank = v, rank
		}
		if largest == nil || rank > maxRank {
			largest, maxRank = v, rank
		}
	}
	return smallest, largest
}

// less reports whether a comes before b in the order of the values of a kind.
func less(kind Kind, a, b []byte) bool {
	if kind.isBytes() {
		return bytes.Compare(a, b) < 0
	}
	return rankOfNumber(kind, a) < rankOfNumber(kind, b)
}

// rankOfText returns the rank of a text. A greater text has a greater rank, or the same rank if the first eight bytes
// of the texts are equal.
func rankOfText(v []byte) uint64 {
	if len(v) >= fixedSize {
		return binary.BigEndian.Uint64(v)
	}
	var padded [fixedSize]byte
	copy(padded[:], v)
	return binary.BigEndian.Uint64(padded[:])
}

// rankOfNumber returns the rank of a number of the given kind. A greater number has a greater rank.
func rankOfNumber(kind Kind, v []byte) uint64 {
	const sign = 1 << 63
	n := binary.LittleEndian.Uint64(v)
	switch {
	case kind == Int:
		return n ^ sign
	case n&sign != 0:
		return ^n
	default:
		return n | sign
	}
}

// bounds returns the smallest and the largest value. It returns false if they are unknown or too long.
func (s *statistics) bounds(kind Kind) (smallest, largest string, ok bool) {
	if !s.isSet || s.hasNaN || len(s.min) > maxStatistic || len(s.max) > maxStatistic {
		return "", "", false
	}
	smallest, largest = string(s.min), string(s.max)
	if kind == Double { // a zero may have either sign
		if double(s.min) == 0 {
			smallest = string(binary.LittleEndian.AppendUint64(nil, math.Float64bits(math.Copysign(0, -1))))
		}
		if double(s.max) == 0 {
			largest = string(make([]byte, fixedSize))
		}
	}
	return smallest, largest, true
}

// double returns the number in an encoded value.
func double(v []byte) float64 { return math.Float64frombits(binary.LittleEndian.Uint64(v)) }
