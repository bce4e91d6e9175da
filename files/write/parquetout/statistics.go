package parquetout

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"math"
)

// statistics holds the smallest and the largest value of a column, in plain encoding without a length. There are none
// for Booleans.
type statistics struct {
	min, max []byte
	isSet    bool
	// hasNaN is true if a value is NaN, which cannot be compared.
	hasNaN bool
}

// maxStatistic is the maximum size of a value in the statistics, in bytes.
const maxStatistic = 64

func (s *statistics) reset() { *s = statistics{min: s.min[:0], max: s.max[:0]} }

// add updates the statistics with a value.
func (s *statistics) add(kind Kind, v []byte) {
	if kind == Double && math.IsNaN(double(v)) {
		s.hasNaN = true
		return
	}
	switch {
	case !s.isSet:
		s.min, s.max, s.isSet = append(s.min[:0], v...), append(s.max[:0], v...), true
	case compare(kind, v, s.min) < 0:
		s.min = append(s.min[:0], v...)
	case compare(kind, v, s.max) > 0:
		s.max = append(s.max[:0], v...)
	}
}

// bounds returns the smallest and the largest value. It returns false if they are unknown or too long.
func (s *statistics) bounds(kind Kind) (smallest, largest string, ok bool) {
	if !s.isSet || s.hasNaN || len(s.min) > maxStatistic || len(s.max) > maxStatistic {
		return "", "", false
	}
	if kind == Double { // a zero may have either sign
		if double(s.min) == 0 {
			s.min = binary.LittleEndian.AppendUint64(s.min[:0], math.Float64bits(math.Copysign(0, -1)))
		}
		if double(s.max) == 0 {
			s.max = binary.LittleEndian.AppendUint64(s.max[:0], 0)
		}
	}
	return string(s.min), string(s.max), true
}

// compare compares two values of a kind.
func compare(kind Kind, a, b []byte) int {
	switch kind {
	case Int:
		return cmp.Compare(int64(binary.LittleEndian.Uint64(a)), int64(binary.LittleEndian.Uint64(b)))
	case Double:
		return cmp.Compare(double(a), double(b))
	case Text, JSON, Bool:
	}
	return bytes.Compare(a, b)
}

// double returns the number in an encoded value.
func double(v []byte) float64 { return math.Float64frombits(binary.LittleEndian.Uint64(v)) }
