package profile

import "slices"

// spread is the distribution of numbers, or of dates as numbers.
type spread struct {
	count     int
	low, high extremes
	// smallest and largest are set by the method finish: smallest to the numbers of low, and largest to the numbers of
	// high, both in ascending order. The numbers in high and in largest are negated.
	smallest, largest []placed
	// sample holds the numbers of the sampled rows. If a row has very many numbers, only its first numbers are in the
	// sample.
	sample []float64
	// row is the newest sampled row. ofRow is the number of its values in the sample.
	row, ofRow int
}

// placed is a number together with its row.
type placed struct {
	number float64
	row    int
}

// At most maxExtremes of the smallest numbers are kept, and as many of the largest numbers.
const maxExtremes = 64

// extremes holds the smallest of the numbers that were added, in descending order. To find the largest numbers, add the
// negatives of all numbers. Equal numbers are in reverse row order. Only the last maxExtremes numbers are used. The
// slice may have up to twice as many, so that adding numbers in falling order is fast.
type extremes []placed

func (e *extremes) add(p placed) {
	if !e.mayAdd(p) {
		return
	}
	if len(*e) == 2*maxExtremes {
		*e = append((*e)[:0], (*e)[maxExtremes:]...)
	}
	place := len(*e)
	for place > 0 && before((*e)[place-1], p) {
		place--
	}
	*e = slices.Insert(*e, place, p)
}

// mayAdd reports whether p may be one of the smallest numbers. Unlike the method add, it is small enough to be inlined.
func (e extremes) mayAdd(p placed) bool {
	return len(e) < maxExtremes || before(p, e[len(e)-maxExtremes])
}

// ascending returns the smallest numbers, at most maxExtremes, in ascending order. e must not be used again.
func (e extremes) ascending() []placed {
	smallest := e[max(0, len(e)-maxExtremes):]
	slices.Reverse(smallest)
	return smallest
}

func before(a, b placed) bool { return a.number < b.number || a.number == b.number && a.row < b.row }

// add adds a number. samples is the maximum number of values of one row that are added to the sample.
func (s *spread) add(number float64, row, samples int) {
	s.count++
	if low := (placed{number, row}); s.low.mayAdd(low) {
		s.low.add(low)
	}
	if high := (placed{-number, row}); s.high.mayAdd(high) {
		s.high.add(high)
	}
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

// finish sorts the extremes and the sample. If no sampled row has a number, it uses the smallest numbers as the sample.
func (s *spread) finish() {
	s.smallest, s.largest = s.low.ascending(), s.high.ascending()
	if len(s.sample) == 0 {
		for _, p := range s.smallest {
			s.sample = append(s.sample, p.number)
		}
	}
	slices.Sort(s.sample)
}

func (s *spread) min() placed { return s.smallest[0] }

func (s *spread) max() placed { return placed{-s.largest[0].number, s.largest[0].row} }

// isSampled reports whether the sample lacks some of the numbers.
func (s *spread) isSampled() bool { return len(s.sample) < s.count }

// quantile returns the number below which the given share of the sorted sample lies. For example, a share of 0.5 gives
// the median.
func (s *spread) quantile(share float64) float64 {
	at := share * float64(len(s.sample)-1)
	i := int(at)
	if i+1 >= len(s.sample) {
		return s.sample[len(s.sample)-1]
	}
	rest := at - float64(i)
	return s.sample[i]*(1-rest) + s.sample[i+1]*rest
}

// outliers are numbers far from all others.
type outliers struct {
	fence fence
	count int
	about bool
	rows  []int // row numbers of a few outliers, ascending
}

// Limits for outliers. They are chosen to avoid false alarms, because most columns have a few unusual numbers.
const (
	outliersFrom    = 30   // minimum count of numbers in the column
	outlierRanges   = 4.0  // distance of the fence from the quartiles, relative to the distance between the quartiles
	maxOutlierShare = 0.01 // maximum share of outliers; more numbers form a group of their own
)

// outliers returns the numbers outside the fence. Positive numbers must also be outside the fence on a logarithmic
// scale, because a few high prices are normal. It returns false if there are no outliers, or too many to be unusual.
func (s *spread) outliers() (outliers, bool) {
	if s.count < outliersFrom {
		return outliers{}, false
	}
	f, ok := s.fence()
	if !ok {
		return outliers{}, false
	}
	found := outliers{fence: f}
	add := func(list []placed, isOut func(number float64) bool, sign float64) {
		n := 0
		for n < len(list) && isOut(sign*list[n].number) {
			found.rows = append(found.rows, list[n].row)
			n++
		}
		if n == maxExtremes {
			n = max(n, s.estimateMatches(isOut))
			found.about = true
		}
		found.count += n
	}
	add(s.smallest, func(number float64) bool { return number < f.low }, 1)
	add(s.largest, func(number float64) bool { return number > f.high }, -1)
	if found.count == 0 || float64(found.count) > max(1, maxOutlierShare*float64(s.count)) {
		return outliers{}, false
	}
	slices.Sort(found.rows)
	found.rows = slices.Compact(found.rows)
	return found, true
}

// estimateMatches estimates, from the sample, for how many of all numbers isMatch returns true.
func (s *spread) estimateMatches(isMatch func(number float64) bool) int {
	n := 0
	for _, number := range s.sample {
		if isMatch(number) {
			n++
		}
	}
	return int(float64(n) * float64(s.count) / float64(len(s.sample)))
}
