package search

import (
	"encoding/binary"
	"math/bits"
	"strings"
)

// probes find the places where a stretch of bytes may begin, by two of its bytes, eight places at once. A scan for a
// single byte stops all the time at the letters that text is made of; two at their distance are rare.
type probes struct {
	// from and to are the places of the two in the stretch, from the lower.
	from, to      int
	first, second wideByte
}

// wideByte is a looseByte for each of eight bytes.
type wideByte struct{ loose, want uint64 }

const (
	ones  = 0x0101010101010101
	highs = 0x8080808080808080
)

func widen(b looseByte) wideByte { return wideByte{uint64(b.loose) * ones, uint64(b.want) * ones} }

// differs has zero for those of eight bytes that match.
func (b wideByte) differs(text []byte) uint64 {
	return (binary.LittleEndian.Uint64(text) | b.loose) ^ b.want
}

// zeros has the high bit set of the first byte that is zero. Bits above that one mean nothing.
func zeros(word uint64) uint64 { return (word - ones) &^ word & highs }

// next gives the first place at or after i where the stretch may begin, -1 where there is none. The end of text may come
// before the end of the stretch.
func (p *probes) next(text []byte, i int) int {
	distance := p.to - p.from
	if i+p.to >= len(text) {
		return -1
	}
	first, second := p.first, p.second
	a := text[i+p.from:]
	b := a[distance:]
	end := len(text) - p.to // of the places
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

// chooseProbes takes the two rarest bytes of a stretch, which is not empty, and tells how common they are together.
func chooseProbes(stretch []looseByte) (chosen probes, commonness int) {
	best, other := 0, -1
	for i, b := range stretch[1:] {
		i++
		switch {
		case commonnessOf(b) < commonnessOf(stretch[best]):
			best, other = i, best
		case other < 0 || commonnessOf(b) < commonnessOf(stretch[other]):
			other = i
		}
	}
	if other < 0 {
		other = best
	}
	from, to := min(best, other), max(best, other)
	chosen = probes{from, to, widen(stretch[from]), widen(stretch[to])}
	commonness = commonnessOf(stretch[from]) * commonnessOf(stretch[to])
	if from == to {
		commonness = commonnessOf(stretch[from]) * 256
	}
	return chosen, commonness
}

// Roughly how often bytes stand in the JSON of shops, from 1, which is hardly ever, to 255.
const (
	byRarity   = "jqzxkvwybgfpu98m7654dhlc3r2n1siot-_a0e. /:,\""
	leadByte   = 50 // begins a character beyond ASCII, where there are any: one of few
	continuing = 25 // goes on with it
)

func commonnessOf(b looseByte) int {
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
