package search

import (
	"encoding/binary"
	"math/bits"
	"strings"
)

// probes finds the offsets at which the fixed part of a literal may start. It compares two bytes of the fixed part, at
// eight offsets at once. Two bytes at a certain distance are rare, but single bytes are too common for a fast search.
type probes struct {
	// from and to are the offsets of the two bytes in the fixed part, in ascending order.
	from, to      int
	first, second wideByte
}

// wideByte is a [looseByte], which ignores case, repeated eight times.
type wideByte struct{ loose, want uint64 }

const (
	ones  = 0x0101010101010101
	highs = 0x8080808080808080
)

func widen(b looseByte) wideByte { return wideByte{uint64(b.loose) * ones, uint64(b.want) * ones} }

// differs compares each of the first eight bytes of text with b. A byte of the result is zero if the byte at the same
// place in text matches b.
func (b wideByte) differs(text []byte) uint64 {
	return (binary.LittleEndian.Uint64(text) | b.loose) ^ b.want
}

// zeros finds the first zero byte of a word, starting with byte 0, the lowest. If byte i is the first zero byte, bit
// 8*i+7 is the lowest bit that is set in the result. The bits above it are undefined. The result is 0 if the word has
// no zero byte.
func zeros(word uint64) uint64 { return (word - ones) &^ word & highs }

// next returns the first offset at or after i where the fixed part may start, or -1 if there is none. The fixed part
// may extend beyond the end of text.
func (p *probes) next(text []byte, i int) int {
	distance := p.to - p.from
	if i+p.to >= len(text) {
		return -1
	}
	first, second := p.first, p.second
	a := text[i+p.from:]
	b := a[distance:]
	end := len(text) - p.to // end of the offsets to check
	for len(b) >= 32 && len(a) >= 32 {
		if (zeros(first.differs(a)|second.differs(b)) |
			zeros(first.differs(a[8:])|second.differs(b[8:])) |
			zeros(first.differs(a[16:])|second.differs(b[16:])) |
			zeros(first.differs(a[24:])|second.differs(b[24:]))) != 0 {
			break
		}
		a, b = a[32:], b[32:]
	}
	for len(b) >= 8 && len(a) >= 8 {
		if found := zeros(first.differs(a) | second.differs(b)); found != 0 {
			return end - len(b) + bits.TrailingZeros64(found)/8
		}
		a, b = a[8:], b[8:]
	}
	for k, c := range b {
		if a[k]|byte(first.loose) == byte(first.want) && c|byte(second.loose) == byte(second.want) {
			return end - len(b) + k
		}
	}
	return -1
}

// chooseProbes returns probes for the two rarest bytes of a fixed part, and their combined frequency. The fixed part
// must not be empty.
func chooseProbes(fixedPart []looseByte) (chosen probes, frequency int) {
	best, other := 0, -1
	for i, b := range fixedPart[1:] {
		i++
		switch {
		case frequencyOf(b) < frequencyOf(fixedPart[best]):
			best, other = i, best
		case other < 0 || frequencyOf(b) < frequencyOf(fixedPart[other]):
			other = i
		}
	}
	if other < 0 {
		other = best
	}
	from, to := min(best, other), max(best, other)
	chosen = probes{from, to, widen(fixedPart[from]), widen(fixedPart[to])}
	frequency = frequencyOf(fixedPart[from]) * frequencyOf(fixedPart[to])
	if from == to {
		frequency = frequencyOf(fixedPart[from]) * 256
	}
	return chosen, frequency
}

// Approximate frequencies of bytes in the JSON of web shops, from 1 (rare) to 255 (common).
const (
	byRarity   = "jqzxkvwybgfpu98m7654dhlc3r2n1siot-_a0e. /:,\""
	leadByte   = 50 // first byte of a non-ASCII character
	continuing = 25 // other bytes of a non-ASCII character
)

func frequencyOf(b looseByte) int {
	c := b.want
	switch {
	case c >= 0xc0:
		return leadByte
	case c >= 0x80:
		return continuing << bits.OnesCount8(b.loose)
	default:
		return 2 + 2*strings.IndexByte(byRarity, c)
	}
}
