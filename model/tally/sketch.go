package tally

import (
	"math"
	"math/bits"
)

// sketch estimates the number of different hashes (HyperLogLog), with a standard error of 1.6 percent.
type sketch [1 << sketchBits]uint8

const sketchBits = 12

func (s *sketch) add(hash uint64) {
	rank := uint8(bits.LeadingZeros64(hash<<sketchBits|1)) + 1
	register := &s[hash>>(64-sketchBits)]
	*register = max(*register, rank)
}

func (s *sketch) merge(other *sketch) {
	for i, rank := range other {
		s[i] = max(s[i], rank)
	}
}

func (s *sketch) estimate() int {
	const size = float64(len(sketch{}))
	sum, empty := 0.0, 0.0
	for _, rank := range s {
		sum += math.Ldexp(1, -int(rank))
		if rank == 0 {
			empty++
		}
	}
	estimate := 0.7213 / (1 + 1.079/size) * size * size / sum
	if estimate <= 2.5*size && empty > 0 {
		estimate = size * math.Log(size/empty)
	}
	return int(estimate + 0.5)
}
