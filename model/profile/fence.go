package profile

import (
	"math"
	"slices"
)

// fence returns the range of ordinary numbers; numbers outside this range are outliers. It returns false if no such
// range can be computed.
func (s *spread) fence() (fence, bool) {
	low, high, ok := fenceOf(s.quantile, func(x float64) float64 { return x })
	if !ok {
		return s.wideFence()
	}
	if s.min().number <= 0 {
		return fence{low, high}, true
	}
	logLow, logHigh, ok := fenceOf(s.quantile, math.Log)
	if !ok {
		return fence{}, false
	}
	return fence{min(low, math.Exp(logLow)), max(high, math.Exp(logHigh))}, true
}

// Constants for columns in which nearly all numbers are equal. The distance of a number is its difference from the
// usual number. An outlier has a distance of more than farFromValue times the usual number, or more than farFromZero if
// the usual number is 0. The distance is also more than farFromOthers times that of any number that is not an outlier.
const (
	farFromValue  = 20
	farFromOthers = 100
	farFromZero   = 1000
)

// wideFence returns the fence of a column in which nearly all numbers are equal. In such a column, a few different
// numbers are normal, so only numbers that are very far from the usual number are outside the fence. It returns false
// if no number is outside the fence.
func (s *spread) wideFence() (fence, bool) {
	usual := s.quantile(0.5)
	var distances []float64
	for _, p := range s.smallest {
		if p.number < usual {
			distances = append(distances, usual-p.number)
		}
	}
	for _, p := range s.largest {
		if -p.number > usual {
			distances = append(distances, -p.number-usual)
		}
	}
	slices.Sort(distances)
	for odd := min(len(distances), max(1, int(maxOutlierShare*float64(s.count)))); odd > 0; odd-- {
		rest, nearest := distances[:len(distances)-odd], distances[len(distances)-odd]
		reach := farFromValue * math.Abs(usual)
		if usual == 0 {
			reach = farFromZero
		}
		if len(rest) > 0 {
			reach = max(reach, farFromOthers*rest[len(rest)-1])
		}
		if nearest > reach {
			return fence{usual - reach, usual + reach}, true
		}
	}
	return fence{}, false
}

// fenceOf returns the fence, computed on the given scale. The distance of the fence from the quartiles is outlierRanges
// times the distance between the quartiles. If the quartiles are equal, fenceOf uses quantiles that are farther out. If
// these are equal too, it returns false.
func fenceOf(quantile func(float64) float64, scale func(float64) float64) (low, high float64, ok bool) {
	for _, tail := range []float64{0.25, 0.1, 0.05} {
		low, high := scale(quantile(tail)), scale(quantile(1-tail))
		if distance := high - low; distance > 0 && !math.IsInf(distance, 0) {
			// The outer quantiles are farther apart than the quartiles, so a smaller factor is enough.
			times := outlierRanges * 0.25 / (0.5 - tail)
			return low - times*distance, high + times*distance, true
		}
	}
	return 0, 0, false
}

// histogram returns how many numbers are in each bin. If only a sample of the numbers was kept, it scales the counts of
// the sample up.
func (s *spread) histogram() Histogram {
	from, to := s.min().number, s.max().number
	if s.count >= outliersFrom {
		if f, ok := s.fence(); ok {
			from, to = max(from, f.low), min(to, f.high)
		}
	}
	width := (to - from) / HistogramBins
	if width <= 0 || math.IsInf(width, 0) || math.IsNaN(width) {
		return Histogram{From: from, To: to}
	}
	h := Histogram{From: from, To: to, Bins: make([]int, HistogramBins)}
	for _, number := range s.sample {
		switch {
		case number < from:
			h.Below++
		case number > to:
			h.Above++
		default:
			h.Bins[min(HistogramBins-1, int((number-from)/width))]++
		}
	}
	if s.isSampled() {
		scale := float64(s.count) / float64(len(s.sample))
		for i := range h.Bins {
			h.Bins[i] = int(float64(h.Bins[i])*scale + 0.5)
		}
		h.Below, h.Above = int(float64(h.Below)*scale+0.5), int(float64(h.Above)*scale+0.5)
	}
	return h
}
