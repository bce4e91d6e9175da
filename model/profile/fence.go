package profile

import (
	"math"
	"slices"
)

// fence gives the ends of what is usual; false where the numbers do not say.
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

// How far from the one value that nearly all numbers are another must be to be odd: so many times that value, and so many
// times as far as any that is not odd. Beside zero, that says nothing, a number must be large by itself.
const (
	farFromValue  = 20
	farFromOthers = 100
	farFromZero   = 1000
)

// wideFence is the fence where nearly all numbers are the same, of which a few others are no wonder: only what is far beyond
// all of them is.
func (s *spread) wideFence() (fence, bool) {
	usual := s.quantile(0.5)
	var distances []float64
	for _, p := range s.low {
		if p.number < usual {
			distances = append(distances, usual-p.number)
		}
	}
	for _, p := range s.high {
		if -p.number > usual {
			distances = append(distances, -p.number-usual)
		}
	}
	slices.Sort(distances)
	for odd := min(len(distances), max(1, int(outliersMost*float64(s.count)))); odd > 0; odd-- {
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

// fenceOf sets the fence so many times the distance between the quartiles away from them, on a scale. Where the quartiles
// are the same, as where most values are, it takes quantiles further out; false where those are, too.
func fenceOf(quantile func(float64) float64, scale func(float64) float64) (low, high float64, ok bool) {
	for _, tail := range []float64{0.25, 0.1, 0.05} {
		low, high := scale(quantile(tail)), scale(quantile(1-tail))
		if distance := high - low; distance > 0 && !math.IsInf(distance, 0) {
			// The further out the quantiles, the fewer times their distance is as far.
			times := outlierRanges * 0.25 / (0.5 - tail)
			return low - times*distance, high + times*distance, true
		}
	}
	return 0, 0, false
}

// histogram counts the sample in bins, as many as stand for all.
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
