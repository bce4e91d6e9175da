package parse

import "iter"

// Learner finds out how the texts of one column are written, from some of them. Its zero value has seen none.
type Learner struct {
	dots, commas         int
	ownDots              int // those that say something of all currencies
	dayFirst, monthFirst int
}

// Add takes in one text of the column. Only those that can be read in one way count.
func (l *Learner) Add(text []byte) {
	if _, shown, ok := (Numbers{}).read(text); ok {
		switch shown {
		case habitDot:
			l.dots++
			l.ownDots++
		case habitDotThere:
			l.dots++
		case habitComma:
			l.commas++
		case habitUnknown:
		}
		return
	}
	switch slashOrder(text) {
	case dayFirst:
		l.dayFirst++
	case monthFirst:
		l.monthFirst++
	case noOrder:
	}
}

// Style is how the column writes numbers: as most of its texts do.
func (l *Learner) Style() Numbers {
	return Numbers{CommaIsDecimal: l.commas > l.dots, DotIsDecimal: l.ownDots > l.commas}
}

// Dates is how the column writes dates: as all of its texts do.
func (l *Learner) Dates() Dates {
	return Dates{DayFirst: l.dayFirst > 0 && l.monthFirst == 0, MonthFirst: l.monthFirst > 0 && l.dayFirst == 0}
}

// Sampled are the rows, of so many, that are looked at to find out how a column is written: some thousand, at even distances.
// Whoever sorts, filters or judges a column learns from the same rows, so that all read it alike.
func Sampled(rows int) iter.Seq[int] {
	const some = 1000
	return func(yield func(int) bool) {
		for row := 0; row < rows; row += max(1, rows/some) {
			if !yield(row) {
				return
			}
		}
	}
}
