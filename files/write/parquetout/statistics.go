package parquetout

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"math"
)

// statistics holds the smallest and the largest value of a column, in plain encoding without a length. Columns of
// Booleans have no statistics.
type statistics struct {
	min, max bound
	isSet    bool
	// hasNaN is true if a value is NaN, which cannot be compared.
	hasNaN bool
}

// bound is the smallest or the largest value of a column, with its rank.
type bound struct {
	value []byte
	rank  uint64
}

// maxStatistic is the maximum size of a value in the statistics, in bytes.
const maxStatistic = 64

func (s *statistics) reset() {
	*s = statistics{min: bound{value: s.min.value[:0]}, max: bound{value: s.max.value[:0]}}
}

// add updates the statistics with a value.
func (s *statistics) add(kind Kind, v []byte) {
	if kind == Double && math.IsNaN(double(v)) {
		s.hasNaN = true
		return
	}
	rank := rankOf(kind, v)
	if !s.isSet || s.min.compare(kind, v, rank) < 0 {
		s.min = bound{append(s.min.value[:0], v...), rank}
	}
	if !s.isSet || s.max.compare(kind, v, rank) > 0 {
		s.max = bound{append(s.max.value[:0], v...), rank}
	}
	s.isSet = true
}

// compare compares a value with the bound. rank is the rank of the value.
func (b *bound) compare(kind Kind, v []byte, rank uint64) int {
	if rank != b.rank || !kind.isBytes() {
		return cmp.Compare(rank, b.rank)
	}
	return bytes.Compare(v, b.value)
}

// rankOf returns a number that sorts in the order of the values of a kind. Texts with the same first eight bytes have
// the same rank.
func rankOf(kind Kind, v []byte) uint64 {
	const sign = 1 << 63
	switch {
	case kind == Int:
		return binary.LittleEndian.Uint64(v) ^ sign
	case kind == Double:
		n := binary.LittleEndian.Uint64(v)
		if n&sign != 0 {
			return ^n
		}
		return n | sign
	case len(v) >= fixedSize:
		return binary.BigEndian.Uint64(v)
	}
	var padded [fixedSize]byte
	copy(padded[:], v)
	return binary.BigEndian.Uint64(padded[:])
}

// bounds returns the smallest and the largest value. It returns false if they are unknown or too long.
func (s *statistics) bounds(kind Kind) (smallest, largest string, ok bool) {
	if !s.isSet || s.hasNaN || len(s.min.value) > maxStatistic || len(s.max.value) > maxStatistic {
		return "", "", false
	}
	smallest, largest = string(s.min.value), string(s.max.value)
	if kind == Double { // a zero may have either sign
		if double(s.min.value) == 0 {
			smallest = string(binary.LittleEndian.AppendUint64(nil, math.Float64bits(math.Copysign(0, -1))))
		}
		if double(s.max.value) == 0 {
			largest = string(make([]byte, fixedSize))
		}
	}
	return smallest, largest, true
}

// double returns the number in an encoded value.
func double(v []byte) float64 { return math.Float64frombits(binary.LittleEndian.Uint64(v)) }
