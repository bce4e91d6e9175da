package parse

import "iter"

// Learner learns from sample text how one column writes numbers and dates. The zero value is ready to use.
type Learner struct {
	dots, commas         int
	universalDots        int // dots that are significant for any currency
	units                []unitCount
	dayFirst, monthFirst int
}

// Add learns from one text of the column. Ambiguous text is ignored.
func (l *Learner) Add(text []byte) {
	var buffer [maxClean]byte
	text = clean(text, &buffer)
	if r, ok := (Numbers{}).read(text); ok {
		l.addUnit(r.measure.of(text))
		switch r.shown {
		case habitDot:
			l.dots++
			l.universalDots++
		case habitLocalDot:
			l.dots++
		case habitComma:
			l.commas++
		case habitUnknown:
		}
		return
	}
	switch dateOrderOf(text) {
	case dayFirst:
		l.dayFirst++
	case monthFirst:
		l.monthFirst++
	case unknownOrder:
	}
}

// Numbers returns how the column writes numbers, by majority.
func (l *Learner) Numbers() Numbers {
	return Numbers{CommaIsDecimal: l.commas > l.dots, DotIsDecimal: l.universalDots > l.commas, units: l.unitRule()}
}

// Dates returns how the column writes dates. It decides on an order only if no text contradicts it.
func (l *Learner) Dates() Dates {
	return Dates{DayFirst: l.dayFirst > 0 && l.monthFirst == 0, MonthFirst: l.monthFirst > 0 && l.dayFirst == 0}
}

// Sample returns about 1,000 evenly spaced row numbers below rows. All users of a [Learner] sample these rows, so that
// sorting, filters and profiles read a column the same way.
func Sample(rows int) iter.Seq[int] {
	const sampleSize = 1000
	return func(yield func(int) bool) {
		for row := 0; row < rows; row += max(1, rows/sampleSize) {
			if !yield(row) {
				return
			}
		}
	}
}
