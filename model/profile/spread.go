package profile

import "slices"

// spread is what numbers, or dates as numbers, are like.
type spread struct {
	count     int
	low, high extremes
	// sample has the numbers of the rows that are sampled, of a row with very many the first.
	sample []float64
	// row is the newest of those rows, and ofRow how many of its numbers are in the sample.
	row, ofRow int
}

// placed is a number and its row.
type placed struct {
	number float64
	row    int
}

// mostExtremes is how many of the least and of the greatest numbers are kept, with their rows.
const mostExtremes = 64

// extremes are the least of many numbers, ascending; those equal by row.
type extremes []placed

func (e *extremes) add(p placed) {
	if len(*e) == mostExtremes && !before(p, (*e)[mostExtremes-1]) {
		return
	}
	place := len(*e)
	for place > 0 && before(p, (*e)[place-1]) {
		place--
	}
	if len(*e) < mostExtremes {
		*e = append(*e, placed{})
	}
	copy((*e)[place+1:], (*e)[place:])
	(*e)[place] = p
}

func before(a, b placed) bool { return a.number < b.number || a.number == b.number && a.row < b.row }

// add adds a number of a row, of which so many at most belong into the sample.
func (s *spread) add(number float64, row, samples int) {
	s.count++
	s.low.add(placed{number, row})
	s.high.add(placed{-number, row})
	if s.row != row {
		s.row, s.ofRow = row, 0
	}
	if s.ofRow < samples {
		s.sample = append(s.sample, number)
		s.ofRow++
	}
}

func (s *spread) merge(other *spread) {
	s.count += other.count
	for _, p := range other.low {
		s.low.add(p)
	}
	for _, p := range other.high {
		s.high.add(p)
	}
	s.sample = append(s.sample, other.sample...)
}

// finish sorts the sample. A column may have its few values in rows that are no part of it.
func (s *spread) finish() {
	if len(s.sample) == 0 {
		for _, p := range s.low {
			s.sample = append(s.sample, p.number)
		}
	}
	slices.Sort(s.sample)
}

func (s *spread) min() placed { return s.low[0] }

func (s *spread) max() placed { return placed{-s.high[0].number, s.high[0].row} }

// isSampled tells whether the sample is not all.
func (s *spread) isSampled() bool { return len(s.sample) < s.count }

// quantile is the number below which a share of the sample lies, which must be sorted.
func (s *spread) quantile(share float64) float64 {
	at := share * float64(len(s.sample)-1)
	i := int(at)
	if i+1 >= len(s.sample) {
		return s.sample[len(s.sample)-1]
	}
	rest := at - float64(i)
	return s.sample[i]*(1-rest) + s.sample[i+1]*rest
}

// outliers are the numbers far away from all others.
type outliers struct {
	fence fence
	count int
	about bool
	rows  []int // a few, ascending
}

// Rules for outliers. They must not cry wolf: of prices some are high, and most columns have a few odd numbers.
const (
	outliersFrom  = 30   // numbers, before one can be called odd
	outlierRanges = 4.0  // distances between the quartiles, beyond them
	outliersMost  = 0.01 // of all; what is commoner is another kind of thing
)

// outliers finds numbers that are beyond the fence both as they are and, where all are above zero, by their magnitude:
// prices are skewed, and a few high ones are as they should be.
func (s *spread) outliers() (outliers, bool) {
	if s.count < outliersFrom {
		return outliers{}, false
	}
	f, ok := s.fence()
	if !ok {
		return outliers{}, false
	}
	found := outliers{fence: f}
	add := func(list extremes, isOut func(number float64) bool, sign float64) {
		n := 0
		for n < len(list) && isOut(sign*list[n].number) {
			found.rows = append(found.rows, list[n].row)
			n++
		}
		if n == mostExtremes {
			n = max(n, s.inSample(isOut))
			found.about = true
		}
		found.count += n
	}
	add(s.low, func(number float64) bool { return number < f.low }, 1)
	add(s.high, func(number float64) bool { return number > f.high }, -1)
	if found.count == 0 || float64(found.count) > max(1, outliersMost*float64(s.count)) {
		return outliers{}, false
	}
	slices.Sort(found.rows)
	found.rows = slices.Compact(found.rows)
	return found, true
}

// inSample guesses from the sample how many there are in all.
func (s *spread) inSample(is func(number float64) bool) int {
	n := 0
	for _, number := range s.sample {
		if is(number) {
			n++
		}
	}
	return int(float64(n) * float64(s.count) / float64(len(s.sample)))
}
